"""What is shelved, suppressed or out of service is not presented, and is counted apart: by hand."""

from __future__ import annotations

from typing import cast

from controlroom.alarms.health.presented import Doubt, Hidden
from controlroom.alarms.health.targets import Measure, Verdict
from controlroom.logbook.entry import Fact, LogKind
from tests.controlroom.alarms.health.told_log import DAY_S, HOUR_S, START_S, ToldLog


def kind(name: str) -> LogKind:
    """A kind of entry by its code."""
    return cast(LogKind, name)


def new(at_s: float) -> dict[str, Fact]:
    """What an entry tells of an alarm that is new."""
    return {"state": "unacknowledged", "since_utc_s": START_S + at_s, "raised_utc_s": START_S + at_s}


def shelve(log: ToldLog, number: int, at_s: float, for_s: float, role: str = "act", **facts: bool) -> None:
    """Shelve an alarm as an operator does."""
    until_s = START_S + at_s + for_s
    told: dict[str, Fact] = {
        "shelved_utc_s": START_S + at_s,
        "shelved_until_utc_s": until_s,
        "shelved_why": "crew on site",
    }
    log.tell(kind("alarm_shelved"), number, at_s, "Eva", role=role, **told, **facts)


def test_a_child_of_a_failed_parent_is_not_presented() -> None:
    """Its first entry tells of its suppression; released while its fault stands, it is presented, anew."""
    log = ToldLog()
    log.raised(0.0, "router")
    for number, subject in ((2, "mast-1"), (3, "mast-2")):
        log.tell(
            kind("alarm_suppressed"), number, 1.0, subject=subject, suppressed_by="behind:router", **new(1.0)
        )
    log.tell(kind("alarm_released"), 2, 500.0, suppressed_by="", raised_utc_s=START_S + 500)
    found = log.health()
    assert (found.presented, found.again, found.kept) == (2, 0, {Hidden.SUPPRESSED: 2})
    assert found.hidden_now == {Hidden.SUPPRESSED: 1}


def test_what_is_hidden_in_the_moment_of_its_raising_was_never_presented() -> None:
    """A second later it was."""
    log = ToldLog()
    log.tell(kind("alarm_suppressed"), log.raised(0.0, "mast-1"), 0.0, suppressed_by="behind:router")
    log.tell(kind("alarm_suppressed"), log.raised(0.0, "mast-2"), 1.0, suppressed_by="behind:router")
    found = log.health()
    assert (found.presented, found.kept) == (1, {Hidden.SUPPRESSED: 1})


def test_what_is_raised_in_maintenance_is_kept_apart() -> None:
    """Whether the alarm is new with it or was there before."""
    log = ToldLog()
    log.tell(kind("alarm_out_of_service"), 1, 0.0, subject="mast", out_of_service="maintenance:3", **new(0.0))
    log.returned(1, 50.0)
    log.tell(LogKind.ALARM_RAISED_AGAIN, 1, 60.0, state="unacknowledged")
    found = log.health()
    assert (found.presented, found.kept) == (0, {Hidden.OUT_OF_SERVICE: 2})
    assert found.told(Measure.UNAUTHORISED).value == 0


def test_the_shelf_is_told_with_its_end() -> None:
    """And a fault that outlasts it calls again."""
    log = ToldLog()
    number = log.raised(0.0, "mast")
    shelve(log, number, 100.0, HOUR_S)
    (on_it,) = log.health(until_s=200.0).shelved_now
    assert (on_it.number, on_it.by, on_it.why) == (1, "Eva", "crew on site")
    assert on_it.until_utc_s == START_S + 100.0 + HOUR_S
    log.tell(kind("alarm_unshelved"), number, 100.0 + HOUR_S, shelved_utc_s=None)
    found = log.health()
    assert (found.presented, found.again, found.shelvings, found.shelved_now) == (2, 1, 1, ())
    assert found.told(Measure.UNAUTHORISED).verdict is Verdict.MET


def test_a_reminder_is_not_another_alarm() -> None:
    """Neither is an acknowledgement that ran out."""
    log = ToldLog()
    number = log.raised(0.0, "mast")
    log.acknowledged(number, 10.0)
    log.tell(kind("alarm_reminded"), number, 3600.0, state="unacknowledged")
    log.acknowledged(number, 3610.0)
    log.tell(kind("alarm_acknowledgement_expired"), number, 7200.0)
    found = log.health()
    assert (found.presented, found.again, found.reminded) == (1, 0, 2)


def test_a_further_fault_in_an_acknowledged_incident_calls_again() -> None:
    """In one that nobody has acknowledged it does not."""
    log = ToldLog()
    number = log.raised(0.0, "group:duct-7")
    log.tell(kind("alarm_joined"), number, 5.0)
    log.acknowledged(number, 10.0)
    log.tell(kind("alarm_joined"), number, 60.0, state="unacknowledged")
    found = log.health()
    assert (found.presented, found.again) == (2, 1)


def test_hiding_without_authority() -> None:
    """By nobody who was signed in, or longer than is permitted without saying why."""
    log = ToldLog()
    numbers = [log.raised(float(place), f"mast-{place}") for place in range(4)]
    shelve(log, numbers[0], 100.0, HOUR_S, role="")
    shelve(log, numbers[1], 100.0, 9 * HOUR_S)
    shelve(log, numbers[2], 100.0, 9 * HOUR_S, justified=True)
    shelve(log, numbers[3], 100.0, 8 * HOUR_S)
    found = log.health()
    told = [(each.number, each.doubt, each.by) for each in found.unauthorised]
    assert told == [(1, Doubt.NOBODY_SIGNED_IN, "Eva"), (2, Doubt.TOO_LONG, "Eva")]
    assert found.told(Measure.UNAUTHORISED).verdict is Verdict.NOT_MET


def test_a_stale_alarm_stood_for_more_than_a_day() -> None:
    """Whether acknowledged or not; hidden it is not; what returned in time never was."""
    log = ToldLog()
    old, quick, hidden = (log.raised(float(place), f"mast-{place}") for place in range(3))
    log.acknowledged(old, 50.0)
    shelve(log, hidden, 100.0, 3 * DAY_S, justified=True)
    log.returned(quick, DAY_S - 1)
    assert log.health(until_s=DAY_S).told(Measure.STALE).value == 0
    found = log.health(until_s=2 * DAY_S)
    assert [(each.number, each.raised_utc_s) for each in found.stale_now] == [(old, START_S)]
    assert found.told(Measure.STALE).value == 1


def test_a_fault_that_gets_worse_does_not_make_its_alarm_young() -> None:
    """It has stood since it began; five at once are too many."""
    log = ToldLog()
    numbers = [log.raised(0.0, f"mast-{place}") for place in range(5)]
    log.tell(LogKind.ALARM_RAISED_AGAIN, numbers[0], DAY_S - 10, priority=1)
    found = log.health(until_s=2 * DAY_S)
    assert (len(found.stale_now), found.told(Measure.STALE).verdict) == (5, Verdict.NOT_MET)
    log.returned(numbers[0], DAY_S + 10)
    log.returned(numbers[1], DAY_S + 10)
    gone = log.health(since_s=DAY_S + 20, until_s=2 * DAY_S)
    assert (len(gone.stale_now), gone.told(Measure.STALE).verdict) == (3, Verdict.MET)
