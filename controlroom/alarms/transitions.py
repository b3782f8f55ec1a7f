"""How faults move an alarm from state to state, after ISA-18.2 / IEC 62682. It numbers and stores nothing.

What operators do to it stands in ``handling.py``, what hides it in ``hiding.py``.

Rules:
1. A fault without an alarm raises one: unacknowledged.
2. A fault that becomes more urgent raises its alarm again: unacknowledged, whoever had acknowledged it. So
   does a state that only warned and has become a fault, where no priority is left between the two.
3. A fault that becomes less urgent eases its alarm; an acknowledgement stands.
4. The end of a fault returns its alarm: an acknowledged one ends, an unacknowledged one waits for
   somebody to see that it was there. One that latches is held until somebody resets it. One that is hidden
   ends: it called nobody.
5. A fault that comes back before that raises the same alarm again and counts the occurrence; also one that is
   held and acknowledged, for nobody has seen this one.
6. That an endpoint cannot be measured says nothing of a fault already known: its alarm stands.
7. A fault of an endpoint with another reason, or another fault as urgent, keeps its alarm, and whatever
   somebody did about it; it is told anew, for it decides whom to call.
8. A shelf holds for what was shelved and no worse: a more urgent fault ends it.
9. What is hidden follows its fault as well; it calls nobody for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from controlroom.alarms.alarm import LATCHED, SERVICE_CAUSES, Alarm, AlarmState, Cause, Priority
from controlroom.alarms.moved import Moved, moved
from controlroom.condition.limit_reason import LimitReason
from controlroom.logbook.entry import LogKind

WORSE: Final = "worse"
"""Why a shelf ended: what was shelved became more urgent (rule 8)."""

_REASON_FOLLOWS = frozenset({Cause.DOWN, Cause.DEGRADED, Cause.UNSTABLE, Cause.GROUP_LOST, *SERVICE_CAUSES})
"""The faults whose reason may become another while they last (rule 7)."""

_TOTAL = frozenset({Cause.DOWN, Cause.SERVICE_LOST})
"""What calls anew also where it is as urgent as what the alarm told before (rule 2)."""

_OTHERWISE = frozenset({Cause.SERVICE_AT_RISK, Cause.SERVICE_DEGRADED})
"""Of a service these are as urgent as each other: neither eases the other (rule 7)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a subject right now, how urgent it is, and how its alarm is to behave.

    It must stand for ``on_delay_s`` before it is told, and be gone for ``off_delay_s`` before it is over.
    An alarm that was acknowledged comes again after ``remind_s`` while its fault stands.
    """

    subject: str
    cause: Cause
    reason: str
    priority: Priority
    since_utc_s: float
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    latching: bool = False
    remind_s: float | None = None


def raised(number: int, fault: Fault, at_utc_s: float) -> Moved:
    """Raise a new alarm (rule 1)."""
    return moved(None, new_alarm(number, fault, at_utc_s), LogKind.ALARM_RAISED, at_utc_s)


def new_alarm(number: int, fault: Fault, at_utc_s: float) -> Alarm:
    """Make the alarm of a fault that has none."""
    return Alarm(
        number=number,
        subject=fault.subject,
        cause=fault.cause,
        reason=fault.reason,
        priority=fault.priority,
        state=AlarmState.UNACKNOWLEDGED,
        since_utc_s=fault.since_utc_s,
        raised_utc_s=at_utc_s,
        latching=fault.latching,
        off_delay_s=fault.off_delay_s,
        remind_s=fault.remind_s,
    )


def renewed(alarm: Alarm, fault: Fault, at_utc_s: float) -> Moved | None:
    """Bring an alarm in line with its fault as it is now (rules 2, 3 and 5 to 9); ``None`` when it is."""
    if not alarm.active:
        return _back(alarm, fault, at_utc_s)
    if (fault.cause, fault.priority) == (alarm.cause, alarm.priority):
        if _was_a_warning(alarm, fault):
            return _told_again(alarm, raised_again(alarm, fault, at_utc_s), at_utc_s)
        return _with_reason(alarm, fault, at_utc_s)
    if fault.cause is Cause.NOT_MEASURED:
        return None
    if fault.priority < alarm.priority or fault.cause in _TOTAL:
        return _told_again(alarm, raised_again(alarm, fault, at_utc_s), at_utc_s)
    other = replace(alarm, cause=fault.cause, reason=fault.reason, priority=fault.priority)
    alike = fault.cause is Cause.UNSTABLE or {fault.cause, alarm.cause} == _OTHERWISE
    if fault.priority == alarm.priority and alike:
        return moved(alarm, other, LogKind.ALARM_REASON_CHANGED, at_utc_s, before=alarm.reason)
    return moved(alarm, other, LogKind.ALARM_EASED, at_utc_s)


def _back(alarm: Alarm, fault: Fault, at_utc_s: float) -> Moved:
    """Raise the alarm of a fault that came back (rule 5)."""
    again = raised_again(alarm, fault, at_utc_s)
    if alarm.cause is not Cause.NO_FAULT:
        again = replace(again, occurrences=alarm.occurrences + 1)
    return _told_again(alarm, again, at_utc_s)


def _was_a_warning(alarm: Alarm, fault: Fault) -> bool:
    """Whether a state that only warned has become a fault, also where no priority is left between them."""
    before, now = LimitReason.read(alarm.reason), LimitReason.read(fault.reason)
    return before is not None and before.warning and now is not None and not now.warning


def _with_reason(alarm: Alarm, fault: Fault, at_utc_s: float) -> Moved | None:
    if fault.reason == alarm.reason or fault.cause not in _REASON_FOLLOWS:
        return None
    known = replace(alarm, reason=fault.reason)
    return moved(alarm, known, LogKind.ALARM_REASON_CHANGED, at_utc_s, before=alarm.reason)


def returned(alarm: Alarm, at_utc_s: float) -> Moved | None:
    """End the fault of an alarm (rule 4); ``None`` when it had ended already."""
    if not alarm.active:
        return None
    acknowledged = alarm.state is AlarmState.ACKNOWLEDGED
    if alarm.hidden:
        state = AlarmState.NORMAL
    elif alarm.latching:
        state = AlarmState.LATCHED_ACKNOWLEDGED if acknowledged else AlarmState.LATCHED_UNACKNOWLEDGED
    else:
        state = AlarmState.NORMAL if acknowledged else AlarmState.RETURNED_UNACKNOWLEDGED
    back = replace(alarm, state=state, returned_utc_s=at_utc_s)
    if alarm.one_shot and alarm.shelved:
        back = without_shelf(back)
    if state is AlarmState.NORMAL:
        back = replace(back, suppressed_by="", part_of=None)
    kind = LogKind.ALARM_LATCHED if state in LATCHED else LogKind.ALARM_RETURNED
    return moved(alarm, back, kind, at_utc_s, ended=back.ended)


def withdrawn(alarm: Alarm, reason: str, at_utc_s: float) -> Moved:
    """End an alarm whose subject is watched no longer."""
    gone = without_shelf(replace(alarm, state=AlarmState.NORMAL, suppressed_by="", part_of=None))
    gone = replace(gone, out_of_service="", returned_utc_s=alarm.returned_utc_s or at_utc_s)
    return moved(alarm, gone, LogKind.ALARM_ENDED, at_utc_s, why=reason)


def without_shelf(alarm: Alarm) -> Alarm:
    """Return an alarm as it is with no shelf."""
    return replace(
        alarm, shelved_utc_s=None, shelved_until_utc_s=None, shelved_by="", shelved_why="", one_shot=False
    )


def unacknowledged(alarm: Alarm, at_utc_s: float) -> Alarm:
    """Return an alarm whose fault stands as it calls anew, whoever had acknowledged it."""
    return replace(
        alarm,
        state=AlarmState.UNACKNOWLEDGED,
        raised_utc_s=at_utc_s,
        acknowledged_utc_s=None,
        acknowledged_by="",
        acknowledged_until_utc_s=None,
    )


def raised_again(alarm: Alarm, fault: Fault, at_utc_s: float) -> Alarm:
    """Return an alarm as it calls anew for a fault (rules 2, 5 and 8)."""
    if alarm.shelved and fault.priority < alarm.priority and alarm.cause is not Cause.NO_FAULT:
        alarm = without_shelf(alarm)
    return replace(
        unacknowledged(alarm, at_utc_s),
        cause=fault.cause,
        reason=fault.reason,
        priority=fault.priority,
        since_utc_s=fault.since_utc_s,
        returned_utc_s=None,
        latching=fault.latching,
        off_delay_s=fault.off_delay_s,
        remind_s=fault.remind_s,
        steps_done="",
    )


def _told_again(before: Alarm, alarm: Alarm, at_utc_s: float) -> Moved:
    if before.shelved and not alarm.shelved:
        return moved(before, alarm, LogKind.ALARM_UNSHELVED, at_utc_s, why=WORSE)
    occurrences = alarm.occurrences
    return moved(before, alarm, LogKind.ALARM_RAISED_AGAIN, at_utc_s, occurrences=occurrences)
