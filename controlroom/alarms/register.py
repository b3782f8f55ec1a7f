"""All alarms that have not ended: one at most for each subject and kind of fault. It stores nothing.

Rules:
1. An endpoint has one alarm, whatever its fault turns into; so has what several endpoints have in common.
2. The engine has one alarm for each cause, for its causes have nothing to do with each other.
3. Numbers only grow.
4. When the clock is set, what was stamped since this register was made is told in the time of the clock as it
   is now, so that nothing seems to have lasted an hour longer, or to lie in the future. What came from an
   earlier engine keeps its stamps: nobody knows by which clock they were made.
5. What is out of service stays so until it is put back, also where it has no alarm: a fault that comes then
   is hidden from its first moment.
6. Delays count by the monotonic clock (``delays.py``); shelves and acknowledgements end by the wall clock,
   which ``tick`` looks at. A clock that shows a time before an alarm was shelved ends the shelf, for nobody
   knows how long it has lasted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from controlroom.alarms import handling, hiding, transitions
from controlroom.alarms.alarm import BY_OPERATOR, ENGINE, Alarm, AlarmState, Cause, Priority
from controlroom.alarms.delays import Delays
from controlroom.alarms.hiding import Shelf
from controlroom.alarms.moved import Moved
from controlroom.alarms.stamps import in_new_time
from controlroom.alarms.transitions import Fault

Slot = tuple[str, Cause | None]


class AlarmRegister:
    """Holds the alarms and applies the transitions; says what moved."""

    def __init__(self, alarms: Iterable[Alarm] = (), next_number: int = 1) -> None:
        """Go on with the alarms of an earlier engine, as they were."""
        self._alarms: dict[Slot, Alarm] = {_slot(alarm.subject, alarm.cause): alarm for alarm in alarms}
        self._slots = {alarm.number: slot for slot, alarm in self._alarms.items()}
        self._given = {alarm.number: alarm for alarm in self._alarms.values()}
        self._next_number = next_number
        self._delays: Delays[Slot] = Delays()
        self._in_maintenance: dict[str, tuple[str, str, str]] = {}

    # -- what there is ----------------------------------------------------------------------------

    def alarms(self) -> list[Alarm]:
        """Return all alarms that have not ended."""
        return list(self._alarms.values())

    def numbered(self, number: int) -> Alarm | None:
        """Find an alarm that has not ended by its number."""
        slot = self._slots.get(number)
        return None if slot is None else self._alarms[slot]

    def of(self, subject: str) -> Alarm | None:
        """Find the alarm of an endpoint, or of what several have in common."""
        return self._alarms.get(_slot(subject, None))

    def is_out(self, subject: str) -> bool:
        """Whether a subject is out of service: by a window of maintenance, or by an operator."""
        alarm = self.of(subject)
        return subject in self._in_maintenance or (alarm is not None and bool(alarm.out_of_service))

    def was_given(self, number: int) -> bool:
        """Whether an alarm of this number ever existed."""
        return 0 < number < self._next_number

    # -- faults -----------------------------------------------------------------------------------

    def fault(self, fault: Fault, at_utc_s: float) -> Moved | None:
        """Raise, renew or leave the alarm of a fault, or hold it back for its delay."""
        slot = _slot(fault.subject, fault.cause)
        alarm = self._alarms.get(slot)
        stands = alarm is not None and alarm.active and fault.priority >= alarm.priority
        if fault.on_delay_s and not stands:
            self._delays.hold_fault(slot, fault)
            return None
        self._delays.drop(slot)
        return self._tell(slot, fault, at_utc_s)

    def no_fault(self, subject: str, cause: Cause | None, at_utc_s: float) -> Moved | None:
        """Return the alarm of a subject whose fault has ended; ``cause`` matters for the engine only."""
        slot = _slot(subject, cause)
        alarm = self._alarms.get(slot)
        if alarm is None or not alarm.active:
            self._delays.drop(slot)
            return None
        if alarm.off_delay_s:
            self._delays.hold_end(slot, alarm.off_delay_s)
            return None
        self._delays.drop(slot)
        return self._keep(transitions.returned(alarm, at_utc_s))

    def withdraw(self, subject: str, reason: str, at_utc_s: float) -> Moved | None:
        """End the alarm of an endpoint that is watched no longer."""
        slot = _slot(subject, None)
        self._delays.drop(slot)
        alarm = self._alarms.get(slot)
        return None if alarm is None else self._keep(transitions.withdrawn(alarm, reason, at_utc_s))

    # -- what hides -------------------------------------------------------------------------------

    def suppressed(self, fault: Fault, by: str, part_of: int | None, at_utc_s: float) -> Moved | None:
        """Tell a fault that is suppressed by design: by such a code, as part of the alarm of that number."""
        slot = _slot(fault.subject, fault.cause)
        self._delays.drop(slot)
        alarm = self._alarms.get(slot)
        if alarm is not None and alarm.active and (alarm.suppressed_by, alarm.part_of) == (by, part_of):
            return self._keep(transitions.renewed(alarm, fault, at_utc_s))
        number = self._new_number() if alarm is None else alarm.number
        now = transitions.new_alarm(number, fault, at_utc_s)
        if alarm is not None:
            now = transitions.raised_again(alarm, fault, at_utc_s)
        return self._keep(hiding.suppressed(alarm, self._as_served(now), by, part_of, at_utc_s))

    def release(self, subject: str, at_utc_s: float) -> Moved | None:
        """End the suppression of a subject's alarm, which calls anew where its fault stands."""
        alarm = self.of(subject)
        return None if alarm is None else self._keep(hiding.released(alarm, at_utc_s))

    def shelve(self, number: int, shelf: Shelf, at_utc_s: float) -> Moved | None:
        """Put an alarm away for a time; ``None`` for one that has ended."""
        alarm = self.numbered(number)
        return None if alarm is None else self._keep(hiding.shelved(alarm, shelf, at_utc_s))

    def unshelve(self, number: int, operator: str, at_utc_s: float, note: str = "") -> Moved | None:
        """Take an alarm from its shelf; ``None`` where it is on none."""
        alarm = self.numbered(number)
        if alarm is None:
            return None
        return self._keep(hiding.unshelved(alarm, operator, hiding.TAKEN_BACK, at_utc_s, note))

    def take_out(
        self, subject: str, code: str, operator: str, why: str, at_utc_s: float, role: str = ""
    ) -> Moved | None:
        """Take a subject out of service (rule 5); ``None`` where that changes no alarm."""
        if code != BY_OPERATOR:
            self._in_maintenance[subject] = (code, operator, why)
        alarm = self.of(subject)
        if alarm is not None and alarm.out_of_service in (BY_OPERATOR, code):
            return None
        if alarm is not None:
            by = role if code == BY_OPERATOR else None
            return self._keep(hiding.taken_out(alarm, alarm, code, operator, why, at_utc_s, by))
        if code != BY_OPERATOR:
            return None
        nothing = Fault(subject, Cause.NO_FAULT, "none", Priority.LOW, at_utc_s)
        fresh = replace(transitions.new_alarm(self._new_number(), nothing, at_utc_s), state=AlarmState.NORMAL)
        return self._keep(hiding.taken_out(None, fresh, code, operator, why, at_utc_s, role))

    def put_back(self, subject: str, code: str, operator: str, why: str, at_utc_s: float) -> Moved | None:
        """Put a subject back into service where it was out by such a code; another one takes its place."""
        if code != BY_OPERATOR:
            self._in_maintenance.pop(subject, None)
        alarm = self.of(subject)
        if alarm is None or alarm.out_of_service != code:
            return None
        other = self._in_maintenance.get(subject)
        if other is not None:
            return self._keep(hiding.taken_out(alarm, alarm, *other, at_utc_s))
        return self._keep(hiding.put_back(alarm, operator, why, at_utc_s))

    # -- what operators do ------------------------------------------------------------------------

    def acknowledge(
        self, number: int, operator: str, note: str, at_utc_s: float, for_s: float | None = None
    ) -> Moved | None:
        """Acknowledge an alarm, for a time where one is given; ``None`` where that changes nothing."""
        alarm = self.numbered(number)
        if alarm is None:
            return None
        return self._keep(handling.acknowledged(alarm, operator, note, at_utc_s, for_s))

    def assign(self, number: int, owner: str, operator: str, note: str, at_utc_s: float) -> Moved | None:
        """Give an alarm into somebody's hands; ``None`` where that changes nothing."""
        alarm = self.numbered(number)
        return (
            None if alarm is None else self._keep(handling.assigned(alarm, owner, operator, note, at_utc_s))
        )

    def tick_step(
        self, number: int, step: int, words: str, operator: str, at_utc_s: float, *, done: bool
    ) -> Moved | None:
        """Tick a step of an alarm's card, or take the tick back; ``None`` where that changes nothing."""
        alarm = self.numbered(number)
        if alarm is None:
            return None
        return self._keep(handling.ticked(alarm, step, words, operator, at_utc_s, done=done))

    def reset(self, number: int, operator: str, note: str, at_utc_s: float) -> Moved | None:
        """End an alarm that is held and acknowledged; ``None`` where it is not."""
        alarm = self.numbered(number)
        return None if alarm is None else self._keep(handling.reset(alarm, operator, note, at_utc_s))

    def joined(self, number: int, member: str, at_utc_s: float) -> Moved | None:
        """Tell of a further fault in an incident; ``None`` where its alarm calls already."""
        alarm = self.numbered(number)
        return None if alarm is None else self._keep(handling.joined(alarm, member, at_utc_s))

    # -- time -------------------------------------------------------------------------------------

    def tick_delays(self, now_s: float, at_utc_s: float) -> list[Moved]:
        """Tell what was held back long enough; ``now_s`` is monotonic. Costs nothing where nothing is."""
        found = []
        for slot, fault in self._delays.due(now_s):
            alarm = self._alarms.get(slot)
            if fault is not None:
                found.append(self._tell(slot, fault, at_utc_s))
            elif alarm is not None:
                found.append(self._keep(transitions.returned(alarm, at_utc_s)))
        return [each for each in found if each is not None]

    def tick(self, at_utc_s: float) -> list[Moved]:
        """End the shelves and acknowledgements whose time is over; to be called about once a second."""
        found = []
        for alarm in list(self._alarms.values()):
            anew = handling.calls_anew_at(alarm)
            if hiding.is_over(alarm, at_utc_s):
                found.append(self._keep(hiding.unshelved(alarm, "", hiding.TIME_OVER, at_utc_s)))
            elif anew is not None and at_utc_s >= anew[0]:
                found.append(self._keep(handling.called_anew(alarm, anew[1], at_utc_s)))
        return [each for each in found if each is not None]

    def clock_stepped(self, step_s: float) -> list[Alarm]:
        """Return the alarms whose stamps moved with the clock (rule 4)."""
        moved = []
        for slot, alarm in self._alarms.items():
            now = in_new_time(alarm, self._given.get(alarm.number), step_s)
            if now != alarm:
                self._alarms[slot] = now
                moved.append(now)
        return moved

    # -- keeping ----------------------------------------------------------------------------------

    def _tell(self, slot: Slot, fault: Fault, at_utc_s: float) -> Moved | None:
        alarm = self._alarms.get(slot)
        if alarm is not None:
            return self._keep(transitions.renewed(alarm, fault, at_utc_s))
        service = self._in_maintenance.get(fault.subject)
        if service is None:
            return self._keep(transitions.raised(self._new_number(), fault, at_utc_s))
        fresh = transitions.new_alarm(self._new_number(), fault, at_utc_s)
        return self._keep(hiding.taken_out(None, fresh, *service, at_utc_s))

    def _as_served(self, alarm: Alarm) -> Alarm:
        """Return an alarm as it is where its subject is in maintenance (rule 5)."""
        service = self._in_maintenance.get(alarm.subject)
        if service is None or alarm.out_of_service:
            return alarm
        code, operator, why = service
        return replace(alarm, out_of_service=code, out_of_service_by=operator, out_of_service_why=why)

    def _new_number(self) -> int:
        number = self._next_number
        self._next_number += 1
        return number

    def _keep(self, moved: Moved | None) -> Moved | None:
        if moved is None:
            return None
        alarm = moved.alarm
        slot = self._slots.get(alarm.number) or _slot(alarm.subject, alarm.cause)
        if alarm.ended:
            self._alarms.pop(slot, None)
            self._slots.pop(alarm.number, None)
        else:
            self._alarms[slot] = alarm
            self._slots[alarm.number] = slot
        return moved


def _slot(subject: str, cause: Cause | None) -> Slot:
    return (subject, cause if subject == ENGINE else None)
