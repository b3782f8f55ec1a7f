"""The newest readings of one probe as plain numbers, for the figures of its last minutes. It judges nothing.

Rules:
1. Only readings on the beat are kept, as ``asked.py`` counts them; the oldest give way: 17 bytes each.
2. A loss that is told again as our own was neither asked nor lost.
"""

from __future__ import annotations

import numpy as np

from controlroom.measure.asked import RTT_S, Asked, asked_of
from controlroom.reading import Reading, shows_loss

_ANSWERED, _LOST, _UNMEASURED = 0, 1, 2
_KINDS: dict[bool | None, int] = {False: _ANSWERED, True: _LOST, None: _UNMEASURED}


class RecentReadings:
    """A ring of at most ``size`` readings of one probe."""

    def __init__(self, size: int, period_s: float, metric: str = RTT_S) -> None:
        """Start empty; ``metric`` is the value that is kept of each, in seconds."""
        self._period_s, self._metric = period_s, metric
        self._at_utc_s = np.zeros(size)
        self._value = np.full(size, np.nan)
        self._kind = np.zeros(size, dtype=np.uint8)
        self._taken = 0

    def __len__(self) -> int:
        """Count the readings that are kept."""
        return min(self._taken, len(self._kind))

    def take(self, reading: Reading) -> None:
        """Keep a reading on the beat in the place of the oldest (rule 1)."""
        if not reading.beat:
            return
        place = self._taken % len(self._kind)
        self._taken += 1
        self._at_utc_s[place] = reading.sent_utc_s
        self._value[place] = reading.values.get(self._metric, np.nan)
        self._kind[place] = _KINDS[shows_loss(reading.outcome, reading.reason)]

    def disbelieve(self, reading: Reading) -> None:
        """Take back a loss that was our own (rule 2)."""
        kept = slice(0, len(self))
        same = (self._at_utc_s[kept] == reading.sent_utc_s) & (self._kind[kept] == _LOST)
        self._kind[kept][same] = _UNMEASURED

    def clear(self) -> None:
        """Forget everything, as after an outage that has been told as such."""
        self._taken = 0

    def shift(self, step_s: float) -> None:
        """Tell all times by a clock that was set by so much."""
        self._at_utc_s += step_s

    def asked(self) -> Asked:
        """Return what was asked and what came of it."""
        kept = slice(0, len(self))
        kind = self._kind[kept]
        return asked_of(
            self._at_utc_s[kept],
            self._value[kept],
            kind == _LOST,
            kind == _UNMEASURED,
            period_s=self._period_s,
        )
