"""How high thresholds must be for at most one false call of a link in so many days. Data and lines.

Rules:
1. A link's one false call in ``false_call_days`` is shared evenly by ``PARTS`` tests: of level and of
   spread by regimes, of runs, and of loss. Where readings are rows themselves, the first two are one test
   with two parts.
2. The thresholds come from series without any change, on which ``python -m
   tests.bench.detection_calibration`` counts calls. The tables hold the worst kind that the promise is
   given for: rows that wander with a correlation of 0.95 from one to the next for regimes; lognormal
   queueing with that correlation from one reading to the next for runs.
3. Between the tables' lines, and beyond their ends, the logarithm of the distance grows evenly with the
   threshold.
4. Loss needs no table: see ``loss_cusum``.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

DAY_S: Final = 86_400.0
PARTS: Final = 4

REGIME_TABLE: Final = ((3.5, 2_600.0), (4.0, 6_500.0), (4.5, 16_000.0), (5.0, 38_000.0), (5.5, 90_000.0))
"""Thresholds of the regime test, and rows between two false calls.

Counted on 800,000 rows: 305, 122, 50, 21 and 6 calls; the last, being few, by the line through the others.
"""

RUN_TABLE: Final = ((10.0, 6_300.0), (20.0, 26_000.0), (30.0, 86_000.0), (40.0, 266_000.0), (50.0, 880_000.0))
"""Thresholds of the CUSUM of runs, and readings between two false calls.

Counted on 8 million readings: 1,257, 300, 93, 30 and 9 calls.
"""


def regime_threshold(false_call_days: float, row_s: float, parts: int = 1) -> float:
    """Return the threshold of the regime test for rows ``row_s`` apart, with this many of the parts."""
    return _threshold(REGIME_TABLE, false_call_days * DAY_S / row_s * PARTS / parts)


def run_threshold(false_call_days: float, period_s: float) -> float:
    """Return the threshold of the CUSUM of runs for readings ``period_s`` apart."""
    return _threshold(RUN_TABLE, false_call_days * DAY_S / period_s * PARTS)


def loss_log_probes(false_call_days: float, period_s: float) -> float:
    """Return the logarithm of the probes that lie between two false calls of the test of loss."""
    return math.log(max(false_call_days * DAY_S / period_s * PARTS, math.e))


def _threshold(table: tuple[tuple[float, float], ...], between: float) -> float:
    thresholds = np.array([line[0] for line in table])
    logarithms = np.log([line[1] for line in table])
    wished = math.log(max(between, 1.0))
    place = int(np.clip(np.searchsorted(logarithms, wished), 1, len(table) - 1))
    slope = (thresholds[place] - thresholds[place - 1]) / (logarithms[place] - logarithms[place - 1])
    threshold = float(thresholds[place] + slope * (wished - logarithms[place]))
    return max(threshold, float(thresholds[0]) / 2)
