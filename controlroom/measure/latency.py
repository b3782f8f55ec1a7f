"""Round-trip times of a window as figures. It knows no loss: what was lost has no round-trip time.

1. Only received replies count. A lost probe is no zero, no timeout and no part of any mean (RFC 2681).
2. Percentiles, the median among them, are values that were measured (``percentile.py``). So the median of
   four is the second of them, as in the store's minutes and hours, and not the middle between two.
3. Without a reply every figure is ``None``: unknown, not zero.
4. The order of the replies changes no bit of any figure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from controlroom.measure.percentile import MEDIAN, P95, P99, FloatArray, percentile


@dataclass(frozen=True, slots=True)
class Latency:
    """Figures of round-trip times in seconds, over ``count`` received replies.

    ``deviation_s`` is the median absolute deviation from the median, not scaled to a standard deviation.
    """

    count: int = 0
    min_s: float | None = None
    mean_s: float | None = None
    median_s: float | None = None
    p95_s: float | None = None
    p99_s: float | None = None
    max_s: float | None = None
    deviation_s: float | None = None


def latency_of(rtt_s: FloatArray) -> Latency:
    """Compute the figures of round-trip times; what is not finite was not received and is passed over."""
    ascending = np.sort(rtt_s[np.isfinite(rtt_s)])
    median_s = percentile(ascending, MEDIAN)
    if median_s is None:
        return Latency()
    low_s, high_s = float(ascending[0]), float(ascending[-1])
    return Latency(
        count=len(ascending),
        min_s=low_s,
        # Rounding puts no mean beyond the values.
        mean_s=min(max(float(ascending.mean()), low_s), high_s),
        median_s=median_s,
        p95_s=percentile(ascending, P95),
        p99_s=percentile(ascending, P99),
        max_s=high_s,
        deviation_s=percentile(np.sort(np.abs(ascending - median_s)), MEDIAN),
    )
