"""Whether single round-trip times run off to one side of a level. It knows no level of its own.

A clipped two-sided CUSUM (E. S. Page, 1954) of the logarithm of round-trip times.

Rules:
1. A value counts by its distance from the level, in units of the distance that only every twentieth value
   passes, and never for more than ``CLIP`` of them: a few replies that come very late prove nothing.
2. What exceeds ``SLACK`` adds up, what falls short takes off. So it needs values that are beyond nearly
   everything usual, for as long as the threshold asks; what is smaller is left to the test of regimes.
3. The unit is not learned while a run is half-way to a call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from controlroom.measure.tracked_quantile import TrackedQuantile

SLACK: Final = 1.5
CLIP: Final = 3.5
UNIT_SHARE: Final = 0.95
UNIT_MEMORY: Final = 1800
LEAST_UNIT: Final = 0.01
"""One per cent: smaller changes of the round-trip time are nobody's trouble."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is certain: since when, and how many values it holds, at least one."""

    since_s: float
    readings: int


class LatencyCusum:
    """The two sums, when their runs began, and how far values usually lie from the level."""

    __slots__ = (
        "_above",
        "_above_readings",
        "_above_since_s",
        "_below",
        "_below_readings",
        "_below_since_s",
        "_threshold",
        "_unit",
    )

    def __init__(self, threshold: float) -> None:
        """Start with nothing summed up; ``threshold`` is in units (rule 1)."""
        self._threshold = threshold
        self._unit = TrackedQuantile(UNIT_SHARE, UNIT_MEMORY, 5 * LEAST_UNIT, LEAST_UNIT / 2)
        self.restart()

    def restart(self) -> None:
        """Forget both runs, as at a new level or after a gap."""
        self._above = self._below = 0.0
        self._above_since_s = self._below_since_s = 0.0
        self._above_readings = self._below_readings = 0

    def step(self, at_s: float, value: float, level: float) -> Run | None:
        """Take in the logarithm of a round-trip time; return a run that is now certain.

        The sums begin anew then. On which side the run lay is told by the values themselves.
        """
        distance = value - level
        unit = self._unit.value if self._unit.value > LEAST_UNIT else LEAST_UNIT
        scaled = distance / unit
        above = self._above + (scaled if scaled < CLIP else CLIP) - SLACK
        below = self._below - (scaled if scaled > -CLIP else -CLIP) - SLACK
        if above <= 0.0:
            above = 0.0
        elif self._above == 0.0:
            self._above_since_s, self._above_readings = at_s, 1
        else:
            self._above_readings += 1
        if below <= 0.0:
            below = 0.0
        elif self._below == 0.0:
            self._below_since_s, self._below_readings = at_s, 1
        else:
            self._below_readings += 1
        self._above, self._below = above, below
        highest = above if above > below else below
        if highest + highest < self._threshold:
            self._unit.step(distance if distance >= 0.0 else -distance)
        if highest <= self._threshold:
            return None
        if above > below:
            run = Run(self._above_since_s, self._above_readings)
        else:
            run = Run(self._below_since_s, self._below_readings)
        self.restart()
        return run

    def kept(self) -> dict[str, Any]:
        """Return all it knows, as numbers and lists of them."""
        return {
            "above": [self._above, self._above_since_s, self._above_readings],
            "below": [self._below, self._below_since_s, self._below_readings],
            "unit": [self._unit.value, self._unit.count],
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what :meth:`kept` returned."""
        self._above, self._above_since_s, self._above_readings = kept["above"]
        self._below, self._below_since_s, self._below_readings = kept["below"]
        self._unit.value, self._unit.count = kept["unit"]
