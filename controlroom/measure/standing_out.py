"""Whether the last minute of a link stands out for the worse from the minutes before. It grades nothing.

It costs a twentieth of the figures themselves, which so need be computed of the minute only where they could
come to another grade. Rules:
1. More than one was lost, and of as many more in proportion than in the whole, by a quarter or more. One lost
   in a minute shows nothing.
2. Or the mean round trip, or that of 95 %, is longer by a quarter or more.
3. Jitter needs no look: it is a running mean that follows the newest readings by itself.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from controlroom.measure.asked import Asked
from controlroom.measure.figures import LinkFigures

BY: Final = 1.25
_FEWEST_LOST: Final = 2


def stands_out(minute: Asked, whole: LinkFigures) -> bool:
    """Return whether what was asked in the last minute is worse than the whole window it ends."""
    lost, loss = int(np.count_nonzero(minute.lost)), whole.losses.loss
    if lost >= _FEWEST_LOST and loss.ratio is not None and lost / len(minute) >= BY * loss.ratio:
        return True
    answered = np.sort(minute.rtt_s[np.isfinite(minute.rtt_s)])
    mean_s, p95_s = whole.latency.mean_s, whole.latency.p95_s
    if not len(answered) or mean_s is None or p95_s is None:
        return False
    slowest_s = answered[int(0.95 * (len(answered) - 1))]
    return bool(answered.mean() >= BY * mean_s or slowest_s >= BY * p95_s)
