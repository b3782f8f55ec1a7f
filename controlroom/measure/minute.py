"""The round-trip times of the minute that is under way, and what they come to when it ends.

Rules:
1. A minute ends when a time outside it comes, later or, where the clock was set back, earlier.
2. Of a minute with less than a quarter of its answers nothing is told: a median of two says little.
3. At most ``MOST_VALUES`` values are held; where more come, every second one is let go, then every second of
   those, so that what is held is spread over the whole minute.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import Any, Final

MINUTE_S: Final = 60.0
MOST_VALUES: Final = 128
LEAST_SPREAD: Final = 0.002
"""Below two parts in a thousand a spread is as good as none: clocks and queues of our own make as much."""


@dataclass(frozen=True, slots=True)
class MinuteFigures:
    """A minute that ended: when it began, the median logarithm, and the logarithm of the spread around it."""

    begin_s: float
    level: float
    log_spread: float


class Minute:
    """The values of one minute."""

    __slots__ = ("_every", "_least", "_number", "_passed", "_values")

    def __init__(self, period_s: float) -> None:
        """Start empty; a value is expected every ``period_s`` seconds."""
        self._least = max(1.0, MINUTE_S / period_s / 4)
        self._number: int | None = None
        self._every = 1
        self._passed = 0
        self._values: list[float] = []

    def step(self, at_s: float, value: float) -> MinuteFigures | None:
        """Take in a value; return the figures of the minute before, where it ended with this value."""
        number = int(at_s // MINUTE_S)
        ended = None
        if number != self._number:
            ended = self._figures()
            self._start_over()
            self._number = number
        self._passed += 1
        if self._passed % self._every == 0:
            self._values.append(value)
            if len(self._values) == MOST_VALUES:
                self._values = self._values[1::2]
                self._every *= 2
        return ended

    def drop(self) -> None:
        """Forget the values so far, as when the level changed within the minute."""
        self._start_over()

    def kept(self) -> dict[str, Any]:
        """Return all it knows, as numbers and lists of them."""
        return {"number": self._number, "every": self._every, "passed": self._passed, "values": self._values}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what :meth:`kept` returned."""
        self._number, self._every, self._passed = kept["number"], kept["every"], kept["passed"]
        self._values = list(kept["values"])

    def _start_over(self) -> None:
        self._every = 1
        self._passed = 0
        self._values = []

    def _figures(self) -> MinuteFigures | None:
        if self._number is None or self._passed < self._least or not self._values:
            return None
        level = statistics.median(self._values)
        spread = statistics.median([abs(value - level) for value in self._values])
        return MinuteFigures(self._number * MINUTE_S, level, math.log(spread + LEAST_SPREAD))
