"""What was practised, shift by shift."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.logbook.entry import LogKind
from controlroom.report.audit.training import NO_SHIFT, Training, training_of
from controlroom.report.audit.training_findings import training_findings
from controlroom.site.view import SeenShift, SiteView
from tests.controlroom.report.audit.rooms import room
from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore

ZONE = ZoneInfo("Europe/Berlin")
HOUR_S = 3600.0
NINE = NOON_UTC_S
"""It is nine in the morning there."""


def alarm(number: int, at_utc_s: float, took_s: float | None) -> Alarm:
    """An alarm of the first gateway, acknowledged after so long."""
    return Alarm(
        number=number,
        subject="gate-a",
        cause=Cause.DOWN,
        reason="deadline",
        priority=Priority.HIGH,
        state=AlarmState.UNACKNOWLEDGED,
        since_utc_s=at_utc_s,
        raised_utc_s=at_utc_s,
        acknowledged_utc_s=None if took_s is None else at_utc_s + took_s,
        acknowledged_by="" if took_s is None else "ada",
    )


def shifts() -> SiteView:
    """The room with a day shift from eight to eight."""
    return room().model_copy(update={"shifts": (SeenShift(id="day", begin="08:00", until="20:00"),)})


def told(of: SiteView, alarms: list[Alarm], store: MemoryStore | None = None) -> Training:
    """The training of the last day."""
    entries = [] if store is None else store.log
    return training_of(of, alarms, entries, ZONE, (NINE - 86_400, NINE + 86_400))


def test_alarms_belong_to_the_shift_on_duty_and_are_in_time_by_their_card() -> None:
    """Five minutes are the time to respond; one answer took six, one never came, one was at night."""
    alarms = [
        alarm(1, NINE, 300.0),
        alarm(2, NINE, 360.0),
        alarm(3, NINE, None),
        alarm(4, NINE + 15 * HOUR_S, 60.0),
    ]
    day, night = told(shifts(), alarms).shifts
    assert (day.shift, day.alarms, day.acknowledged, day.in_time, day.median_answer_s) == (
        "day",
        3,
        2,
        1,
        330.0,
    )
    assert (night.shift, night.alarms, night.in_time) == (NO_SHIFT, 1, 1)


def test_what_was_hidden_and_never_acknowledged_called_nobody() -> None:
    """It counts for nobody."""
    hidden = replace(alarm(1, NINE, None), suppressed_by="behind:router")
    assert told(shifts(), [hidden]).shifts[0].alarms == 0


def test_acts_are_counted_with_those_who_did_them() -> None:
    """Steps, notes and sound tests."""
    store = MemoryStore()
    store.tell(LogKind.ALARM_STEP_TICKED, "gate-a", NINE, "ada", alarm=1)
    store.tell(LogKind.SOUND_TESTED, "engine", NINE, "ben", heard=True)
    store.tell(LogKind.CONDITION_CHANGED, "gate-a", NINE)
    found = told(shifts(), [], store)
    assert found.shifts[0].counts == {LogKind.ALARM_STEP_TICKED: 1, LogKind.SOUND_TESTED: 1}
    assert found.shifts[0].operators == {"ada", "ben"}
    assert [(each.service_id, each.steps) for each in found.services] == [("talk", 1), ("record", 0)]


def test_late_answers_unused_cards_and_an_untested_sound_are_findings() -> None:
    """From five alarms on; a room that answers in time has only the sound left."""
    late = told(room(), [alarm(number, NINE, 900.0) for number in range(5)])
    assert [each.code for each in training_findings(late)] == [
        "acknowledged_late",
        "cards_not_used",
        "sound_never_tested",
    ]
    few = told(room(), [alarm(number, NINE, 900.0) for number in range(4)])
    assert [each.code for each in training_findings(few)] == ["sound_never_tested"]
