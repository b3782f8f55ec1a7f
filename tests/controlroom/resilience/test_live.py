"""How services stand, by stories and against a naive second way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.resilience.listed_cuts import listed_cuts
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.resilience.standing import LegState, Margin, ServiceState, Standing
from controlroom.site.view import SiteView
from tests.controlroom.resilience.rooms import (
    endpoint,
    naive_cuts,
    naively_lost,
    room,
    service,
)
from tests.controlroom.resilience.rooms import (
    rooms as any_rooms,
)

THREE = room(
    ["a", "b", "c"], [service("voice", {"one": ["a"], "two": ["b"], "three": ["c"]})], {"duct": ["b", "c"]}
)
PAIR = room(["a", "b"], [service("voice", {"one": ["a"], "two": ["b"]})])


def look(
    view: SiteView = PAIR,
    *,
    failed: Iterable[str] = (),
    unknown: Iterable[str] = (),
    planned: Iterable[str] = (),
    poor: Iterable[str] = (),
) -> Standing:
    """The only service of a room, with some endpoints not well."""
    observed = Observed(frozenset(failed), frozenset(unknown), frozenset(planned), frozenset(poor))
    (standing,) = Resilience(view).look(observed).values()
    return standing


def test_all_well() -> None:
    """Three legs, two of them in one duct: two failures lose it, and which."""
    found = look(THREE)
    assert (found.state, found.margin, found.whole) == (ServiceState.WORKING, Margin(2, 2), 2)
    assert set(found.next_to_fail.sets) == {("a", "group:duct")}
    assert [leg.state for leg in found.legs] == [LegState.WORKING] * 3


def test_one_leg_after_the_other() -> None:
    """Two, one, none."""
    risky = look(THREE, failed={"a"})
    assert (risky.state, risky.margin) == (ServiceState.AT_RISK, Margin(1, 1))
    assert risky.next_to_fail.sets == (("group:duct",),)
    assert risky.legs[0].state is LegState.LOST
    assert risky.legs[0].because_of == ("a",)
    lost = look(THREE, failed={"a", "b", "c"})
    assert (lost.state, lost.margin) == (ServiceState.LOST, Margin(0, 0))
    assert lost.next_to_fail.sets == ()


def test_a_single_point_by_design_is_no_risk_of_today() -> None:
    """It works as it was built; what loses it is named for the audit."""
    found = look(room(["a"], [service("voice", {"one": ["a"]})]))
    assert (found.state, found.margin, found.single) == (ServiceState.WORKING, Margin(1, 1), ("a",))


def test_where_a_further_single_point_comes_it_is_at_risk() -> None:
    """Two legs behind one router, one lost: the other is a single point now, and was none by design."""
    ends = [endpoint(name, behind=["router"]) for name in "ab"]
    view = room(["router", *ends], [service("voice", {"one": ["a"], "two": ["b"]})])
    assert look(view).state is ServiceState.WORKING
    assert look(view, failed={"b"}).state is ServiceState.AT_RISK
    assert look(view, unknown={"b"}).state is ServiceState.UNKNOWN
    spare = room("abcd", [service("voice", {"ab": ["a", "b"], "ac": ["a", "c"], "ad": ["a", "d"]})])
    assert look(spare, failed={"b"}).state is ServiceState.WORKING
    assert look(spare, failed={"b", "c"}).state is ServiceState.AT_RISK


def test_unknown_is_a_range_and_never_guessed() -> None:
    """One of two unknown: on its last leg, or not. Both: it may be lost."""
    one = look(unknown={"a"})
    assert (one.state, one.margin) == (ServiceState.UNKNOWN, Margin(1, 2))
    both = look(unknown={"a", "b"})
    assert (both.state, both.margin) == (ServiceState.UNKNOWN, Margin(0, 2))
    certain = look(failed={"a"}, unknown={"b"})
    assert (certain.state, certain.margin) == (ServiceState.UNKNOWN, Margin(0, 1))
    assert look(failed={"a", "b"}, unknown=set()).state is ServiceState.LOST


def test_an_unknown_leg_that_makes_no_difference_leaves_the_state_known() -> None:
    """One of three: two or three failures away, working either way."""
    view = room(["a", "b", "c"], [service("voice", {name: [name] for name in "abc"})])
    found = look(view, unknown={"c"})
    assert (found.state, found.margin) == (ServiceState.WORKING, Margin(2, 3))


def test_quality_has_a_margin_of_its_own() -> None:
    """A poor leg is a leg; where all that are left are poor the service is degraded."""
    one = look(poor={"a"})
    assert (one.state, one.margin, one.quality) == (ServiceState.WORKING, Margin(2, 2), Margin(1, 1))
    assert (one.next_to_fail.sets, one.quality_next.sets) == ((("a", "b"),), (("b",),))
    assert look().quality_next.sets == ()
    both = look(poor={"a", "b"})
    assert (both.state, both.margin, both.quality) == (ServiceState.DEGRADED, Margin(2, 2), Margin(0, 0))
    assert both.quality_lost
    assert look(failed={"a"}, poor={"b"}).state is ServiceState.DEGRADED
    assert look(poor={"a"}).legs[0].state is LegState.DEGRADED


def test_a_service_with_a_profile_of_its_own_judges_by_it() -> None:
    """What is poor for voice may do for text."""
    observed = Observed(poor_for={"voice": frozenset("ab")})
    assert Resilience(PAIR).look(observed)["voice"].state is ServiceState.DEGRADED
    none = Observed(poor=frozenset("ab"), poor_for={"voice": frozenset()})
    assert Resilience(PAIR).look(none)["voice"].state is ServiceState.WORKING


def test_planned_works_take_margin_and_claim_no_loss() -> None:
    """Nobody may rely on what is in maintenance; but it is not said to be lost."""
    one = look(planned={"a"})
    assert (one.state, one.margin) == (ServiceState.AT_RISK, Margin(1, 1))
    assert one.legs[0].state is LegState.MAINTENANCE
    rests = look(failed={"a"}, planned={"b"})
    assert (rests.state, rests.margin, rests.rests_on_planned) == (ServiceState.AT_RISK, Margin(0, 0), True)
    assert not look(failed={"a", "b"}).rests_on_planned


def test_an_answer_refutes_the_model() -> None:
    """Behind a router that failed, and answering: it has another way, until the router works again."""
    view = room(["router", endpoint("gateway", behind=["router"])], [service("voice", {"one": ["gateway"]})])
    resilience = Resilience(view)
    failed = Observed(failed=frozenset({"router"}))
    assert resilience.look(failed)["voice"].state is ServiceState.WORKING
    assert resilience.look(failed)["voice"].next_to_fail.sets == (("gateway",),)
    assert set(resilience.look(Observed())["voice"].next_to_fail.sets) == {("gateway",), ("router",)}
    supposed = replace(failed, supposed=frozenset({"router"}))
    assert resilience.look(supposed)["voice"].state is ServiceState.LOST


def test_what_stands_between_is_told_of_by_what_stands_behind_it() -> None:
    """A router that is no leg: its own silence counts for nothing while what is behind it is known."""
    view = room(
        ["router", "other", endpoint("gateway", behind=["router"])],
        [service("voice", {"one": ["gateway"], "two": ["other"]})],
    )
    assert look(view, unknown={"router"}).margin == Margin(2, 2)
    assert look(view, failed={"router"}, unknown={"gateway"}).margin == Margin(1, 2)
    cut = look(view, failed={"router", "gateway"})
    assert (cut.margin, cut.failed) == (Margin(1, 1), ("gateway", "router"))
    assert cut.next_to_fail.sets == (("other",),)


def test_a_way_that_failed_is_no_way_for_what_another_still_carries() -> None:
    """One router of two is down: what answers behind it alone is on its own, the rest hangs on the other."""
    view = room(
        [
            "r1",
            "r2",
            endpoint("x1", behind=["r1"]),
            endpoint("x2", behind=["r1 | r2"]),
            endpoint("x3", behind=["r2"]),
        ],
        [service("over", {"l1": ["x2"], "l2": ["x1", "x3"]})],
    )
    found = look(view, failed={"r1"})
    assert found.margin == Margin(1, 1)
    assert found.next_to_fail.sets == (("r2",),)
    known = Resilience(view).beyond("over", Observed(failed=frozenset({"r1"})))
    assert listed_cuts(*known[:1], 1, *known[1:]).sets == (("r2",),)


def test_only_what_changed_is_computed_again() -> None:
    """The standing of a service that nothing happened to is the very same."""
    view = room(["a", "b"], [service("one", {"p": ["a"]}), service("two", {"p": ["b"]})])
    resilience = Resilience(view)
    before = resilience.look(Observed())
    after = resilience.look(Observed(failed=frozenset({"a"})))
    assert after["two"] is before["two"]
    assert after["one"].state is ServiceState.LOST


def test_a_structure_that_is_too_large_is_looked_through_and_says_so() -> None:
    """Needs that no diagram holds in reasonable room: more than so many failures, or exactly so many."""
    names = [f"e{number}" for number in range(60)]
    chance = np.random.default_rng(4)
    chosen = [sorted(chance.choice(60, 2, replace=False)) for _ in range(180)]
    pairs = {f"{one}-{other}": [f"e{one}", f"e{other}"] for one, other in chosen}
    resilience = Resilience(room(names, [service("voice", pairs)]))
    assert resilience.diagram("voice") is None
    well = resilience.look(Observed())["voice"]
    assert (well.state, well.margin.exact) == (ServiceState.WORKING, False)
    assert well.margin.least >= 2
    lost = resilience.look(Observed(failed=frozenset(names[:-1])))["voice"]
    assert lost.margin == Margin(0, 0)
    assert lost.state is ServiceState.LOST


@settings(deadline=None, max_examples=120)
@given(any_rooms(), st.data())
def test_margins_and_what_is_next_to_fail_are_those_of_trying_everything(
    view: SiteView, data: st.DataObject
) -> None:
    """With groups, what stands behind what, and failures that nobody can refute."""
    names = [each.id for each in view.endpoints]
    failed = frozenset(data.draw(st.sets(st.sampled_from(names))))
    unknown = frozenset(data.draw(st.sets(st.sampled_from(names)))) - failed
    found = Resilience(view).look(Observed(failed=failed, unknown=unknown, supposed=failed))["s"]
    seen = view.services[0]
    margin, sets = naive_cuts(view, seen, failed)
    assert found.margin.most == margin
    of_legs = {name for path in seen.paths for name in path.endpoints}
    assert found.margin.least == naive_cuts(view, seen, failed | (unknown & of_legs))[0]
    listed = {frozenset(each) for each in found.next_to_fail.sets}
    assert listed == (sets if margin else set())
    assert (found.state is ServiceState.LOST) == naively_lost(view, seen, failed)
    assert found.margin.least <= found.margin.most
    assert found.quality.most <= found.margin.most


@pytest.mark.parametrize("legs", [1, 2, 5])
def test_the_margin_of_equal_legs_is_their_number(legs: int) -> None:
    """Of which any will do."""
    names = [f"e{number}" for number in range(legs)]
    found = look(room(names, [service("voice", {name: [name] for name in names})]))
    assert found.margin == Margin(legs, legs)
