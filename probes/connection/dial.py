"""Opens a TCP connection to a literal address without waiting for anything but the network.

1. The socket never blocks, and is closed whatever happens before it is handed over.
2. A connection to itself, which the kernel makes when a free port of this machine dials itself, is none.
3. While it connects, the kernel tells who says no; once connected, such words break no connection.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from typing import Any, Final

from controlroom.reading import Reason
from probes.connection.failure import failure_of, not_run, refused
from probes.icmp.packet import Version
from probes.icmp.word import failure_told, first_word, listen_for_words

_IP_BIND_ADDRESS_NO_PORT: Final = 24  # of <linux/in.h>: the port is chosen on connecting, none is used up

_SocketAddress = tuple[Any, ...]


async def dial(address: str, port: int, source_address: str = "") -> socket.socket:
    """Return a connected socket, or raise ``UnansweredError``."""
    family, target = _numeric(address, port)
    try:
        dialled = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise failure_of(error.errno or 0, at_once=True) from None
    try:
        dialled.setblocking(False)
        dialled.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if source_address:
            _leave_from(dialled, family, source_address)
        await _connect(dialled, target, 4 if family is socket.AF_INET else 6)
    except BaseException:
        dialled.close()
        raise
    return dialled


def _numeric(address: str, port: int) -> tuple[socket.AddressFamily, _SocketAddress]:
    """Read a literal address, with zone where it has one; nobody is asked."""
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    try:
        found = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=flags)
    except (OSError, UnicodeError):
        raise not_run(Reason.SEND_FAILED, "not an address of this machine's networks") from None
    family, _kind, _protocol, _name, target = found[0]
    return family, target


def _leave_from(dialled: socket.socket, family: socket.AddressFamily, source_address: str) -> None:
    """Bind to the address that the packets shall come from."""
    source_family, source = _numeric(source_address, 0)
    if source_family != family:
        raise not_run(Reason.NO_SOURCE, "the source address is of the other IP version than the endpoint")
    try:
        dialled.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
        dialled.bind(source)
    except OSError as error:
        text = f"cannot send from {source_address}: {error.strerror}"
        raise not_run(Reason.NO_SOURCE, text) from None


async def _connect(dialled: socket.socket, target: _SocketAddress, version: Version) -> None:
    listen_for_words(dialled, version)
    code, at_once = _begin(dialled, target), True
    if code in (errno.EINPROGRESS, errno.EWOULDBLOCK):
        await _writable(dialled)
        code, at_once = dialled.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), False
    word = first_word(dialled) if code else None
    if word is not None:
        raise failure_told(word, target[0])
    if code:
        raise failure_of(code, at_once=at_once)
    listen_for_words(dialled, version, on=False)
    if dialled.getsockname() == dialled.getpeername():
        raise refused(Reason.PORT_UNREACHABLE, "nothing but ourselves answered there (rule 2)")


def _begin(dialled: socket.socket, target: _SocketAddress) -> int:
    try:
        return dialled.connect_ex(target)
    except OSError as error:
        return error.errno or errno.EINVAL


async def _writable(dialled: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    loop.add_writer(dialled, _wake, ready)
    try:
        await ready
    finally:
        loop.remove_writer(dialled)


def _wake(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
