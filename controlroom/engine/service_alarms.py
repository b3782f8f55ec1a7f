"""Which alarms services have. It judges no service: how one stands is told to it. No clock and no I/O.

Rules:
1. A service has one alarm for how far it is from loss, whatever its fault turns into (``service_faults.py``).
   *Lost* is told at once, all else once it has lasted ``SETTLES_S``; what is told already follows at once.
2. Services that fall together by one cause have one alarm that calls: that of the most urgent, the first in
   the site among equals. The others are suppressed as part of it. *Lost* is never suppressed.
3. One cause are failures that one incident, or one endpoint that others stand behind, explains; together
   are those that fell within ``TOGETHER_S``.
4. When the service whose alarm leads is well again, the others have ``REGROUPS_S`` to follow; of those that
   do not one leads.
5. After a restart all is as the alarms tell: what was told needs not settle again.
6. That a service was lost is told, and stays as urgent, until somebody acknowledged it (``past_loss.py``): it
   is suppressed as little as a loss that lasts.
7. What becomes unknown ends no alarm. What was unknown as it was told, and still is, keeps none from its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from controlroom.alarms.alarm import Alarm, AlarmState, Cause
from controlroom.alarms.past_loss import was_lost, with_past_loss
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.service_faults import fault_of
from controlroom.alarms.service_reason import ServiceReason
from controlroom.alarms.service_subject import part_of_service, service_of, service_subject
from controlroom.alarms.transitions import Fault
from controlroom.condition.cause_code import PART_OF, behind_of, part_of
from controlroom.engine.effects import Effects
from controlroom.engine.incident import fault_of_alarm
from controlroom.engine.watched import Watched
from controlroom.resilience.standing import Standing
from controlroom.resilience.structure import ServiceStructure

SETTLES_S: Final = 2.0
EARLY_S: Final = 1.0
"""So much sooner what fell with another is told, so that the right one leads from the first."""

TOGETHER_S: Final = 30.0
REGROUPS_S: Final = 15.0
SITE_CHANGED: Final = "site_changed"
_MOST_STEPS: Final = 64
"""So many endpoints may stand behind each other."""


@dataclass(slots=True)
class _Told:
    """A service of which an alarm tells: its fault, why it fell and when, and which one leads it."""

    fault: Fault
    causes: frozenset[str]
    fell_s: float
    led_by: str = ""


class ServiceAlarms:
    """The alarms of all services."""

    def __init__(self, alarms: AlarmRegister, watched: Watched) -> None:
        """Begin without any; ``begin`` goes on with what an earlier engine left."""
        self.planned_down: frozenset[str] = frozenset()
        """Those in maintenance that have truly failed."""
        self.remind_s: float | None = None
        self._alarms, self._watched = alarms, watched
        self._told: dict[str, _Told] = {}
        self._waiting: dict[str, float] = {}
        self._judged: dict[str, tuple[Standing, frozenset[str]]] = {}
        self._standings: Mapping[str, Standing] = {}
        self._structures: Mapping[str, ServiceStructure] = {}

    # -- the site and restarts --------------------------------------------------------------------

    def begin(
        self,
        standings: Mapping[str, Standing],
        structures: Mapping[str, ServiceStructure],
        now_s: float,
        now_utc_s: float,
        effects: Effects,
    ) -> None:
        """Go on with the alarms as they are (rule 5)."""
        self.keep(structures, now_s, now_utc_s, effects)
        self._standings = standings
        for alarm in self._alarms.alarms():
            service_id = service_of(alarm.subject)
            standing = standings.get(service_id or "")
            if service_id is None or standing is None or part_of_service(alarm.subject) or not alarm.active:
                continue
            led_by = service_of(part_of(alarm.suppressed_by) or "") or ""
            fell_s = now_s - (now_utc_s - alarm.since_utc_s)
            fault = self._fault(standing, alarm, now_utc_s)
            if fault is not None:
                self._told[service_id] = _Told(fault, self._causes(standing), fell_s, led_by)
        self.judge(standings, structures, now_s, now_utc_s, effects)

    def keep(
        self,
        structures: Mapping[str, ServiceStructure],
        now_s: float,
        now_utc_s: float,
        effects: Effects,
    ) -> None:
        """Withdraw the alarms of services that the site has no longer."""
        self._structures = structures
        self._judged.clear()
        for alarm in self._alarms.alarms():
            service_id = service_of(alarm.subject)
            if service_id is not None and service_id not in structures:
                effects.moved(self._alarms.withdraw(alarm.subject, SITE_CHANGED, now_utc_s))
                self._forget(service_id, now_s)

    # -- judging ----------------------------------------------------------------------------------

    def judge(
        self,
        standings: Mapping[str, Standing],
        structures: Mapping[str, ServiceStructure],
        now_s: float,
        now_utc_s: float,
        effects: Effects,
    ) -> None:
        """Bring the alarms in line with how services stand."""
        self._standings, self._structures = standings, structures
        for service_id, standing in standings.items():
            down = self.planned_down.intersection(standing.planned)
            seen = self._judged.get(service_id)
            if seen is not None and seen[0] is standing and seen[1] == down:
                continue
            self._judged[service_id] = (standing, down)
            known = self._alarms.of(service_subject(service_id))
            fault = self._fault(standing, known, now_utc_s)
            told = self._told.get(service_id)
            if fault is None:
                self._well(service_id, now_s, now_utc_s, effects)
            elif fault.cause is Cause.SERVICE_LOST:
                self._lose(service_id, fault, now_s, now_utc_s, effects)
            elif told is None:
                self._waiting.setdefault(service_id, now_s)
            elif fault != told.fault:
                told.fault = fault
                self._tell(service_id, told, now_utc_s, effects)

    def tick(self, now_s: float, now_utc_s: float, effects: Effects) -> None:
        """Tell of what has lasted long enough, the most urgent first (rules 1 and 2)."""
        self._take_seen(now_utc_s, effects)
        found = dict(self._due(now_s, now_utc_s))
        if not found:
            return
        self._look_for_causes()
        order = list(self._structures)
        for service_id, told in sorted(
            found.items(), key=lambda each: (each[1].fault.priority, order.index(each[0]))
        ):
            told.led_by = "" if _calls_anyway(told.fault) else self._lead_for(service_id, told)
            self._told[service_id] = told
            self._tell(service_id, told, now_utc_s, effects)
            if not told.led_by:
                self._take_over(service_id, told, now_utc_s, effects)

    def _take_seen(self, now_utc_s: float, effects: Effects) -> None:
        """Let what somebody acknowledged tell no longer of a loss that is over (rule 6)."""
        for service_id, told in self._told.items():
            if not was_lost(told.fault.reason):
                continue
            known, standing = self._alarms.of(service_subject(service_id)), self._standings.get(service_id)
            if known is None or standing is None or known.state is not AlarmState.ACKNOWLEDGED:
                continue
            fault = self._fault(standing, known, now_utc_s)
            if fault is not None and fault != told.fault:
                told.fault = fault
                self._tell(service_id, told, now_utc_s, effects)

    def _due(self, now_s: float, now_utc_s: float) -> Iterator[tuple[str, _Told]]:
        """Take what has lasted long enough; with it, a little early, what fell with it (rule 2)."""
        waited_s = {each: now_s - since_s for each, since_s in self._waiting.items()}
        if not any(lasted_s >= SETTLES_S for lasted_s in waited_s.values()):
            return
        for service_id, lasted_s in waited_s.items():
            standing = self._standings.get(service_id)
            if lasted_s < SETTLES_S - EARLY_S or standing is None:
                continue
            del self._waiting[service_id]
            fault = self._fault(standing, self._alarms.of(service_subject(service_id)), now_utc_s)
            told, causes = self._told.get(service_id), self._causes(standing)
            if fault is not None and told is not None:
                yield service_id, _Told(fault, causes | told.causes, told.fell_s)
            elif fault is not None:
                yield service_id, _Told(fault, causes, now_s - lasted_s)

    def _fault(self, standing: Standing, known: Alarm | None, now_utc_s: float) -> Fault | None:
        held = known is not None and known.active and _knows_less(known, standing)
        cause = known.cause if held and known is not None else None
        since_utc_s = max((at for _, at in self._failures(standing)), default=now_utc_s)
        down = self.planned_down & frozenset(standing.planned)
        structure = self._structures[standing.service_id]
        fault = fault_of(standing, structure, since_utc_s, planned_down=down, known=cause)
        if known is not None and fault is not None and standing.unknown and fault.cause is cause:
            certain = fault_of(standing, structure, since_utc_s, planned_down=down)
            if certain is None or certain.cause is not cause:
                return fault_of_alarm(known)  # it may be over: what it was raised for stands
        return None if fault is None else with_past_loss(fault, known, now_utc_s)

    # -- one service ------------------------------------------------------------------------------

    def _well(self, service_id: str, now_s: float, now_utc_s: float, effects: Effects) -> None:
        self._waiting.pop(service_id, None)
        if self._told.pop(service_id, None) is not None or self._alarms.of(service_subject(service_id)):
            effects.moved(self._alarms.no_fault(service_subject(service_id), None, now_utc_s))
            self._forget(service_id, now_s)

    def _lose(self, service_id: str, fault: Fault, now_s: float, now_utc_s: float, effects: Effects) -> None:
        self._waiting.pop(service_id, None)
        told = self._told.get(service_id)
        if told is not None and told.fault.cause is fault.cause:
            news, told.fault = told.fault != fault, fault
            if news:
                self._tell(service_id, told, now_utc_s, effects)
            return
        causes = self._causes(self._standings[service_id])
        self._told[service_id] = told = _Told(fault, causes, now_s)
        self._tell(service_id, told, now_utc_s, effects)

    def _tell(self, service_id: str, told: _Told, now_utc_s: float, effects: Effects) -> None:
        subject, fault = service_subject(service_id), replace(told.fault, remind_s=self.remind_s)
        if told.led_by:
            leading = service_subject(told.led_by)
            lead, own = self._alarms.of(leading), self._alarms.of(subject)
            number = lead.number if lead is not None else own.part_of if own is not None else None
            effects.moved(self._alarms.suppressed(fault, f"{PART_OF}{leading}", number, now_utc_s))
            return
        effects.moved(self._alarms.fault(fault, now_utc_s))
        effects.moved(self._alarms.release(subject, now_utc_s))

    def _forget(self, service_id: str, now_s: float) -> None:
        """Let those that a service led follow it, or else find another that leads (rule 4)."""
        self._told.pop(service_id, None)
        self._waiting.pop(service_id, None)
        for member, told in self._told.items():
            if told.led_by == service_id:
                self._waiting.setdefault(member, now_s + REGROUPS_S - SETTLES_S)

    # -- what falls together ----------------------------------------------------------------------

    def _lead_for(self, service_id: str, told: _Told) -> str:
        """Return the service whose alarm tells of this one as well; empty where it leads itself."""
        leads = (name for name, other in self._told.items() if name != service_id and not other.led_by)
        for name in leads:
            other = self._told[name]
            if other.fault.priority <= told.fault.priority and _together(told, other):
                return name
        return ""

    def _take_over(self, service_id: str, told: _Told, now_utc_s: float, effects: Effects) -> None:
        """Let a more urgent one lead those that fell with it and were told before it (rule 2)."""
        for name, other in self._told.items():
            less = other.fault.priority > told.fault.priority and not _calls_anyway(other.fault)
            if name != service_id and less and _together(told, other):
                other.led_by = service_id
                self._tell(name, other, now_utc_s, effects)

    def _look_for_causes(self) -> None:
        """Look again at what explains those that lead: an incident is found a moment after the loss."""
        for name, told in self._told.items():
            standing = self._standings.get(name)
            if standing is not None and not told.led_by:
                told.causes |= self._causes(standing)

    def _causes(self, standing: Standing) -> frozenset[str]:
        """Return what explains the failures that made a service stand so: the newest ones (rule 3)."""
        found = list(self._failures(standing))
        newest_utc_s = max((at_utc_s for _, at_utc_s in found), default=0.0)
        newest = (name for name, at_utc_s in found if newest_utc_s - at_utc_s <= TOGETHER_S)
        return frozenset(map(self._root, newest))

    def _failures(self, standing: Standing) -> Iterator[tuple[str, float]]:
        """Yield the endpoints that make a service stand so, each with since when it is as it is."""
        down = [each for each in standing.planned if each in self.planned_down]
        for name in (*standing.failed, *down) or standing.poor:
            tracker = self._watched.trackers.get(name)
            if tracker is not None:
                yield name, tracker.state.since_utc_s

    def _root(self, endpoint_id: str) -> str:
        """Return what explains an endpoint's fault: what it stands behind, or an incident."""
        name = endpoint_id
        for _ in range(_MOST_STEPS):
            tracker = self._watched.trackers.get(name)
            parent = None if tracker is None else behind_of(tracker.state.reason)
            if parent is None or "|" in parent:
                break
            name = parent
        alarm = self._alarms.of(name)
        return (None if alarm is None else part_of(alarm.suppressed_by)) or name


def _knows_less(alarm: Alarm, standing: Standing) -> bool:
    """Whether something is unknown that was not when the alarm told last: that ends nothing (rule 7)."""
    told = ServiceReason.read(alarm.reason)
    if told is None or told.unknown.more:
        return bool(standing.unknown)
    return not set(told.unknown.names).issuperset(standing.unknown)


def _calls_anyway(fault: Fault) -> bool:
    """Whether a fault is never suppressed: a service is lost, or was and nobody saw it (rules 2 and 6)."""
    return fault.cause is Cause.SERVICE_LOST or was_lost(fault.reason)


def _together(one: _Told, other: _Told) -> bool:
    return bool(one.causes & other.causes) and abs(one.fell_s - other.fell_s) <= TOGETHER_S
