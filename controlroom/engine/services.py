"""How the site's services stand, kept in line with their endpoints, and told to the log. No clock and no I/O.

Rules:
1. Endpoints come first: their states and alarms are brought about before any service is looked at, in a look
   of its own, ``EVERY_S`` after the last at the soonest.
2. The log tells each change of a service's state or margin. It is spared what our own lost connection does to
   all of them, and that a service works as its endpoints are measured for the first time.
3. After a restart services stand as the store has their endpoints; that is no change.
4. Which alarms follow says ``service_alarms.py``, which by traced routes ``diversity.py``,
   and of which paths that nobody misses ``standby.py``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.rules import OWN_REASONS
from controlroom.alarms.service_faults import reason_of
from controlroom.alarms.service_subject import service_subject
from controlroom.condition.assessment import Assessment
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.diversity import Diversity
from controlroom.engine.effects import Effects
from controlroom.engine.maintenance_keeper import MaintenanceKeeper
from controlroom.engine.service_alarms import ServiceAlarms
from controlroom.engine.standby import Standby
from controlroom.engine.watched import Watched
from controlroom.logbook.entry import Draft, Fact, LogKind
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import FAILED, observed
from controlroom.resilience.standing import Margin, ServiceState, Standing
from controlroom.route.kept import KeptRoute
from controlroom.site.alarm_settings import AlarmSettings
from controlroom.site.view import SiteView

EVERY_S: Final = 0.05
_USUAL: Final = AlarmSettings()
_QUIET: Final = frozenset({ServiceState.WORKING, ServiceState.UNKNOWN})


class Services:
    """The services of one site."""

    def __init__(
        self,
        alarms: AlarmRegister,
        watched: Watched,
        maintenance: MaintenanceKeeper,
        view: SiteView | None,
        routes: Iterable[KeptRoute] = (),
        settings: AlarmSettings = _USUAL,
    ) -> None:
        """Begin with the routes that are known; without a view of the site there are no services."""
        self._watched, self._maintenance = watched, maintenance
        self._resilience = Resilience(view or SiteView(name=""))
        self._alarms = ServiceAlarms(alarms, watched)
        self._diversity, self._standby = Diversity(alarms, routes), Standby(alarms, watched)
        self._set(settings)
        self._states: dict[str, EndpointState] = {}
        self._assessments: dict[str, Assessment] = {}
        self._standings: Mapping[str, Standing] = {}
        self._told: dict[str, tuple[ServiceState, Margin]] = {}
        self._stale, self._looked_s = False, -math.inf
        self._take_in()

    @property
    def standings(self) -> Mapping[str, Standing]:
        """How each stood when it was looked at last."""
        return self._standings

    # -- the site and restarts --------------------------------------------------------------------

    def begin(self, now_s: float, now_utc_s: float, effects: Effects) -> None:
        """Go on as states and alarms of an earlier engine tell (rule 3)."""
        self._look(now_s)
        self._told = {name: _place(each) for name, each in self._standings.items() if not self._expects(each)}
        self._alarms.begin(self._standings, self._resilience.structures, now_s, now_utc_s, effects)
        self._diversity.adopt(self._resilience, now_utc_s, effects)

    def adopt(
        self,
        resilience: Resilience | None,
        settings: AlarmSettings,
        now_s: float,
        now_utc_s: float,
        effects: Effects,
    ) -> None:
        """Go on with a changed site; to make its services takes too long for the beat, so they come in."""
        self._resilience = resilience or Resilience(SiteView(name=""))
        self._set(settings)
        self._take_in()
        self._told = {name: told for name, told in self._told.items() if name in self._resilience.structures}
        self._alarms.keep(self._resilience.structures, now_s, now_utc_s, effects)
        self._diversity.adopt(self._resilience, now_utc_s, effects)

    def _set(self, settings: AlarmSettings) -> None:
        """Go by what the site says of its alarms."""
        remind_s = settings.remind_s or None
        self._alarms.remind_s = self._diversity.remind_s = self._standby.remind_s = remind_s
        self._standby.adopt(self._resilience, settings.standby_dead_s)

    def _take_in(self) -> None:
        """Take in how all endpoints are that any service knows of."""
        structures = self._resilience.structures.values()
        self._needed = dict.fromkeys(each for structure in structures for each in structure.endpoints)
        trackers = self._watched.trackers
        shown = (self._maintenance.shown(trackers[each].state) for each in self._needed if each in trackers)
        self._states = {state.endpoint_id: state for state in shown}
        self._stale = bool(self._needed)

    # -- what is told of endpoints ----------------------------------------------------------------

    def saw(self, states: Iterable[EndpointState], assessments: Iterable[Assessment]) -> None:
        """Take it how endpoints are now, as they are shown, and how good their links."""
        for state in states:
            if state.endpoint_id not in self._needed:
                continue
            # In maintenance it is shown alike, however it truly is.
            covered = state.condition is Condition.MAINTENANCE
            if covered or state != self._states.get(state.endpoint_id):
                self._states[state.endpoint_id] = state
                self._stale = True
        for found in assessments:
            known = self._assessments.get(found.endpoint_id)
            self._assessments[found.endpoint_id] = found
            same = known is not None and (known.grade, known.serving) == (found.grade, found.serving)
            self._stale = self._stale or (not same and found.endpoint_id in self._needed)

    def traced(self, routes: Iterable[KeptRoute], now_utc_s: float, effects: Effects) -> None:
        """Take routes that were just traced."""
        self._diversity.traced(routes, now_utc_s, effects)

    def look(self, now_s: float, now_utc_s: float, effects: Effects) -> None:
        """Look at all services again where anything of them may be otherwise (rule 1)."""
        if self._stale and now_s - self._looked_s >= EVERY_S:
            before = self._standings
            self._look(now_s)
            for service_id, standing in self._standings.items():
                if standing is not before.get(service_id):
                    self._tell(standing, now_utc_s, effects)
            self._alarms.judge(self._standings, self._resilience.structures, now_s, now_utc_s, effects)
        self._alarms.tick(now_s, now_utc_s, effects)
        self._standby.look(self._standings, now_s, now_utc_s, effects)

    def clock_stepped(self, step_s: float) -> None:
        """Tell by a clock that was set since when endpoints are as they are; ages stay what they were."""
        self._take_in()

    # -- one look ---------------------------------------------------------------------------------

    def _look(self, now_s: float) -> None:
        self._stale, self._looked_s = False, now_s
        services = self._resilience.view.services
        seen = observed(self._needed, self._states, self._assessments, services)
        self._standings = self._resilience.look(seen)
        trackers = self._watched.trackers
        down = (
            each for each in seen.planned if each in trackers and trackers[each].state.condition in FAILED
        )
        self._alarms.planned_down = frozenset(down)

    def _tell(self, standing: Standing, now_utc_s: float, effects: Effects) -> None:
        """Tell the log how a service stands, where that is news (rule 2)."""
        service_id, place = standing.service_id, _place(standing)
        told = self._told.get(service_id)
        if place == told or self._expects(standing):
            return
        self._told[service_id] = place
        if told is None and standing.state in _QUIET:
            return
        facts: dict[str, Fact] = {
            "from": "" if told is None else told[0].value,
            "to": standing.state.value,
            "margin_least": standing.margin.least,
            "margin_most": standing.margin.most,
            "whole": standing.whole,
            "reason": reason_of(standing),
        }
        entry = Draft(now_utc_s, LogKind.SERVICE_CHANGED, service_subject(service_id), facts=facts)
        effects.entries.append(entry)

    def _expects(self, standing: Standing) -> bool:
        """Whether it is unknown for a reason of our own, which tells nothing of the service."""
        if standing.state is not ServiceState.UNKNOWN and standing.margin.certain:
            return False
        states = (self._states.get(each) for each in standing.unknown)
        return any(state is None or state.reason in OWN_REASONS for state in states)


def _place(standing: Standing) -> tuple[ServiceState, Margin]:
    return standing.state, standing.margin
