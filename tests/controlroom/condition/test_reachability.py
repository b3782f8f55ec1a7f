"""What stands behind what is lost: one hop, redundancy, first-out; and properties of any graph."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from controlroom.condition.reachability import SOONER_S, Reachability
from controlroom.site.behind import Requirements

GRAPH = Reachability(
    {
        "core": (("uplink-a", "uplink-b"),),
        "mast": (("core",),),
        "radio": (("mast",), ("power",)),
    }
)


def test_what_is_behind_a_silent_router_is_unreachable_and_the_router_is_the_cause() -> None:
    """Transitive: the first that nothing before it explains."""
    silent = {"core": 1.0, "mast": 1.2, "radio": 0.9}
    assert not GRAPH.is_unreachable("core", silent)
    assert GRAPH.is_unreachable("mast", silent)
    assert [GRAPH.first_out(one, silent) for one in silent] == ["core", "core", "core"]


def test_what_answers_is_not_unreachable_whatever_the_graph_says() -> None:
    """And what is silent behind it failed by itself."""
    silent = {"core": 1.0, "radio": 2.0}
    assert not GRAPH.is_unreachable("mast", silent)
    assert not GRAPH.is_unreachable("radio", silent)
    assert GRAPH.first_out("radio", silent) == "radio"


def test_what_fell_long_before_is_not_explained() -> None:
    """A mast that failed an hour ago was not lost with the core; what was lost with the mast is."""
    silent = {"mast": 0.0, "radio": 1.0, "core": 3600.0}
    assert not GRAPH.is_unreachable("mast", silent)
    assert GRAPH.first_out("radio", silent) == "mast"
    assert GRAPH.is_unreachable("mast", {**silent, "core": 3.0})


def test_one_of_two_uplinks_is_enough() -> None:
    """With both lost, the one that fell last tipped it."""
    assert not GRAPH.is_unreachable("core", {"core": 9.0, "uplink-a": 1.0})
    silent = {"core": 9.0, "uplink-a": 1.0, "uplink-b": 8.0, "mast": 9.5}
    assert GRAPH.is_unreachable("core", silent)
    assert GRAPH.first_out("mast", silent) == "uplink-b"


def test_of_two_causes_the_first_is_told() -> None:
    """Both entries of the radio are lost; the power went before the core."""
    silent = {"core": 5.0, "mast": 5.5, "power": 3.0, "radio": 5.0}
    assert GRAPH.first_out("radio", silent) == "power"


def test_those_in_doubt_are_named_as_far_up_as_they_may_explain_it() -> None:
    """Not where an alternative is known to work."""
    silent = {"radio": 1.0}
    assert GRAPH.in_doubt("radio", silent, lambda one: True) == (
        "mast",
        "power",
        "core",
        "uplink-a",
        "uplink-b",
    )
    assert GRAPH.in_doubt("radio", silent, {"mast"}.__contains__) == ("mast",)
    assert GRAPH.in_doubt("core", {"core": 1.0}, {"uplink-a"}.__contains__) == ()
    assert GRAPH.in_doubt("core", {"core": 1.0, "uplink-b": 1.0}, {"uplink-a"}.__contains__) == ("uplink-a",)


def test_all_behind_are_named_once_the_nearest_first() -> None:
    """However many ways lead there."""
    assert list(GRAPH.all_behind("uplink-a")) == ["core", "mast", "radio"]
    assert GRAPH.behind("power") == ("radio",)
    assert GRAPH.all_before("radio") == ("mast", "power", "core", "uplink-a", "uplink-b")
    assert GRAPH.all_before("power") == ()


def test_a_long_chain_needs_no_deep_stack() -> None:
    """Ten thousand hops, all silent, one cause."""
    chain = Reachability({f"n{place + 1}": ((f"n{place}",),) for place in range(10_000)})
    silent = {f"n{place}": place / 1000 for place in range(10_001)}
    assert chain.first_out("n10000", silent) == "n0"
    assert len(list(chain.all_behind("n0"))) == 10_000


Drawn = tuple[dict[str, Requirements], dict[str, float]]


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    """Draw a graph without rings, for each names only those before it, and who is silent since when."""
    count = draw(st.integers(2, 12))
    names = [f"n{number:02}" for number in range(count)]
    behind: dict[str, Requirements] = {}
    for number in range(1, count):
        entry = st.lists(st.sampled_from(names[:number]), min_size=1, max_size=3, unique=True).map(tuple)
        entries = draw(st.lists(entry, max_size=3))
        if entries:
            behind[names[number]] = tuple(entries)
    silent = draw(st.dictionaries(st.sampled_from(names), st.floats(0, 100)))
    return behind, silent


@given(drawn())
def test_never_unreachable_while_a_way_of_working_requirements_exists(case: Drawn) -> None:
    """And always where none does; the cause is silent and itself not explained by any."""
    behind, silent = case
    graph = Reachability(behind)
    for endpoint_id in silent:
        latest_s = silent[endpoint_id] + SOONER_S
        entries = behind.get(endpoint_id, ())
        a_way = all(any(silent.get(name, math.inf) > latest_s for name in entry) for entry in entries)
        assert graph.is_unreachable(endpoint_id, silent) is not a_way
        cause = graph.first_out(endpoint_id, silent)
        assert cause in silent
        assert not graph.is_unreachable(cause, silent)
        assert cause == endpoint_id or endpoint_id in set(graph.all_behind(cause))


@given(drawn(), st.integers(0, 11))
def test_a_further_loss_makes_nothing_reachable(case: Drawn, number: int) -> None:
    """What is unreachable stays so when more is lost."""
    behind, silent = case
    graph = Reachability(behind)
    more = {f"n{number:02}": 50.0, **silent}
    assert all(graph.is_unreachable(one, more) for one in silent if graph.is_unreachable(one, silent))


@given(drawn())
def test_nobody_in_doubt_once_all_is_known(case: Drawn) -> None:
    """With everybody else known to work there is nothing to wait for; in doubt are only those not silent."""
    behind, silent = case
    graph = Reachability(behind)
    for endpoint_id in silent:
        assert graph.in_doubt(endpoint_id, silent, lambda one: False) == ()
        assert not set(graph.in_doubt(endpoint_id, silent, lambda one: True)) & silent.keys()
