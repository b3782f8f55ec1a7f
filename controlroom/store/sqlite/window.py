"""The seconds of about ten minutes, while they come in. Pure: no SQL, no clock, no keys.

A window ends with the ``WINDOW_SECONDS``-th second, or when its seconds' own times lie ``WINDOW_SPAN_US``
apart in either direction: after a gap, a sleep or a clock that was set, a chunk covers no more than that.
"""

from __future__ import annotations

from typing import Final

from controlroom.store.sqlite.columns import Columns

WINDOW_SECONDS: Final = 600
WINDOW_SPAN_US: Final = 600_000_000


class Window:
    """Seconds that are still coming in: their keys, times and readings."""

    def __init__(self) -> None:
        """Begin empty."""
        self.keys: list[int] = []
        self.at_us: list[int] = []
        self.columns: list[Columns] = []

    def takes(self, at_us: int) -> bool:
        """Tell whether a second of this time still belongs to the window."""
        if not self.keys:
            return True
        return len(self.keys) < WINDOW_SECONDS and abs(at_us - self.at_us[0]) < WINDOW_SPAN_US

    def add(self, key: int, at_us: int, columns: Columns) -> None:
        """Take a second that was committed."""
        self.keys.append(key)
        self.at_us.append(at_us)
        self.columns.append(columns)
