"""How an alarm moves from state to state, after ISA-18.2 / IEC 62682. It numbers and stores nothing.

Rules:
1. A fault without an alarm raises one: unacknowledged.
2. A fault that becomes more urgent raises its alarm again: unacknowledged, whoever had acknowledged it. So
   does a state that only warned and has become a fault, where no priority is left between the two.
3. A fault that becomes less urgent eases its alarm; an acknowledgement stands.
4. The end of a fault returns its alarm: an acknowledged one ends, an unacknowledged one waits for
   somebody to see that it was there.
5. A fault that comes back before that raises the same alarm again and counts the occurrence.
6. Acknowledging an active alarm keeps it, acknowledged; acknowledging a returned one ends it.
   Acknowledging twice, or an ended alarm, changes nothing.
7. That an endpoint cannot be measured says nothing of a fault already known: its alarm stands.
8. A fault of an endpoint with another reason keeps its alarm, and whatever somebody did about it; the reason
   is told anew, for it decides whom to call.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.condition.limit_reason import LimitReason
from controlroom.logbook.entry import Draft, Fact, LogKind

_REASON_FOLLOWS = frozenset({Cause.DOWN, Cause.DEGRADED})
"""The faults whose reason may become another while they last (rule 8)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a subject right now, and how urgent it is."""

    subject: str
    cause: Cause
    reason: str
    priority: Priority
    since_utc_s: float


@dataclass(frozen=True, slots=True)
class Moved:
    """An alarm after a transition, with the one log entry that tells of it."""

    alarm: Alarm
    entry: Draft


def raised(number: int, fault: Fault, at_utc_s: float) -> Moved:
    """Raise a new alarm (rule 1)."""
    alarm = Alarm(
        number=number,
        subject=fault.subject,
        cause=fault.cause,
        reason=fault.reason,
        priority=fault.priority,
        state=AlarmState.UNACKNOWLEDGED,
        since_utc_s=fault.since_utc_s,
        raised_utc_s=at_utc_s,
    )
    return _moved(alarm, LogKind.ALARM_RAISED, at_utc_s, since_utc_s=fault.since_utc_s)


def renewed(alarm: Alarm, fault: Fault, at_utc_s: float) -> Moved | None:
    """Bring an alarm in line with its fault as it is now (rules 2, 3, 5, 7, 8); ``None`` when it is."""
    if alarm.state is AlarmState.RETURNED_UNACKNOWLEDGED:
        again = _raised_again(alarm, fault, at_utc_s)
        return _told_again(replace(again, occurrences=alarm.occurrences + 1), at_utc_s)
    if (fault.cause, fault.priority) == (alarm.cause, alarm.priority):
        if _was_a_warning(alarm, fault):
            return _told_again(_raised_again(alarm, fault, at_utc_s), at_utc_s)
        return _with_reason(alarm, fault, at_utc_s)
    if fault.cause is Cause.NOT_MEASURED:
        return None
    if fault.priority < alarm.priority or fault.cause is Cause.DOWN:
        return _told_again(_raised_again(alarm, fault, at_utc_s), at_utc_s)
    eased = replace(alarm, cause=fault.cause, reason=fault.reason, priority=fault.priority)
    return _moved(eased, LogKind.ALARM_EASED, at_utc_s)


def _was_a_warning(alarm: Alarm, fault: Fault) -> bool:
    """Whether a state that only warned has become a fault, also where no priority is left between them."""
    before, now = LimitReason.read(alarm.reason), LimitReason.read(fault.reason)
    return before is not None and before.warning and now is not None and not now.warning


def _with_reason(alarm: Alarm, fault: Fault, at_utc_s: float) -> Moved | None:
    if fault.reason == alarm.reason or fault.cause not in _REASON_FOLLOWS:
        return None
    known = replace(alarm, reason=fault.reason)
    return _moved(known, LogKind.ALARM_REASON_CHANGED, at_utc_s, before=alarm.reason)


def returned(alarm: Alarm, at_utc_s: float) -> Moved | None:
    """End the fault of an alarm (rule 4); ``None`` when it had ended already."""
    if not alarm.active:
        return None
    acknowledged = alarm.state is AlarmState.ACKNOWLEDGED
    state = AlarmState.NORMAL if acknowledged else AlarmState.RETURNED_UNACKNOWLEDGED
    back = replace(alarm, state=state, returned_utc_s=at_utc_s)
    return _moved(back, LogKind.ALARM_RETURNED, at_utc_s, ended=acknowledged)


def acknowledged(alarm: Alarm, operator: str, note: str, at_utc_s: float) -> Moved | None:
    """Acknowledge an alarm (rule 6); ``None`` where that changes nothing."""
    if alarm.state not in (AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED_UNACKNOWLEDGED):
        return None
    ended = alarm.state is AlarmState.RETURNED_UNACKNOWLEDGED
    seen = replace(
        alarm,
        state=AlarmState.NORMAL if ended else AlarmState.ACKNOWLEDGED,
        acknowledged_utc_s=at_utc_s,
        acknowledged_by=operator,
        note=note or alarm.note,
    )
    moved = _moved(seen, LogKind.ALARM_ACKNOWLEDGED, at_utc_s, ended=ended, note=note)
    return replace(moved, entry=replace(moved.entry, operator=operator))


def withdrawn(alarm: Alarm, reason: str, at_utc_s: float) -> Moved:
    """End an alarm whose subject is watched no longer."""
    gone = replace(alarm, state=AlarmState.NORMAL, returned_utc_s=alarm.returned_utc_s or at_utc_s)
    return _moved(gone, LogKind.ALARM_ENDED, at_utc_s, why=reason)


def in_new_time(alarm: Alarm, given: Alarm | None, step_s: float) -> Alarm:
    """Tell an alarm's times by a clock that was set by so much; those it was ``given`` with stay."""
    acknowledged_s, returned_s = alarm.acknowledged_utc_s, alarm.returned_utc_s
    moved = replace(
        alarm,
        since_utc_s=alarm.since_utc_s + step_s,
        raised_utc_s=alarm.raised_utc_s + step_s,
        acknowledged_utc_s=None if acknowledged_s is None else acknowledged_s + step_s,
        returned_utc_s=None if returned_s is None else returned_s + step_s,
    )
    if given is None:
        return moved
    if alarm.since_utc_s == given.since_utc_s:
        moved = replace(moved, since_utc_s=given.since_utc_s)
    if alarm.raised_utc_s == given.raised_utc_s:
        moved = replace(moved, raised_utc_s=given.raised_utc_s)
    if acknowledged_s == given.acknowledged_utc_s:
        moved = replace(moved, acknowledged_utc_s=acknowledged_s)
    return replace(moved, returned_utc_s=returned_s) if returned_s == given.returned_utc_s else moved


def _raised_again(alarm: Alarm, fault: Fault, at_utc_s: float) -> Alarm:
    return replace(
        alarm,
        cause=fault.cause,
        reason=fault.reason,
        priority=fault.priority,
        state=AlarmState.UNACKNOWLEDGED,
        since_utc_s=fault.since_utc_s,
        raised_utc_s=at_utc_s,
        acknowledged_utc_s=None,
        acknowledged_by="",
        returned_utc_s=None,
    )


def _told_again(alarm: Alarm, at_utc_s: float) -> Moved:
    return _moved(alarm, LogKind.ALARM_RAISED_AGAIN, at_utc_s, occurrences=alarm.occurrences)


def _moved(alarm: Alarm, kind: LogKind, at_utc_s: float, **more: Fact) -> Moved:
    facts: dict[str, Fact] = {
        "alarm": alarm.number,
        "cause": alarm.cause.value,
        "reason": alarm.reason,
        "priority": int(alarm.priority),
        **more,
    }
    return Moved(alarm, Draft(at_utc_s, kind, alarm.subject, facts=facts))
