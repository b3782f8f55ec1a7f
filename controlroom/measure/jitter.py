"""How unevenly packets travel: jitter, differences between neighbours, delay variation. It judges nothing.

Three measures, kept apart because they answer different questions (RFC 5481):

1. *Jitter* is the running estimate of RFC 3550, 6.4.1, in order of arrival and passing over what was lost:
   ``J += (|D| - J) / 16``. Radio base stations report the same one.
2. *IPDV* is the signed difference between a packet and the one that arrived before it (RFC 3393).
3. *Delay variation* (PDV) is a packet's delay less the least of the window (RFC 5481, 4.2). It is what a
   jitter buffer must even out.

From round trips all three hold both ways together, and no clock but ours is needed. Neighbours are those that
arrived one after the other; over a break (``asked.py``) there is no difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import numpy as np

from controlroom.measure.asked import Asked
from controlroom.measure.percentile import MEDIAN, P95, P99, P999, FloatArray, percentile

FEWEST_FOR_P999: Final = 1000
"""A quantile of 1 - 10^-3 is claimed of no fewer values (ITU-T Y.1541 sets it over such samples)."""

_REMEMBERED: Final = 1024
"""So many differences decide the jitter: what lies further back weighs less than 10^-28."""


@dataclass(frozen=True, slots=True)
class NeighbourVariation:
    """Signed differences between neighbours (IPDV) in seconds; ``None`` without any."""

    count: int = 0
    least_s: float | None = None
    most_s: float | None = None
    mean_size_s: float | None = None
    """The mean of the differences without their signs."""


@dataclass(frozen=True, slots=True)
class DelayVariation:
    """Delay over the least delay of the window (PDV) in seconds; ``None`` without a reply.

    ``p999_s`` is the IPDV that ITU-T Y.1541 limits: the quantile of 1 - 10^-3 less the least, ``None`` of
    fewer than 1,000 replies.
    """

    count: int = 0
    median_s: float | None = None
    p95_s: float | None = None
    p99_s: float | None = None
    p999_s: float | None = None
    max_s: float | None = None


@dataclass(frozen=True, slots=True)
class JitterFigures:
    """The three measures of a window's round trips; ``jitter_s`` is ``None`` without any difference."""

    jitter_s: float | None
    neighbours: NeighbourVariation
    round_trip_delay_variation: DelayVariation


def transit_differences_s(sent_s: FloatArray, arrived_s: FloatArray) -> FloatArray:
    """Return D of RFC 3550 for each packet but the first, in order of arrival; the clocks may differ.

    Both arrays are in seconds, each on a clock of its own; NaN as arrival is a loss and passed over.
    """
    order = np.argsort(arrived_s, kind="stable")
    order = order[np.isfinite(arrived_s[order])]
    return np.diff(arrived_s[order]) - np.diff(sent_s[order])


def round_trip_differences_s(asked: Asked) -> FloatArray:
    """Return the difference of each round trip from the one that arrived before it.

    The moments of sending fall out of it, so none of the precision of a small time is lost in a large one.
    """
    order = asked.in_order_of_arrival()
    part = np.cumsum(asked.begins)[order]
    differences_s: FloatArray = np.diff(asked.rtt_s[order])[np.diff(part) == 0]
    return differences_s


def interarrival_jitter_s(differences_s: FloatArray) -> FloatArray:
    """Return the jitter after each difference; it begins at 0 (RFC 3550, A.8)."""
    steps = accumulate(
        np.abs(differences_s).tolist(), lambda jitter, size: jitter + (size - jitter) / 16, initial=0.0
    )
    return np.array(list(steps)[1:], dtype=np.float64)


def neighbour_variation(differences_s: FloatArray) -> NeighbourVariation:
    """Compute the figures of the differences between neighbours."""
    if not len(differences_s):
        return NeighbourVariation()
    return NeighbourVariation(
        count=len(differences_s),
        least_s=float(differences_s.min()),
        most_s=float(differences_s.max()),
        mean_size_s=float(np.sort(np.abs(differences_s)).mean()),
    )


def delay_variation(delay_s: FloatArray) -> DelayVariation:
    """Compute the variation of delays over the least; what is not finite did not arrive."""
    ascending = np.sort(delay_s[np.isfinite(delay_s)])
    if not len(ascending):
        return DelayVariation()
    over = ascending - ascending[0]
    return DelayVariation(
        count=len(over),
        median_s=percentile(over, MEDIAN),
        p95_s=percentile(over, P95),
        p99_s=percentile(over, P99),
        p999_s=percentile(over, P999) if len(over) >= FEWEST_FOR_P999 else None,
        max_s=float(over[-1]),
    )


def jitter_figures(asked: Asked) -> JitterFigures:
    """Compute the three measures from round trips."""
    differences_s = round_trip_differences_s(asked)
    after = interarrival_jitter_s(differences_s[-_REMEMBERED:])
    return JitterFigures(
        jitter_s=float(after[-1]) if len(after) else None,
        neighbours=neighbour_variation(differences_s),
        round_trip_delay_variation=delay_variation(asked.rtt_s),
    )
