"""The engine is killed at random moments: at most the open second is lost, no alarm lost or doubled."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable

import pytest

from controlroom.logbook.chain import first_break
from controlroom.logbook.entry import LogKind
from controlroom.reading import Outcome, SeriesKey
from tests.end_to_end.pace import Waiting
from tests.end_to_end.room import Room, until
from tests.lab.script import TargetScript
from tests.soak import rounds

pytestmark = pytest.mark.lab

KILLS = rounds(in_the_suite=2, in_the_soak=30)


def test_kills_lose_no_more_than_the_open_second(make_room: Callable[[int], Room]) -> None:
    """Before each kill and after each start the store is whole and goes on."""
    room = make_room(10)
    chance = random.Random(11)  # noqa: S311 - moments of a test, not a secret
    room.lab.script(room.lab.address(3), TargetScript(silent=True))
    for _ in range(KILLS):
        engine = room.start()
        time.sleep(1.0 + chance.random() * 2.0)
        waiting = Waiting(engine.pid, os.getpid())
        time.sleep(1.0)
        held_up_s = waiting.so_far_s()
        killed_utc_s = time.time()
        engine.send_signal(signal.SIGKILL)
        engine.wait(10)
        store = room.read()
        beat = store.heartbeat()
        assert beat is not None
        assert killed_utc_s - beat.at_utc_s < 1.3 + held_up_s
        since_utc_s = killed_utc_s - 1.9 - held_up_s
        series = SeriesKey("t5", "icmp", "rtt_s")
        sent = store.samples(series, since_utc_s, killed_utc_s - 1.1)
        assert len(sent.at_utc_s) > 0 or killed_utc_s - since_utc_s < 1.0
        assert first_break(store.entries()) is None
        store.close()

    room.start()
    store = room.read()
    alarms = until(store.alarms, 10, "the alarm")
    assert [(alarm.subject, alarm.number) for alarm in alarms] == [("t3", 1)]
    raised = store.entries(kinds=frozenset({LogKind.ALARM_RAISED}))
    assert len(raised) == 1
    assert len(store.entries(kinds=frozenset({LogKind.ENGINE_STARTED}))) == KILLS + 1
    latest = store.latest(30.0)
    assert sum(reading.outcome is Outcome.REPLIED for reading in latest.values()) == 9
    store.close()


def test_an_acknowledgement_is_taken_once_across_a_kill(make_room: Callable[[int], Room]) -> None:
    """Killed right after the act was put: it is taken once, by the engine that comes next or this one."""
    room = make_room(5)
    room.lab.script(room.lab.address(3), TargetScript(silent=True))
    engine = room.start()
    store = room.read()
    alarm = until(lambda: next(iter(store.alarms()), None), 15, "the alarm")
    act_id = room.acknowledge(alarm.number, "seen")
    engine.send_signal(signal.SIGKILL)
    engine.wait(10)
    room.start()
    until(lambda: store.answers([act_id]), 5, "the answer")
    room.end()
    acknowledged = store.entries(kinds=frozenset({LogKind.ALARM_ACKNOWLEDGED}))
    assert [(entry.operator, entry.facts["note"]) for entry in acknowledged] == [("ann", "seen")]
    store.close()
