"""Entries of many endpoints that one cause took, put together so that they do not bury the rest. Pure.

Rules:
1. What a cause does to those behind it or part of it is told as one: that they cannot be reached or are lost,
   and their suppressed alarms; that they are back, and their alarms over. What calls somebody anew is not.
2. Entries belong together where cause and direction are the same and no more than ``GAP_S`` lie between them,
   whatever came meanwhile. They stand where the first of them stands.
3. That an endpoint failed is told before its alarm is suppressed: it joins the others then.
4. No entry is lost by it: each is told where its endpoint is selected, and in every export.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from controlroom.condition.state import Condition
from controlroom.logbook.entry import Entry, LogKind

GAP_S: Final = 10.0
JOINS_WITHIN_S: Final = 60.0
LEAST_FOLDED: Final = 3
"""Entries of fewer endpoints are told one by one."""

MOST_PLAIN: Final = 1000
MOST_FOLDED: Final = 6000
"""How many entries of either kind are kept in hand; the export has all of them."""

_BEHIND: Final = "behind:"


@dataclass(slots=True)
class Fold:
    """Entries of one cause. ``fell`` tells whether it took them, or they are back; ``code`` names it."""

    fell: bool
    code: str
    number: int
    at_utc_s: float
    last_utc_s: float
    entries: deque[Entry] = field(default_factory=deque)
    subjects: set[str] = field(default_factory=set)

    @property
    def folded(self) -> bool:
        """Whether it is told as one."""
        return len(self.subjects) >= LEAST_FOLDED

    def add(self, entry: Entry) -> None:
        """Take a further entry."""
        self.entries.append(entry)
        self.subjects.add(entry.subject)
        self.last_utc_s = max(self.last_utc_s, entry.at_utc_s)
        self.number = min(self.number, entry.number)
        self.at_utc_s = min(self.at_utc_s, entry.at_utc_s)


def is_of_many(entry: Entry) -> bool:
    """Whether an entry is one of those that are put together (rule 1)."""
    facts = entry.facts
    if entry.kind is LogKind.ALARM_SUPPRESSED:
        return True
    if entry.kind is LogKind.ALARM_RELEASED:
        return facts.get("ended") is True
    if entry.kind is LogKind.ALARM_RETURNED:
        return facts.get("suppressed_by") == ""
    if entry.kind is not LogKind.CONDITION_CHANGED:
        return False
    if facts.get("to") == Condition.UNREACHABLE:
        return str(facts.get("reason", "")).startswith(_BEHIND)
    return facts.get("from") == Condition.UNREACHABLE and facts.get("to") == Condition.UP


class LogInHand:
    """The newest entries of the log: those that are told one by one, and those put together."""

    def __init__(self) -> None:
        """Begin without any."""
        self.plain: deque[Entry] = deque(maxlen=MOST_PLAIN)
        self.folds: list[Fold] = []
        self._last_number = 0
        self._codes: dict[str, str] = {}
        self._failed: dict[str, Entry] = {}
        self._joined: set[int] = set()

    def take(self, entries: Iterable[Entry]) -> None:
        """Take what came, in the order of its numbers; what is known already is passed over."""
        for entry in entries:
            if entry.number <= self._last_number:
                continue
            self._last_number = entry.number
            if is_of_many(entry):
                self._fold(entry)
            else:
                self.plain.append(entry)
                if entry.kind is LogKind.CONDITION_CHANGED:
                    self._failed[entry.subject] = entry
        if self._joined:
            rest = (entry for entry in self.plain if entry.number not in self._joined)
            self.plain = deque(rest, maxlen=MOST_PLAIN)
            self._joined.clear()
        self._drop_old()

    def about(self, subject: str) -> Sequence[Entry]:
        """Return all entries about a subject, newest first (rule 4)."""
        found = [entry for entry in self.every() if entry.subject == subject]
        return sorted(found, key=lambda entry: -entry.number)

    def every(self) -> Iterator[Entry]:
        """Return every entry in hand, in no order."""
        yield from self.plain
        for fold in self.folds:
            yield from fold.entries

    def lines(self) -> Sequence[Entry | Fold]:
        """Return what is told, newest first: entries one by one, and what is put together as one."""
        alone = [entry for fold in self.folds if not fold.folded for entry in fold.entries]
        together = [fold for fold in self.folds if fold.folded]
        if not alone and not together:
            return list(reversed(self.plain))
        return sorted([*self.plain, *alone, *together], key=lambda line: -line.number)

    def _fold(self, entry: Entry) -> None:
        fell, code = self._cause_of(entry)
        fold = next((each for each in reversed(self.folds) if (each.fell, each.code) == (fell, code)), None)
        if fold is None or entry.at_utc_s - fold.last_utc_s > GAP_S:
            fold = Fold(fell, code, entry.number, entry.at_utc_s, entry.at_utc_s)
            self.folds.append(fold)
        if entry.kind is LogKind.ALARM_SUPPRESSED:
            self._join(entry, fold)
        fold.add(entry)

    def _cause_of(self, entry: Entry) -> tuple[bool, str]:
        """Return whether an entry tells of a loss, and its code; who is back was lost by the last one."""
        if entry.kind is LogKind.ALARM_SUPPRESSED:
            code = str(entry.facts.get("suppressed_by", ""))
        elif entry.kind is LogKind.CONDITION_CHANGED and entry.facts.get("to") == Condition.UNREACHABLE:
            code = str(entry.facts.get("reason", ""))
        else:
            return False, self._codes.get(entry.subject, str(entry.facts.get("by", "")))
        self._codes[entry.subject] = code
        return True, code

    def _join(self, entry: Entry, fold: Fold) -> None:
        """Take the failure before a suppressed alarm to it (rule 3)."""
        failed = self._failed.pop(entry.subject, None)
        if failed is not None and entry.at_utc_s - failed.at_utc_s <= JOINS_WITHIN_S:
            self._joined.add(failed.number)
            fold.add(failed)

    def _drop_old(self) -> None:
        """Keep no more than so many; what is left of a cut fold tells its number all the same."""
        over = sum(len(fold.entries) for fold in self.folds) - MOST_FOLDED
        while over > 0 and self.folds:
            oldest = self.folds[0]
            if len(oldest.entries) <= over and len(self.folds) > 1:
                over -= len(oldest.entries)
                self.folds.pop(0)
                continue
            for _ in range(min(over, len(oldest.entries))):
                oldest.entries.popleft()
            return
