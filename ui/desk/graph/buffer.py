"""One series in the GUI thread: history loaded once, live readings put behind it. Pure.

The newest reading is the one sent last, also after the clock was set back, when older ones carry later times.
Where history is so old, or the range so long, that there are no readings to draw, buckets stand for them.
"""

from __future__ import annotations

import numpy as np

from controlroom.reading import Outcome, Reading, SeriesKey, shows_loss
from controlroom.store.codes import OUTCOME_CODE, OUTCOMES, unmeasured_codes
from controlroom.store.interface import Samples
from ui.desk.graph.buckets import NO_BUCKETS, Buckets
from ui.desk.graph.columns import Readings

_ROOM = 1024
_LATE_S = 60.0
"""The longest timeout: what is told so long after a newer one, or sooner, is late. What seems to be later
still was sent after the clock was set back."""

_NOT_RUN = OUTCOME_CODE[Outcome.NOT_RUN]
"""Also of what a living endpoint turned away, and of what was lost by our own fault: nothing is known of that
time, and the endpoint lost nothing."""


class SeriesBuffer:
    """Grows at its end and forgets at its beginning."""

    def __init__(self, series: SeriesKey) -> None:
        """Begin without readings."""
        self.series = series
        self.buckets = NO_BUCKETS
        self._count = 0
        self._at = np.empty(_ROOM)
        self._value = np.empty(_ROOM)
        self._outcome = np.empty(_ROOM, dtype=np.uint8)
        self._newest_utc_s: float | None = None

    def load(self, samples: Samples, buckets: Buckets = NO_BUCKETS) -> None:
        """Take history; live readings that are newer than it stay behind it."""
        self.buckets = buckets
        live = self.readings()
        beat = samples.beat
        at, value = samples.at_utc_s[beat], samples.value[beat]
        turned_away = unmeasured_codes(samples.outcome[beat], samples.reason[beat])
        outcome = np.where(turned_away, _NOT_RUN, samples.outcome[beat])
        newer = live.at_utc_s > (at[-1] if len(at) else float("-inf"))
        self._at = np.append(at, live.at_utc_s[newer])
        self._value = np.append(value, live.value[newer])
        self._outcome = np.append(outcome, live.outcome[newer]).astype(np.uint8)
        self._count = len(self._at)
        if not newer.any():
            self._newest_utc_s = float(self._at[-1]) if self._count else None

    def append(self, reading: Reading) -> bool:
        """Put a live reading in its place; return whether it belongs here and tells something new.

        Mostly that is the end. A loss is known only at its deadline, when later questions may have been
        answered long since, and a clock that was set back sends everything into the past. One that is told
        again takes the place of the one told first.
        """
        if reading.probe != self.series.probe or not reading.beat:
            return False
        place = int(np.searchsorted(self._at[: self._count], reading.sent_utc_s))
        if place < self._count and self._at[place] == reading.sent_utc_s:
            return reading.corrects and self._take_back(place)
        if self._count == len(self._at):
            self._grow()
        for column in (self._at, self._value, self._outcome):
            column[place + 1 : self._count + 1] = column[place : self._count].copy()
        self._at[place] = reading.sent_utc_s
        self._value[place] = reading.values.get(self.series.metric, float("nan"))
        unmeasured = shows_loss(reading.outcome, reading.reason) is None
        self._outcome[place] = _NOT_RUN if unmeasured else OUTCOME_CODE[reading.outcome]
        self._count += 1
        newest_s = self._newest_utc_s
        if newest_s is None or not newest_s - _LATE_S <= reading.sent_utc_s < newest_s:
            self._newest_utc_s = reading.sent_utc_s
        return True

    def _take_back(self, place: int) -> bool:
        """Let a loss say nothing any more; return whether it did until now."""
        said = OUTCOMES[self._outcome[place]] in (Outcome.NO_REPLY, Outcome.REFUSED)
        if said:
            self._outcome[place] = _NOT_RUN
        return said

    def forget_before(self, utc_s: float) -> None:
        """Drop what is older; called seldom, for it copies."""
        first = int(np.searchsorted(self._at[: self._count], utc_s))
        if first > _ROOM:
            kept = slice(first, self._count)
            self._at, self._value = self._at[kept].copy(), self._value[kept].copy()
            self._outcome = self._outcome[kept].copy()
            self._count -= first
            if self._newest_utc_s is not None and self._newest_utc_s < utc_s:
                self._newest_utc_s = float(self._at[self._count - 1]) if self._count else None

    def readings(self) -> Readings:
        """Return what there is, oldest first."""
        kept = slice(0, self._count)
        return Readings(self._at[kept], self._value[kept], self._outcome[kept])

    def newest(self) -> tuple[float | None, Outcome | None]:
        """Return the newest value, if it has one, and the newest outcome, if there is one."""
        if self._newest_utc_s is None:
            return None, None
        place = int(np.searchsorted(self._at[: self._count], self._newest_utc_s))
        value = float(self._value[place])
        return value if np.isfinite(value) else None, OUTCOMES[self._outcome[place]]

    def newest_utc_s(self) -> float | None:
        """Return when the newest reading was sent."""
        return self._newest_utc_s

    def _grow(self) -> None:
        room = max(_ROOM, self._count)
        self._at = np.append(self._at, np.empty(room))
        self._value = np.append(self._value, np.empty(room))
        self._outcome = np.append(self._outcome, np.empty(room, dtype=np.uint8))
