"""Series on which nothing ever changes, of the kinds that make detectors cry wolf; made from a seed.

Round-trip times are told as the logarithm of seconds around 20 ms; loss as true for a lost probe.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Make = Callable[[int, np.random.Generator, float], FloatArray]

DAY_S: Final = 86_400.0
_MIDDLE: Final = math.log(0.020)


def round_trips(name: str, rows: int, seed: int, period_s: float) -> FloatArray:
    """Return one of ``ROUND_TRIPS``, ``rows`` values that lie ``period_s`` apart."""
    return _MIDDLE + ROUND_TRIPS[name](rows, np.random.default_rng(seed), period_s)


def independent_losses(rows: int, seed: int, ratio: float) -> BoolArray:
    """Return losses that know nothing of each other."""
    return np.random.default_rng(seed).random(rows) < ratio


def bursty_losses(rows: int, seed: int, begin: float = 0.02, end: float = 0.5) -> BoolArray:
    """Return Gilbert's losses: from one probe to the next a burst begins or ends with these probabilities."""
    chance = np.random.default_rng(seed).random(rows)
    lost = np.zeros(rows, dtype=np.bool_)
    inside = False
    for row in range(rows):
        inside = chance[row] >= end if inside else chance[row] < begin
        lost[row] = inside
    return lost


def wandering(rows: int, chance: np.random.Generator, keeps: float) -> FloatArray:
    """Return a first-order autoregressive series of deviation 1; ``keeps`` is its correlation by row."""
    steps = chance.standard_normal(rows) * math.sqrt(1 - keeps * keeps)
    values = steps.tolist()
    for row in range(1, rows):
        values[row] += keeps * values[row - 1]
    return np.array(values)


def _busy_by_day(rows: int, period_s: float) -> FloatArray:
    """Return 0 by night and up to 1 at the busiest time of a day."""
    busy: FloatArray = np.maximum(0.0, np.sin(2 * np.pi * np.arange(rows) * period_s / DAY_S))
    return busy


def _with_spikes(rows: int, chance: np.random.Generator) -> FloatArray:
    spikes = np.where(chance.random(rows) < 0.05, chance.exponential(1.0, rows), 0.0)
    return 0.01 * chance.standard_normal(rows) + spikes


def _by_day(rows: int, chance: np.random.Generator, period_s: float) -> FloatArray:
    busy = _busy_by_day(rows, period_s)
    return 0.3 * busy + np.log1p(0.1 * chance.exponential(size=rows) * (1 + busy))


ROUND_TRIPS: Final[dict[str, Make]] = {
    "even, 2 %": lambda rows, chance, _: 0.02 * chance.standard_normal(rows),
    "heavy tail (t, 2 degrees)": lambda rows, chance, _: 0.03 * chance.standard_t(2, rows),
    "queueing (exponential)": lambda rows, chance, _: np.log1p(0.3 * chance.exponential(size=rows)),
    "lognormal queueing": lambda rows, chance, _: np.log1p(0.3 * np.exp(1.2 * chance.standard_normal(rows))),
    "spikes, every 20th": lambda rows, chance, _: _with_spikes(rows, chance),
    "whole milliseconds": lambda rows, chance, _: np.log(
        np.round(20 * np.exp(0.02 * chance.standard_normal(rows))) / 20
    ),
    "correlated 0.5": lambda rows, chance, _: 0.05 * wandering(rows, chance, 0.5),
    "correlated 0.8": lambda rows, chance, _: 0.05 * wandering(rows, chance, 0.8),
    "correlated 0.9": lambda rows, chance, _: 0.05 * wandering(rows, chance, 0.9),
    "correlated 0.95": lambda rows, chance, _: 0.05 * wandering(rows, chance, 0.95),
    "by day, heavy": _by_day,
}
