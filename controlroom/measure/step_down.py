"""Whether a radio carries less than it usually does: its modulation, profile or capacity stepped down. Pure.

A radio that adapts steps down before its link fades away, while the level still looks well: the earliest sign
of rain, a turned dish or interference.

Rules:
1. A step counts when the median of the last three values is lower than usual by a tenth at least, so that one
   odd value tells nothing; it is over when that median is back.
2. Usual is the highest that was held for three values. What lasts a day is usual from then on.
3. Nothing is told of the first ten values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

LEAST_STEP: Final = 0.1
NEW_USUAL_AFTER_S: Final = 86_400.0
_FIRST: Final = 10
_HELD: Final = 3

_RATES: Final = ("capacity_bit_per_s", "capacity_percent", "mcs_index", "modulation_qam", "profile_index")


def is_rate(metric: str) -> bool:
    """Whether a metric, by its name, tells how much a radio carries."""
    return metric.endswith(_RATES)


@dataclass(slots=True)
class StepDown:
    """Follows one such metric of one radio; times are in seconds of any one clock."""

    usual: float | None = None
    low_since_s: float | None = None
    _newest: list[float] = field(default_factory=list)
    _taken: int = 0

    def take(self, value: float, at_s: float) -> None:
        """Take the next value."""
        self._taken += 1
        self._newest = [*self._newest, value][-_HELD:]
        if len(self._newest) < _HELD:
            return
        held = sorted(self._newest)[1]
        if self.usual is None or held > self.usual:
            self.usual = held
        if held >= self.usual * (1 - LEAST_STEP):
            self.low_since_s = None
        elif self.low_since_s is None:
            self.low_since_s = at_s
        elif at_s - self.low_since_s >= NEW_USUAL_AFTER_S:
            self.usual, self.low_since_s = held, None

    def stepped(self) -> tuple[float, float] | None:
        """Return what is usual and what it is now, while it is lower (rules 1 and 3)."""
        if self.low_since_s is None or self.usual is None or self._taken <= _FIRST:
            return None
        return self.usual, sorted(self._newest)[1]
