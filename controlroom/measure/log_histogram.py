"""How often values of each size occurred, and quantiles of them. It knows no time and keeps no value itself.

Rules:
1. A bin reaches from one value to ``BIN_RATIO`` times it, and a quantile is told by the middle of its bin: at
   most 0.87 % beside the nearest-rank quantile of the values themselves.
2. Below zero the bins are those above it, mirrored. What is nearer to zero than ``ZERO_BELOW`` is zero.
3. Only finite values count.
4. Bins are told by exact operations alone, no logarithm: they are the same on every machine, in the order of
   their values, and a merged histogram is the one of all values together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BinArray = npt.NDArray[np.int32]

BINS_PER_DOUBLING: Final = 40
BIN_RATIO: Final = 2.0 ** (1 / BINS_PER_DOUBLING)
ZERO_BELOW: Final = 1e-12

_LOWEST_EXPONENT: Final = math.frexp(ZERO_BELOW)[1]
_EDGES: Final = np.array(
    [float(Decimal(2) ** (Decimal(step) / BINS_PER_DOUBLING - 1)) for step in range(BINS_PER_DOUBLING + 1)]
)
"""The edges of the bins between one half and one, where mantissas lie."""

_MIDDLES: Final = 2 * _EDGES[:-1] * _EDGES[1:] / (_EDGES[:-1] + _EDGES[1:])
"""The values that lie relatively as near to the lower as to the upper edge of their bin."""

_SLOTS: Final = 256
_STEP_OF_SLOT: Final = np.maximum(
    np.searchsorted(_EDGES, np.arange(_SLOTS) / _SLOTS, side="right") - 1, 0
).astype(np.int32)
"""The bin at the beginning of each slot; a slot is narrower than a bin: its end is there or one further."""


@dataclass(frozen=True, slots=True)
class LogHistogram:
    """The bins that hold a value, ascending, and how many values each holds.

    Bin 0 holds zero; bins with positive numbers hold positive values, and bin -b mirrors bin b.
    """

    bins: BinArray
    counts: IntArray

    @classmethod
    def of(cls, values: FloatArray) -> LogHistogram:
        """Count values; what is not finite is passed over (rule 3)."""
        return _counted(_bins_of(values[np.isfinite(values)]))

    @classmethod
    def merged(cls, histograms: Iterable[LogHistogram]) -> LogHistogram:
        """Add histograms up; of none it is the empty one."""
        parts = [_counted(np.zeros(0, dtype=np.int32)), *histograms]
        bins = np.concatenate([part.bins for part in parts])
        counts = np.concatenate([part.counts for part in parts])
        order = np.argsort(bins, kind="stable")
        merged, first = np.unique(bins[order], return_index=True)
        return cls(merged, np.add.reduceat(counts[order], first))

    @property
    def total(self) -> int:
        """Return how many values were counted."""
        return int(self.counts.sum())

    def quantile(self, q: float) -> float:
        """Return the smallest value that a share ``q`` of all does not exceed; NaN without any value.

        It is the value of rank ceil(q times total), and of the lowest rank there is for ``q`` of 0.
        """
        reached = np.cumsum(self.counts)
        if not len(reached):
            return math.nan
        rank = min(max(math.ceil(q * int(reached[-1])), 1), int(reached[-1]))
        return _middle(int(self.bins[np.searchsorted(reached, rank)]))


def histograms_of(
    values: FloatArray, bucket_index: npt.NDArray[np.integer], buckets: int
) -> list[LogHistogram]:
    """Make one histogram a bucket; ``bucket_index`` says for each value which, from 0 below ``buckets``."""
    finite = np.isfinite(values)
    index = bucket_index[finite]
    bins = _bins_of(values[finite])
    if (index[1:] < index[:-1]).any():  # seldom: values mostly come in order
        bins = bins[np.argsort(index, kind="stable")]
    length = np.bincount(index, minlength=buckets)
    end = np.cumsum(length)
    spans = zip((end - length).tolist(), end.tolist(), strict=True)
    return [_counted(bins[begin:until]) for begin, until in spans]


def _bins_of(values: FloatArray) -> BinArray:
    """Return the bin of each value, all of which are finite."""
    size = np.abs(values)
    mantissa, exponent = np.frexp(size)
    step = _STEP_OF_SLOT[(mantissa * _SLOTS).astype(np.intp)]
    step += mantissa >= _EDGES[step + 1]
    number = (exponent - _LOWEST_EXPONENT) * BINS_PER_DOUBLING + step + 1
    number[size < ZERO_BELOW] = 0
    return np.where(values < 0, -number, number).astype(np.int32, copy=False)


def _middle(number: int) -> float:
    """Return the value that stands for a bin."""
    if number == 0:
        return 0.0
    doublings, step = divmod(abs(number) - 1, BINS_PER_DOUBLING)
    return math.copysign(math.ldexp(float(_MIDDLES[step]), doublings + _LOWEST_EXPONENT), number)


def _counted(bins: BinArray) -> LogHistogram:
    present, counts = np.unique(bins, return_counts=True)
    return LogHistogram(present, counts.astype(np.int64, copy=False))
