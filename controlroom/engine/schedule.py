"""When each probe is due: a fixed beat with the phases spread. It asks nothing and reads no clock.

Rules:
1. A probe is due at its phase plus whole periods, whatever the last asking took (fixed beat).
2. Phases are spread over the period by the golden ratio, so that probes of one period never bunch,
   however many there are, and a probe added later does not move the others.
3. Beats that passed while nobody looked are skipped and counted, never caught up in a burst.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

_GOLDEN = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Due:
    """A probe whose time has come: which, and when exactly it was due (monotonic seconds)."""

    index: int
    at_s: float


class Schedule:
    """The beats of all probes, by their place in the list of periods."""

    def __init__(self, periods_s: Sequence[float], start_s: float) -> None:
        """Spread the first beats over one period each, beginning at ``start_s`` (monotonic)."""
        self._periods_s = list(periods_s)
        self._beats = [
            (start_s + (index * _GOLDEN % 1.0) * period_s, index)
            for index, period_s in enumerate(self._periods_s)
        ]
        heapq.heapify(self._beats)
        self.missed = 0

    def next_s(self) -> float | None:
        """Return when the next probe is due, or ``None`` when there is none at all."""
        return self._beats[0][0] if self._beats else None

    def due(self, now_s: float) -> list[Due]:
        """Return the probes that are due by now, in order, and set their next beats."""
        due: list[Due] = []
        while self._beats and self._beats[0][0] <= now_s:
            at_s, index = self._beats[0]
            period_s = self._periods_s[index]
            late = int((now_s - at_s) / period_s)
            self.missed += late
            latest_s = at_s + late * period_s
            heapq.heapreplace(self._beats, (latest_s + period_s, index))
            due.append(Due(index, latest_s))
        return due
