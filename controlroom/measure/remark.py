"""What a probe's newest answer did not tell, and why: for the values that no number could be made of.

It decodes nothing: whoever asked says in the detail of its reading what came (``Reading.detail``).

Rules
1. A part ``METRIC: unknown (WHY)`` of a detail names a value that is no number; parts are divided by ``; ``.
2. What came and could not be read stands before what the other end says that it does not have: nobody has all
   that could be asked (``is_absent``).
3. What is told comes from outside: it is bounded here, and escaped by whoever shows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from controlroom.reading import ProbeKey

MOST_METRICS: Final = 40
MOST_CHARACTERS: Final = 200
"""Of what is said of one value."""
_ABSENT: Final = ("no such object", "the device says that it has none")
_PART: Final = re.compile(r"(?:^|; )([A-Za-z]\w{0,99}): unknown \((.*?)(?:\)(?=; |$)|$)")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is unknown of a probe's newest answer: by the value's name, why, with what came.

    It takes the place of the one before; empty says that all was told.
    """

    probe: ProbeKey
    unknown: Mapping[str, str] = field(default_factory=dict)


def unknown_of(detail: str) -> Mapping[str, str]:
    """Return what a reading's detail says to be unknown, and why (rules 1 to 3)."""
    found = sorted(_PART.findall(detail), key=lambda part: is_absent(part[1]))
    return {metric: _bounded(why) for metric, why in found[:MOST_METRICS]}


def is_absent(why: str) -> bool:
    """Whether the other end does not have a value, rather than that it told none that could be read."""
    return why.startswith(_ABSENT)


def _bounded(why: str) -> str:
    return why if len(why) <= MOST_CHARACTERS else f"{why[: MOST_CHARACTERS - 1]}…"
