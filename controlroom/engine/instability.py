"""Which endpoints fall and return so often that they are unstable, and what is told of them. No I/O.

Rules:
1. Only falls that are an endpoint's own count (``condition/flapping.py``): not those that an incident or what
   it stands behind explains.
2. While it is unstable one alarm says so, with the count, as urgent as the most urgent of its faults,
   whatever its condition is just then.
3. A fall that lasts is told for itself again, and the alarm is that of an unstable one once it is over.
4. After a restart the alarms tell who is unstable, and calm counts from then.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from controlroom.alarms.alarm import Alarm, Cause
from controlroom.alarms.transitions import Fault
from controlroom.condition.cause_code import falls_code, falls_of
from controlroom.condition.flapping import LASTS_S, Flapping
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.incident import fault_of_alarm
from controlroom.site.alarm_settings import FlappingSettings
from controlroom.site.model import Endpoint

_LOOKS_EVERY_S: Final = 1.0


class Instability:
    """The falls of those endpoints that fell of late."""

    def __init__(self, settings: FlappingSettings) -> None:
        """Begin in calm."""
        self._settings = settings
        self._flapping: dict[str, Flapping] = {}
        self._worst: dict[str, Fault] = {}
        self._fell_s: dict[str, float] = {}
        self._looked_s = -math.inf

    def restore(self, endpoint: Endpoint, state: EndpointState, alarm: Alarm, now_s: float) -> None:
        """Go on with an endpoint whose alarm tells that it is unstable (rule 4)."""
        flapping = self._of(endpoint, state.condition)
        flapping.go_on(falls_of(alarm.reason) or self._settings.falls, now_s)
        self._worst[endpoint.id] = fault_of_alarm(alarm)
        if state.condition in (Condition.DOWN, Condition.DEGRADED):
            self._fell_s[endpoint.id] = now_s

    def adopt(self, settings: FlappingSettings, endpoint_ids: Iterable[str]) -> None:
        """Go on with a changed site: where the settings are others, falls are counted from now."""
        if settings != self._settings:
            self._settings = settings
            self._flapping.clear()
        for endpoint_id in self._flapping.keys() - set(endpoint_ids):
            self._forget(endpoint_id)

    def fell(self, endpoint: Endpoint, condition: Condition, fault: Fault, now_s: float) -> Fault:
        """Take a fault of an endpoint's own, and return what is to be told of it (rules 2 and 3)."""
        endpoint_id = endpoint.id
        flapping = self._of(endpoint, Condition.UP)
        flapping.take(condition, now_s)
        self._fell_s.setdefault(endpoint_id, now_s)
        if not flapping.unstable:
            return fault
        worst = self._worst.get(endpoint_id, fault)
        self._worst[endpoint_id] = min(worst, fault, key=lambda each: each.priority)
        return fault if self._lasts(endpoint_id, now_s) else self._told(endpoint_id)

    def rose(self, endpoint_id: str, now_s: float) -> Fault | None:
        """Take it that an endpoint is up; return what is to be told of it all the same."""
        flapping = self._flapping.get(endpoint_id)
        if flapping is None:
            return None
        flapping.take(Condition.UP, now_s)
        self._fell_s.pop(endpoint_id, None)
        return self._told(endpoint_id) if flapping.unstable else None

    def tick(self, now_s: float) -> list[str]:
        """Return who is unstable no longer, or has fallen for good, by now; looked at once a second."""
        if now_s - self._looked_s < _LOOKS_EVERY_S:
            return []
        lasted = [
            one for one in self._fell_s if self._lasts(one, now_s) and not self._lasts(one, self._looked_s)
        ]
        self._looked_s = now_s
        found = [one for one in lasted if one in self._flapping and self._flapping[one].unstable]
        for endpoint_id, flapping in list(self._flapping.items()):
            was_unstable = flapping.unstable
            flapping.look(now_s)
            if was_unstable and not flapping.unstable:
                found.append(endpoint_id)
            if flapping.is_empty:
                self._forget(endpoint_id)
        return found

    def _told(self, endpoint_id: str) -> Fault:
        worst, falls = self._worst[endpoint_id], self._flapping[endpoint_id].falls
        return replace(worst, cause=Cause.UNSTABLE, reason=falls_code(falls), on_delay_s=0.0)

    def _lasts(self, endpoint_id: str, now_s: float) -> bool:
        return now_s - self._fell_s.get(endpoint_id, math.inf) > LASTS_S

    def _of(self, endpoint: Endpoint, condition: Condition) -> Flapping:
        known = self._flapping.get(endpoint.id)
        if known is None:
            period_s = min((probe.period_s for probe in endpoint.probes), default=1.0)
            known = self._flapping[endpoint.id] = Flapping(self._settings, period_s, condition)
        return known

    def _forget(self, endpoint_id: str) -> None:
        for kept in (self._flapping, self._worst, self._fell_s):
            kept.pop(endpoint_id, None)
