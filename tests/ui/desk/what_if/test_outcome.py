"""What a supposition comes to."""

from __future__ import annotations

from controlroom.resilience.observed import Observed
from tests.controlroom.resilience.rooms import room, service
from ui.desk.what_if.outcome import Outcome, outcome_of
from ui.desk.what_if.trial import Supposed, Trial

SITE = room(
    ["a", "b", "c", "d"],
    [
        service("calls", {"North": ["a"], "South": ["b"]}),
        service("maps", {"Only": ["a"]}),
        service("names", {"Other": ["d"]}),
    ],
)


def outcome(*failed: str, planned: tuple[str, ...] = ()) -> Outcome:
    """What these come to."""
    supposed = Supposed(frozenset(failed), frozenset(planned))
    tried = Trial().run(SITE, Observed(), supposed)
    return outcome_of(SITE, supposed, tried, str.upper, [*failed, *planned])


def test_services_that_change_stand_worst_first_now_and_then() -> None:
    """Those that do not are counted."""
    told = outcome("a")
    assert told.answer == "No: without A Maps would be lost."
    assert [(each.after.name, each.before.number, each.after.number) for each in told.changes] == [
        ("Maps", "1", "0"),
        ("Calls", "2", "1"),
    ]
    assert told.unchanged == "The other one would stand as now."


def test_the_alarms_that_would_come_are_told_the_most_urgent_first() -> None:
    """Those of services; none where there would be none."""
    told = outcome("a").alarms
    assert told == (
        "Alarms of services that would come: priority 1 SERVICE:MAPS, lost; "
        "priority 2 SERVICE:CALLS, one failure from loss."
    )
    assert outcome("c").alarms == "No alarm of a service would come."
    assert "MAPS" not in outcome(planned=("a",)).alarms


def test_what_touches_no_service_is_said_to() -> None:
    """A plain yes."""
    told = outcome("c")
    assert told.answer == "Yes: no service comes nearer to loss without C."
    assert (told.changes, told.unchanged) == ((), "Every service would stand as now.")


def test_nothing_ticked_claims_nothing() -> None:
    """It asks for a tick."""
    assert outcome() == Outcome("Tick what you want to try.")


def test_maintenance_takes_a_service_as_a_failure_does() -> None:
    """It is not called lost, but nobody may rely on it."""
    told = outcome(planned=("a",))
    assert told.answer.startswith("No: without A Maps")
    assert told.changes[0].after.word == "At risk"
