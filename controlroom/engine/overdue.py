"""Questions that are late: told as lost before their deadline, and cleared by an answer after all.

Rules:
1. A question that is not answered within its patience is told as lost, so that an outage is certain
   soon; it stays open until the deadline that the site allows. Every re-probe has a patience, and the beat
   of a probe that answers, once it is known how long its answers take.
2. Its answer within that deadline is told all the same, and clears the suspicion: congestion that the
   site accepts is no outage.
3. Its loss at the deadline is told only where it was not told before; that of a beat, which counts for the
   loss ratio, is told as one that was told.
Its readings are matched by the time they were sent, which the prober may stamp a moment later.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass

from controlroom.reading import Outcome, ProbeKey, Reading, Reason, Telling


@dataclass(slots=True)
class _Open:
    sent_s: float
    beat: bool
    told: bool = False


class Overdue:
    """The questions that are open, and which of them have run out of patience."""

    def __init__(self) -> None:
        """Nothing is open."""
        self._open: defaultdict[ProbeKey, list[_Open]] = defaultdict(list)
        self._patience: list[tuple[float, int, ProbeKey, _Open]] = []
        self._count = 0

    def sent(self, key: ProbeKey, now_s: float, patience_s: float, *, beat: bool = False) -> None:
        """Note that a question leaves now and how long to be patient (monotonic seconds)."""
        asked = _Open(now_s, beat)
        self._open[key].append(asked)
        self._count += 1
        heapq.heappush(self._patience, (now_s + patience_s, self._count, key, asked))

    def closed(self, reading: Reading) -> bool:
        """Note that a question was answered or is over; return whether its reading is to be told.

        That of a beat is told in any case, and marked as told where this is false.
        """
        asked = self._open.get(reading.probe, ())
        alike = [one for one in asked if one.beat is reading.beat]
        if not alike:
            return True
        match = min(alike, key=lambda one: abs(one.sent_s - reading.sent_monotonic_s))
        self._open[reading.probe].remove(match)
        if not self._open[reading.probe]:
            del self._open[reading.probe]
        return not (match.told and reading.outcome is Outcome.NO_REPLY)

    def forget(self, key: ProbeKey) -> None:
        """Drop the open questions of a probe that asks no longer, or something else."""
        self._open.pop(key, None)

    def due(self, now_s: float, now_utc_s: float) -> list[Reading]:
        """Return a loss for every question whose patience has just run out."""
        lost: list[Reading] = []
        while self._patience and self._patience[0][0] <= now_s:
            _, _, key, asked = heapq.heappop(self._patience)
            if any(asked is one for one in self._open.get(key, ())):
                asked.told = True
                sent_utc_s = now_utc_s - (now_s - asked.sent_s)
                lost.append(
                    Reading(
                        key,
                        sent_utc_s,
                        asked.sent_s,
                        Outcome.NO_REPLY,
                        Reason.DEADLINE,
                        beat=asked.beat,
                        telling=Telling.OVERDUE,
                    )
                )
        return lost
