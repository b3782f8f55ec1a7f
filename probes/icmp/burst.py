"""Several pings of one beat told as one reading. No sockets, no clock.

Rules
1. The pings of a burst leave a fixed gap apart; all replies must come within the timeout, counted from
   the first ping, so the gap shrinks where the timeout leaves too little room.
2. One reply makes the reading a reply. Then ``rtt_s`` is the median of the round-trip times, which one
   straggler does not move; the loss is that of the pings that were really asked.
3. Jitter is the mean difference between neighbours that both came back, spread is between the quickest
   and the slowest; neither is told from fewer than two.
4. Without any reply the reading is what the network said of it, else no reply, else not run.
"""

from __future__ import annotations

import itertools
import statistics
from dataclasses import dataclass, field
from typing import Final

from controlroom.probe import Question
from controlroom.reading import PATH_MTU_BYTES, Outcome, Reading, Reason

_GAP_S: Final = 0.020
_WEIGHT: Final = (Outcome.REPLIED, Outcome.REFUSED, Outcome.NO_REPLY, Outcome.NOT_RUN)


@dataclass(frozen=True, slots=True)
class Echo:
    """How one ping of a burst ended; ``place`` is its place in the burst, ``mtu`` what a router told."""

    place: int
    outcome: Outcome
    reason: Reason
    detail: str
    rtt_s: float | None
    mtu: int = 0


@dataclass(slots=True)
class Burst:
    """The pings of one question. ``begun_*`` is when the first was sent; ``sent`` counts those that left."""

    question: Question
    size: int
    begun_utc_s: float
    begun_monotonic_s: float
    sent: int = 0
    echoes: list[Echo] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Whether every ping has ended."""
        return len(self.echoes) >= self.size

    @property
    def due_s(self) -> float:
        """When the last reply must have come, on the monotonic clock."""
        return self.begun_monotonic_s + self.question.timeout_s

    @property
    def next_s(self) -> float | None:
        """When the next ping is to leave, on the monotonic clock; None after the last (rule 1)."""
        gap_s = min(_GAP_S, self.question.timeout_s / (2 * self.size))
        return self.begun_monotonic_s + self.sent * gap_s if self.sent < self.size else None

    def reading(self) -> Reading:
        """Tell what came of the burst (rules 2 to 4)."""
        chief = min(self.echoes, key=lambda echo: (_WEIGHT.index(echo.outcome), echo.place))
        return Reading(
            self.question.probe,
            self.begun_utc_s,
            self.begun_monotonic_s,
            chief.outcome,
            chief.reason,
            self._values() if chief.outcome is Outcome.REPLIED else _told_by_router(chief),
            self.question.beat,
            chief.detail,
        )

    def _values(self) -> dict[str, float]:
        """Return the figures of a burst of which something came back."""
        asked = [echo for echo in self.echoes if echo.outcome is not Outcome.NOT_RUN]
        lost = sum(echo.outcome is not Outcome.REPLIED for echo in asked)
        values = {"burst_loss_ratio": lost / len(asked)}
        timed = {echo.place: echo.rtt_s for echo in self.echoes if echo.rtt_s is not None}
        if timed:
            values["rtt_s"] = statistics.median(timed.values())
        if len(timed) > 1:
            values["burst_spread_s"] = max(timed.values()) - min(timed.values())
        steps = [
            abs(timed[after] - timed[before])
            for before, after in itertools.pairwise(sorted(timed))
            if after == before + 1
        ]
        if steps:
            values["burst_jitter_s"] = statistics.fmean(steps)
        return values


def _told_by_router(echo: Echo) -> dict[str, float]:
    """Return the one figure that there may be without any reply."""
    return {PATH_MTU_BYTES: float(echo.mtu)} if echo.mtu else {}
