"""What is normal on a link: its usual round-trip time and how far it strays. It calls nothing.

A row is a minute's median, or a reading of its own where readings are further apart. Levels are logarithms of
seconds.

Rules:
1. The level is a Huber estimate that forgets what is older than some days: a row moves it by its
   distance, yet never by more than one deviation's worth. The deviation is a tracked median distance, at
   least half a per cent, made comparable with a standard deviation (times 1.4826).
2. While the regime that holds lies outside the usual band, nothing is learned: a fault does not become normal
   by lasting. When it has lasted a day it is the link's new normal, and learning starts from there.
3. Hours of the week learn on their own, always: what happens every Monday at nine is usual at that hour. One
   odd week does not change them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from controlroom.measure.hours_of_week import HoursOfWeek
from controlroom.measure.tracked_quantile import TrackedQuantile

MEMORY_S: Final = 2 * 86_400.0
ADOPTED_AFTER_S: Final = 86_400.0
LEARNING_ROWS: Final = 30
BAND_DEVIATIONS: Final = 4.0
LEAST_BAND: Final = 0.05
"""Five per cent: what is nearer to the usual than that is usual."""

HOUR_BAND: Final = 0.02
_LEAST_DEVIATION: Final = 0.005
_DEVIATIONS_PER_MEDIAN: Final = 1.4826
_DEVIATION_MEMORY_ROWS: Final = 2000


@dataclass(frozen=True, slots=True)
class Band:
    """What is usual now: logarithms of seconds; ``of_hour`` where the hour of the week is known by itself."""

    low: float
    level: float
    high: float
    of_hour: bool


class LearnedNormal:
    """A link's usual level, its deviation, and its hours of the week."""

    def __init__(self, row_s: float) -> None:
        """Start with nothing known; rows are ``row_s`` seconds apart."""
        self._row_s = row_s
        self._memory_rows = max(MEMORY_S / row_s, LEARNING_ROWS)
        self._hours = HoursOfWeek()
        self._odd_s = 0.0
        self._rows = 0
        self._level = 0.0
        self._distance = _unlearned()
        self._spread = _unlearned()

    @property
    def known(self) -> bool:
        """Whether enough rows were learned from."""
        return self._rows >= LEARNING_ROWS

    @property
    def settled(self) -> bool:
        """Whether a day was learned from, so that the day's own ups and downs are part of the deviation."""
        return self._rows * self._row_s >= ADOPTED_AFTER_S

    @property
    def rows_to_learn(self) -> int:
        """Return how many rows are still to be learned from until it is known and settled; 0 where it is."""
        day = math.ceil(ADOPTED_AFTER_S / self._row_s)
        return max(max(day, LEARNING_ROWS) - self._rows, 0)

    @property
    def level(self) -> float:
        """Return the usual level of all hours together, as a logarithm."""
        return self._level

    @property
    def deviation(self) -> float:
        """Return the usual deviation of the logarithm."""
        return _DEVIATIONS_PER_MEDIAN * self._distance.value

    @property
    def spread(self) -> float:
        """Return the usual distance of a reading from its row's level, as a share of the round-trip time."""
        return self._spread.value

    def step(self, at_s: float, level: float, regime_level: float, spread: float) -> None:
        """Take in a row: its level, that of the regime that holds now, and the spread within the row."""
        self._hours.step(at_s, level)
        if self.known and not self.within(regime_level):
            self._odd_s += self._row_s
            if self._odd_s < ADOPTED_AFTER_S:
                return
            self._rows, self._distance, self._spread = 0, _unlearned(), _unlearned()
        self._odd_s = 0.0
        if not self._rows:
            self._level = level
        self._rows = min(self._rows + 1, int(self._memory_rows))
        distance = level - self._level
        limit = self.deviation if self.known else 1.0
        self._level += max(-limit, min(limit, distance)) / self._rows
        self._distance.step(abs(distance))
        self._spread.step(spread)

    def within(self, level: float) -> bool:
        """Whether a level lies in the usual band of all hours together."""
        return abs(level - self._level) <= max(BAND_DEVIATIONS * self.deviation, LEAST_BAND)

    def habit(self, at_s: float, level: float) -> bool:
        """Whether a level is odd, yet what this hour of the week had in most of the last weeks."""
        return self.known and not self.within(level) and self._hours.had(at_s, level, HOUR_BAND)

    def band(self, at_s: float) -> Band | None:
        """Return what is usual at this time, by hour of the week where that is known; ``None`` at first."""
        hour = self._hours.band(at_s)
        if hour is not None:
            return Band(hour[0] - LEAST_BAND, hour[1], hour[2] + LEAST_BAND, True)
        if not self.known:
            return None
        half = max(BAND_DEVIATIONS * self.deviation, LEAST_BAND)
        return Band(self._level - half, self._level, self._level + half, False)

    def kept(self) -> dict[str, Any]:
        """Return all it knows, as numbers and lists of them."""
        return {
            "rows": self._rows,
            "level": self._level,
            "distance": [self._distance.value, self._distance.count],
            "spread": [self._spread.value, self._spread.count],
            "odd_s": self._odd_s,
            "hours": self._hours.kept(),
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what :meth:`kept` returned."""
        self._rows, self._level, self._odd_s = kept["rows"], kept["level"], kept["odd_s"]
        self._distance.value, self._distance.count = kept["distance"]
        self._spread.value, self._spread.count = kept["spread"]
        self._hours.restore(kept["hours"])


def _unlearned() -> TrackedQuantile:
    return TrackedQuantile(0.5, _DEVIATION_MEMORY_ROWS, _LEAST_DEVIATION, _LEAST_DEVIATION / 5)
