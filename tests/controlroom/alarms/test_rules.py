"""Which conditions are faults, and how urgent."""

from __future__ import annotations

import pytest

from controlroom.alarms.alarm import AlarmState, Cause, Priority
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.rules import fault_of
from controlroom.alarms.transitions import Fault
from controlroom.condition.state import Condition, EndpointState
from controlroom.logbook.entry import LogKind
from controlroom.site.model import Criticality


@pytest.mark.parametrize(
    ("condition", "reason", "criticality", "expected"),
    [
        (Condition.DOWN, "deadline", Criticality.CRITICAL, (Cause.DOWN, Priority.CRITICAL)),
        (Condition.DOWN, "deadline", Criticality.LOW, (Cause.DOWN, Priority.LOW)),
        (Condition.DEGRADED, "limit:rtt_s", Criticality.HIGH, (Cause.DEGRADED, Priority.MEDIUM)),
        (Condition.DEGRADED, "limit:rtt_s", Criticality.LOW, (Cause.DEGRADED, Priority.LOW)),
        (Condition.UNKNOWN, "no_name", Criticality.CRITICAL, (Cause.NOT_MEASURED, Priority.HIGH)),
        (Condition.UNKNOWN, "own_connection_lost", Criticality.CRITICAL, None),
        (Condition.UNKNOWN, "no_privilege", Criticality.CRITICAL, None),
        (Condition.UNKNOWN, "not_measured_yet", Criticality.CRITICAL, None),
        (Condition.UP, "none", Criticality.CRITICAL, None),
    ],
)
def test_faults(
    condition: Condition, reason: str, criticality: Criticality, expected: tuple[Cause, Priority] | None
) -> None:
    """Every rule, one line each."""
    fault = fault_of(EndpointState("mast", condition, 1.0, reason), criticality)
    assert (None if fault is None else (fault.cause, fault.priority)) == expected


def found(reason: str, criticality: Criticality = Criticality.CRITICAL) -> Fault:
    """What is wrong with a device that answers."""
    fault = fault_of(EndpointState("ups", Condition.DEGRADED, 1.0, reason), criticality)
    assert fault is not None
    return fault


def test_a_warning_alone_is_one_step_less_urgent_than_a_fault() -> None:
    """As far as there is a step; what a store holds from before is taken for the graver."""
    assert found("limit:output:5").priority is found("limit:load:2").priority is Priority.HIGH
    assert found("limit:output:4:warning").priority is Priority.MEDIUM
    assert found("limit:output:4:warning", Criticality.HIGH).priority is Priority.LOW
    assert found("limit:output:4:warning", Criticality.LOW).priority is Priority.LOW


def test_a_warning_that_becomes_a_fault_raises_its_alarm_again() -> None:
    """More urgent, logged, and new for whoever had acknowledged it; the way back only eases it."""
    register = AlarmRegister()
    register.fault(found("limit:output:4:warning"), 2.0)
    register.acknowledge(1, "ann", "", 3.0)
    worse = register.fault(found("limit:output:5"), 4.0)
    assert worse is not None
    assert (worse.entry.kind, worse.alarm.number) == (LogKind.ALARM_RAISED_AGAIN, 1)
    assert (worse.alarm.priority, worse.alarm.state) == (Priority.HIGH, AlarmState.UNACKNOWLEDGED)
    eased = register.fault(found("limit:output:4:warning"), 5.0)
    assert eased is not None
    assert (eased.entry.kind, eased.alarm.priority) == (LogKind.ALARM_EASED, Priority.MEDIUM)


def test_a_warning_that_becomes_a_fault_is_told_where_no_priority_is_left() -> None:
    """Of medium criticality both are low, and whoever took the warning must hear of the fault."""
    register = AlarmRegister()
    register.fault(found("limit:output:4:warning", Criticality.MEDIUM), 2.0)
    register.acknowledge(1, "ann", "", 3.0)
    worse = register.fault(found("limit:output:5", Criticality.MEDIUM), 4.0)
    assert worse is not None
    assert worse.entry.kind is LogKind.ALARM_RAISED_AGAIN
    assert (worse.alarm.priority, worse.alarm.state) == (Priority.LOW, AlarmState.UNACKNOWLEDGED)
    back = register.fault(found("limit:output:4:warning", Criticality.MEDIUM), 5.0)
    assert back is not None
    assert back.entry.kind is LogKind.ALARM_REASON_CHANGED
