"""When each probe is due: a fixed beat with the phases spread. It asks nothing and reads no clock.

Rules:
1. A probe is due at its phase plus whole periods, whatever the last asking took (fixed beat).
2. Phases are spread over the period by the golden ratio, so that probes of one period never bunch,
   however many there are, and a probe added later does not move the others.
3. When the site changes, a probe of the same period keeps its next beat to the instant.
4. The schedule is looked at often enough that what leaves at once is small, and no oftener: with a
   thousand beats a second, waking up would cost more than asking.
5. Beats that passed while nobody looked are skipped and counted, never caught up in a burst.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

_LOOK_S = 0.02
_QUICK_LOOK_S = 0.01
_QUICK_FROM_PER_S = 2000.0
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
        self._periods_s: list[float] = []
        self._beats: list[tuple[float, int]] = []
        self.missed = 0
        self.adopt(periods_s, [None] * len(periods_s), start_s)

    def adopt(self, periods_s: Sequence[float], places: Sequence[int | None], now_s: float) -> None:
        """Go on with other probes: ``places`` tells for each the place it had before, if it had one."""
        next_s = {index: at_s for at_s, index in self._beats}
        before = self._periods_s
        self._periods_s = list(periods_s)
        self._beats = []
        for index, (period_s, place) in enumerate(zip(periods_s, places, strict=True)):
            keeps = place is not None and before[place] == period_s
            phase_s = (index * _GOLDEN % 1.0) * period_s
            at_s = next_s[place] if place is not None and keeps else now_s + phase_s
            self._beats.append((at_s, index))
        heapq.heapify(self._beats)

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


def look_every_s(beats_per_s: float) -> float:
    """Return how long to wait between two looks at the schedule (rule 4)."""
    return _QUICK_LOOK_S if beats_per_s >= _QUICK_FROM_PER_S else _LOOK_S
