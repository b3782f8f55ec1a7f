"""Which endpoints are in maintenance, and what that makes of their states and alarms. It knows no window.

Rules:
1. An endpoint is measured and judged as ever while it is in maintenance. What is shown and kept of its state
   is *maintenance*; its alarm goes on with its fault and is out of service.
2. Into maintenance and out of it the log tells a change of condition; between the two it tells none. After it
   the condition counts from the end, for the time before was maintenance.
3. An endpoint is in one window at a time. Where another goes on as that one ends, it passes from one to the
   other, and nothing else changes.
4. After a restart everything is as the store has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from controlroom.alarms.register import AlarmRegister
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.condition_entry import condition_entry
from controlroom.engine.effects import Effects
from controlroom.engine.watched import Watched

CODE: Final = "maintenance"
OVER: Final = "maintenance_over"
"""Why an alarm is back in service."""


class Cover(NamedTuple):
    """The window that an endpoint is in, since when, and who planned it with which title."""

    number: int
    since_utc_s: float
    by: str = ""
    title: str = ""

    @property
    def code(self) -> str:
        """The reason of the state, and what the alarm is out of service by: ``maintenance:3``."""
        return f"{CODE}:{self.number}"


class MaintenanceCover:
    """Follows who is in maintenance; it judges nobody."""

    def __init__(self, alarms: AlarmRegister, watched: Watched, states: Iterable[EndpointState] = ()) -> None:
        """Go on with the states of an earlier engine (rule 4)."""
        self._alarms, self._watched = alarms, watched
        self._covers = {
            state.endpoint_id: Cover(_number_of(state.reason), state.since_utc_s)
            for state in states
            if state.condition is Condition.MAINTENANCE
        }

    def covers(self, endpoint_id: str) -> bool:
        """Whether an endpoint is in maintenance."""
        return endpoint_id in self._covers

    def shown(self, state: EndpointState) -> EndpointState:
        """Return a state as it is shown and kept (rule 1)."""
        cover = self._covers.get(state.endpoint_id)
        if cover is None:
            return state
        return EndpointState(state.endpoint_id, Condition.MAINTENANCE, cover.since_utc_s, cover.code)

    def settle(self, wanted: Mapping[str, Cover], now_utc_s: float, effects: Effects) -> None:
        """Bring states and alarms in line with who is to be in maintenance now."""
        for endpoint_id in [each for each in self._covers if each not in wanted]:
            self._leave(endpoint_id, now_utc_s, effects)
        for endpoint_id, cover in wanted.items():
            before = self._covers.get(endpoint_id)
            if before is None:
                self._enter(endpoint_id, cover, now_utc_s, effects)
            else:
                self._pass_on(endpoint_id, cover, before, now_utc_s, effects)

    def clock_stepped(self, step_s: float, effects: Effects) -> None:
        """Tell by the time of a clock that was set since when each is in maintenance."""
        for endpoint_id, cover in self._covers.items():
            self._covers[endpoint_id] = cover._replace(since_utc_s=cover.since_utc_s + step_s)
        self._tell_states(self._covers, effects)

    def _enter(self, endpoint_id: str, cover: Cover, now_utc_s: float, effects: Effects) -> None:
        true = self._watched.trackers[endpoint_id].state
        self._covers[endpoint_id] = cover
        effects.entries.append(condition_entry(true, self.shown(true), now_utc_s))
        self._tell_states([endpoint_id], effects)
        self._take_out(endpoint_id, cover, now_utc_s, effects)

    def _pass_on(
        self, endpoint_id: str, cover: Cover, before: Cover, now_utc_s: float, effects: Effects
    ) -> None:
        """Go on in the same window or in another (rule 3)."""
        self._covers[endpoint_id] = cover._replace(since_utc_s=before.since_utc_s)
        if cover.number != before.number:
            self._tell_states([endpoint_id], effects)
        # After a restart the register does not know it yet.
        self._take_out(endpoint_id, cover, now_utc_s, effects)

    def _leave(self, endpoint_id: str, now_utc_s: float, effects: Effects) -> None:
        cover = self._covers[endpoint_id]
        tracker = self._watched.trackers.get(endpoint_id)
        if tracker is not None:
            back = replace(tracker.state, since_utc_s=now_utc_s, suspected=None)
            effects.entries.append(condition_entry(self.shown(tracker.state), back, now_utc_s))
        del self._covers[endpoint_id]
        self._tell_states([endpoint_id], effects)
        effects.moved(self._alarms.put_back(endpoint_id, cover.code, "", OVER, now_utc_s))

    def _take_out(self, endpoint_id: str, cover: Cover, now_utc_s: float, effects: Effects) -> None:
        effects.moved(self._alarms.take_out(endpoint_id, cover.code, cover.by, cover.title, now_utc_s))

    def _tell_states(self, endpoint_ids: Iterable[str], effects: Effects) -> None:
        for endpoint_id in endpoint_ids:
            tracker = self._watched.trackers.get(endpoint_id)
            if tracker is not None:
                effects.states[endpoint_id] = self.shown(tracker.state)


def _number_of(reason: str) -> int:
    _, _, number = reason.partition(":")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0
