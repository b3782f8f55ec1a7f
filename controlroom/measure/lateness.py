"""How many replies come so late that a jitter buffer would have given them up. It decides on no buffer.

1. A reply's lateness is how much longer its round trip took than the median of its minute. So a route that
   changed within an hour makes nothing late that came evenly before and after, as a buffer that adapts would
   not either; ITU-T Y.1541 judges variation by the minute as well.
2. All of it is taken for the way to the listener: the variation of the other way is in it, and lateness is
   rather too great than too small.
3. It is counted in steps of 5 ms up to 500 ms. A buffer between two steps is taken for the shorter, one
   beyond the last for the last: rather too many late than too few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from controlroom.measure.asked import Asked, IntArray
from controlroom.measure.percentile import FloatArray

STEP_S: Final = 0.005
STEPS: Final = 100

_MINUTE_US: Final = 60_000_000


@dataclass(frozen=True, slots=True)
class Lateness:
    """How many of ``count`` replies came later than 0, 5, 10, ... 500 ms after their minute's median.

    ``later_than`` has one item a step, or none where there was no reply.
    """

    count: int = 0
    later_than: tuple[int, ...] = ()

    def ratio(self, buffer_s: float) -> float | None:
        """Return the share of the replies that came later than a buffer waits; ``None`` without a reply."""
        if not self.count:
            return None
        # A length that is a step but for the rounding of a float is that step.
        step = min(max(int(buffer_s / STEP_S + 1e-6), 0), STEPS)
        return self.later_than[step] / self.count


def lateness_of(asked: Asked) -> Lateness:
    """Count the replies whose round-trip time is known by their lateness."""
    answered = np.isfinite(asked.rtt_s)
    late_s = np.sort(_after_the_median(asked.sent_us[answered] // _MINUTE_US, asked.rtt_s[answered]))
    if not len(late_s):
        return Lateness()
    steps_s = np.arange(STEPS + 1) * STEP_S
    later = len(late_s) - np.searchsorted(late_s, steps_s, side="right")
    return Lateness(len(late_s), tuple(later.tolist()))


def _after_the_median(minute: IntArray, rtt_s: FloatArray) -> FloatArray:
    """Return each round trip less the median of its minute; minutes ascend."""
    ordered = rtt_s[np.lexsort((rtt_s, minute))]
    _minutes, first, length = np.unique(minute, return_index=True, return_counts=True)
    median_s = ordered[first + (length + 1) // 2 - 1]
    difference_s: FloatArray = rtt_s - np.repeat(median_s, length)
    return difference_s
