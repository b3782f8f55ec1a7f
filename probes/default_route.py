"""The ways out of this machine: its default routes, as the text of the kernel's tables. It reads no file.

Only routes that are up count, and of IPv6 only those for any sender; the preferred come first.
"""

from __future__ import annotations

import ipaddress
import sys
from dataclasses import dataclass
from typing import Final

# From the kernel's include/uapi/linux/route.h and ipv6_route.h.
_UP: Final = 0x0001
_GATEWAY: Final = 0x0002
_REJECT: Final = 0x0200


@dataclass(frozen=True, slots=True)
class DefaultRoute:
    """One way out. ``gateway`` is a literal address without a scope, or empty where the link needs none."""

    interface: str
    gateway: str


def default_routes_v4(table: str) -> tuple[DefaultRoute, ...]:
    """Read them from the text of ``/proc/net/route``."""
    found: list[tuple[int, DefaultRoute]] = []
    for line in table.splitlines()[1:]:
        fields = line.split()
        try:
            destination, gateway, flags = (int(fields[place], 16) for place in (1, 2, 3))
            metric, mask = int(fields[6]), int(fields[7], 16)
            # The kernel prints the address's four bytes as one number of this machine's byte order.
            address = str(ipaddress.IPv4Address(gateway.to_bytes(4, sys.byteorder)))
        except (IndexError, ValueError, OverflowError):
            continue
        if not destination and not mask and _leads_out(flags, gateway):
            found.append((metric, DefaultRoute(fields[0], address if gateway else "")))
    return _by_preference(found)


def default_routes_v6(table: str) -> tuple[DefaultRoute, ...]:
    """Read them from the text of ``/proc/net/ipv6_route``."""
    found: list[tuple[int, DefaultRoute]] = []
    for line in table.splitlines():
        fields = line.split()
        try:
            destination, prefix, source_prefix, gateway, metric, flags = (
                int(fields[place], 16) for place in (0, 1, 3, 4, 5, 8)
            )
            address, interface = str(ipaddress.IPv6Address(gateway)), fields[9]
        except (IndexError, ValueError):
            continue
        if not (destination or prefix or source_prefix) and _leads_out(flags, gateway):
            found.append((metric, DefaultRoute(interface, address if gateway else "")))
    return _by_preference(found)


def _leads_out(flags: int, gateway: int) -> bool:
    told = bool(flags & _GATEWAY) == bool(gateway)
    return flags & _UP != 0 and told and not flags & _REJECT


def _by_preference(found: list[tuple[int, DefaultRoute]]) -> tuple[DefaultRoute, ...]:
    return tuple(dict.fromkeys(route for _, route in sorted(found, key=lambda pair: pair[0])))
