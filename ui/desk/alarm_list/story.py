"""What the log tells of one alarm: its own timeline, and who ticked which step of its card when. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from controlroom.logbook.entry import Entry, LogKind


@dataclass(frozen=True, slots=True)
class Tick:
    """When a step was ticked last, and by whom."""

    at_utc_s: float
    operator: str


def story_of(number: int, entries: Iterable[Entry]) -> Sequence[Entry]:
    """Return the entries about an alarm, newest first."""
    found = [entry for entry in entries if _is_about(entry, number)]
    return sorted(found, key=lambda entry: -entry.number)


def ticks_of(story: Iterable[Entry]) -> Mapping[int, Tick]:
    """Return the steps that are ticked, by their numbers.

    A tick that was taken back, or before the alarm was raised again, counts no more.
    """
    ticks: dict[int, Tick] = {}
    for entry in sorted(story, key=lambda entry: entry.number):
        step = entry.facts.get("step")
        if entry.kind is LogKind.ALARM_RAISED_AGAIN:
            ticks.clear()
        elif entry.kind is LogKind.ALARM_STEP_TICKED and isinstance(step, int):
            if entry.facts.get("done") is True:
                ticks[step] = Tick(entry.at_utc_s, entry.operator)
            else:
                ticks.pop(step, None)
    return ticks


def _is_about(entry: Entry, number: int) -> bool:
    named = entry.facts.get("alarm")
    return isinstance(named, int) and not isinstance(named, bool) and named == number
