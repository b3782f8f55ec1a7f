"""Which conditions are faults, and how urgent."""

from __future__ import annotations

import pytest

from controlroom.alarms.alarm import Cause, Priority
from controlroom.alarms.rules import fault_of
from controlroom.condition.state import Condition, EndpointState
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
