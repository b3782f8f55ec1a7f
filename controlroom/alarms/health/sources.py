"""Which sources alarmed most, which chatter, whose alarms were gone before anybody could act. It judges none.

Rules:
1. A source chatters where 3 alarms of it came within 60 seconds.
2. An alarm is fleeting where its fault was over within 60 seconds, and no operator had done anything about
   it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from controlroom.alarms.health.presented import BoolArray, Columns
from controlroom.alarms.health.source import Source

CHATTER_COUNT: Final = 3
CHATTER_S: Final = 60.0
FLEETING_S: Final = 60.0
TOP: Final = 10


@dataclass(frozen=True, slots=True)
class SourceCount:
    """How many alarms came from a source, and their share of all. ``priority`` is its most urgent.

    ``figure`` is the middle one of those that raised its limit, NaN where none is told.
    """

    source: Source
    count: int
    share: float
    priority: int
    figure: float


@dataclass(frozen=True, slots=True)
class Chatter:
    """A source that chattered: in how many bursts, and with how many alarms."""

    source: Source
    bursts: int
    count: int


def top_sources(told: Columns, most: int = TOP) -> tuple[SourceCount, ...]:
    """Return the sources with the most alarms, the most first."""
    named = most_often(told, np.ones(len(told), np.bool_), most)
    places = {source: place for place, source in enumerate(told.sources)}
    return tuple(_counted(told, places[source], count) for source, count in named)


def chattering(told: Columns) -> tuple[Chatter, ...]:
    """Return the sources that chattered, the worst first (rule 1)."""
    order = np.lexsort((told.at_utc_s, told.source))
    at_utc_s, source = told.at_utc_s[order], told.source[order]
    back = CHATTER_COUNT - 1
    if len(order) <= back:
        return ()
    near = at_utc_s[back:] - at_utc_s[:-back] <= CHATTER_S
    ends = np.flatnonzero(near & (source[back:] == source[:-back])) + back
    inside = np.unique(ends[:, None] - np.arange(CHATTER_COUNT))
    # Two that share an alarm are of one burst.
    new = np.append(True, (np.diff(ends) > back) | (np.diff(source[ends]) != 0))[: len(ends)]
    bursts = np.bincount(source[ends[new]], minlength=len(told.sources))
    alarms = np.bincount(source[inside], minlength=len(told.sources))
    places = np.flatnonzero(alarms).tolist()
    found = [Chatter(told.sources[each], int(bursts[each]), int(alarms[each])) for each in places]
    return tuple(sorted(found, key=lambda each: (-each.count, each.source)))


def fleeting(told: Columns) -> BoolArray:
    """Tell which alarms were fleeting (rule 2)."""
    return np.asarray((told.returned_utc_s - told.at_utc_s <= FLEETING_S) & ~told.touched, np.bool_)


def most_often(told: Columns, which: BoolArray, most: int) -> tuple[tuple[Source, int], ...]:
    """Return the sources of some of the alarms, those with the most first."""
    counts = Counter(told.source[which].tolist())
    named = sorted(counts.items(), key=lambda item: (-item[1], told.sources[item[0]]))[:most]
    return tuple((told.sources[place], count) for place, count in named)


def _counted(told: Columns, place: int, count: int) -> SourceCount:
    own = told.source == place
    figures = np.sort(told.figure[own & ~np.isnan(told.figure)])
    middle = float(figures[(len(figures) - 1) // 2]) if len(figures) else np.nan
    return SourceCount(told.sources[place], count, count / len(told), int(told.priority[own].min()), middle)
