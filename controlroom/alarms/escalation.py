"""Who is told, and when, while nobody acknowledges an alarm. It tells nobody, and keeps nothing.

Rules:
1. The time of a step counts from the moment since which the alarm calls for somebody. An acknowledgement ends
   it, and so does the end of the fault, a shelf and whatever else hides the alarm; one that is raised again
   begins anew.
2. A step for a shift is for whoever is on duty when it is due (``duty_hours.py``). Steps of one time are one
   telling: where none of them finds anybody on duty, that is said, and the next is due at once, unless it was
   due before. Where there is no next, the desk is told that nobody is on duty.
3. In quiet hours people are not called for what is less urgent than those hours let through: such a step
   waits for their end. Priority 1 never waits, and the desk is told at any hour.
4. The plan follows from these alone, so that an engine that starts again makes the same one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from controlroom.alarms.alarm import Alarm, Priority
from controlroom.alarms.duty_hours import end_of_all, span_at
from controlroom.alarms.moved import Moved, moved
from controlroom.logbook.entry import Fact, LogKind
from controlroom.site.duty import DESK, Escalation, EscalationStep
from controlroom.site.model import Site

NOBODY_ON_DUTY: Final = "nobody_on_duty"
"""Why a telling is for nobody, or for the desk in the place of somebody."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One person, or the desk, to be told.

    ``step`` counts the steps of the escalation from 1. ``to`` is a contact's id, ``"desk"``, or empty where
    nobody was on duty. ``shift`` is the one by which it is theirs. ``why`` is a code, empty where all is as
    planned.
    """

    step: int
    at_utc_s: float
    to: str
    shift: str = ""
    why: str = ""


class Duty:
    """Who can be told at a site, and in which hours."""

    def __init__(self, site: Site) -> None:
        """Read a site."""
        self._zone = ZoneInfo(site.time_zone)
        self._shifts = {shift.id: shift for shift in site.shifts}
        self._quiet = site.quiet_hours

    def on_duty(self, shift_id: str, at_utc_s: float) -> tuple[str, ...]:
        """Return the contacts that a shift has on duty at a moment."""
        shift = self._shifts[shift_id]
        return shift.contacts if span_at(shift, at_utc_s, self._zone) is not None else ()

    def called_at(self, priority: Priority, at_utc_s: float) -> float:
        """Return when people are called for a priority who were to be called at a moment (rule 3)."""
        silencing = [one for one in self._quiet if priority > max(one.least_urgent_told, Priority.CRITICAL)]
        return end_of_all(silencing, at_utc_s, self._zone)

    def told(self, to: str, at_utc_s: float) -> tuple[tuple[str, str], ...]:
        """Return who is meant by a contact, a shift or the desk, each with the shift by which they are."""
        if to in self._shifts:
            return tuple((contact, to) for contact in self.on_duty(to, at_utc_s))
        return ((to, ""),)


def plan(
    escalation: Escalation, duty: Duty, priority: Priority, calling_since_utc_s: float
) -> tuple[Telling, ...]:
    """Return all tellings of an alarm as they are due while nobody acknowledges it, in order of time."""
    found: list[Telling] = []
    at_once: float | None = None
    steps = groupby(enumerate(escalation.steps, 1), key=lambda numbered: numbered[1].after_s)
    for after_s, group in steps:
        due_utc_s = calling_since_utc_s + after_s
        if at_once is not None:
            due_utc_s = min(due_utc_s, at_once)
        told = list(_told(list(group), duty, priority, due_utc_s))
        found.extend(told)
        missed = [one for one in told if one.why == NOBODY_ON_DUTY]
        at_once = missed[-1].at_utc_s if missed else None
    if at_once is not None:
        found.append(Telling(len(escalation.steps), at_once, DESK, why=NOBODY_ON_DUTY))
    return tuple(sorted(found, key=lambda one: (one.at_utc_s, one.step)))


def calling_since(alarm: Alarm) -> float | None:
    """Return since when an alarm calls for somebody; ``None`` where it does not (rule 1)."""
    return alarm.raised_utc_s if alarm.annunciated and alarm.active else None


def passed_on(alarm: Alarm, telling: Telling, name: str, at_utc_s: float) -> Moved:
    """Tell that an alarm was passed on; ``name`` is that of the contact, as people know it."""
    facts: dict[str, Fact] = {
        "step": telling.step,
        "to": telling.to,
        "to_name": name,
        "shift": telling.shift,
    }
    return moved(alarm, alarm, LogKind.ALARM_ESCALATED, at_utc_s, why=telling.why, **facts)


def _told(
    group: Sequence[tuple[int, EscalationStep]], duty: Duty, priority: Priority, due_utc_s: float
) -> Iterator[Telling]:
    """Return the tellings of the steps of one time (rule 2)."""
    somebody = False
    called_utc_s = duty.called_at(priority, due_utc_s)
    for number, step in group:
        at_utc_s = due_utc_s if step.to == DESK else called_utc_s
        for to, shift in duty.told(step.to, at_utc_s):
            somebody = True
            yield Telling(number, at_utc_s, to, shift)
    if not somebody:
        number, step = group[-1]
        yield Telling(number, called_utc_s, "", step.to, NOBODY_ON_DUTY)
