"""All alarms that have not ended: one at most for each subject and kind of fault. It stores nothing.

Rules:
1. An endpoint has one alarm, whatever its fault turns into.
2. The engine has one alarm for each cause, for its causes have nothing to do with each other.
3. Numbers only grow.
4. When the clock is set, what was stamped since this register was made is told in the time of the clock as it
   is now, so that nothing seems to have lasted an hour longer, or to lie in the future. What came from an
   earlier engine keeps its stamps: nobody knows by which clock they were made.
"""

from __future__ import annotations

from collections.abc import Iterable

from controlroom.alarms import transitions
from controlroom.alarms.alarm import ENGINE, Alarm, Cause
from controlroom.alarms.transitions import Fault, Moved

Slot = tuple[str, Cause | None]


class AlarmRegister:
    """Holds the alarms and applies the transitions; says what moved."""

    def __init__(self, alarms: Iterable[Alarm] = (), next_number: int = 1) -> None:
        """Go on with the alarms of an earlier engine, as they were."""
        self._alarms: dict[Slot, Alarm] = {_slot(alarm.subject, alarm.cause): alarm for alarm in alarms}
        self._given = {alarm.number: alarm for alarm in self._alarms.values()}
        self._next_number = next_number

    def alarms(self) -> list[Alarm]:
        """Return all alarms that have not ended."""
        return list(self._alarms.values())

    def numbered(self, number: int) -> Alarm | None:
        """Find an alarm that has not ended by its number."""
        return next((alarm for alarm in self._alarms.values() if alarm.number == number), None)

    def was_given(self, number: int) -> bool:
        """Whether an alarm of this number ever existed."""
        return 0 < number < self._next_number

    def fault(self, fault: Fault, at_utc_s: float) -> Moved | None:
        """Raise, renew or leave the alarm of a fault."""
        alarm = self._alarms.get(_slot(fault.subject, fault.cause))
        if alarm is not None:
            return self._keep(transitions.renewed(alarm, fault, at_utc_s))
        number = self._next_number
        self._next_number += 1
        return self._keep(transitions.raised(number, fault, at_utc_s))

    def no_fault(self, subject: str, cause: Cause | None, at_utc_s: float) -> Moved | None:
        """Return the alarm of a subject whose fault has ended; ``cause`` matters for the engine only."""
        alarm = self._alarms.get(_slot(subject, cause))
        return None if alarm is None else self._keep(transitions.returned(alarm, at_utc_s))

    def acknowledge(self, number: int, operator: str, note: str, at_utc_s: float) -> Moved | None:
        """Acknowledge an alarm; ``None`` where that changes nothing."""
        alarm = self.numbered(number)
        if alarm is None:
            return None
        return self._keep(transitions.acknowledged(alarm, operator, note, at_utc_s))

    def withdraw(self, subject: str, reason: str, at_utc_s: float) -> Moved | None:
        """End the alarm of an endpoint that is watched no longer."""
        alarm = self._alarms.get(_slot(subject, None))
        return None if alarm is None else self._keep(transitions.withdrawn(alarm, reason, at_utc_s))

    def clock_stepped(self, step_s: float) -> list[Alarm]:
        """Return the alarms whose stamps moved with the clock (rule 4)."""
        moved = []
        for slot, alarm in self._alarms.items():
            now = transitions.in_new_time(alarm, self._given.get(alarm.number), step_s)
            if now != alarm:
                self._alarms[slot] = now
                moved.append(now)
        return moved

    def _keep(self, moved: Moved | None) -> Moved | None:
        if moved is None:
            return None
        slot = _slot(moved.alarm.subject, moved.alarm.cause)
        if moved.alarm.ended:
            self._alarms.pop(slot, None)
        else:
            self._alarms[slot] = moved.alarm
        return moved


def _slot(subject: str, cause: Cause | None) -> Slot:
    return (subject, cause if subject == ENGINE else None)
