"""Tells when paths that are to be apart begin to share a hop or a carrier, by their traced routes. No I/O.

Rules:
1. What an endpoint's first trace shows is taken as given: the audit lists it. New is what a later trace shows
   that was not on the way before.
2. The alarm is over when nothing of it is shared any more.
3. A route is what was traced while the endpoint was well, or what reached it otherwise by another way.
4. After a restart the kept routes are what was known before, and an alarm that stands tells what was new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from controlroom.alarms.alarm import Cause
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.service_faults import service_priority
from controlroom.alarms.service_reason import Named, ServiceReason
from controlroom.alarms.service_subject import DIVERSITY, path_subject, service_subject
from controlroom.alarms.transitions import Fault
from controlroom.engine.effects import Effects
from controlroom.resilience.diversity import HOP, Carriers, Pair, own_side_of, pairs_apart, shared_of
from controlroom.resilience.live import Resilience
from controlroom.resilience.structure import ServiceStructure
from controlroom.route.comparison import parting
from controlroom.route.kept import KeptRoute, RouteKind
from controlroom.route.trace import Trace, TraceEnd

_NOTHING: Final[frozenset[str]] = frozenset()


class Diversity:
    """The routes that are known, and what paths share since."""

    def __init__(self, alarms: AlarmRegister, routes: Iterable[KeptRoute] = ()) -> None:
        """Begin with the routes that an earlier engine kept."""
        self.remind_s: float | None = None
        self._alarms = alarms
        self._routes: dict[str, frozenset[str]] = {}
        self._first_hops: dict[str, frozenset[str]] = {}
        self._good: dict[str, Trace] = {}
        for kept in routes:
            if kept.kind is RouteKind.GOOD:
                self._take(kept)
                self._good[kept.endpoint_id] = kept.trace
        self._structures: Mapping[str, ServiceStructure] = {}
        self._pairs: tuple[Pair, ...] = ()
        self._carriers = Carriers(())
        self._new: dict[tuple[str, str, str], frozenset[str]] = {}

    def adopt(self, resilience: Resilience, now_utc_s: float, effects: Effects) -> None:
        """Go on with a site, at the start and when it changes (rule 4)."""
        view, structures = resilience.view, resilience.structures
        self._structures, self._pairs = structures, pairs_apart(structures.values())
        self._carriers = Carriers(view.risk_groups)
        endpoints = {endpoint.id for endpoint in view.endpoints}
        self._routes = {name: hops for name, hops in self._routes.items() if name in endpoints}
        new = {}
        for pair in self._pairs:
            alarm = self._alarms.of(service_subject(pair.service_id, DIVERSITY))
            told = ServiceReason.read(alarm.reason) if alarm is not None and alarm.active else None
            known = self._new.get(pair.key, _NOTHING if told is None else frozenset(told.shared.names))
            new[pair.key] = known & self._shared(pair) if known else known
        self._new = new
        for service_id in structures:
            self._tell(service_id, now_utc_s, effects)

    def traced(self, routes: Iterable[KeptRoute], now_utc_s: float, effects: Effects) -> None:
        """Take routes that were just traced."""
        telling = {kept.endpoint_id: kept for kept in routes if self._tells(kept)}
        for endpoint_id, kept in telling.items():
            if kept.kind is RouteKind.GOOD:
                self._good[endpoint_id] = kept.trace
            before, now = self._routes.get(endpoint_id), _hops(kept)
            if now != before:
                self._take(kept)
                self._changed(endpoint_id, None if before is None else now - before, now_utc_s, effects)

    def _tells(self, kept: KeptRoute) -> bool:
        """Whether a trace tells a route (rule 3)."""
        if kept.kind is RouteKind.GOOD:
            return kept.trace.end is not TraceEnd.NOT_RUN
        good = self._good.get(kept.endpoint_id)
        return kept.trace.reached and good is not None and parting(good, kept.trace) is not None

    def _changed(
        self, endpoint_id: str, fresh: frozenset[str] | None, now_utc_s: float, effects: Effects
    ) -> None:
        """Look at the pairs of an endpoint again; ``fresh`` are the hops that are new on its way (rule 1)."""
        came = {f"{HOP}{hop}" for hop in fresh or ()} | self._carriers.on_the_way(fresh or ())
        changed = set()
        for pair in self._pairs:
            known = self._new.get(pair.key, _NOTHING)
            own = endpoint_id in pair.endpoints
            if own or known:  # what everybody shares by now is over for the others too
                self._new[pair.key] = self._shared(pair) & (known | came if own else known)
                changed.add(pair.service_id)
        for service_id in self._structures:
            if service_id in changed:
                self._tell(service_id, now_utc_s, effects)

    def _take(self, kept: KeptRoute) -> None:
        """Know a route."""
        self._routes[kept.endpoint_id] = _hops(kept)
        near = (address for hop in kept.trace.hops if hop.distance == 1 for address in hop.known)
        self._first_hops[kept.endpoint_id] = frozenset(near)

    def _shared(self, pair: Pair) -> frozenset[str]:
        own_side = own_side_of(self._routes)
        first_hops = frozenset[str]().union(*self._first_hops.values())
        return shared_of(pair, self._routes, self._carriers, own_side, first_hops)

    def _tell(self, service_id: str, now_utc_s: float, effects: Effects) -> None:
        """Bring a service's alarm in line with what its paths share (rule 2)."""
        subject = service_subject(service_id, DIVERSITY)
        found = [pair for pair in self._pairs if pair.service_id == service_id and self._new.get(pair.key)]
        if not found:
            effects.moved(self._alarms.no_fault(subject, None, now_utc_s))
            return
        paths = (path_subject(service_id, leg.id) for pair in found for leg in (pair.one, pair.other))
        shared = sorted(name for pair in found for name in self._new[pair.key])
        reason = ServiceReason(paths=Named.of(paths), shared=Named.of(shared)).code
        cause = Cause.DIVERSITY_LOST
        priority = service_priority(self._structures[service_id].criticality, cause)
        fault = Fault(subject, cause, reason, priority, now_utc_s, remind_s=self.remind_s)
        effects.moved(self._alarms.fault(fault, now_utc_s))


def _hops(kept: KeptRoute) -> frozenset[str]:
    """Return the addresses on the way, but that of the target itself."""
    known = frozenset(address for hop in kept.trace.hops for address in hop.known)
    return known - {kept.trace.address}
