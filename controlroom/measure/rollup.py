"""One series' readings as figures a minute, an hour or a day. It reads no clock and no store.

Rules:
1. Buckets lie on whole multiples of their length since 1970, UTC. A reading belongs to that of its sending.
2. A bucket exists if anything was asked in it, even if nothing came of it.
3. Only finite values count; a reading without one that was neither lost nor *not run* counts nowhere.
4. Percentiles are nearest-rank ones: values that occurred, never ones between them.
5. Figures are taken over the sorted values of a bucket. Readings in another order give the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from controlroom.measure.log_histogram import LogHistogram

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

MICROSECONDS: Final = 1_000_000
PERCENTILES: Final = {"p50": 50, "p95": 95, "p99": 99}

_SMALL: Final = 2.0**-40
"""No sum of values times this grows beyond a float. A power of two keeps all digits, above 1e-290."""


@dataclass(frozen=True, slots=True)
class Rollup:
    """Figures of the buckets in which something was asked, one item a bucket, ascending in time.

    ``count`` is of readings with a value. Without one in a bucket its figures are NaN.
    """

    bucket_s: int
    start_utc_s: IntArray
    count: IntArray
    lost: IntArray
    not_run: IntArray
    min: FloatArray
    mean: FloatArray
    max: FloatArray
    p50: FloatArray
    p95: FloatArray
    p99: FloatArray

    def taken(self, which: npt.NDArray[np.bool_ | np.intp]) -> Rollup:
        """Return some of the buckets, told by a mask or by their places in ascending order."""
        return Rollup(self.bucket_s, **{name: getattr(self, name)[which] for name in _COLUMNS})


_COLUMNS: Final = tuple(field.name for field in fields(Rollup) if field.name != "bucket_s")


def roll_up(
    sent_us: IntArray, value: FloatArray, lost: BoolArray, not_run: BoolArray, bucket_s: int
) -> Rollup:
    """Roll up readings, in whatever order they come; ``sent_us`` is POSIX microseconds."""
    bucket = sent_us // (bucket_s * MICROSECONDS)
    if (bucket[1:] < bucket[:-1]).any():  # seldom: readings mostly come in order
        order = np.argsort(bucket, kind="stable")
        bucket, value, lost, not_run = bucket[order], value[order], lost[order], not_run[order]
    first = _first_of_each(bucket)
    valued = np.isfinite(value)
    count = _sums(valued, first)
    return Rollup(
        bucket_s=bucket_s,
        start_utc_s=bucket[first] * bucket_s,
        count=count,
        lost=_sums(lost, first),
        not_run=_sums(not_run, first),
        **_figures(value[valued], count),
    )


def joined(parts: Sequence[Rollup]) -> Rollup:
    """Put together rollups, at least one, of the same bucket length that have no bucket in common."""
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS}
    return Rollup(parts[0].bucket_s, **columns).taken(np.argsort(columns["start_utc_s"], kind="stable"))


def coarser(
    hours: Rollup, histograms: Sequence[LogHistogram], bucket_s: int
) -> tuple[Rollup, list[LogHistogram]]:
    """Merge buckets into wider ones, of a multiple of their length; there is one histogram a bucket.

    Counts, lowest and highest values are exact, means are weighted by count, and percentiles are the
    histograms' ones.
    """
    bucket = hours.start_utc_s // bucket_s
    first = _first_of_each(bucket)
    edges = pairwise([*first.tolist(), len(bucket)])
    merged = [LogHistogram.merged(histograms[begin:end]) for begin, end in edges]
    low, high = np.fmin.reduceat(hours.min, first), np.fmax.reduceat(hours.max, first)
    count = _sums(hours.count, first)
    weighted = np.where(hours.count > 0, hours.mean * _SMALL * hours.count, 0.0)
    wide = Rollup(
        bucket_s=bucket_s,
        start_utc_s=bucket[first] * bucket_s,
        count=count,
        lost=_sums(hours.lost, first),
        not_run=_sums(hours.not_run, first),
        min=low,
        mean=_mean(np.add.reduceat(weighted, first), count, low, high),
        max=high,
        **{name: _told(merged, percent, low, high) for name, percent in PERCENTILES.items()},
    )
    return wide, merged


def _first_of_each(ascending: IntArray) -> npt.NDArray[np.intp]:
    """Return where each run of equal items begins."""
    begins = np.ones(len(ascending), dtype=np.bool_)
    begins[1:] = ascending[1:] != ascending[:-1]
    return np.flatnonzero(begins)


def _sums(items: IntArray | BoolArray, first: npt.NDArray[np.intp]) -> IntArray:
    return np.add.reduceat(items.astype(np.int64), first)


def _figures(values: FloatArray, count: IntArray) -> dict[str, FloatArray]:
    """Return the figures of buckets, whose values lie one after the other, ``count`` of them each."""
    measured = count > 0
    length = count[measured]
    end = np.cumsum(length)
    first = end - length
    ordered = _sorted_within(values, first, length)
    low, high = ordered[first], ordered[end - 1]
    found = {"min": low, "max": high}
    found["mean"] = _mean(np.add.reduceat(ordered * _SMALL, first), length, low, high)
    for name, percent in PERCENTILES.items():
        found[name] = ordered[first + (percent * length + 99) // 100 - 1]
    spread = {name: np.full(len(count), np.nan) for name in found}
    for name, figure in found.items():
        spread[name][measured] = figure
    return spread


def _sorted_within(values: FloatArray, first: IntArray, length: IntArray) -> FloatArray:
    """Sort the values of each bucket, all buckets of one length at once; there are few lengths.

    A zero loses its sign, for zeros of either sign are equal and their order would be left open.
    """
    ordered = values + 0.0
    for each in np.unique(length).tolist():
        begins = first[length == each]
        if len(begins) == 1:
            ordered[begins[0] : begins[0] + each].sort()
        else:
            place = begins[:, np.newaxis] + np.arange(each)
            ordered[place] = np.sort(ordered[place], axis=1)
    return ordered


def _mean(small_sum: FloatArray, count: IntArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Divide sums of ``_SMALL`` values; rounding puts no mean beyond the lowest and highest value."""
    with np.errstate(over="ignore"):
        mean = small_sum / np.maximum(count, 1) / _SMALL
    return np.clip(mean, low, high)


def _told(histograms: Sequence[LogHistogram], percent: int, low: FloatArray, high: FloatArray) -> FloatArray:
    """Return a percentile from histograms, none beyond the lowest and highest value."""
    told = np.array([each.quantile(percent / 100) for each in histograms], dtype=np.float64)
    return np.clip(told, low, high)
