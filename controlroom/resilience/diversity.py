"""Which paths of a service are to be apart, and what their traced routes share. It traces nothing. Pure.

Rules:
1. Two paths are to be apart where the needs do not need both, and nothing that is configured takes both with
   it. What takes every path of every service with it is our own side, and makes none of them less apart.
2. They share a hop where the routes to endpoints of both go through one address. They share a carrier, or
   another risk group, where one of its routers is on the way of the one, and one of them is on the way of the
   other as well, or the group takes the other with it.
3. Hops that nearly all traced endpoints have on their way are our own side, and shared by everybody. So is
   the first hop of any route, which would be taken for news wherever our own gateway changes; what is
   configured as a carrier's router counts there too.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from controlroom.resilience.alternatives import alternative_pairs
from controlroom.resilience.component import group_component, group_of
from controlroom.resilience.expression import components
from controlroom.resilience.structure import Leg, ServiceStructure
from controlroom.site.view import SeenRiskGroup

NEARLY_ALL_RATIO: Final = 0.8
FEWEST_TRACED: Final = 4
"""With fewer traced endpoints nobody can tell what nearly all have on their way."""

FEWEST_PATHS: Final = 3
HOP: Final = "hop:"
"""Before the address of a shared hop."""

Routes = Mapping[str, frozenset[str]]
"""The addresses on the way to each traced endpoint, by its id."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Pair:
    """Two paths of a service that are to be apart."""

    service_id: str
    one: Leg
    other: Leg

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from other pairs of the site."""
        return self.service_id, self.one.id, self.other.id

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The endpoints of both."""
        return (*self.one.endpoints, *self.other.endpoints)


class Carriers:
    """The risk groups whose routers are known."""

    def __init__(self, groups: Collection[SeenRiskGroup]) -> None:
        """Read the addresses and networks of their routers."""
        self._networks = {
            group_component(group.id): tuple(_network(router) for router in group.routers)
            for group in groups
            if group.routers
        }

    def on_the_way(self, hops: Collection[str]) -> frozenset[str]:
        """Return the groups of which a router is among hops."""
        addresses = [address for address in map(_address, hops) if address is not None]
        return frozenset(
            name
            for name, networks in self._networks.items()
            if any(address in network for network in networks for address in addresses)
        )


def pairs_apart(structures: Collection[ServiceStructure]) -> tuple[Pair, ...]:
    """Return all paths that are to be apart (rule 1)."""
    takes = {
        (structure.id, leg.id): frozenset(components(leg.lost))
        for structure in structures
        for leg in structure.legs
    }
    every = list(takes.values())
    own_side = frozenset.intersection(*every) if len(every) >= FEWEST_PATHS else frozenset[str]()
    found = []
    for structure in structures:
        legs = {leg.id: leg for leg in structure.legs}
        for one, other in dict.fromkeys(alternative_pairs(structure.needs)):
            both = takes[structure.id, one] & takes[structure.id, other]
            if not both - own_side:
                found.append(Pair(structure.id, legs[one], legs[other]))
    return tuple(found)


def own_side_of(routes: Routes) -> frozenset[str]:
    """Return the hops that everybody has on the way (rule 3)."""
    if len(routes) < FEWEST_TRACED:
        return frozenset()
    seen = Counter(hop for hops in routes.values() for hop in hops)
    return frozenset(hop for hop, count in seen.items() if count >= NEARLY_ALL_RATIO * len(routes))


def shared_of(
    pair: Pair,
    routes: Routes,
    carriers: Carriers,
    own_side: Collection[str],
    first_hops: Collection[str] = (),
) -> frozenset[str]:
    """Return what the routes of two paths share, as ``hop:<address>`` and ``group:<id>`` (rules 2 and 3)."""
    ways = [_hops(leg, routes) - frozenset(own_side) for leg in (pair.one, pair.other)]
    hops = frozenset(f"{HOP}{hop}" for hop in (ways[0] & ways[1]) - frozenset(first_hops))
    passed = [carriers.on_the_way(way) for way in ways]
    taken = [frozenset(filter(group_of, components(leg.lost))) for leg in (pair.one, pair.other)]
    groups = (passed[0] & (passed[1] | taken[1])) | (passed[1] & (passed[0] | taken[0]))
    return hops | groups


def _hops(leg: Leg, routes: Routes) -> frozenset[str]:
    return frozenset(hop for endpoint_id in leg.endpoints for hop in routes.get(endpoint_id, ()))


def _address(hop: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(hop.partition("%")[0])
    except ValueError:
        return None


def _network(router: str) -> Network:
    return ipaddress.ip_network(router, strict=False)
