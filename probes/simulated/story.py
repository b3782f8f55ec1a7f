"""The story of one simulated probe: which fault lies on it at which moment. It draws no chance.

A fault is one line of text, as people tell it: from when, until when, what, and how much.

    "2:00-5:00 silent"          no answer at all
    "2:00-5:00 unreachable"     a router on the way answers that the host cannot be reached
    "2:00-5:00 rejects"         it answers that our credentials are wrong: alive, and not measured
    "2:00-5:00 loses 30 %"      so many answers are lost, by chance
    "2:00-5:00 slower 180 ms"   every round trip takes so much longer
    "2:00-5:00 fades 60 %"      loss, round trip and signal grow worse, are worst midway, and recover
    "2:00-5:00 flaps 20 s"      silent for so long, then answering for as long, and so on

1. Times are minutes and seconds of the story, which lasts ``STORY_S`` and begins anew at its end.
2. Two faults of one probe never overlap.
"""

from __future__ import annotations

import enum
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from controlroom.site.mistakes import nearest

STORY_S: Final = 900.0
"""How long the story lasts before it begins anew."""

_LINE: Final = re.compile(
    r"(\d{1,2}):([0-5]\d)-(\d{1,2}):([0-5]\d) ([A-Za-z]{1,20})(?: (\d{1,5}(?:\.\d{1,3})?) ?(%|ms|s))?",
    re.ASCII,
)


class FaultKind(enum.StrEnum):
    """What can go wrong."""

    SILENT = "silent"
    UNREACHABLE = "unreachable"
    REJECTS = "rejects"
    LOSES = "loses"
    SLOWER = "slower"
    FADES = "fades"
    FLAPS = "flaps"


@dataclass(frozen=True, slots=True)
class _Amount:
    """The unit an amount is written in, what makes it a ratio or seconds, and an example."""

    unit: str
    scale: float
    most: float
    example: str


_AMOUNTS: Final[Mapping[FaultKind, _Amount]] = MappingProxyType(
    {
        FaultKind.LOSES: _Amount("%", 0.01, 100, "loses 30 %"),
        FaultKind.SLOWER: _Amount("ms", 0.001, 10_000, "slower 180 ms"),
        FaultKind.FADES: _Amount("%", 0.01, 100, "fades 60 %"),
        FaultKind.FLAPS: _Amount("s", 1.0, 300, "flaps 20 s"),
    }
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault within the story. ``amount`` is a ratio or seconds, as its kind has it; 0 where it has none."""

    kind: FaultKind
    from_s: float
    until_s: float
    amount: float = 0.0


def fault_of(text: str) -> Fault:
    """Read a fault from its line; raise ``ValueError`` with a sentence that names the mistake."""
    match = _LINE.fullmatch(text)
    if match is None:
        raise ValueError('is not of the form "2:00-5:00 silent" or "2:00-5:00 loses 30 %"')
    minutes, seconds, end_minutes, end_seconds, word, number, unit = match.groups()
    from_s, until_s = _seconds(minutes, seconds), _seconds(end_minutes, end_seconds)
    if until_s <= from_s:
        raise ValueError("ends before it begins")
    if until_s > STORY_S:
        raise ValueError(f"ends after the story, which lasts {STORY_S / 60:.0f}:00")
    kind = _kind(word)
    return Fault(kind, from_s, until_s, _amount(kind, number, unit))


def story_of(texts: Sequence[str]) -> tuple[Fault, ...]:
    """Read a probe's faults, in the order of time; raise ``ValueError`` where two overlap (rule 2)."""
    faults = sorted((fault_of(text) for text in texts), key=lambda fault: fault.from_s)
    for before, after in itertools.pairwise(faults):
        if after.from_s < before.until_s:
            happened = f"two faults overlap at {_clock(after.from_s)}, {before.kind} and {after.kind}"
            raise ValueError(f"{happened}: let one end before the other begins")
    return tuple(faults)


def fault_at(faults: Sequence[Fault], story_s: float) -> Fault | None:
    """Return the fault at a moment of the story, or ``None`` while all is well."""
    at_s = story_s % STORY_S
    return next((fault for fault in faults if fault.from_s <= at_s < fault.until_s), None)


def _kind(word: str) -> FaultKind:
    try:
        return FaultKind(word)
    except ValueError:
        close = nearest(word, list(FaultKind))
        meant = f' Did you mean "{close}"?' if close else ""
        known = ", ".join(FaultKind)
        raise ValueError(f'tells of "{word}", which is no fault.{meant} Known: {known}') from None


def _amount(kind: FaultKind, number: str | None, unit: str | None) -> float:
    wanted = _AMOUNTS.get(kind)
    if wanted is None:
        if number is not None:
            raise ValueError(f'"{kind}" takes no amount')
        return 0.0
    if number is None or unit != wanted.unit:
        raise ValueError(f'"{kind}" needs an amount in {wanted.unit}, such as "{wanted.example}"')
    if not 0 < float(number) <= wanted.most:
        raise ValueError(f'"{kind}" takes an amount above 0 and up to {wanted.most:g} {wanted.unit}')
    return float(number) * wanted.scale


def _seconds(minutes: str, seconds: str) -> float:
    return 60.0 * int(minutes) + int(seconds)


def _clock(at_s: float) -> str:
    return f"{int(at_s // 60)}:{int(at_s % 60):02d}"
