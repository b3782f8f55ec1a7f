"""Passes unacknowledged alarms on when it is time, as ``alarms/escalation.py`` plans it. It sends nothing.

Rules:
1. A telling is due when its moment lies before the look and not before the last one. The first look of an
   engine goes on where the last sign of life of the one before it left off: nobody is told twice or left out.
2. An alarm that calls anew, or with another priority, has another plan; so has one after a change of the
   site. Of another plan only what lies after the last look is told.
3. In a storm so many are passed on at one look, the most urgent first; the others at the next ones.
4. When the clock is set, the looks are told by the clock as it is now, as the alarms' times are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from controlroom.alarms.alarm import Alarm
from controlroom.alarms.escalation import Duty, Telling, calling_since, passed_on, plan
from controlroom.alarms.moved import Moved
from controlroom.alarms.rules import AlarmRules
from controlroom.site.model import Site

MOST_AT_ONCE: Final = 50
"""So many tellings are made at one look (rule 3)."""


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
        self._read(site)

    def adopt(self, site: Site) -> None:
        """Go on with a changed site (rule 2)."""
        self._followed.clear()
        self._read(site)

    def clock_stepped(self, step_s: float) -> None:
        """Tell the last look by the clock as it is now (rule 4)."""
        self._followed.clear()
        self._looked_utc_s += step_s

    def look(self, alarms: Iterable[Alarm], now_utc_s: float) -> list[Moved]:
        """Return what is passed on now, each with its entry."""
        calling = {alarm.number: alarm for alarm in alarms if calling_since(alarm) is not None}
        for number in self._followed.keys() - calling.keys():
            del self._followed[number]
        for alarm in calling.values():
            self._follow(alarm)
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

    def _read(self, site: Site) -> None:
        self._rules, self._duty = AlarmRules(site), Duty(site)
        self._names = {contact.id: contact.name for contact in site.contacts}

    def _follow(self, alarm: Alarm) -> None:
        """Make the plan of an alarm that has none, or another (rule 2)."""
        since_utc_s = calling_since(alarm)
        if since_utc_s is None:
            return
        made_for = (since_utc_s, int(alarm.priority))
        followed = self._followed.get(alarm.number)
        if followed is not None and followed.made_for == made_for:
            return
        escalation = self._rules.escalation_of(alarm)
        found = () if escalation is None else plan(escalation, self._duty, alarm.priority, since_utc_s)
        ahead = [telling for telling in found if telling.at_utc_s >= self._looked_utc_s]
        self._followed[alarm.number] = _Followed(made_for, ahead)
