"""What an operator does about an alarm: acknowledge, take in hand, tick a step, reset. It numbers nothing.

Rules:
1. Acknowledging an active alarm keeps it, acknowledged; acknowledging a returned one ends it; one that is
   held stays until it is reset. Acknowledging twice, an ended or a hidden alarm changes nothing.
2. An acknowledgement may be for a time; when that is over, and the fault stands, the alarm calls anew. One
   without such a time is over after ``remind_s``, lest it be forgotten.
3. Whoever acknowledges has it in hand unless somebody has already; it can be given to anybody.
4. Resetting ends what is held and acknowledged.
5. A further fault in an acknowledged incident calls anew.
"""

from __future__ import annotations

from dataclasses import replace

from controlroom.alarms.alarm import WAITING, Alarm, AlarmState
from controlroom.alarms.moved import Moved, moved
from controlroom.alarms.transitions import unacknowledged
from controlroom.logbook.entry import LogKind

EXPIRED = "expired"
FORGOTTEN = "forgotten"
"""Why an acknowledged alarm calls anew (rule 2)."""

_SEEN = {
    AlarmState.UNACKNOWLEDGED: AlarmState.ACKNOWLEDGED,
    AlarmState.RETURNED_UNACKNOWLEDGED: AlarmState.NORMAL,
    AlarmState.LATCHED_UNACKNOWLEDGED: AlarmState.LATCHED_ACKNOWLEDGED,
}


def acknowledged(
    alarm: Alarm, operator: str, note: str, at_utc_s: float, for_s: float | None = None
) -> Moved | None:
    """Acknowledge an alarm, for a time where one is given (rules 1 to 3); ``None`` where nothing changes."""
    if alarm.hidden or alarm.state not in WAITING:
        return None
    seen = replace(
        alarm,
        state=_SEEN[alarm.state],
        acknowledged_utc_s=at_utc_s,
        acknowledged_by=operator,
        acknowledged_until_utc_s=None if for_s is None else at_utc_s + for_s,
        owner=alarm.owner or operator,
        note=note or alarm.note,
    )
    words = {"note": note} if note else {}
    return moved(alarm, seen, LogKind.ALARM_ACKNOWLEDGED, at_utc_s, operator, ended=seen.ended, **words)


def calls_anew_at(alarm: Alarm) -> tuple[float, str] | None:
    """Tell when, and why, an acknowledgement is over (rule 2); ``None`` where it holds."""
    if alarm.state is not AlarmState.ACKNOWLEDGED or alarm.hidden or alarm.acknowledged_utc_s is None:
        return None
    ends = []
    if alarm.acknowledged_until_utc_s is not None:
        ends.append((alarm.acknowledged_until_utc_s, EXPIRED))
    elif alarm.remind_s is not None:
        ends.append((alarm.acknowledged_utc_s + alarm.remind_s, FORGOTTEN))
    return min(ends, default=None)


def called_anew(alarm: Alarm, why: str, at_utc_s: float) -> Moved:
    """End an acknowledgement whose time is over (rule 2)."""
    kind = LogKind.ALARM_ACKNOWLEDGEMENT_EXPIRED if why == EXPIRED else LogKind.ALARM_REMINDED
    return moved(alarm, unacknowledged(alarm, at_utc_s), kind, at_utc_s, why=why, by=alarm.acknowledged_by)


def assigned(alarm: Alarm, owner: str, operator: str, note: str, at_utc_s: float) -> Moved | None:
    """Give an alarm into somebody's hands, or nobody's (rule 3); ``None`` where that changes nothing."""
    if alarm.owner == owner or alarm.ended:
        return None
    words = {"note": note} if note else {}
    given = replace(alarm, owner=owner, note=note or alarm.note)
    return moved(alarm, given, LogKind.ALARM_ASSIGNED, at_utc_s, operator, was=alarm.owner, **words)


def ticked(
    alarm: Alarm, step: int, words: str, operator: str, at_utc_s: float, *, done: bool
) -> Moved | None:
    """Tick a step of the action card, or take the tick back; ``None`` where that changes nothing."""
    if alarm.is_step_done(step) is done or alarm.ended:
        return None
    steps = {int(each) for each in alarm.steps_done.split(",") if each} ^ {step}
    now = replace(alarm, steps_done=",".join(str(each) for each in sorted(steps)))
    kind = LogKind.ALARM_STEP_TICKED
    return moved(alarm, now, kind, at_utc_s, operator, step=step, words=words, done=done)


def reset(alarm: Alarm, operator: str, note: str, at_utc_s: float) -> Moved | None:
    """End an alarm that is held and acknowledged (rule 4); ``None`` where it is not."""
    if alarm.state is not AlarmState.LATCHED_ACKNOWLEDGED:
        return None
    words = {"note": note} if note else {}
    over = replace(alarm, state=AlarmState.NORMAL, note=note or alarm.note)
    return moved(alarm, over, LogKind.ALARM_RESET, at_utc_s, operator, ended=over.ended, **words)


def joined(alarm: Alarm, member: str, at_utc_s: float) -> Moved | None:
    """Tell of a further fault in an acknowledged incident (rule 5); ``None`` where it calls already."""
    if alarm.state is not AlarmState.ACKNOWLEDGED or alarm.hidden:
        return None
    return moved(alarm, unacknowledged(alarm, at_utc_s), LogKind.ALARM_JOINED, at_utc_s, member=member)
