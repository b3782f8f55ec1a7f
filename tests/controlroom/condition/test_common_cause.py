"""Which faults have one cause: whole groups, what fits best, what is worth a wait; and its price."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from controlroom.condition.common_cause import CommonCauses
from controlroom.condition.shared_risk import RiskKind, SharedRisk
from controlroom.site.alarm_settings import IncidentSettings

GUESSING = IncidentSettings(least_members=3, within_s=30)
STRICT = IncidentSettings(infer=False)


def risk(kind: RiskKind, name: str, *members: str) -> SharedRisk:
    """What these share."""
    return SharedRisk(kind, name, frozenset(members))


EAST = risk(RiskKind.GROUP, "east", "a", "b", "c")
WEST = risk(RiskKind.GROUP, "west", "d", "e")
TOWN = risk(RiskKind.GROUP, "town", "a", "b", "c", "d", "e")
HILL = risk(RiskKind.LOCATION, "Hill", "p", "q", "r")
NET = risk(RiskKind.SUBNET, "10.0.0.0/24", "p", "q", "r", "s", "t", "u", "v")
ALL = (EAST, WEST, TOWN, HILL, NET)


def with_lost(*lost: str, settings: IncidentSettings = GUESSING, **at_s: float) -> CommonCauses:
    """Let endpoints fall at 0, or at their own times."""
    causes = CommonCauses(ALL, settings)
    for endpoint_id in lost:
        causes.lost(endpoint_id, 0.0)
    for endpoint_id, fell_s in at_s.items():
        causes.lost(endpoint_id, fell_s)
    return causes


def subject(causes: CommonCauses, endpoint_id: str) -> str:
    """Return what explains an endpoint."""
    found = causes.fitting(endpoint_id)
    return "" if found is None else found.subject


def test_a_group_all_of_which_is_lost_is_the_cause() -> None:
    """However long ago the others fell, and where nothing may be inferred as well; one short it is none."""
    assert subject(with_lost("d", e=5000.0, settings=STRICT), "e") == "group:west"
    assert subject(with_lost("a", "b", settings=STRICT), "b") == ""
    assert with_lost("d", e=5000.0).explains(WEST) == ["d", "e"]


def test_of_several_whole_groups_the_one_that_explains_most() -> None:
    """A cut of the whole town is not told street by street."""
    assert subject(with_lost("a", "b", "c", "d", "e"), "e") == "group:town"
    assert subject(with_lost("a", "b", "c", "d"), "c") == "group:east"


def test_what_is_explained_is_no_reason_for_another_incident() -> None:
    """The town is lost as a whole, and of its streets one was told before."""
    causes = with_lost("a", "b", "c")
    for endpoint_id in ("a", "b", "c"):
        causes.explained(endpoint_id)
    causes.lost("d", 1.0)
    assert subject(causes, "d") == ""
    causes.lost("e", 1.0)
    assert subject(causes, "e") == "group:west"


def test_the_best_fit_is_inferred() -> None:
    """Three of three on the hill say more than three of seven in a subnet; five of seven are the subnet."""
    assert subject(with_lost("p", "q", "r"), "r") == "location:Hill"
    assert subject(with_lost("p", "q", "s", "t", "u"), "u") == "subnet:10.0.0.0/24"


def test_inferred_are_only_many_enough_soon_enough_and_at_least_half() -> None:
    """Each condition by itself."""
    assert subject(with_lost("p", "q"), "q") == ""
    assert subject(with_lost("p", "q", s=0.0), "s") == ""
    assert subject(with_lost("p", "q", r=31.0), "r") == ""
    assert subject(with_lost("p", "q", r=30.0), "r") == "location:Hill"
    assert subject(with_lost("p", "q", "r", settings=STRICT), "r") == ""


def test_what_fell_long_before_is_no_part_of_it() -> None:
    """It keeps its own alarm."""
    causes = with_lost("p", q=1000.0, r=1000.0, s=1001.0, t=1002.0)
    assert subject(causes, "t") == "subnet:10.0.0.0/24"
    assert causes.explains(NET) == ["q", "r", "s", "t"]
    assert subject(causes, "p") == ""


def test_who_is_back_counts_no_more() -> None:
    """Nor who was found to be explained."""
    causes = with_lost("p", "q", "r")
    causes.back("q")
    assert subject(causes, "r") == ""


def test_what_was_split_is_not_offered_until_it_is_over() -> None:
    """The first of them back alone ends nothing."""
    causes = with_lost("p", "q", "r")
    causes.split("location:Hill")
    assert subject(causes, "r") == ""
    causes.back("q")
    causes.lost("q", 2.0)
    assert subject(causes, "q") == ""
    for endpoint_id in ("p", "q", "r"):
        causes.back(endpoint_id)
    for endpoint_id in ("p", "q", "r"):
        causes.lost(endpoint_id, 100.0)
    assert subject(causes, "r") == "location:Hill"


def test_only_suspects_that_could_make_it_fit_are_worth_a_wait() -> None:
    """One other suspect among seven is not; the last of a group is."""
    causes = with_lost("p")
    assert not causes.is_worth_waiting("p")
    causes.suspected("s", is_suspected=True)
    assert not causes.is_worth_waiting("p")
    causes.suspected("q", is_suspected=True)
    causes.suspected("r", is_suspected=True)
    assert causes.is_worth_waiting("p")
    causes.suspected("q", is_suspected=False)
    assert not causes.is_worth_waiting("p")
    alone = with_lost("d", settings=STRICT)
    alone.suspected("e", is_suspected=True)
    assert alone.is_worth_waiting("d")


def test_half_is_of_those_of_whom_anything_was_heard() -> None:
    """Where most have not been asked since the first fell, the others tell."""
    heard = {"s": 5.0, "t": 11.0, "u": 12.0, "v": 12.0}

    def is_heard(endpoint_id: str, since_s: float) -> bool:
        return heard.get(endpoint_id, 0.0) >= since_s

    causes = CommonCauses([risk(RiskKind.SUBNET, "n", *"pqrstuvwxy")], GUESSING, is_heard)
    for endpoint_id in "pqr":
        causes.lost(endpoint_id, 10.0)
    assert subject(causes, "r") == "subnet:n"
    heard["s"] = 13.0
    assert subject(causes, "r") == ""
    assert subject(causes, "p") == ""
    causes.suspected("w", is_suspected=True)
    assert subject(causes, "r") == "subnet:n"
    assert causes.is_worth_waiting("r")


def test_two_thousand_failing_at_once_cost_little() -> None:
    """All changes and questions of a cut, within a tenth of a second on a slow machine."""
    names = [f"e{number}" for number in range(2000)]
    risks = [risk(RiskKind.LOCATION, "Hall", *names)]
    risks += [
        risk(RiskKind.SUBNET, f"10.0.{place}.0/24", *names[place * 50 : place * 50 + 50])
        for place in range(40)
    ]
    causes = CommonCauses(risks, GUESSING)
    began_s = time.process_time()
    for number, name in enumerate(names):
        causes.suspected(name, is_suspected=True)
        causes.lost(name, number / 1000)
        causes.is_worth_waiting(name)
        causes.fitting(name)
    took_s = time.process_time() - began_s
    assert subject(causes, "e1999") == "location:Hall"
    assert took_s < 0.1


Change = tuple[str, str, float]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["lost", "back", "explained", "suspected"]),
            st.sampled_from(sorted(TOWN.members | NET.members)),
            st.floats(0, 100),
        ),
        max_size=60,
    )
)
def test_the_order_of_changes_leaves_no_trace(changes: list[Change]) -> None:
    """What is found follows from who is lost since when, and from nothing else."""
    causes, lost = CommonCauses(ALL, GUESSING), dict[str, float]()
    explained: set[str] = set()
    for what, endpoint_id, at_s in changes:
        if what == "lost" and endpoint_id not in lost and endpoint_id not in explained:
            causes.lost(endpoint_id, at_s)
            lost[endpoint_id] = at_s
        elif what == "back":
            causes.back(endpoint_id)
            lost.pop(endpoint_id, None)
            explained.discard(endpoint_id)
        elif what == "explained":
            causes.explained(endpoint_id)
            lost.pop(endpoint_id, None)
            explained.add(endpoint_id)
    afresh = CommonCauses(ALL, GUESSING)
    for endpoint_id in explained:
        afresh.explained(endpoint_id)
    for endpoint_id in sorted(lost):
        afresh.lost(endpoint_id, lost[endpoint_id])
    for endpoint_id in lost:
        found = causes.fitting(endpoint_id)
        assert found == afresh.fitting(endpoint_id)
        if found is not None:
            explains = causes.explains(found)
            assert endpoint_id in explains
            assert len(explains) >= 2
            assert set(explains) <= found.members & lost.keys()
