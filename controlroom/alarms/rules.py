"""Which conditions are faults that need a person, and how urgent they are. It keeps no alarms.

Rules:
1. Down is as urgent as the endpoint is critical.
2. Degraded and *cannot be measured* are one step less urgent.
3. Degraded by nothing worse than a state that only warns is one step less urgent again. Of the least urgent
   priority there is none below.
4. Where the cause is our own (no connection, no privilege) the engine has one alarm of its own, and
   the endpoints have none: one cause, one alarm.
5. An endpoint that has not been measured yet is no fault.
"""

from __future__ import annotations

from controlroom.alarms.alarm import ENGINE, Cause, Priority
from controlroom.alarms.transitions import Fault
from controlroom.condition.answering import NOT_MEASURED_YET
from controlroom.condition.limit_reason import LimitReason
from controlroom.condition.own_connection import OWN_CONNECTION_LOST
from controlroom.condition.state import Condition, EndpointState
from controlroom.reading import Reason
from controlroom.site.model import Criticality

OWN_REASONS = frozenset(
    {OWN_CONNECTION_LOST, NOT_MEASURED_YET, Reason.NO_PRIVILEGE.value, Reason.STOPPED.value}
)
"""Reasons of an unknown that are no fault of the endpoint and have their one alarm elsewhere."""

_PRIORITY = {
    Criticality.CRITICAL: Priority.CRITICAL,
    Criticality.HIGH: Priority.HIGH,
    Criticality.MEDIUM: Priority.MEDIUM,
    Criticality.LOW: Priority.LOW,
}


def fault_of(state: EndpointState, criticality: Criticality) -> Fault | None:
    """Return what is wrong with an endpoint, or ``None`` where nobody need act."""
    priority = _PRIORITY[criticality]
    if state.condition is Condition.DOWN:
        return _fault(state, Cause.DOWN, priority)
    if state.condition is Condition.DEGRADED:
        told = LimitReason.read(state.reason)
        warning = told is not None and told.warning
        return _fault(state, Cause.DEGRADED, _less_urgent(priority, 2 if warning else 1))
    if state.condition is Condition.UNKNOWN and state.reason not in OWN_REASONS:
        return _fault(state, Cause.NOT_MEASURED, _less_urgent(priority, 1))
    return None


def own_fault(cause: Cause, reason: str, since_utc_s: float) -> Fault:
    """Return a fault of the monitoring itself: as urgent as can be, for everything hangs on it."""
    return Fault(ENGINE, cause, reason, Priority.CRITICAL, since_utc_s)


def own_event(cause: Cause, reason: str, since_utc_s: float) -> Fault:
    """Return what happened to the monitoring itself while it went on: to be looked into within the day."""
    return Fault(ENGINE, cause, reason, Priority.MEDIUM, since_utc_s)


def _less_urgent(priority: Priority, steps: int) -> Priority:
    return Priority(min(priority + steps, Priority.LOW))


def _fault(state: EndpointState, cause: Cause, priority: Priority) -> Fault:
    return Fault(state.endpoint_id, cause, state.reason, priority, state.since_utc_s)
