"""What the log tells of one alarm: its own entries, its notes, and who became part of it. It words nothing.

Numbers of alarms only grow: before an alarm of a smaller number was raised, a greater one was not. So the log
is read backwards no further than that, however long it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from controlroom.logbook.entry import ALARM_KINDS, Entry, LogKind
from controlroom.store.interface import ReadStore

_KINDS: Final = ALARM_KINDS | {LogKind.NOTE}
_FIRST_LOOK: Final = 1000


@dataclass(frozen=True, slots=True)
class AlarmHistory:
    """The entries about an alarm, and those by which other alarms became part of it; the oldest first."""

    entries: Sequence[Entry]
    joined: Sequence[Entry]

    @property
    def notes(self) -> list[Entry]:
        """Return the entries with somebody's own words."""
        return [entry for entry in self.entries if entry.facts.get("note")]


def history_of(store: ReadStore, number: int) -> AlarmHistory:
    """Read what the log tells of an alarm."""
    look = _FIRST_LOOK
    while True:
        entries = store.entries(kinds=_KINDS, newest=look)
        if len(entries) < look or any(_was_raised_before(entry, number) for entry in entries):
            return AlarmHistory(
                [entry for entry in entries if entry.facts.get("alarm") == number],
                [entry for entry in entries if entry.facts.get("part_of") == number],
            )
        look *= 4


def _was_raised_before(entry: Entry, number: int) -> bool:
    raised = entry.facts.get("alarm")
    return entry.kind is LogKind.ALARM_RAISED and isinstance(raised, int) and raised < number
