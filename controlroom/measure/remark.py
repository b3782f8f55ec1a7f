"""What a probe's newest answer did not tell, and why: for the values that no number could be made of.

It decodes nothing: whoever asked says in the detail of its reading what came (``Reading.detail``).

Rules
1. A part ``METRIC: unknown (WHY)`` of a detail names a value that is no number, or several of one reason:
   ``METRIC, METRIC: unknown (WHY)``. Parts are divided by ``; ``.
2. What came and could not be read stands before what the other end says that it does not have: nobody has all
   that could be asked (``is_absent``).
3. What is told comes from outside: it is bounded here, and escaped by whoever shows it. The more reasons
   there are, the less of each is written, so that a detail has room for all of them.
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
_MOST_TOGETHER: Final = 600
_LEAST_OF_ONE: Final = 40
_ABSENT: Final = ("no such object", "the device says that it has none", "no row of", "several rows of")
_NAME: Final = r"[A-Za-z]\w{0,99}"
_PART: Final = re.compile(rf"(?:^|; )({_NAME}(?:, {_NAME})*): unknown \((.*?)(?:\)(?=; |$)|$)")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is unknown of a probe's newest answer: by the value's name, why, with what came.

    It takes the place of the one before; empty says that all was told.
    """

    probe: ProbeKey
    unknown: Mapping[str, str] = field(default_factory=dict)


def unknown_of(detail: str) -> Mapping[str, str]:
    """Return what a reading's detail says to be unknown, and why (rules 1 to 3)."""
    parts = sorted(_PART.findall(detail), key=lambda part: is_absent(part[1]))
    found = [(metric, _bounded(why)) for metrics, why in parts for metric in metrics.split(", ")]
    return dict(found[:MOST_METRICS])


def parts_of(unknown: Mapping[str, str]) -> list[str]:
    """Write what is unknown, and why, as the parts of a reading's detail (rules 1 to 3)."""
    by_reason: dict[str, list[str]] = {}
    for metric, why in sorted(unknown.items(), key=lambda each: is_absent(each[1])):
        by_reason.setdefault(why, []).append(metric)
    most = min(MOST_CHARACTERS, max(_LEAST_OF_ONE, _MOST_TOGETHER // max(1, len(by_reason))))
    return [f"{', '.join(metrics)}: unknown ({_bounded(why, most)})" for why, metrics in by_reason.items()]


def is_absent(why: str) -> bool:
    """Whether the other end does not have a value, rather than that it told none that could be read."""
    return why.startswith(_ABSENT)


def _bounded(why: str, most: int = MOST_CHARACTERS) -> str:
    return why if len(why) <= most else f"{why[: most - 1]}…"
