"""A stretch known by its minutes, hours or days alone: figures of each bucket, no single reading. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from controlroom.measure.log_histogram import LogHistogram
from controlroom.measure.rollup import Rollup
from controlroom.store.interface import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Buckets:
    """Buckets in which something was asked, oldest first, all arrays the same length.

    Figures are NaN where nothing was answered. ``histogram`` is of all values in them.
    """

    at_utc_s: FloatArray
    until_utc_s: FloatArray
    asked: IntArray
    lost: IntArray
    low: FloatArray
    middle: FloatArray
    high: FloatArray
    histogram: LogHistogram

    def taken(self, which: BoolArray) -> Buckets:
        """Return some of them; the histogram stays that of all."""
        return Buckets(
            self.at_utc_s[which],
            self.until_utc_s[which],
            self.asked[which],
            self.lost[which],
            self.low[which],
            self.middle[which],
            self.high[which],
            self.histogram,
        )


def buckets_of(rollups: Sequence[Rollup], histogram: LogHistogram) -> Buckets:
    """Join rollups, oldest first; a bucket in which nobody could ask is none: that time was not measured."""
    none = np.empty(0)
    whole = Buckets(
        at_utc_s=np.concatenate([none, *(each.start_utc_s for each in rollups)]),
        until_utc_s=np.concatenate([none, *(each.start_utc_s + each.bucket_s for each in rollups)]),
        asked=np.concatenate([none, *(each.count + each.lost for each in rollups)]).astype(np.int64),
        lost=np.concatenate([none, *(each.lost for each in rollups)]).astype(np.int64),
        low=np.concatenate([none, *(each.min for each in rollups)]),
        middle=np.concatenate([none, *(each.p50 for each in rollups)]),
        high=np.concatenate([none, *(each.max for each in rollups)]),
        histogram=histogram,
    )
    return whole.taken(whole.asked > 0)


NO_BUCKETS = buckets_of((), LogHistogram.merged(()))
