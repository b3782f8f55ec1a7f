"""An event loop in which waiting takes no time: its clock jumps to whatever is due, and stands otherwise.

So a busy machine is no slower in this time than an idle one, and what happens is the same each time.
"""

from __future__ import annotations

import asyncio
import selectors

from controlroom.engine.time_watch import Clocks

_BEGIN_S = 1_000.0


class _Jumping(selectors.DefaultSelector):
    """Never waits; tells how long it would have waited."""

    def __init__(self) -> None:
        super().__init__()
        self.jumped_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready now; where nothing is, let the time asked for have passed."""
        ready = super().select(0 if timeout is not None else None)
        if not ready and timeout is not None and timeout > 0:
            self.jumped_s += timeout
        return ready


class QuickLoop(asyncio.SelectorEventLoop):
    """A loop whose time is all that was jumped over."""

    def __init__(self) -> None:
        """Begin a while after the machine was started."""
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Return the loop's time in seconds."""
        return _BEGIN_S + self._jumping.jumped_s

    def clocks(self) -> Clocks:
        """Return the three clocks of a machine that lives in this time."""
        now_s = self.time()
        return Clocks(1_800_000_000.0 + now_s, now_s, now_s)
