"""Askings off the beat, within a budget for the whole engine. It sends nothing itself.

Rules:
1. At most ``per_second`` re-probes leave in any second, so that a thousand failures at once do not
   become a flood; the rest are confirmed on the beat.
2. When the budget is short, the more urgent go first (anchors are the most urgent of all).
3. A probe that waits to be asked again already is not queued a second time: what it will say serves
   everybody who wished to know.
4. A re-probe that could not leave within ``TOO_LATE_S`` of its time is dropped and counted.
"""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field

from controlroom.engine.effects import Reprobe
from controlroom.reading import ProbeKey

TOO_LATE_S = 10.0


@dataclass(frozen=True, slots=True, order=True)
class Waiting:
    """One asking that waits for its time."""

    at_s: float
    urgency: int
    reprobe: Reprobe = field(compare=False)


class ReprobeQueue:
    """The askings that wait, and the budget that lets them go."""

    def __init__(self, per_second: int) -> None:
        """Start with a full budget."""
        self._per_second = per_second
        self._allowance = float(per_second)
        self._filled_s: float | None = None
        self._waiting: list[Waiting] = []
        self._count: Counter[ProbeKey] = Counter()
        self.dropped = 0

    def wish(self, reprobe: Reprobe, now_s: float) -> None:
        """Queue the attempts of a re-probe, spaced as it asks, unless it waits already (rule 3)."""
        if self._count[reprobe.probe] >= reprobe.attempts:
            return
        for attempt in range(reprobe.attempts):
            at_s = now_s + reprobe.first_s + attempt * reprobe.spacing_s
            heapq.heappush(self._waiting, Waiting(at_s, reprobe.urgency, reprobe))
        self._count[reprobe.probe] += reprobe.attempts

    def due(self, now_s: float) -> list[Reprobe]:
        """Return the re-probes that may leave now, in the order of their times (rules 1, 2 and 4)."""
        self._fill(now_s)
        ready: list[Waiting] = []
        while self._waiting and self._waiting[0].at_s <= now_s:
            ready.append(heapq.heappop(self._waiting))
        ready.sort(key=lambda waiting: (waiting.urgency, waiting.at_s))
        leaving = ready[: int(self._allowance)]
        self._allowance -= len(leaving)
        for waiting in ready[len(leaving) :]:
            if now_s - waiting.at_s < TOO_LATE_S:
                heapq.heappush(self._waiting, waiting)
            else:
                self.dropped += 1
                self._gone(waiting)
        for waiting in leaving:
            self._gone(waiting)
        return [waiting.reprobe for waiting in sorted(leaving, key=lambda waiting: waiting.at_s)]

    def _gone(self, waiting: Waiting) -> None:
        key = waiting.reprobe.probe
        self._count[key] -= 1
        if not self._count[key]:
            del self._count[key]

    def _fill(self, now_s: float) -> None:
        if self._filled_s is not None:
            gained = (now_s - self._filled_s) * self._per_second
            self._allowance = min(float(self._per_second), self._allowance + gained)
        self._filled_s = now_s
