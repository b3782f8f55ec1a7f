"""What each hour of the week usually looks like on a link, from the last weeks. It judges nothing.

Rules:
1. An hour's figure is the median of its rows, one a week; of each hour the last ``WEEKS`` weeks are kept.
2. An hour is known from the third week on. Its level is the median of the weeks', so that one odd week
   changes nothing; what lies within the weeks' own range, or near it, is usual.
3. Hours are those of UTC: where clocks go forward, an hour's habits are off by one until three weeks have
   passed.
"""

from __future__ import annotations

import statistics
from typing import Any, Final

import numpy as np

WEEKS: Final = 4
LEAST_WEEKS: Final = 3
HOURS: Final = 168
HOUR_S: Final = 3600.0
_MOST_ROWS: Final = 60
_LEAST_ROWS: Final = 5


class HoursOfWeek:
    """The levels of the week's hours, as float32: 2.7 KB."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._levels = np.full((HOURS, WEEKS), np.nan, dtype=np.float32)
        self._hour: int | None = None
        self._rows: list[float] = []

    def step(self, at_s: float, level: float) -> None:
        """Take in a row's level at a wall-clock time, in seconds since 1970 (UTC)."""
        hour = int(at_s // HOUR_S)
        if hour != self._hour:
            if self._hour is not None and len(self._rows) >= _LEAST_ROWS:
                slot = self._levels[self._hour % HOURS]
                slot[1:] = slot[:-1].copy()
                slot[0] = statistics.median(self._rows)
            self._hour, self._rows = hour, []
        if len(self._rows) < _MOST_ROWS:
            self._rows.append(level)

    def band(self, at_s: float) -> tuple[float, float, float] | None:
        """Return the lowest, the median and the highest level of this hour; ``None`` until it is known."""
        weeks = self._levels[int(at_s // HOUR_S) % HOURS]
        known = weeks[np.isfinite(weeks)]
        if len(known) < LEAST_WEEKS:
            return None
        return float(known.min()), float(np.median(known)), float(known.max())

    def had(self, at_s: float, level: float, within: float) -> bool:
        """Whether this hour had a level as near as ``within`` in at least ``LEAST_WEEKS`` of the weeks."""
        weeks = self._levels[int(at_s // HOUR_S) % HOURS]
        return int((np.abs(weeks - level) <= within).sum()) >= LEAST_WEEKS

    def kept(self) -> dict[str, Any]:
        """Return all it knows, as numbers and lists of them; ``None`` stands for a week without a level."""
        levels = [[float(level) if np.isfinite(level) else None for level in row] for row in self._levels]
        return {"levels": levels, "hour": self._hour, "rows": list(self._rows)}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what :meth:`kept` returned."""
        self._levels = np.array(kept["levels"], dtype=np.float32)
        self._hour, self._rows = kept["hour"], list(kept["rows"])
