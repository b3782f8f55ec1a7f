"""Tells of paths that are to stand in for others and have been dead unnoticed. It judges no path. No I/O.

Rules:
1. Dead is a path that is lost, or of which nothing is measured, though it could be: not one in maintenance,
   nor what our own lost connection or a missing privilege hides.
2. Noticed is what makes it so where an alarm about that calls or was acknowledged, or one that tells of it as
   a part, or that of the service itself. An alarm that is hidden is none.
3. One that was dead unnoticed for as long as the site says is told, with all such paths of the service; that
   is over when it works, or when another alarm tells of it. After a restart the time counts anew, and what
   was told stays told.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from controlroom.alarms.alarm import Alarm, Cause
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.rules import OWN_REASONS
from controlroom.alarms.service_faults import service_priority
from controlroom.alarms.service_reason import Named, ServiceReason
from controlroom.alarms.service_subject import STANDBY, path_subject, service_subject
from controlroom.alarms.transitions import Fault
from controlroom.condition.answering import NOT_MEASURED_YET
from controlroom.engine.effects import Effects
from controlroom.engine.watched import Watched
from controlroom.resilience.alternatives import standing_in
from controlroom.resilience.live import Resilience
from controlroom.resilience.standing import LegStanding, LegState, Standing

LOOKS_EVERY_S: Final = 5.0
_DEAD: Final = frozenset({LegState.LOST, LegState.UNKNOWN})
_OURS: Final = OWN_REASONS - {NOT_MEASURED_YET}


class Standby:
    """The paths of a site's services that are to stand in for others."""

    def __init__(self, alarms: AlarmRegister, watched: Watched) -> None:
        """Begin without a site."""
        self.remind_s: float | None = None
        self._alarms, self._watched = alarms, watched
        self._paths: Mapping[str, frozenset[str]] = {}
        self._resilience: Resilience | None = None
        self._limit_s = math.inf
        self._unnoticed_s: dict[tuple[str, str], float] = {}
        self._looked_s = -math.inf

    def adopt(self, resilience: Resilience, limit_s: float) -> None:
        """Go on with a site, at the start and when it changes."""
        self._resilience, self._limit_s = resilience, limit_s
        self._paths = {service.id: standing_in(service) for service in resilience.view.services}
        self._looked_s = -math.inf

    def look(
        self, standings: Mapping[str, Standing], now_s: float, now_utc_s: float, effects: Effects
    ) -> None:
        """Look which paths are dead; every few seconds is soon enough."""
        if now_s - self._looked_s < LOOKS_EVERY_S:
            return
        self._looked_s = now_s
        dead: dict[tuple[str, str], float] = {}
        for service_id, standing in standings.items():
            legs = [leg for leg in standing.legs if self._is_unnoticed(service_id, leg)]
            for leg in legs:
                key = service_id, leg.id
                dead[key] = self._unnoticed_s.get(key, self._since_s(service_id, leg, now_s))
            told = [leg for leg in legs if now_s - dead[service_id, leg.id] >= self._limit_s]
            self._tell(service_id, told, now_utc_s, effects)
        self._unnoticed_s = dead

    def _since_s(self, service_id: str, leg: LegStanding, now_s: float) -> float:
        """Return since when a path counts as dead: from now, or for ever where it was told (rule 3)."""
        alarm = self._alarms.of(service_subject(service_id, STANDBY))
        told = ServiceReason.read(alarm.reason) if alarm is not None and alarm.active else None
        was_told = told is not None and path_subject(service_id, leg.id) in told.paths.names
        return -math.inf if was_told else now_s

    def _tell(self, service_id: str, legs: list[LegStanding], now_utc_s: float, effects: Effects) -> None:
        subject = service_subject(service_id, STANDBY)
        if not legs or self._resilience is None:
            if self._alarms.of(subject) is not None:
                effects.moved(self._alarms.no_fault(subject, None, now_utc_s))
            return
        reason = ServiceReason(
            paths=Named.of(path_subject(service_id, leg.id) for leg in legs),
            failed=Named.of(name for leg in legs if leg.state is LegState.LOST for name in leg.because_of),
        )
        cause = Cause.STANDBY_DEAD
        priority = service_priority(self._resilience.structures[service_id].criticality, cause)
        since_utc_s = self._began_utc_s(legs, now_utc_s)
        fault = Fault(subject, cause, reason.code, priority, since_utc_s, remind_s=self.remind_s)
        effects.moved(self._alarms.fault(fault, now_utc_s))

    def _began_utc_s(self, legs: list[LegStanding], now_utc_s: float) -> float:
        trackers = self._watched.trackers
        names = (name for leg in legs for name in leg.because_of if name in trackers)
        return min((trackers[name].state.since_utc_s for name in names), default=now_utc_s)

    # -- who knows of it --------------------------------------------------------------------------

    def _is_unnoticed(self, service_id: str, leg: LegStanding) -> bool:
        if leg.id not in self._paths.get(service_id, ()) or leg.state not in _DEAD:
            return False
        trackers = self._watched.trackers
        reasons = [trackers[name].state.reason for name in leg.because_of if name in trackers]
        if not reasons or any(reason in _OURS for reason in reasons):
            return False
        return not any(map(_calls, self._alarms_about(service_id, leg)))

    def _alarms_about(self, service_id: str, leg: LegStanding) -> Iterator[Alarm]:
        """Yield the alarms that tell of what makes a path dead (rule 2)."""
        for subject in (service_subject(service_id), *leg.because_of):
            alarm = self._alarms.of(subject)
            lead = None if alarm is None or alarm.part_of is None else self._alarms.numbered(alarm.part_of)
            yield from (each for each in (alarm, lead) if each is not None)


def _calls(alarm: Alarm) -> bool:
    """Whether an alarm stands where people see it."""
    return alarm.active and not alarm.hidden
