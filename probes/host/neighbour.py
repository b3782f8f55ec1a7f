"""What the kernel knows of its neighbours on the link: who answered lately, and who did not.

Read from the kernel itself through a netlink socket (Linux). It sends nothing to the network, and what the
kernel says is bounded and parsed with care.
"""

from __future__ import annotations

import enum
import ipaddress
import socket
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

# From the kernel's include/uapi/linux/netlink.h, rtnetlink.h and neighbour.h.
_HEADER: Final = struct.Struct("=IHHII")
_NEIGHBOUR: Final = struct.Struct("=BBHiHBB")
_ATTRIBUTE: Final = struct.Struct("=HH")
_DONE, _ERROR, _NEW_NEIGHBOUR, _GET_NEIGHBOURS = 3, 2, 28, 30
_REQUEST_DUMP: Final = 0x301
_DESTINATION: Final = 1
_REACHABLE, _STALE, _DELAY, _PROBE = 0x02, 0x04, 0x08, 0x10
_NOARP, _PERMANENT = 0x40, 0x80

_MOST_BYTES: Final = 4 * 1024 * 1024
_PATIENCE_S: Final = 0.5

Version = Literal[4, 6]


class Standing(enum.IntEnum):
    """How a neighbour stands; the number is the figure that is measured."""

    FAILED = 0
    """Asked for and not found: it does not answer on the link."""
    STALE = 1
    """Known, and not heard of lately."""
    REACHABLE = 2
    """Heard of lately, or known for good."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neighbour by the index of the interface that leads to it, and its literal address."""

    interface_index: int
    address: str


def neighbours(version: Version) -> Mapping[Neighbour, Standing] | None:
    """Ask the kernel for all neighbours of a family; ``None`` where it cannot be asked."""
    if not hasattr(socket, "AF_NETLINK"):
        return None
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    request = _HEADER.pack(_HEADER.size + _NEIGHBOUR.size, _GET_NEIGHBOURS, _REQUEST_DUMP, 1, 0)
    found: dict[Neighbour, Standing] = {}
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel:
            kernel.settimeout(_PATIENCE_S)
            kernel.send(request + _NEIGHBOUR.pack(family, 0, 0, 0, 0, 0, 0))
            read_bytes = 0
            while read_bytes < _MOST_BYTES:
                part = kernel.recv(1 << 16)
                read_bytes += len(part)
                found.update(neighbours_in(part))
                if not part or ends(part):
                    return found
    except OSError:
        return None
    return None


def neighbours_in(part: bytes) -> Iterator[tuple[Neighbour, Standing]]:
    """Read the neighbours from a part of the kernel's answer; what is not one is passed over."""
    for kind, body in _messages(part):
        if kind != _NEW_NEIGHBOUR or len(body) < _NEIGHBOUR.size:
            continue
        _, _, _, index, state, _, _ = _NEIGHBOUR.unpack_from(body)
        standing = _standing(state)
        for attribute, value in _attributes(body[_NEIGHBOUR.size :]):
            if attribute == _DESTINATION and len(value) in (4, 16) and standing is not None:
                yield Neighbour(index, str(ipaddress.ip_address(value))), standing


def ends(part: bytes) -> bool:
    """Whether the kernel says that this was all, or that it will not answer."""
    return any(kind in (_DONE, _ERROR) for kind, _ in _messages(part))


def _standing(state: int) -> Standing | None:
    """Judge the kernel's state bits; nothing was tried yet where there are none."""
    if state & (_REACHABLE | _NOARP | _PERMANENT):
        return Standing.REACHABLE
    if state & (_STALE | _DELAY | _PROBE):
        return Standing.STALE
    return Standing.FAILED if state else None


def _messages(part: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + _HEADER.size <= len(part):
        length, kind, _, _, _ = _HEADER.unpack_from(part, place)
        if length < _HEADER.size:
            return
        yield kind, part[place + _HEADER.size : place + length]
        place += _aligned(length)


def _attributes(body: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + _ATTRIBUTE.size <= len(body):
        length, kind = _ATTRIBUTE.unpack_from(body, place)
        if length < _ATTRIBUTE.size:
            return
        yield kind, body[place + _ATTRIBUTE.size : place + length]
        place += _aligned(length)


def _aligned(length: int) -> int:
    return (length + 3) & ~3
