"""A site as the terminal views find it in a store: alive and well, and with one thing wrong at a time."""

from __future__ import annotations

from dataclasses import replace

from controlroom.alarms.alarm import BY_OPERATOR, Alarm, AlarmState, Cause, Priority
from controlroom.condition.state import Condition, EndpointState
from controlroom.store.interface import Heartbeat
from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore, reading, view

PID = 4242
UP, DOWN = Condition.UP, Condition.DOWN


def state(endpoint_id: str, condition: Condition, reason: str = "none") -> EndpointState:
    """A condition that has lasted 17 min 35 s."""
    return EndpointState(endpoint_id, condition, NOON_UTC_S - 1055, reason)


def healthy(*names: str, time_zone: str = "Europe/Berlin") -> MemoryStore:
    """Every endpoint up, the engine alive, no alarm, read half a second ago."""
    store = MemoryStore(view(*names, time_zone=time_zone))
    store.beat = Heartbeat(7, NOON_UTC_S - 0.5, {"probes": 2.0}, PID)
    store.endpoint_states = [state(name, UP) for name in names]
    store.readings = [reading(name, NOON_UTC_S - 0.5, 0.0123) for name in names]
    return store


def with_outage(*names: str) -> MemoryStore:
    """The first endpoint is down, with an alarm; the others are well."""
    store = healthy(*names)
    store.endpoint_states[0] = state(names[0], DOWN, "deadline")
    store.readings[0] = reading(names[0], NOON_UTC_S - 0.5, None)
    store.all_alarms = [alarm(names[0])]
    return store


def alarm(subject: str, alarm_state: AlarmState = AlarmState.UNACKNOWLEDGED) -> Alarm:
    """An alarm of a minute ago."""
    return Alarm(
        number=12,
        subject=subject,
        cause=Cause.DOWN,
        reason="deadline",
        priority=Priority.HIGH,
        state=alarm_state,
        since_utc_s=NOON_UTC_S - 62,
        raised_utc_s=NOON_UTC_S - 60,
    )


def hidden(*names: str) -> MemoryStore:
    """Four endpoints are down: one calls, one is shelved, one behind the first, one out of service."""
    store = healthy(*names)
    store.endpoint_states = [state(name, DOWN, "deadline") for name in names]
    first, second, third, fourth = (
        replace(alarm(name), number=12 + place) for place, name in enumerate(names)
    )
    store.all_alarms = [
        replace(first, owner="jo"),
        shelved(second),
        replace(third, suppressed_by=f"behind:{names[0]}", part_of=first.number),
        replace(
            fourth, out_of_service=BY_OPERATOR, out_of_service_by="kim", out_of_service_why="mast is rebuilt"
        ),
    ]
    return store


def shelved(before: Alarm) -> Alarm:
    """The same alarm, shelved half a minute ago for two hours."""
    return replace(
        before,
        shelved_utc_s=NOON_UTC_S - 30,
        shelved_until_utc_s=NOON_UTC_S + 7170,
        shelved_by="ann",
        shelved_why="technician on site",
        one_shot=True,
    )
