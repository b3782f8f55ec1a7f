"""Well-known detectors that ours is measured against. All but the yardstick are online.

Each takes a labelled series and returns the rows at which it calls a change. They pass over rows without a
round-trip time, and after a call they learn anew.
"""

from __future__ import annotations

import importlib
import math
from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from tests.bench.labelled_trace import LabelledTrace

Detector = Callable[[LabelledTrace], list[int]]

WARM_UP_ROWS: Final = 30
_DEVIATIONS_PER_MAD: Final = 1.4826
_LEARN_EVERY_ROWS: Final = 5
_LEAST_DEVIATION_S: Final = 0.002
_LEAST_LOG_DEVIATION: Final = 0.005
"""Least deviations, without which a quiet regime makes everything a change."""


def mean_cusum(trace: LabelledTrace, slack: float = 0.5, threshold: float = 8.0) -> list[int]:
    """Two-sided CUSUM of the round-trip time, in standard deviations of the regime so far."""

    def learn(values: list[float]) -> tuple[float, float]:
        return float(np.mean(values)), max(float(np.std(values)), _LEAST_DEVIATION_S)

    answered = [(row, rtt_s) for row, rtt_s in enumerate(trace.rtt_s) if rtt_s is not None]
    return _cusum(iter(answered), learn, slack, threshold, clip=math.inf)


def clipped_log_cusum(trace: LabelledTrace, slack: float = 1.0, threshold: float = 12.0) -> list[int]:
    """Two-sided CUSUM of the logarithm, by median and median absolute deviation, clipped at three of them."""

    def learn(values: list[float]) -> tuple[float, float]:
        middle = float(np.median(values))
        deviation = _DEVIATIONS_PER_MAD * float(np.median(np.abs(np.array(values) - middle)))
        return middle, max(deviation, _LEAST_LOG_DEVIATION)

    return _cusum(_logarithms(trace), learn, slack, threshold, clip=3.0)


def three_in_agreement(trace: LabelledTrace, deviations: float = 6.0, least: float = 0.01) -> list[int]:
    """Call a change when three rows in a row lie beyond the same side of the last sixty rows' median."""
    calls: list[int] = []
    regime: deque[float] = deque(maxlen=60)
    beyond: list[float] = []
    for row, value in _logarithms(trace):
        side = 0.0
        if len(regime) >= 10:
            known = np.array(regime)
            middle = float(np.median(known))
            spread = _DEVIATIONS_PER_MAD * float(np.median(np.abs(known - middle)))
            if abs(value - middle) > max(deviations * spread, least):
                side = math.copysign(1.0, value - middle)
        agrees = side and (not beyond or math.copysign(1.0, beyond[0] - float(np.median(regime))) == side)
        if agrees:
            beyond.append(value)
        else:
            regime.extend(beyond)
            beyond = [value] if side else []
            if not side:
                regime.append(value)
        if len(beyond) == 3:
            calls.append(row)
            regime.clear()
            regime.extend(beyond)
            beyond = []
    return calls


def kernel_pelt(trace: LabelledTrace, penalty: float) -> list[int] | None:
    """Segment the whole series at once (ruptures' KernelCPD, rbf on the logarithm): a yardstick, not online.

    ``None`` where the package is not installed.
    """
    try:
        ruptures = importlib.import_module("ruptures")
    except ModuleNotFoundError:
        return None
    rows, values = zip(*_logarithms(trace), strict=True)
    ends = ruptures.KernelCPD(kernel="rbf", min_size=2).fit(np.array(values)[:, None]).predict(pen=penalty)
    return [rows[end] for end in ends[:-1]]


def _logarithms(trace: LabelledTrace) -> Iterator[tuple[int, float]]:
    return ((row, math.log(rtt_s)) for row, rtt_s in enumerate(trace.rtt_s) if rtt_s)


def _cusum(
    rows: Iterator[tuple[int, float]],
    learn: Callable[[list[float]], tuple[float, float]],
    slack: float,
    threshold: float,
    clip: float,
) -> list[int]:
    calls: list[int] = []
    regime: list[float] = []
    middle, deviation, above, below = 0.0, 1.0, 0.0, 0.0
    for row, value in rows:
        if len(regime) >= WARM_UP_ROWS:
            scaled = min(max((value - middle) / deviation, -clip), clip)
            above = max(0.0, above + scaled - slack)
            below = max(0.0, below - scaled - slack)
        regime.append(value)
        if max(above, below) > threshold:
            calls.append(row)
            regime, above, below = [], 0.0, 0.0
        elif len(regime) % _LEARN_EVERY_ROWS == 0:
            middle, deviation = learn(regime)
    return calls
