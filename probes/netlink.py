"""Questions to the kernel about its own tables: framed, asked over a netlink socket, taken apart (Linux).

It sends nothing to the network and knows no table; what the kernel says is bounded and parsed with care.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from typing import Final

# From the kernel's include/uapi/linux/netlink.h.
_HEADER: Final = struct.Struct("=IHHII")
_ATTRIBUTE: Final = struct.Struct("=HH")
_REQUEST: Final = 0x001
_DUMP: Final = 0x300
_ERROR, _DONE = 2, 3

_MOST_BYTES: Final = 4 * 1024 * 1024
_PATIENCE_S: Final = 0.5

Message = tuple[int, bytes]
"""The kind of a message and what it holds behind the header."""


def ask_once(kind: int, body: bytes) -> Message | None:
    """Ask for one entry; ``None`` where there is none, or the kernel cannot be asked."""
    try:
        with _kernel() as kernel:
            kernel.send(_framed(kind, _REQUEST, body))
            found = next(messages(kernel.recv(1 << 14)), None)
    except OSError:
        return None
    return None if found is None or found[0] in (_ERROR, _DONE) else found


def ask_all(kind: int, body: bytes) -> list[Message] | None:
    """Ask for a whole table; ``None`` where it cannot be had to its end."""
    found: list[Message] = []
    try:
        with _kernel() as kernel:
            kernel.send(_framed(kind, _REQUEST | _DUMP, body))
            read_bytes = 0
            while read_bytes < _MOST_BYTES:
                part = kernel.recv(1 << 16)
                read_bytes += len(part)
                found.extend(messages(part))
                if not part or ends(part):
                    return found
    except OSError:
        return None
    return None


def messages(part: bytes) -> Iterator[Message]:
    """Take apart what came at once; a message that claims less than its header ends it."""
    place = 0
    while place + _HEADER.size <= len(part):
        length, kind, _, _, _ = _HEADER.unpack_from(part, place)
        if length < _HEADER.size:
            return
        yield kind, part[place + _HEADER.size : place + length]
        place += _aligned(length)


def ends(part: bytes) -> bool:
    """Whether the kernel says that this was all, or that it will not answer."""
    return any(kind in (_DONE, _ERROR) for kind, _ in messages(part))


def attribute(kind: int, value: bytes) -> bytes:
    """Frame one attribute."""
    length = _ATTRIBUTE.size + len(value)
    return _ATTRIBUTE.pack(length, kind) + value + bytes(_aligned(length) - length)


def attributes(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Take the attributes of a message apart."""
    place = 0
    while place + _ATTRIBUTE.size <= len(body):
        length, kind = _ATTRIBUTE.unpack_from(body, place)
        if length < _ATTRIBUTE.size:
            return
        yield kind, body[place + _ATTRIBUTE.size : place + length]
        place += _aligned(length)


def _kernel() -> socket.socket:
    if not hasattr(socket, "AF_NETLINK"):
        raise OSError
    kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    kernel.settimeout(_PATIENCE_S)
    return kernel


def _framed(kind: int, flags: int, body: bytes) -> bytes:
    return _HEADER.pack(_HEADER.size + len(body), kind, flags, 1, 0) + body


def _aligned(length: int) -> int:
    return (length + 3) & ~3
