"""How the services stand, worked out beside the GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from controlroom.condition.assessment import Assessment
from controlroom.condition.state import Condition, EndpointState
from controlroom.resilience.standing import ServiceState
from controlroom.site.profile import Grade
from controlroom.site.view import SiteView
from controlroom.store.interface import ReadStore
from tests.controlroom.resilience.rooms import room, service
from ui.desk.standings_reading import GRADES_EVERY_S, SeenStandings, StandingsReading

SITE = room(["a", "b"], [service("calls", {"A": ["a"], "B": ["b"]})])


class Grades:
    """A store of which only the grades are read; it counts how often."""

    def __init__(self) -> None:
        """Begin without grades."""
        self.asked = 0
        self.grades: list[Assessment] = []

    def assessments(self) -> Sequence[Assessment]:
        """Return the grades."""
        self.asked += 1
        return self.grades


def see(
    reading: StandingsReading,
    store: Grades,
    site: SiteView | None = SITE,
    *,
    down: str = "",
    now_s: float = 0.0,
    regraded: bool = False,
) -> SeenStandings | None:
    """Look once; all are up but those that are down."""
    conditions = {each: Condition.DOWN if each in down else Condition.UP for each in "ab"}
    states = [EndpointState(each, condition, 0.0, "none") for each, condition in conditions.items()]
    return reading.see(cast(ReadStore, store), site, states, now_s, grades_changed=regraded)


def test_only_what_differs_is_handed_on() -> None:
    """The first look, then changes."""
    reading, store = StandingsReading(), Grades()
    first = see(reading, store)
    assert first is not None
    assert first.standings["calls"].margin.least == 2
    assert see(reading, store) is None
    changed = see(reading, store, down="a")
    assert changed is not None
    assert changed.standings["calls"].state is ServiceState.AT_RISK


def test_grades_are_read_now_and_then_and_when_the_log_tells_of_one() -> None:
    """Not with every look."""
    reading, store = StandingsReading(), Grades()
    see(reading, store)
    see(reading, store, now_s=1.0)
    assert store.asked == 1
    store.grades = [Assessment(each, "icmp", 1.0, 300.0, Grade.POOR, "sign") for each in "ab"]
    regraded = see(reading, store, now_s=2.0, regraded=True)
    assert regraded is not None
    assert regraded.standings["calls"].state is ServiceState.DEGRADED
    assert set(regraded.poor) == {"a", "b"}
    see(reading, store, now_s=2.0 + GRADES_EVERY_S)
    assert store.asked == 3


def test_services_that_are_no_structure_are_refused_in_words() -> None:
    """Instead of a desk that does not look any more; a site that is mended is judged again."""
    reading, store = StandingsReading(), Grades()
    wrong = room(["a"], [service("calls", {"A": ["gone"]})])
    refused = see(reading, store, wrong)
    assert refused is not None
    assert "gone" in refused.refusal
    assert refused.standings == {}
    mended = see(reading, store)
    assert mended is not None
    assert not mended.refusal


def test_a_site_without_services_has_none() -> None:
    """Nor is anything read for it."""
    reading, store = StandingsReading(), Grades()
    assert see(reading, store, room(["a", "b"], [])) == SeenStandings()
    assert store.asked == 0
