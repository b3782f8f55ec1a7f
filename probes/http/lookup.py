"""How long this machine's resolver takes for a name. Each look-up has a thread; no end waits for one.

1. A look-up that is under way serves everybody who asks for the same name: a resolver that hangs costs one
   thread a name, and at most ``MOST_AT_ONCE`` together.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

MOST_AT_ONCE: Final = 32

LookUp = Callable[[str], list[str]]
"""Turns a name into its literal addresses; blocks, and raises ``OSError`` or ``UnicodeError`` in vain."""


def system_look_up(name: str) -> list[str]:
    """Ask this machine's resolver."""
    return [str(found[4][0]) for found in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]


class LookUps:
    """The look-ups under way. Its methods belong to the event loop's thread."""

    def __init__(self, look_up: LookUp = system_look_up) -> None:
        """Ask by ``look_up``, in threads."""
        self._look_up = look_up
        self._under_way: dict[str, asyncio.Future[list[str]]] = {}

    async def addresses(self, name: str, wait_s: float) -> list[str]:
        """Return the addresses of a name; none where it has none, or where that takes too long."""
        answer = self._under_way.get(name)
        if answer is None:
            if len(self._under_way) >= MOST_AT_ONCE:
                return []
            answer = self._begin(name)
        await asyncio.wait({answer}, timeout=wait_s)
        return answer.result() if answer.done() else []

    def _begin(self, name: str) -> asyncio.Future[list[str]]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[str]] = loop.create_future()

        def ask() -> None:
            try:
                found = self._look_up(name)
            except (OSError, UnicodeError):
                found = []
            # The loop may have ended meanwhile; then nobody waits for this any more.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._deliver, name, answer, found)

        self._under_way[name] = answer
        try:
            threading.Thread(target=ask, name=f"http look-up {name}", daemon=True).start()
        except RuntimeError:  # this machine gives us no more threads just now
            self._deliver(name, answer, [])
        return answer

    def _deliver(self, name: str, answer: asyncio.Future[list[str]], found: list[str]) -> None:
        self._under_way.pop(name, None)
        if not answer.done():
            answer.set_result(found)
