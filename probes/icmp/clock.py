"""Notices when the wall clock is set while questions are open. It sets nothing and corrects nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

# Slewing moves both clocks alike, so their difference changes by steps alone.
_SMALLEST_STEP_NS: Final = 100_000
_TRIES: Final = 4


class StepWatch:
    """Compares the wall clock, in which the kernel stamps packets, with the monotonic clock.

    ``epoch`` grows by one with every step found. Two wall stamps may be subtracted only when both lie
    before a look that still finds the epoch in which the first of them was taken.
    """

    def __init__(self, wall_ns: Callable[[], int], monotonic_s: Callable[[], float]) -> None:
        """Take the present difference of the clocks as the right one."""
        self._wall_ns = wall_ns
        self._monotonic_s = monotonic_s
        self.epoch = 0
        self._offset_ns, _ = self._measure()

    def look(self) -> None:
        """Compare the clocks now and begin a new epoch when the wall clock was stepped."""
        offset_ns, uncertainty_ns = self._measure()
        if abs(offset_ns - self._offset_ns) > _SMALLEST_STEP_NS + uncertainty_ns:
            self.epoch += 1
            self._offset_ns = offset_ns

    def _measure(self) -> tuple[int, int]:
        """Return wall minus monotonic and how far that may be off, both in nanoseconds.

        Being interrupted between the readings widens the uncertainty, so the narrowest of a few counts.
        """
        best = (0, 1 << 62)
        for _ in range(_TRIES):
            before_ns = round(self._monotonic_s() * 1e9)
            wall_ns = self._wall_ns()
            width_ns = round(self._monotonic_s() * 1e9) - before_ns
            if width_ns < best[1]:
                best = (wall_ns - before_ns - width_ns // 2, width_ns)
            if width_ns < _SMALLEST_STEP_NS // 2:
                break
        return best
