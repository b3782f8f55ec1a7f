"""This machine's own surroundings: which addresses are its own, and whether the next hop answers on the link.

Asked of the kernel's tables (Linux); elsewhere nothing is known of it. It sends nothing to the network.

1. Where the next hop towards a silent address is not found on the link, that is why: either nobody has that
   address on our own network, or our own router there does not answer.
2. Looking is bounded: beyond so many looks a second, silence is told as silence.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from controlroom.reading import Reason
from probes.neighbour import Neighbour, Standing, standing_of
from probes.netlink import ask_once, attribute, attributes

# From the kernel's include/uapi/linux/rtnetlink.h.
_ROUTE: Final = struct.Struct("=BBBBBBBBI")
_NEW_ROUTE, _GET_ROUTE = 24, 26
_TO_ADDRESS, _BY_INTERFACE, _BY_ROUTER = 1, 4, 5
_TO_OURSELVES: Final = 2
_INDEX: Final = struct.Struct("=i")

MOST_LOOKS_PER_SECOND: Final = 200
_MOST_SENDERS: Final = 1024
_KEPT_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Route:
    """How a packet leaves for an address. ``router`` is empty where the address is on the link itself."""

    to_ourselves: bool
    interface_index: int
    router: str


def route_to(address: str) -> Route | None:
    """Ask the kernel how it would send; ``None`` where it would not, or cannot be asked."""
    try:
        parsed = ipaddress.ip_address(address)
        zone = getattr(parsed, "scope_id", None)
        index = 0 if not zone else int(zone) if zone.isdigit() else socket.if_nametoindex(zone)
    except (ValueError, OSError):
        return None
    family, bits = (socket.AF_INET, 32) if parsed.version == 4 else (socket.AF_INET6, 128)
    asked = _ROUTE.pack(family, bits, 0, 0, 0, 0, 0, 0, 0) + attribute(_TO_ADDRESS, parsed.packed)
    if index:
        asked += attribute(_BY_INTERFACE, _INDEX.pack(index))
    told = ask_once(_GET_ROUTE, asked)
    return None if told is None or told[0] != _NEW_ROUTE else route_in(told[1])


def route_in(body: bytes) -> Route | None:
    """Read the kernel's answer; ``None`` where it is none."""
    if len(body) < _ROUTE.size:
        return None
    index, router = 0, ""
    for kind, value in attributes(body[_ROUTE.size :]):
        if kind == _BY_INTERFACE and len(value) == _INDEX.size:
            (index,) = _INDEX.unpack(value)
        elif kind == _BY_ROUTER and len(value) in (4, 16):
            router = str(ipaddress.ip_address(value))
    return Route(body[7] == _TO_OURSELVES, index, router)


def is_ours(address: str) -> bool:
    """Whether an address is one of this machine's own."""
    route = route_to(address)
    return route is not None and route.to_ourselves


def missing_hop(address: str) -> Reason:
    """Say whom our own kernel looks for in vain, where it says that an address cannot be reached."""
    route = route_to(address)
    if route is None:
        return Reason.DEADLINE
    return Reason.ROUTER_SILENT if route.router else Reason.NO_NEIGHBOUR


def why_silent(address: str) -> Reason:
    """Say why no answer came in time (rule 1)."""
    route = route_to(address)
    if route is None or route.to_ourselves:
        return Reason.DEADLINE
    hop = route.router or str(ipaddress.ip_address(address.partition("%")[0]))
    if standing_of(Neighbour(route.interface_index, hop)) is not Standing.FAILED:
        return Reason.DEADLINE
    return Reason.ROUTER_SILENT if route.router else Reason.NO_NEIGHBOUR


class Vicinity:
    """The same for a prober that may have to look a thousand times a second (rule 2)."""

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        """Nothing was looked at yet."""
        self._monotonic_s = monotonic_s
        self._senders: dict[str, tuple[float, bool]] = {}
        self._second = 0
        self._looks = 0

    def is_ours(self, address: str) -> bool:
        """Whether an address is one of this machine's own, or was ten seconds ago."""
        now_s = self._monotonic_s()
        known = self._senders.get(address)
        if known is None or now_s - known[0] > _KEPT_S:
            if len(self._senders) >= _MOST_SENDERS:
                self._senders.clear()
            known = self._senders[address] = (now_s, is_ours(address))
        return known[1]

    def missing_hop(self, address: str) -> Reason:
        """Say whom our own kernel looks for in vain, as far as there are looks left."""
        return missing_hop(address) if self._may_look() else Reason.DEADLINE

    def why_silent(self, address: str) -> Reason:
        """Say why no answer came in time, as far as there are looks left."""
        return why_silent(address) if self._may_look() else Reason.DEADLINE

    def _may_look(self) -> bool:
        second = int(self._monotonic_s())
        if second != self._second:
            self._second, self._looks = second, 0
        self._looks += 1
        return self._looks <= MOST_LOOKS_PER_SECOND
