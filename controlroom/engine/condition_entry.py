"""Which change of a condition has an entry of its own in the log, and what it tells. It judges nothing."""

from __future__ import annotations

from controlroom.condition.answering import NOT_MEASURED_YET
from controlroom.condition.own_connection import OWN_CONNECTION_LOST
from controlroom.condition.state import Condition, EndpointState
from controlroom.logbook.entry import Draft, LogKind


def is_told_otherwise(before: EndpointState, state: EndpointState) -> bool:
    """Whether a change needs no entry: another tells it, or it is the first answer that was expected."""
    if state.reason == OWN_CONNECTION_LOST:
        return True
    expected = before.reason in (NOT_MEASURED_YET, OWN_CONNECTION_LOST)
    return expected and state.condition is Condition.UP


def condition_entry(before: EndpointState, state: EndpointState, now_utc_s: float) -> Draft:
    """Tell a change of an endpoint's condition."""
    return Draft(
        now_utc_s,
        LogKind.CONDITION_CHANGED,
        state.endpoint_id,
        facts={
            "from": before.condition.value,
            "to": state.condition.value,
            "reason": state.reason,
            "since_utc_s": state.since_utc_s,
        },
    )
