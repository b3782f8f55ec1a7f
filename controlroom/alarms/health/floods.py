"""Floods: stretches in which alarms came faster than anybody can take them in. It names no cause.

Rules:
1. A flood starts when more than 10 alarms came within ten minutes, and is dated from the first of them.
2. It ends as soon as fewer than 5 came within the last ten minutes.
3. So many positions can take so many times as many, at both ends.
4. One that has not ended when the range does is going on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from controlroom.alarms.health.presented import Columns, FloatArray, IntArray
from controlroom.alarms.health.rates import WINDOW_LIMIT, WINDOW_S, within_window
from controlroom.alarms.health.source import Source
from controlroom.alarms.health.sources import most_often

CALM_BELOW: Final = 5
_MOST_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class Flood:
    """One flood. ``named`` are the sources with the most alarms in it, of ``sources`` together."""

    from_utc_s: float
    until_utc_s: float
    count: int
    most_in_10_min: int
    ongoing: bool
    sources: int
    named: tuple[tuple[Source, int], ...]


def floods_of(told: Columns, until_utc_s: float, positions: int) -> tuple[Flood, ...]:
    """Find all floods, the oldest first."""
    at_utc_s, limit = told.at_utc_s, WINDOW_LIMIT * positions
    seen = within_window(at_utc_s)
    starts = np.flatnonzero(seen > limit)
    calm_at_utc_s = _calm_at(at_utc_s, CALM_BELOW * positions)
    ends = np.flatnonzero(calm_at_utc_s < np.append(at_utc_s[1:], np.inf))
    found: list[Flood] = []
    next_place = 0
    while (at := int(np.searchsorted(starts, next_place))) < len(starts):
        start = int(starts[at])
        first = int(np.searchsorted(at_utc_s, at_utc_s[start] - WINDOW_S, side="right"))
        last = int(ends[np.searchsorted(ends, start)])
        found.append(
            _flood(told, seen, (max(first, next_place), last), float(calm_at_utc_s[last]), until_utc_s)
        )
        next_place = last + 1
    return tuple(found)


def _calm_at(at_utc_s: FloatArray, calm_below: int) -> FloatArray:
    """Return when so few have come since, if nothing follows each alarm (rule 2)."""
    calm = np.full(len(at_utc_s), -np.inf)
    back = calm_below - 1
    if len(at_utc_s) > back:
        calm[back:] = at_utc_s[: len(at_utc_s) - back] + WINDOW_S
    return np.asarray(np.maximum(calm, at_utc_s))


def _flood(
    told: Columns, seen: IntArray, places: tuple[int, int], calm_at_utc_s: float, until_utc_s: float
) -> Flood:
    first, last = places
    here = slice(first, last + 1)
    inside = np.zeros(len(told), np.bool_)
    inside[here] = True
    return Flood(
        from_utc_s=float(told.at_utc_s[first]),
        until_utc_s=min(calm_at_utc_s, until_utc_s),
        count=last + 1 - first,
        most_in_10_min=int(seen[here].max()),
        ongoing=calm_at_utc_s >= until_utc_s,
        sources=len(np.unique(told.source[here])),
        named=most_often(told, inside, _MOST_NAMED),
    )
