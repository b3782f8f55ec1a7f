"""What a counter needs to become a rate: its width, its line, and what tells that it began anew. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from probes.snmp.figures import Figure
from probes.snmp.template import Value


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter of one row.

    ``stamp`` is the object that tells when it began anew, if there is one; ``most`` is how much the line
    carries a second, in counts; ``by`` leads from counts a second to the value's unit.
    """

    oid: str
    count: int
    bits: Literal[32, 64]
    stamp: str | None
    most: float
    by: float


def line_speeds(figures: Sequence[Figure]) -> dict[tuple[str, str], float | None]:
    """Return every number by row and name, for counters to find the speed of their line in."""
    return {(each.index, each.name): each.number for each in figures}


def counter_of(figure: Figure, speeds: Mapping[tuple[str, str], float | None]) -> Counter | None:
    """Return the counter that a figure is; ``None`` for one that is none, or has no whole count."""
    value = figure.value
    if not isinstance(value, Value) or not value.counter or not isinstance(figure.raw, int):
        return None
    by = value.multiply / value.divisor_of(figure.oid)
    line = speeds.get((figure.index, value.line or ""))
    column = value.discontinuity
    return Counter(
        oid=figure.oid,
        count=figure.raw,
        bits=32 if value.counter_bits(figure.oid) == 32 else 64,
        stamp=None if column is None else f"{column.removeprefix('.')}.{figure.index}",
        most=line / by if line else math.inf,
        by=by,
    )
