"""Services as functions of what can fail, made from a site. It knows no condition.

Rules:
1. A service is lost when its needs do not hold; a path when any of its endpoints is lost.
2. An endpoint is lost when it fails itself, when any of its risk groups fails, those included that its groups
   are part of, and when any entry of ``behind`` is lost altogether: of ``a | b`` both.
3. Each endpoint and each risk group is one component, however often it appears.
4. Refused by name, with the ring or the numbers: endpoints behind each other in a ring, groups in a ring, a
   need that lists nothing or more than it can have, and what is not there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Final, NoReturn

from controlroom.errors import ControlroomError
from controlroom.resilience.component import group_component
from controlroom.resilience.expression import AtLeast, Expression, Fails, any_of, components
from controlroom.site.behind import alternatives
from controlroom.site.criticality import Criticality
from controlroom.site.view import SeenNeed, SeenService, SiteView

MOST_NAMED: Final = 6
"""So many of a ring are named."""


class StructureError(ControlroomError):
    """What a site says of a service cannot be a structure; the code says why, the words whose it is."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One path of a service: its endpoints, in order, and when it is lost."""

    id: str
    name: str
    endpoints: tuple[str, ...]
    lost: Expression


@dataclass(frozen=True, slots=True)
class ServiceStructure:
    """One service: its legs, the need that they serve, when it is lost, and all that can fail of it."""

    id: str
    name: str
    criticality: Criticality
    legs: tuple[Leg, ...]
    needs: SeenNeed
    lost: Expression
    components: tuple[str, ...]
    endpoints: tuple[str, ...]
    """All that it knows of: those of its legs, and those that these stand behind."""


class StructureMaker:
    """Makes the structures of one site's services; parts that they share are made once.

    ``not_behind`` are endpoints that answer although all that they were thought to stand behind has failed:
    of those the site was mistaken, and they stand by themselves until what they stand behind works again.
    """

    def __init__(self, view: SiteView, not_behind: Collection[str] = ()) -> None:
        """Check the rings (rule 4); raise ``StructureError`` for one."""
        self._endpoints = {endpoint.id: endpoint for endpoint in view.endpoints}
        self._groups: dict[str, list[str]] = {}
        for group in view.risk_groups:
            for member in group.members:
                self._groups.setdefault(member, []).append(group.id)
        self._begin(not_behind)
        self._refuse_rings()

    def without(self, not_behind: Collection[str]) -> StructureMaker:
        """Return one for the same site, in which these stand by themselves; no ring is looked for again."""
        maker = copy(self)
        maker._begin(not_behind)
        return maker

    def _begin(self, not_behind: Collection[str]) -> None:
        self._not_behind = frozenset(not_behind)
        self._lost: dict[str, Expression] = {}
        self._leaves: dict[str, Fails] = {}

    def service(self, seen: SeenService) -> ServiceStructure:
        """Make the structure of a service; raise ``StructureError`` where it cannot be one."""
        legs = tuple(
            Leg(path.id, path.name or path.id, path.endpoints, self._any(path.endpoints, seen))
            for path in seen.paths
        )
        lost = self._need(seen.needs, {leg.id: leg.lost for leg in legs}, seen)
        used = components(lost)
        return ServiceStructure(
            id=seen.id,
            name=seen.name,
            criticality=seen.criticality,
            legs=legs,
            needs=seen.needs,
            lost=lost,
            components=used,
            endpoints=tuple(name for name in used if name in self._endpoints),
        )

    def _any(self, endpoints: Collection[str], seen: SeenService) -> Expression:
        if not endpoints:
            _refuse("empty-need", f"A path of the service {seen.name!r} lists no endpoint.", "List one.")
        for endpoint_id in endpoints:
            if endpoint_id not in self._endpoints:
                happened = (
                    f"The service {seen.name!r} needs the endpoint {endpoint_id!r}, which is not there."
                )
                _refuse("unknown-endpoint", happened, "Correct its id, or take it out.")
        return any_of(self._endpoint(endpoint_id) for endpoint_id in endpoints)

    def _need(self, need: SeenNeed, legs: Mapping[str, Expression], seen: SeenService) -> Expression:
        """Tell when a need of *so many work* fails: when too few are left."""
        if not need.of:
            _refuse("empty-need", f"A need of the service {seen.name!r} lists nothing.", "List a path.")
        if not 1 <= need.at_least <= len(need.of):
            happened = f"The service {seen.name!r} needs {need.at_least} of {len(need.of)}."
            _refuse("impossible-need", happened, "Lower the number, or list more.")
        parts = []
        for part in need.of:
            if not isinstance(part, str):
                parts.append(self._need(part, legs, seen))
            elif part in legs:
                parts.append(legs[part])
            else:
                happened = f"The service {seen.name!r} needs the path {part!r}, which it does not have."
                _refuse("unknown-path", happened, "Correct its id, or take it out.")
        return parts[0] if len(parts) == 1 else AtLeast(len(parts) - need.at_least + 1, tuple(parts))

    def _endpoint(self, endpoint_id: str) -> Expression:
        """Tell when an endpoint is lost (rule 2); what it stands behind was made before it."""
        made = self._lost.get(endpoint_id)
        if made is None:
            for each in self._with_parents(endpoint_id):
                if each not in self._lost:
                    self._lost[each] = self._made(each)
            made = self._lost[endpoint_id]
        return made

    def _made(self, endpoint_id: str) -> Expression:
        names = (endpoint_id, *map(group_component, self._groups.get(endpoint_id, ())))
        parts: list[Expression] = [self._leaf(name) for name in names]
        for entry in self._entries(endpoint_id):
            ways = tuple(self._lost[name] for name in entry)
            parts.append(ways[0] if len(ways) == 1 else AtLeast(len(ways), ways))
        return any_of(parts)

    def _leaf(self, name: str) -> Fails:
        return self._leaves.setdefault(name, Fails(name))

    def _entries(self, endpoint_id: str) -> list[tuple[str, ...]]:
        endpoint = self._endpoints[endpoint_id]
        if endpoint_id in self._not_behind:
            return []
        known = (
            tuple(name for name in alternatives(entry) if name in self._endpoints)
            for entry in endpoint.behind
        )
        return [entry for entry in known if entry]

    def _with_parents(self, endpoint_id: str) -> list[str]:
        """List an endpoint and all that it stands behind, those first that others stand behind."""
        reached = {endpoint_id}
        waiting = [endpoint_id]
        graph: dict[str, list[str]] = {}
        while waiting:
            each = waiting.pop()
            graph[each] = [name for entry in self._entries(each) for name in entry]
            fresh = set(graph[each]) - reached
            reached |= fresh
            waiting.extend(fresh)
        return list(TopologicalSorter(graph).static_order())

    def _refuse_rings(self) -> None:
        graph = {
            endpoint_id: {name for entry in self._entries(endpoint_id) for name in entry}
            for endpoint_id in self._endpoints
        }
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            ring = list(dict.fromkeys(error.args[1]))
            named = ", ".join(ring[:MOST_NAMED]) + (", …" if len(ring) > MOST_NAMED else "")
            _refuse("cycle", f"These endpoints are behind each other in a ring: {named}.", "Break the ring.")


def structures_of(view: SiteView, not_behind: Collection[str] = ()) -> Mapping[str, ServiceStructure]:
    """Return the structure of every service of a site, by its id and in the order of the site."""
    maker = StructureMaker(view, not_behind)
    return {service.id: maker.service(service) for service in view.services}


def _refuse(code: str, happened: str, advice: str) -> NoReturn:
    raise StructureError(code, happened, advice)
