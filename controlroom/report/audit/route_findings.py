"""What the kept routes show that paths share which are to be apart. Pure.

Rules:
1. The last good route of each endpoint counts; the endpoint itself is no hop of it.
2. Which paths are to be apart, what they share and what is our own side says ``resilience/diversity.py``,
   as it does while the engine runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from controlroom.report.audit.finding import Area, AuditFinding, Seriousness, listed
from controlroom.resilience.component import group_of
from controlroom.resilience.diversity import (
    HOP,
    Carriers,
    Routes,
    own_side_of,
    pairs_apart,
    shared_of,
)
from controlroom.resilience.live import Resilience
from controlroom.route.trace import Trace

NameOf = Callable[[str], str]


def hops_of(trace: Trace) -> frozenset[str]:
    """Return the addresses that a route went through (rule 1)."""
    return frozenset(address for hop in trace.hops for address in hop.known) - {trace.address}


def route_findings(resilience: Resilience, routes: Routes, name_of: NameOf) -> Iterator[AuditFinding]:
    """Compare the routes to endpoints, by their ids; only those that were traced are among them."""
    structures = resilience.structures
    carriers, own_side = Carriers(resilience.view.risk_groups), own_side_of(routes)
    for pair in pairs_apart(list(structures.values())):
        shared = sorted(shared_of(pair, routes, carriers, own_side))
        if not shared:
            continue
        paths = f"{pair.one.name or pair.one.id} and {pair.other.name or pair.other.id}"
        told = [each.removeprefix(HOP) if group_of(each) is None else name_of(each) for each in shared]
        yield AuditFinding(
            "shared_hop",
            Seriousness.IMPORTANT,
            Area.STRUCTURE,
            f"{paths} of “{structures[pair.service_id].name}” are to be apart and share {listed(told)}.",
            (pair.service_id, *(each.removeprefix(HOP) for each in shared)),
            "The traces show both going the same way there: one failure takes both.",
            "Ask the carriers why, and enter what they share in a risk group if it cannot be avoided.",
        )
