"""Bytes to and from a connected socket, in the clear. It reads no meaning into them.

1. Every read lets the loop turn once: a flood that is always there cannot keep the others, nor our deadline,
   from their turn.
2. Closing never waits.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Final, Protocol

from probes.connection.failure import failure_of

READ_BYTES: Final = 16 * 1024


class Stream(Protocol):
    """What an exchange needs of a connection."""

    async def send(self, data: bytes) -> None:
        """Send all of it; raise ``UnansweredError`` when that fails."""

    async def receive(self) -> bytes:
        """Return what came, ``b""`` at the end; raise ``UnansweredError`` when it breaks."""

    def close(self) -> None:
        """Give the socket back."""


class Wire:
    """A ``Stream`` in the clear."""

    def __init__(self, connected: socket.socket) -> None:
        """Own the socket from here on."""
        self._socket = connected

    async def send(self, data: bytes) -> None:
        """Send all of it."""
        try:
            await asyncio.get_running_loop().sock_sendall(self._socket, data)
        except OSError as error:
            raise failure_of(error.errno or 0, at_once=False) from None

    async def receive(self) -> bytes:
        """Return up to ``READ_BYTES`` that came."""
        loop = asyncio.get_running_loop()
        try:
            data = await loop.sock_recv(self._socket, READ_BYTES)
        except OSError as error:
            raise failure_of(error.errno or 0, at_once=False) from None
        await asyncio.sleep(0)  # rule 1
        return data

    def send_last(self, data: bytes) -> None:
        """Send a word of farewell, as far as that needs no waiting."""
        try:
            self._socket.send(data)
        except OSError:
            return  # whoever is gone needs no farewell

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()
