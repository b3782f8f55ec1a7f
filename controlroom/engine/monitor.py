"""Judges every reading in order: conditions, our own connection, alarms. No clock and no I/O.

Rules:
1. Before an endpoint outside this machine is called down, our own connection must be known good
   (``connection.py``), and its other probes must have been asked since (``asking_again.py``). While that is
   undecided the endpoint keeps its condition, for ``HOLD_S`` at most.
2. Cut off, every endpoint outside is unknown at once. Alarms that were there before stay as they are.
3. When the site changes under way, an endpoint keeps its condition and its alarm until there is evidence of
   something else (``watched.py``). What is watched no longer is withdrawn, what is new is asked at once.
4. When the clock is set, conditions and alarms of this run are told in the time of the clock as it is now.
5. What an endpoint stands behind is asked and waited for before the endpoint is blamed (``parents.py``).
6. At the start every alarm is brought in line with the state it belongs to, whatever the site or the
   store went through in between, and every probe is asked once without waiting for its beat.
7. Services are looked at after their endpoints, by all that ``saw`` was told since: they never hold up an
   alarm of one (``services.py``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from controlroom.alarms.alarm import ENGINE, Alarm, Cause, is_endpoint
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.rules import own_event, own_fault
from controlroom.condition.endpoint import Combined
from controlroom.condition.maintenance.window import MaintenanceWindow
from controlroom.condition.own_connection import NOT_SENT, OWN_CONNECTION_LOST, Verdict
from controlroom.condition.shared_risk import shared_risks
from controlroom.condition.state import Condition, EndpointState
from controlroom.condition.tracker import EndpointTracker
from controlroom.engine.connection import OwnConnection
from controlroom.engine.consequences import SITE_CHANGED, Consequences
from controlroom.engine.effects import Effects
from controlroom.engine.escalating import Escalating
from controlroom.engine.faults import Faults
from controlroom.engine.maintenance_keeper import MaintenanceKeeper
from controlroom.engine.neighbours import Neighbours
from controlroom.engine.own_network import SETTLES_S
from controlroom.engine.parents import Parents
from controlroom.engine.patience import beat_patience_s
from controlroom.engine.privilege import Privilege
from controlroom.engine.services import Services
from controlroom.engine.watched import Watched
from controlroom.engine.way_out import CAUSES, WayOut
from controlroom.reading import ProbeKey, Reading, Reason
from controlroom.resilience.live import Resilience
from controlroom.route.kept import KeptRoute
from controlroom.site.model import Site
from controlroom.site.view import SiteView
from controlroom.store.interface import BlindTime

HOLD_S: Final = 2.0
"""How long an undecided verdict may hold back an endpoint's fault (rule 1)."""

ALARMS_EVERY_S: Final = 0.5
_SHOWS_SILENCE = frozenset({Condition.DOWN, Condition.DEGRADED})


class Monitor:
    """All that the engine knows of the site's endpoints; every call says what it brought about."""

    def __init__(
        self,
        site: Site,
        reaches: Mapping[str, bool],
        now_utc_s: float,
        *,
        states: Sequence[EndpointState] = (),
        alarms: Sequence[Alarm] = (),
        next_alarm_number: int = 1,
        windows: Sequence[MaintenanceWindow] = (),
        next_window_number: int = 1,
        last_alive_utc_s: float | None = None,
        view: SiteView | None = None,
        routes: Sequence[KeptRoute] = (),
    ) -> None:
        """Start where the last engine was last alive. ``reaches`` is told per probe type.

        ``view`` is the site as desks see it; without it no services are watched.
        """
        restored = {state.endpoint_id: state for state in states if state.reason != SITE_CHANGED}
        self._restored = frozenset(restored)
        # What is in maintenance is judged afresh: how it was is not kept.
        known = {
            key: state for key, state in restored.items() if state.condition is not Condition.MAINTENANCE
        }
        self._watched = Watched(
            {
                endpoint.id: EndpointTracker(endpoint, reaches, now_utc_s, known.get(endpoint.id))
                for endpoint in site.endpoints
            }
        )
        self.alarms = AlarmRegister(alarms, next_alarm_number)
        self.maintenance = MaintenanceKeeper(
            *(self.alarms, self._watched, site),
            states=states,
            windows=windows,
            next_number=next_window_number,
        )
        self._connection = OwnConnection(self._watched, self.alarms, site.own_connectivity.anchors)
        self._asking = self._connection.asking
        self._privilege = Privilege(self.alarms, site, reaches)
        no_way_out = any(alarm.cause in CAUSES.values() and alarm.active for alarm in alarms)
        self._faults = Faults(self._watched, self.alarms, site, self._connection.is_heard)
        way_out = WayOut(states if no_way_out else ())
        self._consequences = Consequences(self.alarms, way_out, self._faults, self.maintenance)
        self._parents = Parents(self._watched, self._asking, site.endpoints, states)
        self._asking.set_site(self._parents.graph, Neighbours(shared_risks(site)))
        told_until_utc_s = now_utc_s if last_alive_utc_s is None else min(last_alive_utc_s, now_utc_s)
        self._escalating = Escalating(site, told_until_utc_s)
        self.services = Services(
            *(self.alarms, self._watched, self.maintenance, view, routes),
            settings=site.alarms,
        )
        self._held_since_s: dict[str, float] = {}
        self._ticked_s = -math.inf
        self.longest_shelf_s = site.alarms.longest_shelf_s

    # -- what it is told of this machine, and asked -----------------------------------------------

    @property
    def trackers(self) -> Mapping[str, EndpointTracker]:
        """Who follows the endpoints that are watched, in the order of the site."""
        return self._watched.trackers

    def set_local(self, endpoint_ids: frozenset[str]) -> None:
        """Tell which endpoints are on this machine: they prove nothing about our connection."""
        self._watched.local = endpoint_ids

    def set_network_metrics(self, metrics: frozenset[str]) -> None:
        """Tell which figures of this machine are of its own network."""
        self._connection.network.set_metrics(metrics)

    def set_nameless(self, nameless: Callable[[str], bool]) -> None:
        """Give what tells which endpoints go by a name that is not resolved: they cannot be asked."""
        self._connection.witnesses.nameless = nameless

    def set_beyond(self, versions: Mapping[str, int]) -> None:
        """Tell to which endpoints there is no way out, should they have no route, and by which IP version."""
        self._consequences.set_beyond(versions)

    def is_outside(self, endpoint_id: str) -> bool:
        """Whether an endpoint is watched and not on this machine."""
        return self._watched.is_outside(endpoint_id)

    def urgency(self, endpoint_id: str) -> int:
        """How soon an endpoint's turn is where not all can have one: 0 for anchors, then by criticality."""
        return self._asking.urgency(endpoint_id)

    def patience_s(self, key: ProbeKey) -> float | None:
        """After how long an answer to a beat is overdue; ``None`` at its deadline, as in silence."""
        tracker = self.trackers.get(key.endpoint_id)
        probe = tracker.probes.get(key.probe_name) if tracker is not None else None
        return None if probe is None else beat_patience_s(probe)

    @property
    def cut_off(self) -> bool:
        """Whether we know that we cannot reach anything outside."""
        return self._connection.cut_off

    def blind_now(self, now_utc_s: float) -> BlindTime | None:
        """Return the blind time that is still growing, or ``None`` while we can reach something."""
        return self._connection.blind_now(now_utc_s)

    # -- the site ---------------------------------------------------------------------------------

    def begin(self, now_utc_s: float, now_s: float = 0.0) -> Effects:
        """Bring alarms and states in line with the site as it is now, and ask everything once (rule 6).

        ``now_s`` is monotonic.
        """
        effects, trackers = Effects(), self._watched.trackers
        for alarm in self.alarms.alarms():
            if is_endpoint(alarm.subject) and alarm.subject not in trackers:
                self._consequences.withdraw(alarm.subject, now_utc_s, effects)
        for endpoint_id in self._restored - trackers.keys():
            self._consequences.gone(endpoint_id, now_utc_s, effects)
        self._restored = frozenset()
        self._consequences.keep(trackers)
        self.maintenance.begin(now_utc_s, effects)
        self._faults.restore(now_s, now_utc_s)
        for tracker in trackers.values():
            effects.states[tracker.endpoint.id] = self.maintenance.shown(tracker.state)
            self._consequences.judge_alarm(tracker, now_utc_s, effects)
            self._asking.once(tracker, tracker.probes.values(), effects)
        self._consequences.judge_way_out(now_utc_s, effects)
        self.saw(effects)
        self.services.begin(now_s, now_utc_s, effects)
        return effects

    def adopt(
        self,
        site: Site,
        reaches: Mapping[str, bool],
        now_s: float,
        now_utc_s: float,
        resilience: Resilience | None = None,
    ) -> Effects:
        """Go on with a changed site (rule 3) and its services; ``set_local`` must be called anew after it."""
        effects = Effects()
        followed, gone = self._watched.adopt(site, reaches, now_utc_s)
        for one in followed:
            if one.is_new:
                effects.states[one.tracker.endpoint.id] = one.tracker.state
            self._asking.once(one.tracker, one.anew, effects)
        self._connection.witnesses.anchors = site.own_connectivity.anchors
        self.longest_shelf_s = site.alarms.longest_shelf_s
        self._parents.adopt(site.endpoints)
        self._asking.set_site(self._parents.graph, Neighbours(shared_risks(site)))
        ruled_anew = self._faults.adopt(site)
        for endpoint_id in gone:
            self._forget(endpoint_id, now_utc_s, effects)
        self._consequences.keep(self._watched.trackers)
        self._consequences.judge_way_out(now_utc_s, effects)
        self._privilege.keep(site, now_utc_s, effects)
        self._escalating.adopt(site)
        for one in followed:
            if one.is_changed:
                self._evaluate(one.tracker, now_s, now_utc_s, effects)
            if one.is_changed or ruled_anew:
                self._consequences.judge_alarm(one.tracker, now_utc_s, effects)
        self.maintenance.adopt(site, now_utc_s, effects)
        self.services.adopt(resilience, site.alarms, now_s, now_utc_s, effects)
        return effects

    def _forget(self, endpoint_id: str, now_utc_s: float, effects: Effects) -> None:
        self._consequences.withdraw(endpoint_id, now_utc_s, effects)
        self._consequences.gone(endpoint_id, now_utc_s, effects)
        self._held_since_s.pop(endpoint_id, None)
        self._parents.forget(endpoint_id)
        self._connection.forget(endpoint_id)

    # -- readings and time ------------------------------------------------------------------------

    def saw(self, effects: Effects) -> None:
        """Take what was brought about, for the services that hang on it (rule 7)."""
        self.services.saw(effects.states.values(), effects.assessments)

    def believed(self, reading: Reading) -> Reading:
        """Return a reading as it is to be kept and judged: a loss that is our own fault was not run.

        To be called once with each reading that is kept, before it is judged: a loss may be taken back later.
        """
        return self._connection.believed(reading)

    def handle(self, reading: Reading, now_s: float, now_utc_s: float) -> Effects:
        """Fold in one reading; ``now_s`` is monotonic."""
        effects = Effects()
        found = self._watched.find(reading.probe)
        if found is None:
            return effects  # the site had it when it was asked, and has it no longer
        tracker, probe = found
        if self._connection.is_ours(reading, tracker, probe):
            self._evaluate(tracker, now_s, now_utc_s, effects)
            return effects  # it says nothing, and what was known before will be asked afresh
        if self._watched.tells_of_us(tracker, probe):
            self._connection.note(reading, now_s, now_utc_s, effects)
        self._privilege.note(reading, now_utc_s, effects)
        before = probe.status
        telling = tracker.take(reading, now_s - reading.sent_monotonic_s)
        if not telling and tracker.state.condition is Condition.UP and tracker.state.suspected is None:
            return effects  # as before: what nearly every reading says
        self._connection.pass_over(tracker)
        self._asking.after(tracker, probe, before, reading, now_s, effects)
        self._evaluate(tracker, now_s, now_utc_s, effects)
        if reading.reason is Reason.NO_ROUTE:
            self._consequences.found_no_route(tracker, now_utc_s, effects)
        return effects

    def tick(self, now_s: float, now_utc_s: float) -> Effects:
        """Look again at what was held back, and at what alarms and operators gave a time."""
        effects = Effects()
        for endpoint_id in list(self._held_since_s):
            self._evaluate(self._watched.trackers[endpoint_id], now_s, now_utc_s, effects)
        for endpoint_id in self._parents.due():
            self._evaluate(self._watched.trackers[endpoint_id], now_s, now_utc_s, effects)
        self._faults.tick(now_s, now_utc_s, effects)
        for moved in self.alarms.tick_delays(now_s, now_utc_s):
            effects.moved(moved)
        if now_s - self._ticked_s >= ALARMS_EVERY_S:
            self._ticked_s = now_s
            self.maintenance.look(now_utc_s, effects)
            for moved in self.alarms.tick(now_utc_s):
                effects.moved(moved)
            for moved in self._escalating.look(self.alarms.alarms(), now_utc_s):
                effects.moved(moved)
        return effects

    def traced(self, routes: Sequence[KeptRoute], now_utc_s: float) -> Effects:
        """Take routes that were just traced, for the services that hang on them."""
        effects = Effects()
        self.services.traced(routes, now_utc_s, effects)
        return effects

    def look_at_services(self, now_s: float, now_utc_s: float) -> Effects:
        """Bring services in line with their endpoints; to be called after each ``tick`` (rule 7)."""
        effects = Effects()
        self.services.look(now_s, now_utc_s, effects)
        return effects

    def clock_stepped(self, step_s: float, now_utc_s: float) -> Effects:
        """Tell all times by a clock that was set by so much and shows ``now_utc_s`` since (rule 4)."""
        effects = Effects()
        for tracker in self._watched.trackers.values():
            if tracker.clock_stepped(step_s):
                effects.states[tracker.endpoint.id] = self.maintenance.shown(tracker.state)
        effects.alarms = {alarm.number: alarm for alarm in self.alarms.clock_stepped(step_s)}
        self._parents.clock_stepped(step_s)
        self._escalating.clock_stepped(step_s)
        self._connection.clock_stepped(step_s, now_utc_s, effects)
        self.maintenance.clock_stepped(step_s, effects)
        self.services.clock_stepped(step_s)
        return effects

    def split(self, subject: str, operator: str, now_utc_s: float) -> Effects | None:
        """Tell the members of an incident one by one, as an operator wants; ``None`` where there is none."""
        return self._faults.split(subject, operator, now_utc_s)

    # -- the monitoring itself --------------------------------------------------------------------

    def own_fault(self, cause: Cause, reason: str, now_utc_s: float) -> Effects:
        """Raise an alarm about the monitoring itself."""
        effects = Effects()
        effects.moved(self.alarms.fault(own_fault(cause, reason, now_utc_s), now_utc_s))
        return effects

    def own_event(self, cause: Cause, reason: str, now_utc_s: float) -> Effects:
        """Raise an alarm about what happened to the monitoring itself and is over: somebody is to see it."""
        effects = Effects()
        effects.moved(self.alarms.fault(own_event(cause, reason, now_utc_s), now_utc_s))
        effects.moved(self.alarms.no_fault(ENGINE, cause, now_utc_s))
        return effects

    def own_fault_ended(self, cause: Cause, now_utc_s: float) -> Effects:
        """Return an alarm about the monitoring itself."""
        effects = Effects()
        effects.moved(self.alarms.no_fault(ENGINE, cause, now_utc_s))
        return effects

    # -- judging ----------------------------------------------------------------------------------

    def _evaluate(self, tracker: EndpointTracker, now_s: float, now_utc_s: float, effects: Effects) -> None:
        endpoint_id = tracker.endpoint.id
        combined = tracker.combined()
        outside = self._watched.is_outside(endpoint_id)
        if not (outside and self.cut_off):
            hold = combined.condition in _SHOWS_SILENCE and tracker.undecided()
            if not hold and outside and _may_be_ours(tracker.state, combined):
                found = self._connection.judge(tracker, combined, now_s, effects)
                if found is Verdict.CUT_OFF:
                    self._cut_off(tracker, now_s, now_utc_s, effects)
                hold = found is Verdict.UNDECIDED
            nameless = outside and combined.reason == Reason.NO_NAME
            if nameless and self._connection.may_lack_name(combined, now_s):
                if now_s - self._held_since_s.setdefault(endpoint_id, now_s) < SETTLES_S:
                    return
            elif hold and now_s - self._held_since_s.setdefault(endpoint_id, now_s) < HOLD_S:
                self._consequences.suspect(tracker, effects)
                return
        self._held_since_s.pop(endpoint_id, None)
        if outside and self.cut_off:
            combined = Combined(Condition.UNKNOWN, combined.since_utc_s, OWN_CONNECTION_LOST)
        judged = self._parents.judge(tracker, combined, now_s, now_utc_s, effects)
        if judged is None:
            self._consequences.suspect(tracker, effects)
            return
        self._apply(tracker, judged, now_utc_s, effects)

    def _cut_off(self, first: EndpointTracker, now_s: float, now_utc_s: float, effects: Effects) -> None:
        """Take every endpoint outside for unknown (rule 2); ``first`` made it certain."""
        lost = self._connection.lose(first, now_s, now_utc_s, effects)
        self._parents.cut_off()
        self._held_since_s.clear()
        for tracker in self._watched.trackers.values():
            if self._connection.pass_over(tracker):
                self._evaluate(tracker, now_s, now_utc_s, effects)
        for tracker in self._watched.outside():
            self._apply(tracker, lost, now_utc_s, effects)

    def _apply(
        self, tracker: EndpointTracker, combined: Combined, now_utc_s: float, effects: Effects
    ) -> None:
        changed = self._consequences.apply(tracker, combined, now_utc_s, effects)
        if changed and combined.condition is Condition.UP:
            self._connection.witnesses.end(tracker.endpoint.id)


def _may_be_ours(state: EndpointState, combined: Combined) -> bool:
    """Whether a fault is new and could as well be a fault of our own connection."""
    return _looks_lost(combined.condition, combined.reason) and not _looks_lost(state.condition, state.reason)


def _looks_lost(condition: Condition, reason: str) -> bool:
    if condition in (Condition.DOWN, Condition.UNREACHABLE):
        return True
    return condition is Condition.UNKNOWN and reason in NOT_SENT
