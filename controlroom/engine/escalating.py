"""Passes unacknowledged alarms on when it is time, as ``alarms/escalation.py`` plans it. It sends nothing.

Rules:
1. A telling is due when its moment lies before the look and not before the last one. The first look of an
   engine goes on where the last sign of life of the one before it left off: nobody is told twice or left out.
2. An alarm that calls anew, or with another priority, has another plan; so has one after a change of the
   site. Of another plan only what lies after the last look is told.
3. In a storm so many are planned and passed on at one look, the latter the most urgent first; the others at
   the next ones, and nothing of theirs is left out.
4. When the clock is set, the looks are told by the clock as it is now, as the alarms' times are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from controlroom.alarms.alarm import Alarm
from controlroom.alarms.escalation import Duty, Telling, calling_since, passed_on, plan
from controlroom.alarms.moved import Moved
from controlroom.alarms.rules import AlarmRules
from controlroom.site.model import Site

MOST_AT_ONCE: Final = 50
"""So many tellings are made at one look (rule 3)."""

MOST_PLANNED: Final = 200
"""So many plans are made at one look."""


@dataclass(slots=True)
class _Followed:
    """An alarm's plan: what it was made for, and what of it is not told yet."""

    made_for: tuple[float, int]
    ahead: list[Telling]


class Escalating:
    """The plans of all alarms that call for somebody."""

    def __init__(self, site: Site, told_until_utc_s: float) -> None:
        """Go on after the moment up to which an earlier engine passed alarms on."""
        self._looked_utc_s = told_until_utc_s
        self._followed: dict[int, _Followed] = {}
        self._unplanned: dict[int, float] = {}
        self._read(site)

    def adopt(self, site: Site) -> None:
        """Go on with a changed site (rule 2)."""
        self._forget_plans()
        self._read(site)

    def clock_stepped(self, step_s: float) -> None:
        """Tell the last look by the clock as it is now (rule 4)."""
        self._forget_plans()
        self._looked_utc_s += step_s
        self._unplanned = {number: told_s + step_s for number, told_s in self._unplanned.items()}

    def look(self, alarms: Iterable[Alarm], now_utc_s: float) -> list[Moved]:
        """Return what is passed on now, each with its entry."""
        calling = {alarm.number: alarm for alarm in alarms if calling_since(alarm) is not None}
        for number in self._followed.keys() - calling.keys():
            del self._followed[number]
        self._plan_new(calling)
        due = [
            (calling[number], followed)
            for number, followed in self._followed.items()
            if followed.ahead and followed.ahead[0].at_utc_s < now_utc_s
        ]
        due.sort(key=lambda pair: pair[0].priority)
        told: list[Moved] = []
        for alarm, followed in due:
            while followed.ahead and followed.ahead[0].at_utc_s < now_utc_s and len(told) < MOST_AT_ONCE:
                telling = followed.ahead.pop(0)
                told.append(passed_on(alarm, telling, self._names.get(telling.to, ""), now_utc_s))
        self._looked_utc_s = max(self._looked_utc_s, now_utc_s)
        return told

    def _forget_plans(self) -> None:
        """Have all plans made anew, and keep in mind what is overdue of them."""
        for number, followed in self._followed.items():
            if followed.ahead and followed.ahead[0].at_utc_s < self._looked_utc_s:
                self._unplanned.setdefault(number, followed.ahead[0].at_utc_s)
        self._followed.clear()

    def _read(self, site: Site) -> None:
        self._rules, self._duty = AlarmRules(site), Duty(site)
        self._names = {
            contact.id: ", ".join(filter(None, (contact.name, contact.phone))) for contact in site.contacts
        }

    def _plan_new(self, calling: Mapping[int, Alarm]) -> None:
        """Make the plans of alarms that have none, or another (rules 2 and 3)."""
        self._unplanned = {number: at for number, at in self._unplanned.items() if number in calling}
        for alarm in calling.values():
            followed = self._followed.get(alarm.number)
            if followed is None or followed.made_for != _made_for(alarm):
                self._unplanned.setdefault(alarm.number, self._looked_utc_s)
        for number, told_until_utc_s in list(self._unplanned.items())[:MOST_PLANNED]:
            alarm = calling[number]
            escalation = self._rules.escalation_of(alarm)
            found = (
                () if escalation is None else plan(escalation, self._duty, alarm.priority, alarm.raised_utc_s)
            )
            ahead = [telling for telling in found if telling.at_utc_s >= told_until_utc_s]
            self._followed[number] = _Followed(_made_for(alarm), ahead)
            del self._unplanned[number]


def _made_for(alarm: Alarm) -> tuple[float, int]:
    """Return what a plan depends on: since when an alarm calls, and its priority."""
    return (alarm.raised_utc_s, int(alarm.priority))
