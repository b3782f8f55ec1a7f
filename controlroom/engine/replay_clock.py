"""The time of a replay: what has passed since its first row, and what the clock on the wall shows.

Rule: a time of sending that steps back, or repeats, lets no time pass.
"""

from __future__ import annotations


class ReplayClock:
    """Both times, as the rows tell them."""

    def __init__(self, began_utc_s: float) -> None:
        """Begin as the first row is sent; ``sent_s`` is when the newest was, in seconds since then."""
        self.sent_s = 0.0
        self._sent_utc_s = began_utc_s

    def ahead(self, utc_s: float) -> float:
        """Return when a row was sent, by the time that passed since the one before it (the rule above)."""
        return self.sent_s + max(0.0, utc_s - self._sent_utc_s)

    def set(self, sent_s: float, utc_s: float) -> None:
        """Note when the newest row was sent."""
        self.sent_s, self._sent_utc_s = sent_s, utc_s

    def utc_s(self, now_s: float) -> float:
        """Return what the clock on the wall shows at a moment."""
        return self._sent_utc_s + (now_s - self.sent_s)

    def at_s(self, utc_s: float) -> float:
        """Return when the clock on the wall shows a time, as it goes since the newest row."""
        return self.sent_s + (utc_s - self._sent_utc_s)
