"""What a probe's newest answer did not tell, and why: for the values that no number could be made of.

It decodes nothing: whoever asked says in the detail of its reading what came (``Reading.detail``).

Rules
1. A part ``METRIC: unknown (WHY)`` of a detail names a value that came and is no number; parts are divided by
   ``; ``. What the other end does not have at all is no remark: nobody has all that could be asked.
2. What is told comes from outside: it is bounded here, and escaped by whoever shows it.
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
_NOT_THERE: Final = "no such object"
_PART: Final = re.compile(r"(?:^|; )([A-Za-z]\w{0,99}): unknown \((.*?)(?:\)(?=; |$)|$)")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is unknown of a probe's newest answer: by the value's name, why, with what came.

    It takes the place of the one before; empty says that all was told.
    """

    probe: ProbeKey
    unknown: Mapping[str, str] = field(default_factory=dict)


def unknown_of(detail: str) -> Mapping[str, str]:
    """Return what a reading's detail says to be unknown, and why (rules 1 and 2)."""
    found = ((metric, why) for metric, why in _PART.findall(detail) if why != _NOT_THERE)
    return {metric: _bounded(why) for metric, why in list(found)[:MOST_METRICS]}


def _bounded(why: str) -> str:
    return why if len(why) <= MOST_CHARACTERS else f"{why[: MOST_CHARACTERS - 1]}…"
