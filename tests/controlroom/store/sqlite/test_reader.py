"""The reading side where files matter: no log file yet, a killed engine, a store put in another's place."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from controlroom.errors import StoreError
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch
from controlroom.store.sqlite import history, open_engine_store, open_read_store
from tests.controlroom.store.examples import RTT, START_UTC_S, replied, second

COMMIT_AND_DIE = """
import os, signal, sys
from pathlib import Path
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch
from controlroom.store.sqlite import open_engine_store
from tests.controlroom.store.examples import START_UTC_S, replied, second
engine = open_engine_store(DataFolder(Path(sys.argv[1])))
engine.commit(Batch(second(START_UTC_S, replied(START_UTC_S))))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Name a data folder."""
    return DataFolder(tmp_path / "data ?#%41 é")


def test_it_reads_without_a_log_file(folder: DataFolder) -> None:
    """After an orderly end there is no write-ahead log; reading works and keeps working beside an engine."""
    with closing(open_engine_store(folder)) as engine:
        engine.commit(Batch(second(START_UTC_S, replied(START_UTC_S))))
    assert not folder.store_file.with_name("store.db-wal").exists()
    with closing(open_read_store(folder)) as reader:
        assert len(reader.latest(60)) == 1
        with closing(open_engine_store(folder)) as engine:
            engine.commit(Batch(second(START_UTC_S + 1, replied(START_UTC_S + 1))))
            assert len(reader.samples(RTT, 0, 4e9).value) == 2


def test_it_reads_what_a_killed_engine_left(folder: DataFolder) -> None:
    """After kill -9 everything committed is there, and no engine holds the store."""
    subprocess.run([sys.executable, "-c", COMMIT_AND_DIE, str(folder.path)], check=False)
    assert folder.store_file.with_name("store.db-wal").stat().st_size > 0
    with closing(open_read_store(folder)) as reader:
        assert len(reader.samples(RTT, 0, 4e9).value) == 1
        heartbeat = reader.heartbeat()
        assert heartbeat is not None
        assert heartbeat.engine_pid is None


def test_it_notices_a_store_moved_away_and_a_new_one(folder: DataFolder) -> None:
    """When the folder is moved away answers are empty; a fresh store is found, and followed from now."""
    with closing(open_read_store(folder)) as reader:
        with closing(open_engine_store(folder)) as engine:
            for number in range(5):
                engine.commit(Batch(second(START_UTC_S + number, replied(START_UTC_S + number))))
        cursor = reader.tail(0).cursor
        assert cursor == 5
        shutil.move(folder.path, folder.path.with_name("evidence"))
        assert reader.heartbeat() is None
        assert reader.tail(cursor).readings == ()
        with closing(open_engine_store(folder)) as engine:
            engine.commit(Batch(second(START_UTC_S, replied(START_UTC_S))))
            step = reader.tail(cursor)
            assert (step.cursor, list(step.readings)) == (1, [])
            engine.commit(Batch(second(START_UTC_S + 1, replied(START_UTC_S + 1))))
            assert len(reader.tail(step.cursor).readings) == 1


def test_it_never_keeps_the_writer_waiting(folder: DataFolder) -> None:
    """While readers read without a pause, every commit goes through and every answer is whole."""
    ended = threading.Event()
    counts: list[int] = []

    def read() -> None:
        with closing(open_read_store(folder)) as reader:
            while not ended.is_set():
                counts.append(len(reader.samples(RTT, 0, 4e9).value))

    with closing(open_engine_store(folder)) as engine:
        readers = [threading.Thread(target=read) for _ in range(2)]
        for thread in readers:
            thread.start()
        try:
            for number in range(300):
                engine.commit(Batch(second(START_UTC_S + number, replied(START_UTC_S + number))))
        finally:
            ended.set()
            for thread in readers:
                thread.join()
    assert counts
    assert max(counts) <= 300


def test_a_long_pause_is_caught_up_in_steps(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a long sleep a desk gets everything once, in several bounded calls."""
    monkeypatch.setattr(history, "TAIL_LIMIT", 40)
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        cursor = reader.tail(0).cursor
        for number in range(100):
            engine.commit(Batch(second(START_UTC_S + number, replied(START_UTC_S + number))))
        seen: list[float] = []
        calls = 0
        while step := reader.tail(cursor).readings:
            cursor = reader.tail(cursor).cursor
            seen += [reading.sent_utc_s for reading in step]
            calls += 1
        assert seen == [START_UTC_S + number for number in range(100)]
        assert calls > 1


def test_a_store_held_by_another_program_is_told(folder: DataFolder) -> None:
    """A program that locks the whole file is reported as such, after a short while."""
    open_engine_store(folder).close()
    with closing(sqlite3.connect(folder.store_file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with closing(open_read_store(folder)) as reader, pytest.raises(StoreError) as told:
            reader.states()
    assert told.value.code == "store-busy"
