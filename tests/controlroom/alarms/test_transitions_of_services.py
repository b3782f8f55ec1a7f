"""One alarm of a service that turns from one fault into another."""

from __future__ import annotations

from dataclasses import replace

from controlroom.alarms import handling
from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.alarms.transitions import Fault, raised, renewed
from controlroom.logbook.entry import LogKind

FAULT = Fault("service:calls", Cause.SERVICE_AT_RISK, "service;next=b", Priority.HIGH, 1.0)


def acknowledged() -> Alarm:
    """An alarm of a service at risk that somebody has seen."""
    seen = handling.acknowledged(raised(1, FAULT, 2.0).alarm, "Ann", "", 3.0)
    assert seen is not None
    return seen.alarm


def turned(cause: Cause, priority: Priority, alarm: Alarm | None = None) -> tuple[LogKind, AlarmState]:
    """Turn the fault into another, and return what was told and how the alarm stands."""
    moved = renewed(alarm or acknowledged(), replace(FAULT, cause=cause, priority=priority), 4.0)
    assert moved is not None
    assert moved.alarm.cause is cause
    return moved.entry.kind, moved.alarm.state


def test_a_loss_calls_anew_and_its_end_eases() -> None:
    """Also where no priority is left between the two."""
    again = (LogKind.ALARM_RAISED_AGAIN, AlarmState.UNACKNOWLEDGED)
    assert turned(Cause.SERVICE_LOST, Priority.CRITICAL) == again
    assert turned(Cause.SERVICE_LOST, Priority.HIGH) == again
    lost = replace(acknowledged(), cause=Cause.SERVICE_LOST, priority=Priority.CRITICAL)
    assert turned(Cause.SERVICE_AT_RISK, Priority.HIGH, lost) == (
        LogKind.ALARM_EASED,
        AlarmState.ACKNOWLEDGED,
    )


def test_at_risk_and_degraded_turn_into_each_other_without_a_call() -> None:
    """They are as urgent; an acknowledgement stands, and so it does for another reason."""
    kind = (LogKind.ALARM_REASON_CHANGED, AlarmState.ACKNOWLEDGED)
    assert turned(Cause.SERVICE_DEGRADED, Priority.HIGH) == kind
    moved = renewed(acknowledged(), replace(FAULT, reason="service;next=c"), 4.0)
    assert moved is not None
    assert (moved.entry.kind, moved.alarm.reason) == (LogKind.ALARM_REASON_CHANGED, "service;next=c")
