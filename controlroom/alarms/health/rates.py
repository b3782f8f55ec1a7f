"""How many alarms came in how long a time, on average and at the worst. It judges no target.

Rules:
1. An average is told once monitoring ran for as long as it is about: ten minutes say nothing of a day.
2. Windows and hours follow the clock, so that a range that is cut at an hour has none twice. One counts where
   monitoring ran for half of it at least, or where too many came in it all the same.
3. The most in any ten minutes is over every ten minutes there are, wherever they begin.
4. All are for one position: so many positions can take so many times as many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from controlroom.alarms.health.monitored import Monitored
from controlroom.alarms.health.presented import FloatArray, IntArray

WINDOW_S: Final = 600.0
HOUR_S: Final = 3600.0
DAY_S: Final = 86_400.0
WINDOW_LIMIT: Final = 10
HOUR_LIMIT: Final = 30


@dataclass(frozen=True, slots=True)
class Hourly:
    """How many alarms came in each hour of the clock, from the first on; which hours were watched at all."""

    first_utc_s: float
    counts: tuple[int, ...]
    watched: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """Averages and worst cases of one position; ``None`` where monitoring ran for too short a time."""

    per_10_min: float | None
    per_hour: float | None
    per_day: float | None
    windows: int
    windows_over: int
    hours: int
    hours_over: int
    most_in_10_min: float | None
    hourly: Hourly


def rates_of(at_utc_s: FloatArray, ran: Monitored, positions: int) -> Rates:
    """Count alarms, given by their times in order."""
    counts, watched_s, _ = _by_clock(at_utc_s, ran, WINDOW_S)
    hour_counts, hour_watched_s, first_utc_s = _by_clock(at_utc_s, ran, HOUR_S)
    windows, windows_over = _over(counts, watched_s, WINDOW_S, WINDOW_LIMIT * positions)
    hours, hours_over = _over(hour_counts, hour_watched_s, HOUR_S, HOUR_LIMIT * positions)
    count, length_s = len(at_utc_s), ran.length_s

    def average(over_s: float) -> float | None:
        return count * over_s / length_s / positions if length_s >= over_s else None

    return Rates(
        per_10_min=average(WINDOW_S),
        per_hour=average(HOUR_S),
        per_day=average(DAY_S),
        windows=windows,
        windows_over=windows_over,
        hours=hours,
        hours_over=hours_over,
        most_in_10_min=int(within_window(at_utc_s).max(initial=0)) / positions if count or length_s else None,
        hourly=Hourly(first_utc_s, tuple(hour_counts.tolist()), tuple((hour_watched_s > 0).tolist())),
    )


def within_window(at_utc_s: FloatArray) -> IntArray:
    """Return how many alarms came in the ten minutes that end with each alarm, itself included."""
    first = np.searchsorted(at_utc_s, at_utc_s - WINDOW_S, side="right")
    # Of several at the very same moment each sees all of them.
    last = np.searchsorted(at_utc_s, at_utc_s, side="right")
    return np.asarray(last - first, np.int64)


def _by_clock(at_utc_s: FloatArray, ran: Monitored, length_s: float) -> tuple[IntArray, FloatArray, float]:
    """Return the count of each window of the clock, how long it was watched, and when the first begins."""
    first = int(ran.since_utc_s // length_s)
    size = max(0, int(-(-ran.until_utc_s // length_s)) - first)
    places = (at_utc_s // length_s).astype(np.int64) - first
    counts = np.bincount(places, minlength=size)[:size].astype(np.int64)
    starts = (first + np.arange(size, dtype=np.float64)) * length_s
    return counts, ran.within(starts, starts + length_s), first * length_s


def _over(counts: IntArray, watched_s: FloatArray, length_s: float, limit: int) -> tuple[int, int]:
    """Return how many windows count, and in how many of them too many came (rule 2)."""
    over = counts > limit
    return int(((watched_s >= length_s / 2) | over).sum()), int(over.sum())
