"""Whether the newest values of a series belong to the regime before them. It says nothing of what changed.

Two samples, the regime and the newest values, are compared by the kernel statistic of Harchaoui and Cappé
(2007) and Arlot, Celisse and Harchaoui (2019): how much smaller the scatter is in the kernel's feature
space when each part has a mean of its own. It feels a shift of the level, of the spread and of the shape
alike, and no single value counts for more than one, however far off it lies.

Rules:
1. The kernel is 1 / (1 + (difference / width)²). Its width is four times what the upper quarter of the values
   differs by from the value sixteen before, so that a series which wanders must move further; and never below
   ``least_width``.
2. Every number of newest values up to ``RECENT_ROWS`` is tried. The statistic must pass the threshold,
   which is 2 % higher for each value beyond three: what is far off is called after three values, what is
   near later.
3. A young regime proves little: with fewer than ``SETTLED_ROWS`` values the threshold is up to three times as
   high.
4. After a call the newest values are the new regime.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from controlroom.measure.tracked_quantile import TrackedQuantile

FloatArray = npt.NDArray[np.float64]

REGIME_ROWS: Final = 64
"""How many of the newest values are kept: at most this many, of a regime and what may follow it."""

RECENT_ROWS: Final = 16
LEAST_REGIME_ROWS: Final = 3
SETTLED_ROWS: Final = 25
YOUNG_FACTOR: Final = 2.0
PATIENCE: Final = 0.02
WIDTH_FACTOR: Final = 4.0
WANDER_LAG_ROWS: Final = 16
WANDER_MEMORY_ROWS: Final = 500

_LOWER: Final = np.tri(REGIME_ROWS, k=-1)
_RECENT: Final = np.arange(1, RECENT_ROWS + 1)
_PATIENT: Final = 1.0 + PATIENCE * np.maximum(_RECENT - 3, 0)


class RegimeTest:
    """The newest values since the last change, and how far the series usually wanders."""

    def __init__(self, threshold: float, least_width: float) -> None:
        """Start without a regime; ``threshold`` is the statistic's, ``least_width`` in the values' unit."""
        self._threshold = threshold
        self._least_width = least_width
        self._values = np.zeros(0)
        self._before: deque[float] = deque(maxlen=WANDER_LAG_ROWS)
        # Begins where the width is hardly above its least, for nothing is known yet.
        self._wander = TrackedQuantile(0.75, WANDER_MEMORY_ROWS, least_width / 2, least_width / 10)

    @property
    def values(self) -> FloatArray:
        """Return the values of the regime and of what may follow it, oldest first."""
        return self._values

    @property
    def width(self) -> float:
        """Return the kernel's width (rule 1)."""
        return float(np.hypot(WIDTH_FACTOR * self._wander.value, self._least_width))

    def step(self, value: float) -> int | None:
        """Take in a value; return how many of the newest values are a new regime, or ``None`` for none.

        The regime that ended is told by ``values`` before :meth:`restart`, which the caller owes after a
        call.
        """
        self._wander.step(abs(value - self._before[0]) if self._before else 0.0)
        self._before.append(value)
        self._values = np.append(self._values[-REGIME_ROWS + 1 :], value)
        strengths = self.strengths()
        if not len(strengths) or strengths.max() <= self._threshold:
            return None
        return int(strengths.argmax()) + 1

    def restart(self, newest: int) -> None:
        """Begin a regime with the newest values (rule 4), or with none."""
        self._values = self._values[len(self._values) - newest :].copy()

    def kept(self) -> dict[str, Any]:
        """Return all it knows, as numbers and lists of them."""
        return {
            "values": self._values.tolist(),
            "before": list(self._before),
            "wander": [self._wander.value, self._wander.count],
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what :meth:`kept` returned."""
        self._values = np.array(kept["values"], dtype=np.float64)
        self._before = deque(kept["before"], maxlen=WANDER_LAG_ROWS)
        self._wander.value, self._wander.count = kept["wander"]

    def strengths(self) -> FloatArray:
        """Return how strongly the newest 1, 2, ... values speak for a new regime (rules 2 and 3)."""
        total = len(self._values)
        tried = min(RECENT_ROWS, total - LEAST_REGIME_ROWS)
        if tried < 1:
            return np.zeros(0)
        regime = total - _RECENT[:tried]
        young = 1.0 + YOUNG_FACTOR * np.maximum(SETTLED_ROWS - regime, 0) / SETTLED_ROWS
        strengths: FloatArray = gains(self._values, self.width, tried) / (_PATIENT[:tried] * young)
        return strengths


def gains(values: Sequence[float] | FloatArray, width: float, tried: int) -> FloatArray:
    """Return the statistic for the newest 1, 2, ... ``tried`` of the values, against all before them.

    With S the sum of the kernel over all pairs of a part, and n its length, it is S/n of the older part plus
    S/n of the newer part less S/n of both together; ``tried`` is less than the number of values, which are at
    most ``REGIME_ROWS``.
    """
    series = np.asarray(values, dtype=np.float64)
    total = len(series)
    scaled = series / width
    difference = scaled[:, None] - scaled
    kernel = 1.0 / (1.0 + difference * difference)
    with_older = np.einsum("ij,ij->i", kernel, _LOWER[:total, :total])
    with_newer = kernel.sum(axis=1) - 1.0 - with_older
    whole = total + 2.0 * with_older.sum()
    newest = slice(total - 1, total - 1 - tried, -1)
    of_newer = np.cumsum(1.0 + 2.0 * with_newer[newest])
    of_older = whole - np.cumsum(1.0 + 2.0 * with_older[newest])
    recent = np.arange(1, tried + 1)
    gain: FloatArray = of_older / (total - recent) + of_newer / recent - whole / total
    return gain
