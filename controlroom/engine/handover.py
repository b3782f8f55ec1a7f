"""What another thread tells, handed over to the engine's loop. It changes nothing of it.

Rule: the loop may have ended while the thread still waited for its disk; then nobody listens, and that is no
fault.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

Told = TypeVar("Told")


class Handover:
    """The way from any thread into one loop."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._loop: asyncio.AbstractEventLoop | None = None

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Call in this loop from now on."""
        self._loop = loop

    def to(self, hear: Callable[[Told], None]) -> Callable[[Told], None]:
        """Return what any thread may call, so that ``hear`` is called in the loop."""
        return lambda told: self.call(partial(hear, told))

    def call(self, call: Callable[[], None]) -> None:
        """Call something in the loop, where one still listens (the rule above)."""
        with suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(call)
