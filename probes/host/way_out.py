"""Whether there is a way out of this machine, through which interface, and whether its gateway answers.

It asks the kernel alone; nothing goes to the network.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from probes.default_route import DefaultRoute, default_routes_v4, default_routes_v6
from probes.host.measured import Measured
from probes.neighbour import Neighbour, Standing, Version, neighbours
from probes.system_table import system_table


def measure_way_out(root: Path = Path("/")) -> Measured:
    """Measure both families; elsewhere than on Linux nothing is known. ``root`` is where tables lie."""
    if sys.platform != "linux":
        return Measured(notes=("default routes are known on Linux only",))
    v4 = _measure(4, default_routes_v4(system_table(root / "proc/net/route")))
    v6 = _measure(6, default_routes_v6(system_table(root / "proc/net/ipv6_route")))
    levels = [part.values[name] for part in (v4, v6) for name in part.values if name.startswith("gateway")]
    best = Measured({"gateway_level": max(levels)} if levels else {})
    return v4 + v6 + best


def _measure(version: Version, routes: tuple[DefaultRoute, ...]) -> Measured:
    """Measure the preferred way out of a family."""
    present = f"default_route_v{version}_ratio"
    if not routes:
        return Measured({present: 0.0})
    route = routes[0]
    words = f"IPv{version} leaves through {route.interface}"
    if not route.gateway:
        return Measured({present: 1.0}, (words,))
    standing = _standing_of(version, route)
    if standing is None:
        return Measured({present: 1.0}, (f"{words} by {route.gateway}",))
    said = f"{words} by {route.gateway}, which is {standing.name.lower()}"
    return Measured({present: 1.0, f"gateway_v{version}_level": float(standing)}, (said,))


def _standing_of(version: Version, route: DefaultRoute) -> Standing | None:
    known = neighbours(version)
    if known is None:
        return None
    try:
        index = socket.if_nametoindex(route.interface)
    except OSError:  # the interface has gone since
        return None
    return known.get(Neighbour(index, route.gateway))
