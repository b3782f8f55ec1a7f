"""One alarm that nobody has acknowledged: what it sounds as, and how often again. It decides no moment.

The rules' numbers are those of ``cues.py``.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from controlroom.alarms.alarm import Alarm, AlarmState, Priority

CRITICAL_EVERY_S = 10.0
CRITICAL_FIRST_S = 60.0
CRITICAL_LATER_EVERY_S = 30.0
FURTHER_EVERY_S = 30.0
HIGH_EVERY_S = 60.0


class Cue(enum.IntEnum):
    """What can sound, the most urgent first."""

    NEW_CRITICAL = 1
    HEARTBEAT_LOST = 2
    FURTHER_FAULT = 3
    NEW_HIGH = 4


@dataclass(slots=True)
class Waiting:
    """An alarm that waits for somebody, since when, and whether it has sounded since."""

    alarm: Alarm
    cue: Cue
    since_s: float
    sounded: bool = False

    def repeat_every_s(self, now_s: float) -> float | None:
        """Seconds from one repetition to the next, ``None`` for none (rules 4, 5)."""
        if not self.alarm.active:
            return None
        if self.alarm.priority is Priority.CRITICAL:
            young = now_s - self.since_s < CRITICAL_FIRST_S
            return CRITICAL_EVERY_S if young else CRITICAL_LATER_EVERY_S
        if self.alarm.priority is Priority.HIGH:
            return FURTHER_EVERY_S if self.cue is Cue.FURTHER_FAULT else HIGH_EVERY_S
        return None

    def goes_on(self, alarm: Alarm) -> bool:
        """Take the alarm as it is now; whether there is still anything in it to sound for."""
        eased = alarm.priority > self.alarm.priority
        self.alarm = alarm
        if eased and self.cue is Cue.NEW_CRITICAL:
            self.cue = Cue.NEW_HIGH
        return not eased or alarm.priority is Priority.HIGH

    def urgency(self) -> tuple[int, int, int]:
        """Order the worst first; of equals the newest."""
        return (self.cue, self.alarm.priority, -self.alarm.number)


def cue_of(alarm: Alarm, before: Alarm | None, beside_acknowledged: bool) -> Cue | None:
    """Say what an unacknowledged alarm sounds as by what has changed, ``None`` for nothing (rules 1, 3).

    ``before`` is the alarm as it was seen last; ``beside_acknowledged`` whether others are acknowledged.
    """
    if alarm.priority is Priority.LOW:
        return None
    critical = alarm.priority is Priority.CRITICAL
    if critical and (before is None or _worse(alarm, before)):
        return Cue.NEW_CRITICAL
    if before is not None:
        return Cue.FURTHER_FAULT if _worse(alarm, before) else None
    if beside_acknowledged:
        return Cue.FURTHER_FAULT
    return Cue.NEW_HIGH if alarm.priority is Priority.HIGH else None


def _worse(alarm: Alarm, before: Alarm) -> bool:
    return (
        alarm.priority < before.priority
        or alarm.occurrences > before.occurrences
        or (alarm.active and alarm.raised_utc_s != before.raised_utc_s)
        or (before.state is AlarmState.ACKNOWLEDGED and alarm.state is AlarmState.UNACKNOWLEDGED)
    )
