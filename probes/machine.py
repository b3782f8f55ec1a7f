"""What this machine knows of itself: name, addresses, gateways, resolvers, time zone. It sends nothing.

Read from the system's own tables (Linux: ``/proc/net``, ``/etc/resolv.conf``). Elsewhere, or where a table
cannot be read, that part is simply not known. Tables are bounded and may hold anything.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from typing import Final

# psutil ships no type information.
import psutil  # type: ignore[import-untyped]

from controlroom.site.starter import Interface, MachineFacts
from probes.default_route import default_routes_v4, default_routes_v6
from probes.system_table import system_table

_STUB_RESOLVER: Final = "127.0.0.53"

# From the kernel's include/uapi/linux/if_addr.h.
_ADDRESS_PASSES: Final = 0x01 | 0x08 | 0x20 | 0x40
"""Flags of IPv6 addresses that come and go: temporary, duplicate, deprecated, tentative."""


def machine_facts(root: Path = Path("/")) -> MachineFacts:
    """Gather what this machine knows of itself; ``root`` is where its tables lie."""
    passing = passing_addresses(system_table(root / "proc/net/if_inet6"))
    return MachineFacts(
        host_name=socket.gethostname(),
        interfaces=tuple(_interfaces(passing)),
        gateways=(
            *gateways_v4(system_table(root / "proc/net/route")),
            *gateways_v6(system_table(root / "proc/net/ipv6_route")),
        ),
        resolvers=_resolvers(root),
        time_zone=_time_zone(root),
    )


def own_addresses() -> frozenset[str]:
    """Return every address that is this machine's own; scoped ones with and without their scope."""
    found: set[str] = set()
    for interface in psutil.net_if_addrs().values():
        for entry in interface:
            if entry.family in (socket.AF_INET, socket.AF_INET6):
                found.update((entry.address, entry.address.partition("%")[0]))
    return frozenset(found)


def ways_out(root: Path = Path("/")) -> frozenset[int] | None:
    """Return the IP versions by which this machine has a default route; ``None`` where no table tells."""
    v4, v6 = root / "proc/net/route", root / "proc/net/ipv6_route"
    if not v4.exists():
        return None
    routes = {4: default_routes_v4(system_table(v4)), 6: default_routes_v6(system_table(v6))}
    return frozenset(version for version, found in routes.items() if found)


def _interfaces(passing: frozenset[str]) -> Iterator[Interface]:
    """Go through the interfaces that are up, with their lasting addresses."""
    states = psutil.net_if_stats()
    for name, entries in psutil.net_if_addrs().items():
        if name not in states or not states[name].isup:
            continue
        addresses = [entry.address for entry in entries if entry.family in (socket.AF_INET, socket.AF_INET6)]
        yield Interface(name, tuple(address for address in addresses if address not in passing))


def gateways_v4(table: str) -> tuple[str, ...]:
    """Read the default gateways from the text of ``/proc/net/route``, the preferred first."""
    return tuple(dict.fromkeys(route.gateway for route in default_routes_v4(table) if route.gateway))


def gateways_v6(table: str) -> tuple[str, ...]:
    """Read them from the text of ``/proc/net/ipv6_route``; link-local ones get their scope."""
    scoped = (
        f"{route.gateway}%{route.interface}"
        if ipaddress.IPv6Address(route.gateway).is_link_local
        else route.gateway
        for route in default_routes_v6(table)
        if route.gateway
    )
    return tuple(dict.fromkeys(scoped))


def passing_addresses(table: str) -> frozenset[str]:
    """Read from ``/proc/net/if_inet6`` the IPv6 addresses that will be gone: nobody should watch those."""
    found: set[str] = set()
    for line in table.splitlines():
        fields = line.split()
        try:
            address, flags = ipaddress.IPv6Address(int(fields[0], 16)), int(fields[4], 16)
        except (IndexError, ValueError):
            continue
        if flags & _ADDRESS_PASSES:
            found.add(str(address))
    return frozenset(found)


def resolvers_in(table: str) -> tuple[str, ...]:
    """Read the name servers from the text of a ``resolv.conf`` (resolv.conf(5)), each once."""
    found: list[str] = []
    for line in table.splitlines():
        words = line.split()
        if len(words) >= 2 and words[0] == "nameserver" and _is_literal(words[1]):
            found.append(words[1])
    return tuple(dict.fromkeys(found))


def _resolvers(root: Path) -> tuple[str, ...]:
    """Read the resolvers; behind the stub of systemd-resolved stand those that really answer."""
    named = resolvers_in(system_table(root / "etc/resolv.conf"))
    if _STUB_RESOLVER not in named:
        return named
    behind = resolvers_in(system_table(root / "run/systemd/resolve/resolv.conf"))
    others = (*behind, *(name for name in named if name != _STUB_RESOLVER))
    return tuple(dict.fromkeys(others)) or named


def _is_literal(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _time_zone(root: Path) -> str | None:
    """Find the zone's name: the environment's, the one ``/etc/localtime`` points to, or ``/etc/timezone``."""
    known = zoneinfo.available_timezones()
    candidates = [os.environ.get("TZ", "").removeprefix(":")]
    try:
        target = os.readlink(root / "etc/localtime")
    except OSError:
        target = ""
    candidates.append(target.partition("zoneinfo/")[2])
    candidates.append(system_table(root / "etc/timezone").strip())
    return next((name for name in candidates if name in known), None)
