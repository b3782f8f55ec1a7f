"""kill -9 at random moments: everything acknowledged is there, nothing is doubled, the chain is whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from controlroom.alarms.alarm import AlarmState
from controlroom.logbook.chain import first_break
from controlroom.store.folder import DataFolder
from controlroom.store.inbox import DeskInbox
from controlroom.store.sqlite import open_engine_store, open_read_store
from tests.controlroom.store.examples import RTT, START_UTC_S, act
from tests.soak import rounds

KILLS = rounds(in_the_suite=6, in_the_soak=300)
PACE_S = 20
"""From one second committed to the next: so windows close, and are packed and rolled up, all the time."""

ENGINE = """
import itertools, sys
from dataclasses import replace
from pathlib import Path
from controlroom.alarms.alarm import AlarmState
from controlroom.logbook.chain import Chain
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, Retention
from controlroom.store.sqlite import open_engine_store
from tests.controlroom.store.examples import START_UTC_S, alarm, draft, replied, second

PACE_S = float(sys.argv[2])
engine = open_engine_store(DataFolder(Path(sys.argv[1])))
memory = engine.remember()
chain = Chain(memory.last_entry_number, memory.last_entry_hash)
open_alarms = {each.number: each for each in memory.alarms}
for number in itertools.count(memory.last_entry_number + 1):
    at_utc_s = START_UTC_S + number * PACE_S
    alarms = [alarm(number)]
    if number > 2:
        alarms.append(replace(open_alarms.pop(number - 2), state=AlarmState.NORMAL, returned_utc_s=at_utc_s))
    open_alarms[number] = alarms[0]
    acts = engine.waiting_acts()
    entries = [chain.append(draft(at_utc_s, note=str(number)))]
    engine.commit(Batch(second(at_utc_s, replied(at_utc_s, number)), (), alarms, entries, acts))
    print(number, *[taken.act.id for taken in acts], flush=True)
    engine.tend(Retention())
"""


def run_and_kill(folder: DataFolder, after_s: float) -> tuple[int, list[str]]:
    """Let an engine work and kill it; return the last number it acknowledged and the acts it took."""
    command = [sys.executable, "-c", ENGINE, str(folder.path), str(PACE_S)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as engine:
        assert engine.stdout is not None
        lines = [engine.stdout.readline()]
        time.sleep(after_s)
        os.kill(engine.pid, signal.SIGKILL)
        lines += [line for line in engine.stdout if line.endswith("\n")]
    words = [line.split() for line in lines]
    return int(words[-1][0]), [act_id for line in words for act_id in line[1:]]


def test_nothing_acknowledged_is_lost_or_doubled(tmp_path: Path) -> None:
    """After each kill the store opens and holds every acknowledged second, entry, alarm and act, once."""
    chance = random.Random(7)  # noqa: S311 - moments, not secrets
    folder = DataFolder(tmp_path / "data")
    desk = DeskInbox(folder, "desk-1")
    put: list[str] = []
    answered: list[str] = []
    for _ in range(KILLS):
        for _ in range(3):
            operator = act()
            desk.put(operator)
            put.append(operator.id)
        acknowledged, taken = run_and_kill(folder, chance.uniform(0.0, 0.3))
        answered += taken
        with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
            last = engine.remember().last_entry_number
            assert acknowledged <= last <= acknowledged + 1
            entries = reader.entries()
            assert [entry.number for entry in entries] == list(range(1, last + 1))
            assert first_break(entries) is None
            assert reader.samples(RTT, 0, 4e9).value.tolist() == [float(n) for n in range(1, last + 1)]
            alarms = reader.alarms(ended_since_utc_s=START_UTC_S)
            assert [alarm.number for alarm in alarms] == list(range(last, 0, -1))
            assert [alarm.state for alarm in alarms].count(AlarmState.NORMAL) == max(last - 2, 0)
            waiting = [each.act.id for each in engine.waiting_acts()]
            assert sorted([*reader.answers(put), *waiting]) == sorted(put)
            assert set(answered) <= set(reader.answers(put))
    assert len(answered) == len(set(answered))
    assert list(folder.history.glob("raw-*.db")), "no window was packed between the kills"
    desk.close()
