"""How well each probe and series was measured: coverage, gaps, values that stick. Pure, by buckets.

Rules:
1. Expected is one reading a period from the first on, which lies as far before the end of its bucket as the
   readings in it last. What was asked and lost is there; what could not be asked is told apart as not run.
2. A gap is a bucket or several in a row without any reading.
3. A value sticks where it was the very same for more than ``STUCK_READINGS`` readings and an hour, of a
   figure that never stands still in what works: a round trip, an offset, a level in dBm, a temperature.
4. Figures that may well stand still (states, counts, shares) are never told to stick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from controlroom.measure.rollup import Rollup
from controlroom.reading import ProbeKey, SeriesKey

STUCK_READINGS: Final = 300
STUCK_S: Final = 3600.0
VARYING: Final = ("rtt_s", "offset_s", "uptime_s", "_dbm", "_celsius")
"""How the names of figures end that never stand still."""

GOOD_COVERAGE: Final = 0.99
POOR_COVERAGE: Final = 0.95


@dataclass(frozen=True, slots=True)
class ProbeQuality:
    """One probe: the readings of a range, and the stretches without any."""

    probe: ProbeKey
    period_s: float
    expected: int = 0
    readings: int = 0
    lost: int = 0
    not_run: int = 0
    gaps: int = 0
    longest_gap_s: float = 0.0

    @property
    def coverage(self) -> float | None:
        """Which share of the expected readings is there and was asked; ``None`` where none is expected."""
        asked = max(0, self.readings - self.not_run)
        return None if not self.expected else min(1.0, asked / self.expected)


@dataclass(frozen=True, slots=True)
class StuckValue:
    """A series that told the very same value for so long."""

    series: SeriesKey
    value: float
    readings: int
    since_utc_s: float
    until_utc_s: float


def probe_quality(probe: ProbeKey, period_s: float, rollup: Rollup, until_utc_s: float) -> ProbeQuality:
    """Judge a probe by the buckets of one of its series."""
    total = rollup.count + rollup.lost + rollup.not_run
    there = np.flatnonzero(total > 0)
    if not len(there):
        return ProbeQuality(probe, period_s)
    starts = rollup.start_utc_s[there]
    first_end_s = min(until_utc_s, float(starts[0]) + rollup.bucket_s)
    begin_s = max(float(starts[0]), first_end_s - float(total[there[0]]) * period_s)
    span_s = max(0.0, until_utc_s - begin_s)
    missing = np.diff(starts) // rollup.bucket_s - 1
    gaps = missing[missing > 0]
    return ProbeQuality(
        probe,
        period_s,
        expected=int(span_s // period_s),
        readings=int(total.sum()),
        lost=int(rollup.lost.sum()),
        not_run=int(rollup.not_run.sum()),
        gaps=len(gaps),
        longest_gap_s=float(gaps.max()) * rollup.bucket_s if len(gaps) else 0.0,
    )


def may_stick(metric: str) -> bool:
    """Whether a figure never stands still in what works (rules 3 and 4)."""
    return metric.endswith(VARYING)


def stuck_value(series: SeriesKey, rollup: Rollup) -> StuckValue | None:
    """Return the longest stretch in which a series told the same value, where that is too long."""
    there = np.flatnonzero(rollup.count > 0)
    if not may_stick(series.metric) or not len(there):
        return None
    low, high = rollup.min[there], rollup.max[there]
    same = np.concatenate(([False], (low[1:] == low[:-1]) & (high[1:] == low[1:]) & (high[:-1] == low[:-1])))
    runs = np.flatnonzero(~same)
    ends = np.append(runs[1:], len(there))
    readings = np.add.reduceat(rollup.count[there], runs)
    flat = low[runs] == high[runs]
    longest = int(np.argmax(np.where(flat, readings, 0)))
    begin_s = float(rollup.start_utc_s[there[runs[longest]]])
    end_s = float(rollup.start_utc_s[there[ends[longest] - 1]]) + rollup.bucket_s
    if not flat[longest] or readings[longest] <= STUCK_READINGS or end_s - begin_s < STUCK_S:
        return None
    return StuckValue(series, float(low[runs[longest]]), int(readings[longest]), begin_s, end_s)
