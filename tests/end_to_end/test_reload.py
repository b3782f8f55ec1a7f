"""The site is changed while fifty targets are measured: no beat is missed, no condition and no alarm lost."""

from __future__ import annotations

import json
import subprocess
import time
import uuid
from collections.abc import Callable

import numpy as np
import pytest

from controlroom.alarms.alarm import AlarmState
from controlroom.condition.state import Condition
from controlroom.logbook.act import Act, ActKind
from controlroom.logbook.entry import LogKind
from controlroom.reading import SeriesKey
from controlroom.site.edit import endpoint_tables, put_endpoint, remove_endpoint
from controlroom.store.inbox import DeskInbox
from controlroom.store.interface import ReadStore, TakenAct
from tests.end_to_end.room import Room, until
from tests.lab.script import TargetScript

pytestmark = pytest.mark.lab


def reload(room: Room, store: ReadStore, note: str = "") -> TakenAct:
    """Have the engine load the site file again; return its answer."""
    inbox = DeskInbox(room.folder, f"desk-{uuid.uuid4().hex[:8]}")
    act = Act(str(uuid.uuid4()), ActKind.RELOAD, time.time(), "ann", note=note)
    inbox.put(act)
    inbox.close()
    return until(lambda: store.answers([act.id]).get(act.id), 10, "the answer to the reload")


def test_a_change_misses_no_beat_and_loses_nothing(make_room: Callable[[int], Room]) -> None:
    """One endpoint changed, one removed, one added, while one is down and acknowledged."""
    room = make_room(50)
    room.start()
    store = room.read()
    until(lambda: all(s.condition == "up" for s in store.states()), 15, "all fifty to be up")
    for number in (7, 8):
        room.lab.script(room.lab.address(number), TargetScript(silent=True))
    until(lambda: len(store.alarms()) == 2, 10, "two alarms")
    kept = next(alarm for alarm in store.alarms() if alarm.subject == "t7")
    room.acknowledge(kept.number, "seen")
    until(lambda: any(a.state is AlarmState.ACKNOWLEDGED for a in store.alarms()), 5, "the acknowledgement")

    text = room.site.read_text()
    changed = dict(endpoint_tables(text)[8], name="Ninth", probes=[{"type": "icmp", "ttl": 60}])
    text = put_endpoint(text, changed, in_place_of="t9")
    text = put_endpoint(text, dict(endpoint_tables(text)[9], id="new", name="New"))
    room.site.write_text(remove_endpoint(text, "t8"))
    before_s = time.time()
    for _ in range(3):
        time.sleep(1.0)
        answer = reload(room, store, "tidied up")
        assert answer.accepted
        room.site.write_text(room.site.read_text() + "# again\n")
    time.sleep(3.0)

    changes = room.entries(LogKind.SITE_CHANGED)
    first = changes[0]
    assert (first.facts["added"], first.facts["changed"], first.facts["removed"]) == (1, 1, 1)
    assert (first.operator, first.facts["note"]) == ("ann", "tidied up")
    for number in (1, 2, 20, 50):
        samples = store.samples(SeriesKey(f"t{number}", "icmp", "rtt_s"), before_s - 2, time.time())
        gaps_s = np.diff(samples.at_utc_s[samples.beat])
        assert gaps_s.size >= 6
        assert np.abs(gaps_s - 1.0).max() < 0.2
    alarms = {alarm.subject: alarm for alarm in store.alarms()}
    assert list(alarms) == ["t7"]
    assert alarms["t7"].number == kept.number
    assert alarms["t7"].state is AlarmState.ACKNOWLEDGED
    states = {state.endpoint_id: state for state in store.states()}
    assert states["new"].condition is Condition.UP
    assert states["t9"].condition is Condition.UP
    assert states["t8"].reason == "site_changed"
    told = [e.subject for e in room.entries(LogKind.CONDITION_CHANGED) if e.number > first.number]
    assert told == []
    store.close()


def test_a_broken_file_changes_nothing(make_room: Callable[[int], Room]) -> None:
    """The mistake is in the log, and the engine goes on with the site it has."""
    room = make_room(3)
    room.start()
    store = room.read()
    until(lambda: all(s.condition == "up" for s in store.states()), 15, "all to be up")
    running = store.site_json()
    room.site.write_text(room.site.read_text().replace('type = "icmp"', 'type = "icpm"', 1))
    answer = reload(room, store)
    assert (answer.accepted, answer.answer) == (False, "site_mistakes")
    refused = room.entries(LogKind.ACT_REFUSED)[-1]
    assert "icpm" in str(refused.facts["mistake"]) or "icmp" in str(refused.facts["mistake"])
    done = subprocess.run(room.command("reload"), capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "mistakes" in done.stdout
    room.site.write_text(room.site.read_text().replace('type = "icpm"', 'type = "icmp"') + "# mended\n")
    done = subprocess.run(room.command("reload"), capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Site changed" in done.stdout
    sequence = room.store_sequence()
    until(lambda: room.store_sequence() >= sequence + 2, 5, "two more seconds")
    assert running is not None
    assert json.loads(store.site_json() or "")["endpoints"] == json.loads(running)["endpoints"]
    store.close()
