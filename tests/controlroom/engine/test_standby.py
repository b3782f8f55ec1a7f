"""Paths that stand in for others and are dead: unnoticed they are told after a while, else they are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.service_reason import ServiceReason
from controlroom.condition.state import Condition, EndpointState
from controlroom.condition.tracker import EndpointTracker
from controlroom.engine.effects import Effects
from controlroom.engine.standby import Standby
from controlroom.engine.watched import Watched
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import observed
from tests.stories.world import START_UTC_S, seen, site_of, with_services

LIMIT_S: Final = 3600.0
SUBJECT: Final = "service:calls:standby"
DOWN: Final = EndpointState("b", Condition.DOWN, START_UTC_S - 9000, "deadline")
ALARM: Final = Alarm(
    *(1, "b", Cause.DOWN, "deadline", Priority.CRITICAL, AlarmState.UNACKNOWLEDGED), START_UTC_S, START_UTC_S
)
SHELVED: Final = replace(ALARM, shelved_utc_s=START_UTC_S, shelved_until_utc_s=START_UTC_S + 1e6)


class Room:
    """A service that needs one of two paths, of which the second is as is said."""

    def __init__(self, state: EndpointState, *alarms: Alarm, least: int = 1) -> None:
        """Begin at the start of an engine."""
        site = with_services(site_of(["a", "b"]), {"calls": {"ways": ["a", "b"], "least": least}})
        self.alarms = AlarmRegister(alarms, 9)
        self.watched = Watched(
            {each.id: EndpointTracker(each, {"icmp": True}, START_UTC_S) for each in site.endpoints}
        )
        self.resilience = Resilience(seen(site))
        self.watched.trackers["a"].state = EndpointState("a", Condition.UP, START_UTC_S, "none")
        self.watched.trackers["b"].state = state
        self.begin()

    def begin(self) -> None:
        """Begin with another engine."""
        self.standby = Standby(self.alarms, self.watched)
        self.standby.adopt(self.resilience, LIMIT_S)

    def look(self, now_s: float, shown: EndpointState | None = None) -> list[str]:
        """Look at a moment, and return what came of it."""
        states = {name: tracker.state for name, tracker in self.watched.trackers.items()}
        if shown is not None:
            states[shown.endpoint_id] = shown
        effects, standings = Effects(), self.resilience.look(observed(states, states))
        self.standby.look(standings, now_s, START_UTC_S + now_s, effects)
        return [f"{entry.subject} {entry.kind.value}" for entry in effects.entries]


@pytest.mark.parametrize(
    ("state", "alarms"),
    [
        (DOWN, (SHELVED,)),
        (DOWN, (replace(ALARM, out_of_service="operator"),)),
        (DOWN, ()),
        (replace(DOWN, condition=Condition.UNKNOWN, reason="not_measured_yet"), ()),
        (DOWN, (replace(ALARM, suppressed_by="part_of:group:x", part_of=7),)),
    ],
)
def test_what_nobody_is_called_for_is_told_once_after_a_while(
    state: EndpointState, alarms: tuple[Alarm, ...]
) -> None:
    """Shelved, out of service, an event by rule, never measured, part of what nobody is told of any more."""
    room = Room(state, *alarms)
    assert room.look(0.0) == []
    assert room.look(LIMIT_S - 1) == []
    assert room.look(LIMIT_S + 5) == [f"{SUBJECT} alarm_raised"]
    assert room.look(LIMIT_S + 500) == []
    told = room.alarms.of(SUBJECT)
    assert told is not None
    assert (told.cause, told.priority) == (Cause.STANDBY_DEAD, Priority.MEDIUM)
    assert told.since_utc_s == state.since_utc_s
    reason = ServiceReason.read(told.reason)
    assert reason is not None
    assert reason.paths.names == ("service:calls:path:way-2",)


@pytest.mark.parametrize(
    ("state", "alarms"),
    [
        (DOWN, (ALARM,)),
        (DOWN, (replace(ALARM, state=AlarmState.ACKNOWLEDGED),)),
        (DOWN, (replace(SHELVED, part_of=2), replace(ALARM, number=2, subject="group:x"))),
        (DOWN, (SHELVED, replace(ALARM, number=2, subject="service:calls"))),
        (replace(DOWN, condition=Condition.UNKNOWN, reason="own_connection_lost"), ()),
        (replace(DOWN, condition=Condition.UP, reason="none"), ()),
    ],
)
def test_what_somebody_knows_of_or_what_is_our_own_is_not_told(
    state: EndpointState, alarms: tuple[Alarm, ...]
) -> None:
    """However long it lasts."""
    room = Room(state, *alarms)
    for now_s in (0.0, LIMIT_S + 5, 3 * LIMIT_S):
        assert room.look(now_s) == []


def test_what_is_planned_or_needed_anyway_stands_in_for_nothing() -> None:
    """A window has its own end; what is needed has the alarm that the service is lost."""
    room = Room(DOWN, SHELVED)
    planned = EndpointState("b", Condition.MAINTENANCE, START_UTC_S, "maintenance:1")
    assert [room.look(now_s, planned) for now_s in (0.0, LIMIT_S + 5)] == [[], []]
    needed = Room(DOWN, SHELVED, least=2)
    assert [needed.look(now_s) for now_s in (0.0, LIMIT_S + 5)] == [[], []]


def test_it_is_over_when_the_path_works_or_somebody_is_told_otherwise() -> None:
    """And counts anew from then."""
    room = Room(DOWN, SHELVED)
    room.look(0.0)
    room.look(LIMIT_S + 5)
    room.alarms.unshelve(1, "Ann", START_UTC_S)
    assert room.look(LIMIT_S + 10) == [f"{SUBJECT} alarm_returned"]
    again = Room(DOWN)
    again.look(0.0)
    again.look(LIMIT_S + 5)
    again.watched.trackers["b"].state = replace(DOWN, condition=Condition.UP)
    assert again.look(LIMIT_S + 10) == [f"{SUBJECT} alarm_returned"]


def test_a_restart_keeps_what_was_told() -> None:
    """And lets the time of what was not told count anew."""
    room = Room(DOWN)
    room.look(0.0)
    room.look(LIMIT_S + 5)
    room.begin()
    assert room.look(10_000.0) == []
    told = room.alarms.of(SUBJECT)
    assert told is not None
    assert told.active
