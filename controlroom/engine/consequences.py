"""What follows from what an endpoint is found to be: its state, its entry in the log, its alarm. No I/O.

Rules:
1. A state is reported when its condition or reason changes, or what is suspected; the log tells of
   conditions only. It is spared the first answer of what was never measured, and what our own lost
   connection does to every endpoint, which one entry tells: two thousand would bury what matters.
2. Endpoints that lack a route because this machine has no way out have one alarm for all (``way_out.py``).
   Which alarm tells of any other fault says ``faults.py``.
3. What is watched no longer is withdrawn, with its alarm.
4. A condition that the site's rules tell as an event has no alarm. It is told once, when it is found; an
   alarm for something else is over then, unless all that is known is that nothing can be measured.
5. In maintenance an endpoint is judged as ever, with its alarm; what is shown and kept of its state is
   *maintenance*, and the log tells no change of its condition (``maintenance_cover.py``). A failure that a
   window waits for begins it before its alarm is judged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from controlroom.alarms.alarm import ENGINE
from controlroom.alarms.event import Event
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.rules import own_fault
from controlroom.condition.endpoint import Combined
from controlroom.condition.state import Condition, EndpointState
from controlroom.condition.tracker import EndpointTracker
from controlroom.engine.condition_entry import condition_entry, is_told_otherwise
from controlroom.engine.effects import Effects
from controlroom.engine.faults import Faults
from controlroom.engine.maintenance_keeper import MaintenanceKeeper
from controlroom.engine.way_out import CAUSES, NO_DEFAULT_ROUTE, WayOut

SITE_CHANGED: Final = "site_changed"
"""The reason of a state whose endpoint is not in the site."""


class Consequences:
    """Keeps states and alarms in line with what endpoints are found to be."""

    def __init__(
        self, alarms: AlarmRegister, way_out: WayOut, faults: Faults, maintenance: MaintenanceKeeper
    ) -> None:
        """Go on with the alarms as they are."""
        self._alarms = alarms
        self._maintenance = maintenance
        self._way_out = way_out
        self.faults = faults

    def set_beyond(self, versions: Mapping[str, int]) -> None:
        """Tell to which endpoints there is no way out, should they have no route, and by which IP version."""
        self._way_out.set_beyond(versions)

    def apply(self, tracker: EndpointTracker, combined: Combined, now_utc_s: float, effects: Effects) -> bool:
        """Give an endpoint what it was found to be (rule 1); return whether anything of its state changed."""
        before = tracker.state
        same = combined.condition is before.condition
        state = EndpointState(
            endpoint_id=tracker.endpoint.id,
            condition=combined.condition,
            since_utc_s=before.since_utc_s if same else combined.since_utc_s or now_utc_s,
            reason=combined.reason,
            suspected=tracker.suspected() if same else None,
        )
        if state == before:
            return False
        tracker.state = state
        self.faults.suspect(state)
        told = not self._maintenance.covers(state.endpoint_id) and not is_told_otherwise(before, state)
        if not same and told:
            effects.entries.append(condition_entry(before, state, now_utc_s))
        if not same and state.condition is Condition.DOWN:
            self._maintenance.failed(state, now_utc_s, effects)
        effects.states[state.endpoint_id] = self._maintenance.shown(state)
        if not same or state.reason != before.reason:
            found = self.judge_alarm(tracker, now_utc_s, effects)
            if found is not None and not same:
                effects.entries.append(found.entry(now_utc_s))
        return True

    def suspect(self, tracker: EndpointTracker, effects: Effects) -> None:
        """Show that an endpoint may be down, which is not certain yet."""
        suspecting = replace(tracker.state, suspected=Condition.DOWN)
        if suspecting != tracker.state:
            tracker.state = suspecting
            effects.states[tracker.endpoint.id] = self._maintenance.shown(suspecting)
            self.faults.suspect(suspecting)

    def judge_alarm(self, tracker: EndpointTracker, now_utc_s: float, effects: Effects) -> Event | None:
        """Bring alarms in line with an endpoint's state; return what of it is an event (rules 2 and 4)."""
        state = tracker.state
        ours = self._way_out.takes(state)
        self._judge_way_out(state.since_utc_s, now_utc_s, effects)
        return None if ours else self.faults.judge(tracker, now_utc_s, effects)

    def found_no_route(self, tracker: EndpointTracker, now_utc_s: float, effects: Effects) -> None:
        """Take it that a question to an endpoint found no route, which may tell whose fault that is."""
        if self._way_out.shows_anew(tracker.endpoint.id):
            self.judge_alarm(tracker, now_utc_s, effects)

    def keep(self, endpoint_ids: Collection[str]) -> None:
        """Forget the endpoints that are watched no longer, as far as they lack a way out."""
        self._way_out.keep(endpoint_ids)

    def judge_way_out(self, now_utc_s: float, effects: Effects) -> None:
        """Bring the alarms of a missing way out in line with who lacks it now."""
        self._judge_way_out(now_utc_s, now_utc_s, effects)

    def gone(self, endpoint_id: str, now_utc_s: float, effects: Effects) -> None:
        """Withdraw the state of an endpoint that is watched no longer (rule 3)."""
        state = EndpointState(endpoint_id, Condition.UNKNOWN, now_utc_s, SITE_CHANGED)
        effects.states[endpoint_id] = state

    def withdraw(self, endpoint_id: str, now_utc_s: float, effects: Effects) -> None:
        """Withdraw the alarm of an endpoint that is watched no longer (rule 3)."""
        self.faults.forget(endpoint_id, now_utc_s, effects)
        effects.moved(self._alarms.withdraw(endpoint_id, SITE_CHANGED, now_utc_s))

    def _judge_way_out(self, since_utc_s: float, now_utc_s: float, effects: Effects) -> None:
        for version, cause in CAUSES.items():
            missing = self._way_out.is_missing(version)
            if missing:
                fault = own_fault(cause, NO_DEFAULT_ROUTE, since_utc_s)
                effects.moved(self._alarms.fault(fault, now_utc_s))
            elif missing is False:
                effects.moved(self._alarms.no_fault(ENGINE, cause, now_utc_s))
