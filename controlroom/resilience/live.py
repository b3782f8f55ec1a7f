"""How all services of a site stand, kept up to date with what is known of the endpoints. No clock, no I/O.

Rules:
1. The evidence goes before the model: an endpoint that answers although all that it was thought to stand
   behind has failed is taken to stand by itself for as long.
2. Lost is what is lost by what has failed alone. What is planned counts as failed for the margin, but a
   service that only planned works would lose is *at risk*: it rests on what nobody may rely on.
3. Unknown endpoints give a range: all lost, all working. Where the two give different states the state is
   *unknown*. What would fail next is told for the better of the two.
4. At risk is a margin of one where some single failure loses it that would not with nothing failed. A
   service that one failure loses by its structure is working while that is all: it is for its audit.
5. Degraded is a service that works, while what is good enough of it would not do.
6. A service is computed again only when what is known of one of its endpoints changed. One whose diagram
   would be too large is looked through up to a number of failures instead, and says that it may be more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from controlroom.resilience.bdd_of import LIVE_NODES, TooLargeError
from controlroom.resilience.diagram import Diagram
from controlroom.resilience.expression import Expression
from controlroom.resilience.leg import leg_standing
from controlroom.resilience.looked_through import LookedThrough
from controlroom.resilience.observed import Observed
from controlroom.resilience.standing import Margin, NextToFail, ServiceState, Standing
from controlroom.resilience.structure import ServiceStructure, StructureMaker
from controlroom.site.behind import alternatives
from controlroom.site.view import SeenService, SiteView

MOST_NEXT: Final = 50
"""So many sets of what would fail next are listed."""


class Failures(NamedTuple):
    """The components of one service that are not well, as far as its standing depends on them."""

    failed: frozenset[str]
    unknown: frozenset[str]
    planned: frozenset[str]
    poor: frozenset[str]
    spared: frozenset[str]
    not_behind: frozenset[str]


class Beyond(NamedTuple):
    """When a service is lost, what of that has failed or is planned, and what cannot fail any further."""

    lost: Expression
    failed: frozenset[str]
    spared: frozenset[str]


class Known(NamedTuple):
    """One service with what knows of its loss: a diagram, or its small cut sets where that is too large."""

    structure: ServiceStructure
    asked: Diagram | LookedThrough
    whole: Margin
    single: tuple[str, ...]


class Resilience:
    """The services of one site. Make another for another site."""

    def __init__(self, view: SiteView) -> None:
        """Make the structures; raise ``StructureError`` where the site's services cannot be any."""
        self.view = view
        self._seen = {service.id: service for service in view.services}
        self._behind = {
            endpoint.id: [alternatives(entry) for entry in endpoint.behind]
            for endpoint in view.endpoints
            if endpoint.behind
        }
        self._children: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for child, entries in self._behind.items():
            for entry in entries:
                for name in entry:
                    self._children.setdefault(name, []).append((child, entry))
        self._maker = maker = StructureMaker(view)
        self._known = {service.id: _known(maker.service(service)) for service in view.services}
        self._refuted: dict[tuple[str, frozenset[str]], Known] = {}
        self._looked: dict[str, tuple[Failures, Standing]] = {}
        self._components = {
            service_id: frozenset(known.structure.components) for service_id, known in self._known.items()
        }
        self._between = {service_id: _between(known.structure) for service_id, known in self._known.items()}
        self._needs_behind = {
            service_id: frozenset(known.structure.endpoints) & self._behind.keys()
            for service_id, known in self._known.items()
        }

    @property
    def structures(self) -> Mapping[str, ServiceStructure]:
        """The services by their ids, in the order of the site."""
        return {service_id: known.structure for service_id, known in self._known.items()}

    def diagram(self, service_id: str) -> Diagram | None:
        """Return the diagram of a service's loss; ``None`` where it would be too large."""
        asked = self._known[service_id].asked
        return asked if isinstance(asked, Diagram) else None

    def look(self, observed: Observed) -> Mapping[str, Standing]:
        """Tell how every service stands."""
        return {service_id: self._standing(service_id, observed) for service_id in self._known}

    def beyond(self, service_id: str, observed: Observed) -> Beyond:
        """Return by what a service is lost now, as the evidence has it (rule 1): for cut sets."""
        known = self._known[service_id]
        failures = self._failures(known.structure, observed)
        if failures.not_behind:
            known = self._without(self._seen[service_id], failures.not_behind)
        return Beyond(known.structure.lost, failures.failed | failures.planned, failures.spared)

    def _standing(self, service_id: str, observed: Observed) -> Standing:
        known = self._known[service_id]
        failures = self._failures(known.structure, observed)
        looked = self._looked.get(service_id)
        if looked is not None and looked[0] == failures:
            return looked[1]
        if failures.not_behind:
            known = self._without(self._seen[service_id], failures.not_behind)
        standing = _judged(known, failures)
        self._looked[service_id] = (failures, standing)
        return standing

    def _failures(self, structure: ServiceStructure, observed: Observed) -> Failures:
        own = self._components[structure.id]
        between = self._between[structure.id]
        spared = frozenset(each for each in between & observed.failed if self._has_shown(each, own, observed))
        return Failures(
            failed=(own & observed.failed) - spared,
            unknown=(own - between) & observed.unknown,
            planned=own & observed.planned,
            poor=own & observed.poor_in(structure.id),
            spared=spared,
            not_behind=frozenset(
                each
                for each in self._needs_behind[structure.id]
                if self._stands_alone(each, observed, spared)
            ),
        )

    def _has_shown(self, failed: str, own: frozenset[str], observed: Observed) -> bool:
        """Whether all that a failure does to a service shows: no other way is left that hides it (rule 1)."""
        if failed in observed.supposed:
            return False
        seen_failed = observed.failed - observed.supposed
        return all(
            child in observed.failed or all(name in seen_failed for name in entry)
            for child, entry in self._children.get(failed, ())
            if child in own
        )

    def _stands_alone(self, endpoint_id: str, observed: Observed, spared: frozenset[str]) -> bool:
        """Whether an endpoint answers although an entry of what it stands behind has failed (rule 1)."""
        silent = (observed.failed, observed.unknown, observed.planned)
        if any(endpoint_id in names for names in silent):
            return False
        seen_failed = observed.failed - observed.supposed - spared
        return any(all(name in seen_failed for name in entry) for entry in self._behind[endpoint_id])

    def _without(self, seen: SeenService, not_behind: frozenset[str]) -> Known:
        found = self._refuted.get((seen.id, not_behind))
        if found is None:
            if len(self._refuted) > len(self._known):
                self._refuted.clear()
            found = _known(self._maker.without(not_behind).service(seen))
            self._refuted[seen.id, not_behind] = found
        return found


def _known(structure: ServiceStructure) -> Known:
    asked: Diagram | LookedThrough
    try:
        asked = Diagram.of(structure.lost, LIVE_NODES)
    except TooLargeError:
        asked = LookedThrough(structure.lost)
    margin, following = _looked_at(asked, ())
    single = tuple(name for found in following.sets for name in found) if margin.least == 1 else ()
    return Known(structure, asked, margin, single)


def _judged(known: Known, found: Failures) -> Standing:
    def margin_of(failed: frozenset[str]) -> Margin:
        return _margin_of(known.asked, failed, found.spared)

    lost = found.failed | found.planned
    best, following = _looked_at(known.asked, lost, found.spared)
    worst = margin_of(lost | found.unknown) if found.unknown else best
    margin = _range(worst, best)
    poor, poor_next = (
        _looked_at(known.asked, lost | found.poor, found.spared) if found.poor else (best, following)
    )
    quality = _range(margin_of(lost | found.poor | found.unknown) if found.poor else worst, poor)
    cases = (
        (margin.most, quality.most, found.failed, found.planned),
        (margin.least, quality.least, found.failed | found.unknown, found.planned),
    )
    planned_alone = [
        bool(planned) and of == 0 and margin_of(failed).least > 0 for of, _, failed, planned in cases
    ]
    states = []
    for (of, good, failed, planned), by_plan in zip(cases, planned_alone, strict=True):
        risky = of == 1 and _has_new_single(known, failed | planned, found.spared)
        states.append(_state(of, good, by_plan=by_plan, risky=risky))
    state = states[0] if states[0] is states[1] else ServiceState.UNKNOWN
    structure = known.structure
    return Standing(
        service_id=structure.id,
        state=state,
        margin=margin,
        whole=known.whole.least,
        whole_exact=known.whole.exact,
        quality=quality,
        quality_lost=quality.most == 0 and margin.least > 0,
        legs=tuple(leg_standing(leg, found) for leg in structure.legs),
        next_to_fail=following,
        quality_next=NextToFail() if poor_next == following else poor_next,
        failed=_listed(structure, found.failed | found.spared),
        poor=_listed(structure, found.poor),
        unknown=_listed(structure, found.unknown),
        planned=_listed(structure, found.planned),
        rests_on_planned=planned_alone[0],
        single=known.single,
    )


def _range(worst: Margin, best: Margin) -> Margin:
    return Margin(min(worst.least, best.least), best.least, worst.exact and best.exact)


def _state(margin: int, quality: int, *, by_plan: bool, risky: bool) -> ServiceState:
    """Tell the state of one case: everything unknown taken for one thing (rules 2, 4 and 5)."""
    if margin == 0:
        return ServiceState.AT_RISK if by_plan else ServiceState.LOST
    if quality == 0:
        return ServiceState.DEGRADED
    return ServiceState.AT_RISK if risky else ServiceState.WORKING


def _has_new_single(known: Known, failed: Collection[str], spared: Collection[str]) -> bool:
    """Whether a single failure loses it now that would not with nothing failed (rule 4)."""
    if known.whole.least > 1:
        return True
    if not failed and not spared:
        return False
    _, following = _looked_at(known.asked, failed, spared)
    return any(name not in known.single for found in following.sets for name in found)


def _between(structure: ServiceStructure) -> frozenset[str]:
    """Return the endpoints that others stand behind, and that are of no leg themselves."""
    of_legs = {name for leg in structure.legs for name in leg.endpoints}
    return frozenset(structure.endpoints) - of_legs


def _margin_of(
    asked: Diagram | LookedThrough, failed: Collection[str], spared: Collection[str] = ()
) -> Margin:
    if isinstance(asked, LookedThrough):
        return asked.look(failed, spared)[0]
    least = asked.margin(failed, spared)
    return Margin(least, least)


def _looked_at(
    asked: Diagram | LookedThrough, failed: Collection[str], spared: Collection[str] = ()
) -> tuple[Margin, NextToFail]:
    if isinstance(asked, LookedThrough):
        margin, sets = asked.look(failed, spared)
        return margin, NextToFail(sets[:MOST_NEXT], max(0, len(sets) - MOST_NEXT))
    found = asked.least_cuts(failed, MOST_NEXT, spared)
    following = NextToFail(found.sets, found.more) if found.size else NextToFail()
    return Margin(found.size, found.size), following


def _listed(structure: ServiceStructure, names: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in structure.components if name in names)
