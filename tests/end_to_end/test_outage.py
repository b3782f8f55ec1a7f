"""One target of fifty goes silent: seen, told, acknowledged, returned; each step once and in order."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable

import pytest

from controlroom.alarms.alarm import AlarmState
from controlroom.logbook.chain import first_break
from controlroom.logbook.entry import LogKind
from tests.end_to_end.room import Room, until
from tests.lab.script import TargetScript
from tests.soak import rounds

pytestmark = pytest.mark.lab

HARD_DOWN_WITHIN_S = 3.0


def test_the_life_of_an_outage(make_room: Callable[[int], Room]) -> None:
    """Down within three seconds, one alarm, acknowledged through an inbox, returned, all in the export."""
    room = make_room(50)
    room.start()
    store = room.read()
    until(lambda: all(s.condition == "up" for s in store.states()), 15, "all fifty to be up")

    address = room.lab.address(7)
    silent_utc_s = time.time()
    room.lab.script(address, TargetScript(silent=True))
    alarm = until(lambda: next(iter(store.alarms()), None), 10, "the alarm")
    seen_utc_s = time.time()
    down = room.entries(LogKind.CONDITION_CHANGED)[-1]
    assert (down.subject, down.facts["to"]) == ("t7", "down")
    assert down.at_utc_s - silent_utc_s < HARD_DOWN_WITHIN_S
    assert seen_utc_s - silent_utc_s < HARD_DOWN_WITHIN_S + 0.5
    first_lost = next(seen for seen in room.lab.seen(address) if not seen.answered)
    assert down.facts["since_utc_s"] == pytest.approx(first_lost.arrived_utc_s, abs=0.05)

    act_id = room.acknowledge(alarm.number, "engineer called")
    answer = until(lambda: store.answers([act_id]).get(act_id), 5, "the engine's answer")
    assert answer.accepted
    assert next(iter(store.alarms())).state is AlarmState.ACKNOWLEDGED

    room.lab.script(address, TargetScript(delay_s=0.01))
    until(lambda: not store.alarms(), 10, "the alarm to return")
    assert [alarm.number for alarm in store.alarms(ended_since_utc_s=0.0)] == [alarm.number]
    assert first_break(store.entries()) is None
    store.close()
    assert room.end() < 2.0

    steps = [
        (row["kind"], row["operator"])
        for row in room.exported_rows("log")
        if row["subject"] == "t7" and row["kind"] not in {"condition_changed", "route_traced"}
    ]
    assert steps == [("alarm_raised", ""), ("alarm_acknowledged", "ann"), ("alarm_returned", "")]
    table = list(csv.DictReader(io.StringIO(room.export("log", "csv"))))
    kinds = [row["kind"] for row in table if row["subject"] == "t7" and row["kind"] != "route_traced"]
    assert kinds == [
        "condition_changed",
        "alarm_raised",
        "alarm_acknowledged",
        "condition_changed",
        "alarm_returned",
    ]


def test_random_loss_raises_no_outage(make_room: Callable[[int], Room]) -> None:
    """Links that lose five per cent, hundreds of packets of them: none is called down."""
    room = make_room(60)
    room.lab.script_all(TargetScript(delay_s=0.02, jitter_s=0.01, loss_ratio=0.05, seed=7))
    room.start()
    time.sleep(rounds(in_the_suite=8, in_the_soak=120))
    room.end()
    changes = room.entries(LogKind.CONDITION_CHANGED)
    assert [entry.subject for entry in changes if entry.facts["to"] == "down"] == []


def test_a_pulled_cable_is_one_alarm_of_our_own(make_room: Callable[[int], Room]) -> None:
    """With every target silent at once there is one alarm, and it is about this workstation."""
    room = make_room(20)
    room.start()
    store = room.read()
    until(lambda: all(s.condition == "up" for s in store.states()), 15, "all to be up")
    room.lab.script_all(TargetScript(silent=True))
    until(lambda: store.alarms(), 10, "the alarm")
    time.sleep(2.5)
    assert [(alarm.subject, alarm.cause) for alarm in store.alarms()] == [("engine", "own_connection_lost")]
    assert {state.condition for state in store.states()} == {"unknown"}
    (growing,) = store.blind_time(0.0, time.time())
    assert time.time() - growing.until_utc_s < 2.0
    room.lab.script_all(TargetScript(delay_s=0.01))
    until(lambda: all(s.condition == "up" for s in store.states()), 10, "all to be up again")
    assert [alarm.state for alarm in store.alarms()] == [AlarmState.RETURNED_UNACKNOWLEDGED]
    assert [blind.cause for blind in store.blind_time(0.0, time.time())] == ["own_connection_lost"]
    store.close()
