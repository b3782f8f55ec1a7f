"""The figures of a range of which buckets and a histogram are read, and no single readings. Pure.

Rules:
1. Counts, the least and the greatest are exact. The mean is weighted by count.
2. Percentiles are the histogram's, within 1 %, and none lies beyond the least or the greatest. Without a
   histogram of the very values they are unknown.
3. Jitter, delay variation, runs of losses, order and voice follow from single readings alone: none is told.
4. A reply that could not be timed is in no bucket. So what was asked is the replies with a time and the
   losses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from controlroom.measure.latency import Latency
from controlroom.measure.log_histogram import LogHistogram
from controlroom.measure.loss import Loss, loss_of
from controlroom.measure.rollup import Rollup

_SHARES: Final = {"median_s": 0.50, "p95_s": 0.95, "p99_s": 0.99}


@dataclass(frozen=True, slots=True)
class RolledFigures:
    """What the buckets of a range come to; the range is that of whole buckets, but for one under way."""

    since_utc_s: float
    until_utc_s: float
    bucket_s: int
    asked: int
    unmeasured: int
    latency: Latency
    loss: Loss


def rolled_figures(
    rollup: Rollup, histogram: LogHistogram, since_utc_s: float, until_utc_s: float
) -> RolledFigures:
    """Sum up the buckets of a range; ``histogram`` is of the same values, or empty where there is none."""
    lost, count = int(rollup.lost.sum()), int(rollup.count.sum())
    return RolledFigures(
        since_utc_s=since_utc_s,
        until_utc_s=until_utc_s,
        bucket_s=rollup.bucket_s,
        asked=count + lost,
        unmeasured=int(rollup.not_run.sum()),
        latency=_latency(rollup, histogram, count),
        loss=loss_of(lost, count + lost),
    )


def _latency(rollup: Rollup, histogram: LogHistogram, count: int) -> Latency:
    if not count:
        return Latency()
    valued = rollup.count > 0
    low_s, high_s = float(rollup.min[valued].min()), float(rollup.max[valued].max())
    mean_s = float(np.average(rollup.mean[valued], weights=rollup.count[valued]))
    told: dict[str, float] = {}
    if histogram.total == count:
        told = {name: min(max(histogram.quantile(q), low_s), high_s) for name, q in _SHARES.items()}
    return Latency(count=count, min_s=low_s, mean_s=min(max(mean_s, low_s), high_s), max_s=high_s, **told)
