"""Whether sound works, as far as the last try tells, and when to try again. It tries nothing.

1. The first try comes with the opening of the desk: a dead sound system is noticed before an alarm is.
2. While it does not work, the next try is a minute later; while it does, ten.
3. Every sound that is played is a try.
4. A program that ended well proves little: the loudspeaker may be off. So what a person did not hear stands
   as *unheard* until a later test is heard, whatever the tries say, and also in the next desk.
"""

from __future__ import annotations

UNHEARD = "The last sound test was not heard."

RETRY_S = 60.0
RECHECK_S = 600.0


class SoundHealth:
    """Keeps what the last try said. Times are seconds of one monotonic clock."""

    def __init__(self, *, unheard: bool = False) -> None:
        """Begin untried; ``unheard`` tells that nobody has heard a test since one was not heard."""
        self.unheard = unheard
        self.trouble = ""
        """Why there is no sound, for the screen; empty while there is, or nothing was tried."""
        self.advice = ""
        self.tried = False
        """Whether there was a try at all."""
        self._next_s: float | None = None

    def band(self) -> tuple[str, str]:
        """Return why alarms cannot be heard and what to do about it, both empty where they can."""
        if self.trouble or not self.unheard:
            return self.trouble, self.advice
        return UNHEARD, "Check volume, loudspeaker and cable, then test again: F7."

    def due(self, now_s: float) -> bool:
        """Whether to try now; if so, that try counts as begun."""
        if self._next_s is not None and now_s < self._next_s:
            return False
        self._next_s = now_s + RETRY_S
        return True

    def took(self, trouble: str, advice: str, now_s: float) -> None:
        """Take the end of a try; no trouble means that it was played."""
        self.trouble, self.advice, self.tried = trouble, advice, True
        self._next_s = now_s + (RETRY_S if trouble else RECHECK_S)
