"""Counters made into rates a second. Pure: it is told when and what, and asks nobody.

Rules
1. A rate needs two readings of one counter without a discontinuity between them; the first has none.
2. A 32-bit counter that is lower than before has wrapped, if it has then grown by less than half of its
   range: more cannot be told from a counter that began anew. A 64-bit counter does not wrap in our time
   (RFC 2863, 3.1.6): lower means that it began anew.
3. The agent's uptime tells a restart: it is lower than it should be. It wraps by itself after 497 days
   (RFC 3418, TimeTicks), which is no restart: then it was near its end before, and is near its beginning now.
4. An uptime that runs far ahead of our clock, or another stamp of discontinuity, is a break as well.
5. A wrap beyond what the line carries was none. Where a counter leaps beyond that there is no rate, the first
   time; twice in a row the line carries more than it says.
6. After a restart, after a gap longer than ``LONGEST_GAP_S``, or where no time has passed, there is no rate:
   unknown, never a spike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

LONGEST_GAP_S: Final = 900.0
UPTIME_SLACK_S: Final = 5.0
CLOCK_ERROR: Final = 0.02
"""How far an agent's clock may be from ours between two readings: at once, and with time."""

AHEAD_SLACK_S: Final = 60.0
"""How far an agent's uptime may leap ahead at once: some tell it anew but now and then."""
BEYOND_LINE: Final = 1.1
"""How much of its line's speed a rate may be."""

_TICKS: Final = 2**32
_TICK_S: Final = 0.01
_WRAPS: Final = 32


@dataclass(slots=True)
class _Seen:
    at_s: float
    count: int
    stamp: int | None = None
    beyond: bool = False


@dataclass(slots=True)
class Rates:
    """The counters of one device, as they were last seen. Times are monotonic seconds."""

    _seen: dict[str, _Seen] = field(default_factory=dict)
    _uptime_ticks: int | None = None
    _uptime_at_s: float = 0.0

    def restarted(self, uptime_ticks: int | None, now_s: float) -> bool:
        """Take the agent's uptime; return whether it has started again since it was last told (rule 3)."""
        before, elapsed_s = self._uptime_ticks, now_s - self._uptime_at_s
        if uptime_ticks is None:
            return False
        self._uptime_ticks, self._uptime_at_s = uptime_ticks, now_s
        if before is None:
            return False
        least = before + (elapsed_s * (1 - CLOCK_ERROR) - UPTIME_SLACK_S) / _TICK_S
        most = before + (elapsed_s * (1 + CLOCK_ERROR) + UPTIME_SLACK_S) / _TICK_S
        if uptime_ticks >= least or least <= uptime_ticks + _TICKS <= most:
            if uptime_ticks > most + AHEAD_SLACK_S / _TICK_S:  # rule 4: another clock, and other counters
                self._seen.clear()
            return False
        self._seen.clear()
        return True

    def rate(
        self,
        name: str,
        count: float,
        bits: Literal[32, 64],
        now_s: float,
        *,
        stamp: int | None = None,
        line: float = math.inf,
    ) -> float | None:
        """Return a counter's rate a second since it was last seen; ``None`` where there is none (rule 6).

        ``stamp`` is when the counter began anew, by the agent; ``line`` what the line carries a second.
        """
        before = self._seen.get(name)
        seen = self._seen[name] = _Seen(now_s, int(count), stamp)
        if before is None or before.stamp != stamp:
            return None
        rate, wrapped = _rate(before, seen, bits)
        if rate is None or rate <= line * BEYOND_LINE:
            return rate
        seen.beyond = not wrapped
        return rate if before.beyond and not wrapped else None

    def forget(self, names: Iterable[str]) -> None:
        """Begin anew with these counters: what is seen of them next has no rate yet."""
        for name in names:
            self._seen.pop(name, None)


def _rate(before: _Seen, seen: _Seen, bits: Literal[32, 64]) -> tuple[float | None, bool]:
    """Return the rate between two looks, and whether the counter wrapped (rule 2)."""
    elapsed_s, grown = seen.at_s - before.at_s, seen.count - before.count
    if not 0 < elapsed_s <= LONGEST_GAP_S:
        return None, False
    if grown >= 0:
        return grown / elapsed_s, False
    grown += 1 << _WRAPS
    if bits != _WRAPS or not 0 <= grown < 1 << (_WRAPS - 1):
        return None, False
    return grown / elapsed_s, True
