"""Faults of one cause as one incident with one alarm. It judges no endpoint and does no I/O.

Rules:
1. A fault is told at once where no other is in sight that might have the same cause. Otherwise it waits for
   those under suspicion, ``WAIT_S`` after its confirmation at most.
2. Faults with one cause (``common_cause.py``) are one incident: one alarm leads, as urgent as the most urgent
   of them, and tells how many are lost and which fell first; theirs are suppressed as part of it, also those
   that were told before.
3. A fault that comes later and shares the cause joins the incident. In one that was acknowledged it makes
   the leading alarm call again, once in ``CALLS_EVERY_S`` at most.
4. Who returns leaves without a word. Once nobody has returned for ``SETTLES_S``, and ``MOST_SETTLING_S``
   after the first in any case, those still lost go on as that incident where its cause still fits, else as a
   smaller one, else each with its own alarm.
5. The leading alarm returns when nobody is left in its incident.
6. An operator may split an incident: then each has its own alarm until all that is over.
7. What alarms and states tell is enough to go on after a restart. Faults that could be an incident and have
   had alarms of their own for ``SPLIT_SHOWS_S`` were split before it.
8. Of many that are to be told anew a few are at a time, so that the beat is not held up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from controlroom.alarms.alarm import Alarm, Cause
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.transitions import Fault
from controlroom.condition.cause_code import behind_of, part_of
from controlroom.condition.common_cause import CommonCauses, IsHeard
from controlroom.condition.own_connection import OWN_CONNECTION_LOST
from controlroom.condition.shared_risk import SharedRisk, is_shared_risk, shared_risks
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.effects import Effects
from controlroom.engine.incident import Incident, fault_of_alarm, incident_of_alarm
from controlroom.site.model import Site

WAIT_S: Final = 1.5
"""How long a fault waits for others under suspicion (rule 1)."""

SETTLES_S: Final = 15.0
MOST_SETTLING_S: Final = 60.0
"""How long those still lost are given to return with the others (rule 4)."""

CALLS_EVERY_S: Final = 60.0
"""How far apart further faults make an acknowledged alarm call again (rule 3)."""

SPLIT_SHOWS_S: Final = 5.0
"""So long faults must have had alarms of their own for a split to show by it (rule 7)."""

COUNTED_EVERY_S: Final = 1.0
"""How far apart the leading alarm tells anew how many are lost."""

MOST_AT_ONCE: Final = 100
"""So many are told anew in one look (rule 8)."""

SPLIT: Final = "split"
"""Why the leading alarm of an incident that was split ends."""


Tell = Callable[[Fault, float, Effects], None]
Lead = Callable[[Incident], Fault]


@dataclass(frozen=True, slots=True)
class _Waiting:
    fault: Fault
    since_s: float


class Incidents:
    """The incidents, those that wait, and those that have alarms of their own."""

    def __init__(self, alarms: AlarmRegister, site: Site, tell: Tell, lead: Lead, is_heard: IsHeard) -> None:
        """Begin without any; ``restore`` goes on with what an earlier engine left.

        ``tell`` gives an endpoint an alarm of its own, ``lead`` says what the leading alarm tells,
        ``is_heard`` who answered a question that was sent since a time.
        """
        self._is_heard = is_heard
        self._alarms = alarms
        self._tell, self._lead = tell, lead
        self._causes = CommonCauses(shared_risks(site), site.alarms.incidents, self._is_heard)
        self._open: dict[str, Incident] = {}
        self._of: dict[str, Incident] = {}
        self._own: dict[str, Fault] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._fell_s: dict[str, float] = {}
        self._explained: set[str] = set()
        self._suspected: set[str] = set()
        self._to_suppress: deque[str] = deque()

    # -- the site and restarts --------------------------------------------------------------------

    def restore(self, states: Iterable[EndpointState], now_s: float, now_utc_s: float) -> None:
        """Go on with the alarms as they are (rule 7)."""
        alarms = {alarm.subject: alarm for alarm in self._alarms.alarms() if alarm.active}
        self._open = {
            subject: incident_of_alarm(alarm, now_s)
            for subject, alarm in alarms.items()
            if is_shared_risk(subject)
        }
        stood: list[str] = []
        for state in states:
            known = alarms.get(state.endpoint_id)
            if _is_lost(state, known):
                fell_s = now_s - (now_utc_s - _fell_utc_s(state, known))
                self._restore_one(state, known, fell_s)
                if state.endpoint_id in self._own and known is not None:
                    stood += [state.endpoint_id] if now_utc_s - known.raised_utc_s >= SPLIT_SHOWS_S else []
        for incident in self._open.values():
            if len(incident.members) < incident.most:  # some returned, now or before
                incident.returned_s = incident.returning_since_s = now_s
        self._remember_splits(stood)

    def _restore_one(self, state: EndpointState, known: Alarm | None, fell_s: float) -> None:
        """Put an endpoint that is lost where its alarm says."""
        suppressed_by = "" if known is None else known.suppressed_by
        lead = self._open.get(part_of(suppressed_by) or "")
        behind = state.reason == OWN_CONNECTION_LOST and behind_of(suppressed_by) is not None
        if state.condition is Condition.UNREACHABLE or behind:
            self._explain(state.endpoint_id)
        elif known is not None and lead is not None:
            self._put_into(lead, fault_of_alarm(known), fell_s)
        elif known is not None and known.cause is Cause.DOWN and not known.suppressed_by:
            self._own[state.endpoint_id] = fault_of_alarm(known)
            self._lose(state.endpoint_id, fell_s)

    def _remember_splits(self, stood: Iterable[str]) -> None:
        """Take for split what could be an incident and has long had alarms of its own (rule 7)."""
        shared = {each for endpoint_id in stood for each in self._causes.shares(endpoint_id)}
        for subject in shared - self._open.keys():
            if self._causes.still_fits(subject):
                self._causes.split(subject)

    def adopt(self, site: Site) -> None:
        """Go on with a changed site: who is lost stays so, whatever is shared now."""
        self._causes = CommonCauses(shared_risks(site), site.alarms.incidents, self._is_heard)
        for endpoint_id in self._suspected:
            self._causes.suspected(endpoint_id, is_suspected=True)
        for endpoint_id in (*self._own, *self._waiting):
            self._causes.lost(endpoint_id, self._fell_s[endpoint_id])
        for endpoint_id in (*self._of, *self._explained):
            self._causes.explained(endpoint_id)

    # -- what is told of endpoints ----------------------------------------------------------------

    def suspect(self, endpoint_id: str, *, is_suspected: bool) -> None:
        """Take whether an endpoint may be lost, which is not certain yet."""
        if is_suspected is not (endpoint_id in self._suspected):
            (self._suspected.add if is_suspected else self._suspected.discard)(endpoint_id)
            self._causes.suspected(endpoint_id, is_suspected=is_suspected)

    def take(self, fault: Fault, fell_s: float, now_s: float, now_utc_s: float, effects: Effects) -> None:
        """Take the fault of an endpoint that is lost, and tell it where it is to be told (rules 1 to 3)."""
        endpoint_id = fault.subject
        incident = self._of.get(endpoint_id)
        if incident is not None:
            incident.members[endpoint_id] = fault
            self._suppress(endpoint_id, now_utc_s, effects)
        elif endpoint_id in self._own:
            self._tell_own(fault, now_utc_s, effects)
        elif endpoint_id in self._waiting:
            self._waiting[endpoint_id] = _Waiting(fault, self._waiting[endpoint_id].since_s)
        else:
            self._lose(endpoint_id, fell_s)
            self._waiting[endpoint_id] = _Waiting(fault, now_s)
            self._decide(endpoint_id, now_s, now_utc_s, effects)

    def unreachable(self, endpoint_id: str, now_utc_s: float, effects: Effects) -> None:
        """Take it that an endpoint's loss is explained by what it stands behind."""
        self._leave(endpoint_id, now_utc_s, effects)
        self._explain(endpoint_id)

    def back(self, endpoint_id: str, now_s: float, now_utc_s: float, effects: Effects) -> None:
        """Take it that an endpoint is lost no longer (rules 4 and 5)."""
        incident = self._of.get(endpoint_id)
        if incident is not None:
            incident.returned_s = now_s
            if incident.returning_since_s is None:
                incident.returning_since_s = now_s
        self._leave(endpoint_id, now_utc_s, effects)
        self._explained.discard(endpoint_id)
        self._fell_s.pop(endpoint_id, None)
        self._causes.back(endpoint_id)

    def split(self, subject: str, operator: str, now_utc_s: float, effects: Effects) -> bool:
        """Tell the members of an incident one by one (rule 6); ``False`` where there is none."""
        incident = self._open.pop(subject, None)
        if incident is None:
            return False
        for endpoint_id in incident.members:
            self._causes.lost(endpoint_id, self._fell_s[endpoint_id])
        self._causes.split(subject)
        shared = {each for endpoint_id in incident.members for each in self._causes.shares(endpoint_id)}
        for other in filter(self._causes.still_fits, shared):
            self._causes.split(other)  # the same again by another name
        self._dissolve(incident)
        ended = self._alarms.withdraw(subject, SPLIT, now_utc_s)
        effects.moved(
            None if ended is None else replace(ended, entry=replace(ended.entry, operator=operator))
        )
        return True

    def holds(self, endpoint_id: str) -> bool:
        """Whether an endpoint is a member of an incident."""
        return endpoint_id in self._of

    def is_undecided(self, endpoint_id: str) -> bool:
        """Whether it is open yet which alarm tells of an endpoint's fault."""
        return endpoint_id in self._waiting

    # -- time -------------------------------------------------------------------------------------

    def tick(self, now_s: float, now_utc_s: float, effects: Effects) -> None:
        """Decide what has waited long enough, and tell what is to be told."""
        for endpoint_id in list(islice(self._waiting, MOST_AT_ONCE)):
            waiting = self._waiting.pop(endpoint_id, None)
            if waiting is not None:  # not taken into an incident by one before it
                self._waiting[endpoint_id] = waiting
                self._decide(endpoint_id, now_s, now_utc_s, effects)
        for _ in range(min(MOST_AT_ONCE, len(self._to_suppress))):
            self._suppress(self._to_suppress.popleft(), now_utc_s, effects)
        for incident in list(self._open.values()):
            self._look_at(incident, now_s, now_utc_s, effects)

    def _look_at(self, incident: Incident, now_s: float, now_utc_s: float, effects: Effects) -> None:
        if not incident.members:
            self._close(incident, now_utc_s, effects)
            return
        if now_s - incident.told_s >= COUNTED_EVERY_S:
            incident.told_s = now_s
            effects.moved(self._alarms.fault(self._lead(incident), now_utc_s))
        if incident.newest and now_s - incident.called_s >= CALLS_EVERY_S:
            called = self._alarms.joined(incident.number, incident.newest, now_utc_s)
            effects.moved(called)
            incident.newest = ""
            incident.called_s = incident.called_s if called is None else now_s
        returned_s, since_s = incident.returned_s, incident.returning_since_s
        if returned_s is None or since_s is None:
            return
        if now_s - returned_s >= SETTLES_S or now_s - since_s >= MOST_SETTLING_S:
            self._settle(incident, now_utc_s, effects)

    def _settle(self, incident: Incident, now_utc_s: float, effects: Effects) -> None:
        """Go on with those still lost (rule 4)."""
        incident.returned_s = incident.returning_since_s = None
        for endpoint_id in incident.members:
            self._causes.lost(endpoint_id, self._fell_s[endpoint_id])
        if self._causes.still_fits(incident.subject):
            for endpoint_id in incident.members:
                self._causes.explained(endpoint_id)
            return
        del self._open[incident.subject]
        self._dissolve(incident)
        effects.moved(self._alarms.no_fault(incident.subject, None, now_utc_s))

    # -- deciding ---------------------------------------------------------------------------------

    def _decide(self, endpoint_id: str, now_s: float, now_utc_s: float, effects: Effects) -> None:
        waiting = self._waiting[endpoint_id]
        for subject in self._causes.shares(endpoint_id):
            if subject in self._open:
                self._join(self._open[subject], waiting.fault, now_s, now_utc_s, effects)
                return
        if now_s - waiting.since_s < WAIT_S and self._causes.is_worth_waiting(endpoint_id):
            return
        risk = self._causes.fitting(endpoint_id)
        if risk is not None:
            self._form(risk, now_s, now_utc_s, effects)
            return
        del self._waiting[endpoint_id]
        self._tell_own(waiting.fault, now_utc_s, effects)

    def _form(self, risk: SharedRisk, now_s: float, now_utc_s: float, effects: Effects) -> None:
        """Make an incident of all whose faults a cause explains (rule 2)."""
        names = self._causes.explains(risk)
        faults = [self._fault(name) for name in names]
        incident = Incident(risk.subject, 0, names[0], min(fault.since_utc_s for fault in faults))
        incident.told_s = now_s
        told_before = [name for name in names if name in self._own]
        for fault in faults:
            self._put_into(incident, fault, self._fell_s[fault.subject])
        effects.moved(self._alarms.fault(self._lead(incident), now_utc_s))
        lead = self._alarms.of(risk.subject)
        incident.number = 0 if lead is None else lead.number
        self._open[risk.subject] = incident
        for name in told_before:
            self._suppress(name, now_utc_s, effects)
        self._to_suppress.extend(names)

    def _join(
        self, incident: Incident, fault: Fault, now_s: float, now_utc_s: float, effects: Effects
    ) -> None:
        self._put_into(incident, fault, self._fell_s[fault.subject])
        self._to_suppress.append(fault.subject)
        incident.newest = fault.subject
        lead = self._alarms.numbered(incident.number)
        if lead is not None and fault.priority < lead.priority:
            effects.moved(self._alarms.fault(self._lead(incident), now_utc_s))
            incident.told_s = incident.called_s = now_s

    def _dissolve(self, incident: Incident) -> None:
        """Have each that is still lost decided anew, without a further wait."""
        for endpoint_id, fault in incident.members.items():
            del self._of[endpoint_id]
            self._waiting[endpoint_id] = _Waiting(fault, float("-inf"))

    def _close(self, incident: Incident, now_utc_s: float, effects: Effects) -> None:
        del self._open[incident.subject]
        effects.moved(self._alarms.no_fault(incident.subject, None, now_utc_s))

    # -- keeping ----------------------------------------------------------------------------------

    def _fault(self, endpoint_id: str) -> Fault:
        waiting = self._waiting.get(endpoint_id)
        return self._own[endpoint_id] if waiting is None else waiting.fault

    def _lose(self, endpoint_id: str, fell_s: float) -> None:
        self._explained.discard(endpoint_id)
        self._fell_s[endpoint_id] = fell_s
        self._causes.lost(endpoint_id, fell_s)

    def _explain(self, endpoint_id: str) -> None:
        self._explained.add(endpoint_id)
        self._causes.explained(endpoint_id)

    def _put_into(self, incident: Incident, fault: Fault, fell_s: float) -> None:
        endpoint_id = fault.subject
        self._waiting.pop(endpoint_id, None)
        self._own.pop(endpoint_id, None)
        self._fell_s[endpoint_id] = fell_s
        self._causes.explained(endpoint_id)
        incident.members[endpoint_id] = fault
        self._of[endpoint_id] = incident

    def _leave(self, endpoint_id: str, now_utc_s: float, effects: Effects) -> None:
        self._waiting.pop(endpoint_id, None)
        self._own.pop(endpoint_id, None)
        incident = self._of.pop(endpoint_id, None)
        if incident is not None:
            del incident.members[endpoint_id]
            if not incident.members:
                self._close(incident, now_utc_s, effects)

    def _tell_own(self, fault: Fault, now_utc_s: float, effects: Effects) -> None:
        self._own[fault.subject] = fault
        self._tell(fault, now_utc_s, effects)

    def _suppress(self, endpoint_id: str, now_utc_s: float, effects: Effects) -> None:
        incident = self._of.get(endpoint_id)
        if incident is not None:
            fault = incident.members[endpoint_id]
            effects.moved(self._alarms.suppressed(fault, incident.code, incident.number, now_utc_s))


def _is_lost(state: EndpointState, known: Alarm | None) -> bool:
    """Whether an endpoint is lost as far as anybody knows: while we are cut off, its alarm tells."""
    if state.reason == OWN_CONNECTION_LOST:
        return known is not None and known.cause is Cause.DOWN
    return state.condition in (Condition.DOWN, Condition.UNREACHABLE)


def _fell_utc_s(state: EndpointState, known: Alarm | None) -> float:
    if state.reason == OWN_CONNECTION_LOST and known is not None:
        return known.since_utc_s
    return state.since_utc_s
