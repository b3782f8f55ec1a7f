"""Which wish each re-probe of the past was sent for, and so how long it was waited for. It asks nothing.

Rules:
1. The wishes of a replay stand in line as they do live (``reprobes.py``); a re-probe that was sent then is
   taken for the oldest that has left by its time.
2. A wish that nothing was sent for, as where names were not resolved or the engine was too busy, is passed
   over ``PASSED_OVER_S`` after it would have left.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Final

from controlroom.engine.effects import Reprobe
from controlroom.engine.reprobes import ReprobeQueue
from controlroom.reading import ProbeKey

PASSED_OVER_S: Final = 1.0
_UNBOUNDED: Final = 1_000_000
_SLACK_S: Final = 0.02
"""How much sooner than reckoned a re-probe may seem to have left: beats are stamped to the hundredth."""


class ReplayWishes:
    """The wishes that stand in line, and those that have left and are not matched yet."""

    def __init__(self) -> None:
        """Wish nothing yet."""
        self._queue = ReprobeQueue(_UNBOUNDED)
        self._left: defaultdict[ProbeKey, deque[tuple[float, Reprobe]]] = defaultdict(deque)

    def wish(self, reprobe: Reprobe, now_s: float) -> None:
        """Put a wish in line."""
        self._queue.wish(reprobe, now_s)

    def sent(self, key: ProbeKey, sent_s: float) -> Reprobe | None:
        """Return the wish that a re-probe was sent for, or ``None`` where none fits (rule 1)."""
        left = self._left[key]
        while left and left[0][0] < sent_s - PASSED_OVER_S:
            left.popleft()
        return left.popleft()[1] if left else None

    def leave(self, now_s: float) -> None:
        """Let those leave whose time has come."""
        for reprobe in self._queue.due(now_s + _SLACK_S):
            self._left[reprobe.probe].append((now_s, reprobe))
