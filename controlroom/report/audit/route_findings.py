"""Hops that routes to endpoints of different paths share, by the routes that are kept. Pure.

Rules:
1. The last good route of each endpoint counts; the endpoint itself is no hop of it.
2. What the routes to all endpoints go through is this room's own way out, and tells nothing of paths.
3. Only paths that stand in for each other are compared, and only where both have routes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from controlroom.report.audit.finding import Area, AuditFinding, Seriousness, listed
from controlroom.report.audit.structure_findings import shared_by, stand_ins
from controlroom.resilience.structure import ServiceStructure
from controlroom.route.trace import Trace

_FEWEST: Final = 2


def hops_of(trace: Trace) -> frozenset[str]:
    """Return the routers that a route went through (rule 1)."""
    return frozenset(address for hop in trace.hops for address in hop.passed) - {trace.address}


def route_findings(
    structures: Mapping[str, ServiceStructure], routes: Mapping[str, frozenset[str]]
) -> Iterator[AuditFinding]:
    """Compare the hops of endpoints, by their ids; an endpoint without a route has none."""
    known = [hops for hops in routes.values() if hops]
    everybodys = frozenset.intersection(*known) if len(known) >= _FEWEST else frozenset[str]()
    for structure in structures.values():
        legs = {
            leg.id: frozenset().union(*(routes.get(each, frozenset()) for each in leg.endpoints)) - everybodys
            for leg in structure.legs
        }
        shared = {
            hop
            for branches in stand_ins(structure.needs)
            for hop in shared_by(
                [frozenset().union(*(legs[leg] for leg in paths if leg in legs)) for paths in branches]
            )
        }
        if shared:
            yield AuditFinding(
                "shared_hop",
                Seriousness.IMPORTANT,
                Area.STRUCTURE,
                f"Routes of “{structure.name}” that stand in for each other pass {listed(sorted(shared))}.",
                (structure.id, *sorted(shared)),
                "The traces show both going through the same router: its failure takes both.",
                "Ask the carriers why, and enter the router in a risk group if it cannot be avoided.",
            )
