"""Which alarm tells of an endpoint's fault: its own, or that of its cause. It judges no endpoint. No I/O.

Rules:
1. What cannot be reached has an alarm that is suppressed, as part of the one of the loss that explains it.
2. What is lost may have a cause that others share (``incidents.py``).
3. What falls and returns again and again is told as unstable (``instability.py``).
4. What cannot be measured for a reason of our own keeps its alarm as it is.
5. What the site's rules tell as an event has no alarm and no part in an incident; an alarm for something else
   is over then, unless all that is known is that nothing can be measured.
6. What is out of service has no part in an incident either: that it is lost was planned.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Final

from controlroom.alarms.alarm import Cause
from controlroom.alarms.event import Event
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.rules import OWN_REASONS, AlarmRules
from controlroom.alarms.transitions import Fault
from controlroom.condition.cause_code import behind_of
from controlroom.condition.common_cause import IsHeard
from controlroom.condition.state import Condition, EndpointState
from controlroom.condition.tracker import EndpointTracker
from controlroom.engine.effects import Effects
from controlroom.engine.incident import Incident
from controlroom.engine.incidents import Incidents
from controlroom.engine.instability import Instability
from controlroom.engine.watched import Watched
from controlroom.site.model import Endpoint, Site

MOST_AT_ONCE: Final = 100
"""Of so many that wait for the alarm that is to lead them it is looked for in one look."""

_ANSWERS: Final = frozenset({Condition.UP, Condition.DEGRADED, Condition.MAINTENANCE})


class Faults:
    """Gives each endpoint's fault its place among the alarms."""

    def __init__(self, watched: Watched, alarms: AlarmRegister, site: Site, is_heard: IsHeard) -> None:
        """Go on with the alarms as they are, once ``restore`` was called.

        ``is_heard`` tells who answered a question that was sent since a time (monotonic seconds).
        """
        self._watched = watched
        self._alarms = alarms
        self._rules = AlarmRules(site)
        self._incidents = Incidents(alarms, site, self._tell, self._lead, is_heard)
        self._instability = Instability(site.alarms.flapping)
        self._unled: deque[str] = deque()
        self._now_s = 0.0

    def restore(self, now_s: float, now_utc_s: float) -> None:
        """Go on as alarms and states tell, after a restart."""
        self._now_s = now_s
        trackers = self._watched.trackers
        self._incidents.restore([tracker.state for tracker in trackers.values()], now_s, now_utc_s)
        for alarm in self._alarms.alarms():
            tracker = trackers.get(alarm.subject)
            if tracker is not None and alarm.cause is Cause.UNSTABLE and alarm.active:
                self._instability.restore(tracker.endpoint, tracker.state, alarm, now_s)

    def adopt(self, site: Site) -> bool:
        """Go on with a changed site; return whether its rules say anything else of the same endpoints."""
        before, self._rules = self._rules, AlarmRules(site)
        self._incidents.adopt(site)
        self._instability.adopt(site.alarms.flapping, self._watched.trackers)
        return not self._rules.same_as(before)

    def forget(self, endpoint_id: str, now_utc_s: float, effects: Effects) -> None:
        """Drop an endpoint that is watched no longer."""
        self._incidents.suspect(endpoint_id, is_suspected=False)
        self._incidents.back(endpoint_id, self._now_s, now_utc_s, effects)

    def suspect(self, state: EndpointState) -> None:
        """Take whether an endpoint may be down, which is not certain yet."""
        self._incidents.suspect(state.endpoint_id, is_suspected=state.suspected is Condition.DOWN)

    def split(self, subject: str, operator: str, now_utc_s: float) -> Effects | None:
        """Tell the members of an incident one by one; ``None`` where there is none."""
        effects = Effects()
        return effects if self._incidents.split(subject, operator, now_utc_s, effects) else None

    # -- judging ----------------------------------------------------------------------------------

    def judge(self, tracker: EndpointTracker, now_utc_s: float, effects: Effects) -> Event | None:
        """Bring the alarms in line with an endpoint's state; return what of it is an event (rule 5)."""
        found = self._rules.judge(tracker.state, tracker.endpoint)
        if isinstance(found, Event):
            self._incidents.back(tracker.endpoint.id, self._now_s, now_utc_s, effects)
            if found.cause is not Cause.NOT_MEASURED:
                effects.moved(self._alarms.no_fault(tracker.endpoint.id, None, now_utc_s))
            return found
        self._judge(tracker, found, now_utc_s, effects)
        return None

    def _judge(
        self, tracker: EndpointTracker, fault: Fault | None, now_utc_s: float, effects: Effects
    ) -> None:
        state, endpoint = tracker.state, tracker.endpoint
        if state.condition is Condition.UNREACHABLE:
            self._incidents.unreachable(endpoint.id, now_utc_s, effects)
            self._suppress_behind(tracker, now_utc_s, effects)
        elif fault is not None and self._alarms.is_out(endpoint.id):
            self._incidents.back(endpoint.id, self._now_s, now_utc_s, effects)
            self._tell_as(fault, now_utc_s, effects)
        elif state.condition is Condition.DOWN and fault is not None:
            fell_s = self._now_s - (now_utc_s - state.since_utc_s)
            self._incidents.take(fault, fell_s, self._now_s, now_utc_s, effects)
        elif state.condition in _ANSWERS:
            self._answers(endpoint, fault, now_utc_s, effects)
        elif fault is not None:  # not measured: what is known of a fault stands, and where
            effects.moved(self._alarms.fault(fault, now_utc_s))
        elif not (state.condition is Condition.UNKNOWN and state.reason in OWN_REASONS):
            effects.moved(self._alarms.no_fault(endpoint.id, None, now_utc_s))

    def _answers(self, endpoint: Endpoint, fault: Fault | None, now_utc_s: float, effects: Effects) -> None:
        self._incidents.back(endpoint.id, self._now_s, now_utc_s, effects)
        if fault is not None:
            self._tell(fault, now_utc_s, effects)
            return
        unstable = self._instability.rose(endpoint.id, self._now_s)
        if unstable is None:
            effects.moved(self._alarms.no_fault(endpoint.id, None, now_utc_s))
        else:
            self._tell_as(unstable, now_utc_s, effects)

    def _tell(self, fault: Fault, now_utc_s: float, effects: Effects) -> None:
        """Tell a fault of an endpoint's own, or that it is unstable."""
        tracker = self._watched.trackers.get(fault.subject)
        if tracker is not None:
            condition = tracker.state.condition
            fault = self._instability.fell(tracker.endpoint, condition, fault, self._now_s)
            self._tell_as(fault, now_utc_s, effects)

    def _tell_as(self, fault: Fault, now_utc_s: float, effects: Effects) -> None:
        tracker = self._watched.trackers.get(fault.subject)
        if fault.cause is Cause.UNSTABLE and tracker is not None:
            ruled = self._rules.unstable(tracker.endpoint, fault)
            if isinstance(ruled, Event):
                effects.moved(self._alarms.no_fault(fault.subject, None, now_utc_s))
                return
            fault = ruled
        effects.moved(self._alarms.fault(fault, now_utc_s))
        effects.moved(self._alarms.release(fault.subject, now_utc_s))

    def _lead(self, incident: Incident) -> Fault:
        """Return what the leading alarm of an incident tells, by the site's rules where they say it.

        Its members are suppressed from now on, so it has no delay.
        """
        trackers = (self._watched.trackers.get(each) for each in incident.members)
        lost = [tracker.endpoint for tracker in trackers if tracker is not None]
        return replace(self._rules.group_lost(incident.fault(), lost), on_delay_s=0.0)

    # -- what cannot be reached -------------------------------------------------------------------

    def _suppress_behind(self, tracker: EndpointTracker, now_utc_s: float, effects: Effects) -> None:
        """Suppress the alarm of what cannot be reached, once the one that leads is there (rule 1)."""
        state, endpoint = tracker.state, tracker.endpoint
        cause = behind_of(state.reason)
        lead = None if cause is None else self._alarms.of(cause)
        if cause is not None and lead is None and self._incidents.is_undecided(cause):
            self._unled.append(endpoint.id)
            return
        known = self._alarms.of(endpoint.id)
        if lead is None and known is not None and known.suppressed_by == state.reason:
            return  # the one that led is over, and what becomes of this one is being asked
        as_down = EndpointState(endpoint.id, Condition.DOWN, state.since_utc_s, state.reason)
        fault = self._rules.judge(as_down, endpoint)
        if isinstance(fault, Fault):
            number = None if lead is None else lead.part_of or lead.number
            effects.moved(self._alarms.suppressed(fault, state.reason, number, now_utc_s))

    # -- time -------------------------------------------------------------------------------------

    def tick(self, now_s: float, now_utc_s: float, effects: Effects) -> None:
        """Tell what time brings about."""
        self._now_s = now_s
        self._incidents.tick(now_s, now_utc_s, effects)
        for endpoint_id in self._instability.tick(now_s):
            self._judge_again(endpoint_id, now_utc_s, effects)
        for _ in range(min(MOST_AT_ONCE, len(self._unled))):
            tracker = self._watched.trackers.get(self._unled.popleft())
            if tracker is not None and tracker.state.condition is Condition.UNREACHABLE:
                self._suppress_behind(tracker, now_utc_s, effects)

    def _judge_again(self, endpoint_id: str, now_utc_s: float, effects: Effects) -> None:
        tracker = self._watched.trackers.get(endpoint_id)
        if tracker is not None:
            self.judge(tracker, now_utc_s, effects)
