"""A quantile of positive values that come one by one, kept in two numbers. It holds none of the values.

Rules:
1. Each value moves the figure by a share of itself: up where the value is larger, down where it is not,
   weighted so that it rests where the wished share of the values lies below it (stochastic approximation,
   Robbins and Monro, 1951).
2. The first values move it far, later ones by one part in ``memory``: it forgets what is several times older.
3. It never falls below ``least``, so that it recovers within a few times ``memory`` from a stretch
   without any variation.
"""

from __future__ import annotations


class TrackedQuantile:
    """The value below which a ``share`` of the newest values lies, at least ``least``."""

    __slots__ = ("_down", "_least", "_memory", "_up", "count", "value")

    def __init__(self, share: float, memory: int, start: float, least: float) -> None:
        """Begin at ``start``; ``share`` lies between 0 and 1, ``memory`` counts values."""
        self._up = 2 * share
        self._down = 2 * (1 - share)
        self._memory = memory
        self._least = least
        self.value = start
        self.count = 0

    def step(self, value: float) -> None:
        """Take in one value, which is finite and not negative."""
        if self.count < self._memory:
            self.count += 1
        part = self.value / (self.count + 1)
        if value > self.value:
            self.value += part * self._up
        else:
            self.value = max(self.value - part * self._down, self._least)
