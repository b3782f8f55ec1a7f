"""The log alone gives the alarms, also a log of a program that told less."""

from __future__ import annotations

import pytest

from controlroom.alarms.alarm import ENGINE, AlarmState
from controlroom.alarms.replay import replay
from controlroom.logbook.entry import Draft, Fact, LogKind

FAULT: dict[str, Fact] = {"alarm": 4, "cause": "down", "reason": "deadline", "priority": 1}


def told(kind: LogKind, at_utc_s: float, **more: Fact) -> Draft:
    """An entry as a program before all this wrote it."""
    return Draft(at_utc_s, kind, "mast", facts=FAULT | more)


RAISED = told(LogKind.ALARM_RAISED, 5.0, since_utc_s=4.0)


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ([], AlarmState.UNACKNOWLEDGED),
        ([told(LogKind.ALARM_ACKNOWLEDGED, 6.0, ended=False)], AlarmState.ACKNOWLEDGED),
        ([told(LogKind.ALARM_RETURNED, 6.0, ended=False)], AlarmState.RETURNED_UNACKNOWLEDGED),
        (
            [told(LogKind.ALARM_ACKNOWLEDGED, 6.0), told(LogKind.ALARM_RAISED_AGAIN, 7.0)],
            AlarmState.UNACKNOWLEDGED,
        ),
        (
            [told(LogKind.ALARM_ACKNOWLEDGED, 6.0), told(LogKind.ALARM_EASED, 7.0)],
            AlarmState.ACKNOWLEDGED,
        ),
    ],
)
def test_an_earlier_log_is_understood(more: list[Draft], state: AlarmState) -> None:
    """What its kinds say is taken for granted."""
    assert [alarm.state for alarm in replay([RAISED, *more]).values()] == [state]


@pytest.mark.parametrize(
    "last",
    [
        told(LogKind.ALARM_RETURNED, 6.0, ended=True),
        told(LogKind.ALARM_ACKNOWLEDGED, 6.0, ended=True),
        told(LogKind.ALARM_ENDED, 6.0),
    ],
)
def test_what_ended_is_gone(last: Draft) -> None:
    """However it ended."""
    assert replay([RAISED, last]) == {}


def test_an_alarm_has_the_times_that_its_entry_tells() -> None:
    """When it began, and when it was raised."""
    (alarm,) = replay([RAISED]).values()
    assert (alarm.number, alarm.subject, alarm.since_utc_s, alarm.raised_utc_s) == (4, "mast", 4.0, 5.0)


def test_stamps_of_an_earlier_engine_stay_when_the_clock_is_set() -> None:
    """And those made since are told anew."""
    start = Draft(6.0, LogKind.ENGINE_STARTED, ENGINE)
    step = Draft(9.0, LogKind.CLOCK_STEPPED, ENGINE, facts={"step_s": 3600.0})
    own = told(LogKind.ALARM_ACKNOWLEDGED, 7.0, state="acknowledged", acknowledged_utc_s=7.0)
    (alarm,) = replay([RAISED, start, own, step]).values()
    assert (alarm.raised_utc_s, alarm.acknowledged_utc_s) == (5.0, 3607.0)
