"""What the kernel knows of its neighbours on the link: who answered lately, and who did not.

Read from the kernel itself (Linux). It sends nothing to the network.
"""

from __future__ import annotations

import enum
import ipaddress
import socket
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from probes.netlink import Message, ask_all, ask_once, attribute, attributes

# From the kernel's include/uapi/linux/rtnetlink.h and neighbour.h.
_NEIGHBOUR: Final = struct.Struct("=BBHiHBB")
_NEW_NEIGHBOUR, _GET_NEIGHBOURS = 28, 30
_DESTINATION: Final = 1
_REACHABLE, _STALE, _DELAY, _PROBE = 0x02, 0x04, 0x08, 0x10
_NOARP, _PERMANENT = 0x40, 0x80

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
    told = ask_all(_GET_NEIGHBOURS, _NEIGHBOUR.pack(_family(version), 0, 0, 0, 0, 0, 0))
    return None if told is None else dict(neighbours_in(told))


def standing_of(neighbour: Neighbour) -> Standing | None:
    """Ask the kernel for one neighbour; ``None`` where it does not know it or cannot be asked."""
    address = ipaddress.ip_address(neighbour.address)
    asked = _NEIGHBOUR.pack(_family(address.version), 0, 0, neighbour.interface_index, 0, 0, 0)
    told = ask_once(_GET_NEIGHBOURS, asked + attribute(_DESTINATION, address.packed))
    return None if told is None else dict(neighbours_in([told])).get(neighbour)


def neighbours_in(told: Iterable[Message]) -> Iterator[tuple[Neighbour, Standing]]:
    """Read the neighbours from the kernel's answer; what is not one is passed over."""
    for kind, body in told:
        if kind != _NEW_NEIGHBOUR or len(body) < _NEIGHBOUR.size:
            continue
        _, _, _, index, state, _, _ = _NEIGHBOUR.unpack_from(body)
        standing = _standing(state)
        for attribute_kind, value in attributes(body[_NEIGHBOUR.size :]):
            if attribute_kind == _DESTINATION and len(value) in (4, 16) and standing is not None:
                yield Neighbour(index, str(ipaddress.ip_address(value))), standing


def _family(version: int) -> int:
    return socket.AF_INET if version == 4 else socket.AF_INET6


def _standing(state: int) -> Standing | None:
    """Judge the kernel's state bits; nothing was tried yet where there are none."""
    if state & (_REACHABLE | _NOARP | _PERMANENT):
        return Standing.REACHABLE
    if state & (_STALE | _DELAY | _PROBE):
        return Standing.STALE
    return Standing.FAILED if state else None
