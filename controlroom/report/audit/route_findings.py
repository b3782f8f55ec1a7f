"""What the kept routes show that paths share which are to be apart. Pure.

Rules:
1. The last good route of each endpoint counts. The endpoint itself is no hop of it, nor is the first, which
   is this room's own gateway.
2. Which paths are to be apart, what they share and what is our own side says ``resilience/diversity.py``,
   as it does while the engine runs. All pairs of a service are one finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

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
    beyond = (hop for hop in trace.hops if hop.distance > 1)
    return frozenset(address for hop in beyond for address in hop.known) - {trace.address}


def route_findings(resilience: Resilience, routes: Routes, name_of: NameOf) -> Iterator[AuditFinding]:
    """Compare the routes to endpoints, by their ids; only those that were traced are among them."""
    structures = resilience.structures
    carriers, own_side = Carriers(resilience.view.risk_groups), own_side_of(routes)
    paths: dict[str, list[str]] = {}
    shared: dict[str, set[str]] = {}
    for pair in pairs_apart(list(structures.values())):
        found = shared_of(pair, routes, carriers, own_side)
        if found:
            paths.setdefault(pair.service_id, []).extend(leg.name or leg.id for leg in (pair.one, pair.other))
            shared.setdefault(pair.service_id, set()).update(found)
    for service_id, found_here in shared.items():
        listed_paths = listed(dict.fromkeys(paths[service_id]))
        yield _finding(service_id, structures[service_id].name, listed_paths, sorted(found_here), name_of)


def _finding(
    service_id: str, service: str, paths: str, shared: Sequence[str], name_of: NameOf
) -> AuditFinding:
    told = [each.removeprefix(HOP) if group_of(each) is None else name_of(each) for each in shared]
    return AuditFinding(
        "shared_hop",
        Seriousness.IMPORTANT,
        Area.STRUCTURE,
        f"Paths of “{service}” are to be apart and share {listed(told)} on their way: {paths}.",
        (service_id, *(each.removeprefix(HOP) for each in shared)),
        "The traces show them going the same way there: one failure takes them together.",
        "Ask the carriers why, and enter what they share in a risk group if it cannot be avoided.",
    )
