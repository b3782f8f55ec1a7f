"""Folds the log's entries of alarms into what was presented to the operators. It judges nothing.

Rules:
1. An alarm is presented when it is raised or raised again, and when it comes out of hiding, or loses its
   acknowledgement to a further fault, while its fault stands.
2. What is raised while it is shelved, suppressed by design or out of service is not presented. Neither is
   what is hidden in the very moment of its raising.
3. Reminders, and acknowledgements that ran out, tell what is known: they are counted apart.
4. A presentation ends with the return of its fault. An act of an operator before that has touched it. Its
   first acknowledgement counts, also one after the return.
5. Stale is what stands before the operators more than a day after it was raised; hidden it is not stale.
6. Entries before the range are folded for what stands and what is hidden, and are not counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from controlroom.alarms.alarm import Alarm
from controlroom.alarms.health.authority import BY_PEOPLE, LONGEST_SHELF_S, doubt_of
from controlroom.alarms.health.presented import Row, StaleSpan, Told, Unauthorised
from controlroom.alarms.health.source import figure_of
from controlroom.alarms.health.standing import (
    HIDES,
    RAISED,
    RAISED_AGAIN,
    Standing,
    begun,
    follow,
    known,
    text,
    whole,
)
from controlroom.logbook.entry import Entry

STALE_S: Final = 86_400.0
_REMINDS: Final = frozenset({"alarm_reminded", "alarm_acknowledgement_expired"})
_RETURNS: Final = frozenset({"alarm_returned", "alarm_latched"})


class AlarmFold:
    """Takes entries in the order of their numbers, and says what they told of a range."""

    def __init__(
        self,
        since_utc_s: float,
        until_utc_s: float,
        before: Iterable[Alarm] = (),
        longest_shelf_s: float = LONGEST_SHELF_S,
    ) -> None:
        """Begin with alarms that are known to stand since before the first entry that is taken."""
        self._since_utc_s, self._until_utc_s = since_utc_s, until_utc_s
        self._longest_shelf_s = longest_shelf_s
        self._standing = {each.number: known(each, since_utc_s) for each in before}
        self._rows: list[Row] = []
        self._stale: list[StaleSpan] = []
        self._unauthorised: list[Unauthorised] = []
        self._reminded = self._shelvings = self._taken_out = 0

    def take(self, entry: Entry) -> None:
        """Take the next entry; what tells of no alarm, or comes after the range, changes nothing."""
        kind, number = entry.kind, whole(entry.facts.get("alarm"))
        if not kind.startswith("alarm_") or entry.at_utc_s >= self._until_utc_s:
            return
        if kind in BY_PEOPLE and self._counts(entry):
            self._count_hiding(number, entry)
        if number is None:
            return
        alarm = self._standing.get(number)
        if alarm is None:
            alarm = self._standing[number] = begun(number, entry)
        called, was_active = alarm.calls, alarm.active
        follow(alarm, entry)
        came_hidden = alarm.active and not was_active and bool(alarm.hidden)
        self._present(alarm, entry, anew=came_hidden or (alarm.calls and not called))
        _go_on(alarm, entry)
        self._watch(alarm, entry.at_utc_s)
        if alarm.over:
            del self._standing[number]

    def told(self) -> Told:
        """Say what was told; no entry is taken afterwards."""
        for alarm in self._standing.values():
            self._close(alarm, self._until_utc_s)
        hidden = [why for each in self._standing.values() if (why := each.hidden_by()) is not None]
        shelved = [each.shelved for each in self._standing.values() if each.shelved is not None]
        return Told(
            rows=[row for row in self._rows if row.hidden is None],
            kept=[row for row in self._rows if row.hidden is not None],
            reminded=self._reminded,
            shelvings=self._shelvings,
            taken_out=self._taken_out,
            unauthorised=self._unauthorised,
            stale=self._stale,
            shelved_now=shelved,
            hidden_now=hidden,
        )

    def _counts(self, entry: Entry) -> bool:
        return self._since_utc_s <= entry.at_utc_s

    def _count_hiding(self, number: int | None, entry: Entry) -> None:
        self._shelvings += entry.kind == "alarm_shelved"
        self._taken_out += entry.kind == "alarm_out_of_service"
        doubt = doubt_of(entry, self._longest_shelf_s)
        if doubt is not None:
            told = Unauthorised(entry.at_utc_s, number, entry.subject, entry.operator, doubt)
            self._unauthorised.append(told)

    def _present(self, alarm: Standing, entry: Entry, *, anew: bool) -> None:
        """Present an alarm, or find that it is told of without anything new (rules 1 to 3)."""
        kind = entry.kind
        if kind in _REMINDS:
            self._reminded += alarm.visible and self._counts(entry)
        elif kind in (RAISED, RAISED_AGAIN) or anew:
            figure = figure_of(text(entry.facts.get("reason")))
            again = kind == RAISED_AGAIN or (alarm.row is not None and alarm.row.hidden is None)
            alarm.row = Row(entry.at_utc_s, alarm.number, alarm.source, alarm.priority, again, figure)
            alarm.row.hidden = alarm.hidden_by()
            if self._counts(entry):
                self._rows.append(alarm.row)
        elif kind in HIDES and alarm.row is not None and alarm.row.at_utc_s == entry.at_utc_s:
            alarm.row.hidden = alarm.hidden_by()

    def _watch(self, alarm: Standing, at_utc_s: float) -> None:
        """Follow from when until when an alarm stands before the operators (rule 5)."""
        if not alarm.visible:
            self._close(alarm, at_utc_s)
        elif alarm.visible_since_utc_s is None:
            alarm.visible_since_utc_s = at_utc_s

    def _close(self, alarm: Standing, at_utc_s: float) -> None:
        if alarm.visible_since_utc_s is None:
            return
        from_utc_s = max(alarm.raised_utc_s + STALE_S, alarm.visible_since_utc_s, self._since_utc_s)
        alarm.visible_since_utc_s = None
        if at_utc_s > from_utc_s:
            span = StaleSpan(alarm.number, alarm.source, alarm.raised_utc_s, from_utc_s, at_utc_s)
            self._stale.append(span)


def _go_on(alarm: Standing, entry: Entry) -> None:
    """Let the newest presentation of an alarm be touched, acknowledged or ended (rule 4)."""
    row, kind = alarm.row, entry.kind
    if row is None:
        return
    if kind in _RETURNS and math.isnan(row.returned_utc_s):
        row.returned_utc_s = entry.at_utc_s
    elif kind == "alarm_acknowledged" and math.isnan(row.acknowledged_utc_s):
        row.acknowledged_utc_s = entry.at_utc_s
    row.touched = row.touched or (bool(entry.operator) and math.isnan(row.returned_utc_s))
