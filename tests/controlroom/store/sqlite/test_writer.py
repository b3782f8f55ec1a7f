"""The writing side where SQLite itself matters: damage, a full disk, freed room."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from controlroom.errors import StoreError
from controlroom.logbook.chain import Chain, first_break
from controlroom.reading import ProbeKey, SeriesKey
from controlroom.store.folder import DataFolder
from controlroom.store.inbox import DeskInbox
from controlroom.store.inbox_file import inbox_path
from controlroom.store.interface import Batch, EngineStore, Retention
from controlroom.store.lock import EngineLock
from controlroom.store.sqlite import open_engine_store, open_read_store
from tests.controlroom.store.examples import START_UTC_S, act, draft, replied, second

ROOM = 50


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Name a data folder."""
    return DataFolder(tmp_path / "data")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of one mebibyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def big_batch(number: int, chain: Chain) -> Batch:
    """A second of two thousand readings that hardly compress, with an entry."""
    at_utc_s = START_UTC_S + number
    readings = [
        replied(at_utc_s, hash((number, probe)) / 3e20, probe=ProbeKey(f"endpoint-{probe}", "icmp"))
        for probe in range(2000)
    ]
    return Batch(second(at_utc_s, *readings), entries=[chain.append(draft(at_utc_s))])


def commit_until_full(engine: EngineStore) -> tuple[int, Chain, str]:
    """Commit until it fails; return how many were kept, the chain as kept, and the code."""
    last = engine.remember()
    chain = Chain(last.last_entry_number, last.last_entry_hash)
    for kept in range(500):
        before = engine.remember()
        try:
            engine.commit(big_batch(kept, chain))
        except StoreError as failed:
            return kept, Chain(before.last_entry_number, before.last_entry_hash), failed.code
    raise AssertionError("the disk does not fill")


def test_a_full_disk_is_told_and_survived(small_disk: Path) -> None:
    """Without room a commit says so and keeps nothing of it; with room the next goes on where it was."""
    folder = DataFolder(small_disk / "data")
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        kept, chain, code = commit_until_full(engine)
        assert code == "disk-full"
        assert kept > 0
        with pytest.raises(StoreError) as again:
            engine.commit(big_batch(kept, Chain(kept, chain.append(draft(0)).previous_hash)))
        assert again.value.code == "disk-full"
        assert len(reader.entries()) == kept

        subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)
        memory = engine.remember()
        assert memory.last_entry_number == kept
        engine.commit(big_batch(kept, Chain(memory.last_entry_number, memory.last_entry_hash)))
        assert len(reader.entries()) == kept + 1
        assert first_break(reader.entries()) is None
        heartbeat = reader.heartbeat()
        assert heartbeat is not None
        assert heartbeat.sequence == kept + 1


def test_no_engine_starts_on_a_full_disk_and_none_holds_the_lock(small_disk: Path) -> None:
    """An engine that cannot start for want of room says so and leaves the lock free."""
    folder = DataFolder(small_disk / "data")
    folder.prepare()
    with (folder.path / "filler").open("wb") as filler:
        free = os.statvfs(small_disk)
        filler.write(bytes(max(free.f_bavail * free.f_frsize - 8192, 0)))
    with pytest.raises(StoreError) as refused:
        open_engine_store(folder)
    assert refused.value.code == "disk-full"
    assert EngineLock.holder(folder) is None
    (folder.path / "filler").unlink()
    open_engine_store(folder).close()


@pytest.mark.parametrize("content", [b"no database at all, but some text", b"\x00" * 4096, os.urandom(8192)])
def test_a_file_that_is_no_database_is_set_aside(folder: DataFolder, content: bytes) -> None:
    """A desk says that it is damaged; an engine keeps it untouched, begins anew and says so once."""
    folder.prepare()
    folder.store_file.write_bytes(content)
    with closing(open_read_store(folder)) as reader:
        with pytest.raises(StoreError) as refused:
            reader.states()
        assert refused.value.code == "store-damaged"
        assert refused.value.advice
        with closing(open_engine_store(folder)) as engine:
            engine.commit(Batch(second(START_UTC_S)))
            with pytest.raises(StoreError) as told:
                engine.tend(Retention())
            assert told.value.code == "store-mended"
            assert "store.damaged-1.db" in told.value.happened
            tend(engine, 3)
        assert reader.heartbeat() is not None
    assert (folder.path / "store.damaged-1.db").read_bytes() == content


def test_a_table_with_damage_is_found_at_the_start(folder: DataFolder) -> None:
    """Pages overwritten in what an engine decides by are mended when it starts; a lost name says so."""
    with closing(open_engine_store(folder)) as engine:
        engine.commit(Batch(second(START_UTC_S, replied(START_UTC_S))))
    with closing(sqlite3.connect(folder.store_file)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'probe'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with folder.store_file.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        with pytest.raises(StoreError) as told:
            engine.tend(Retention())
        assert told.value.code == "store-mended"
        assert reader.probes() == [ProbeKey("name-lost-1", "unknown")]
    assert (folder.path / "store.damaged-1.db").exists()


def test_a_row_that_is_no_alarm_is_damage_until_an_engine_starts(folder: DataFolder) -> None:
    """A word that this program does not know is damage with a code to a desk; an engine drops the row."""
    open_engine_store(folder).close()
    with closing(sqlite3.connect(folder.store_file)) as connection, connection:
        row = (1, "a", "burnt", "x", 1, "unacknowledged", 0, 0, 1, None, "", "", None, None, "{}")
        connection.execute("INSERT INTO alarm VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        with pytest.raises(StoreError) as refused:
            reader.alarms()
        assert refused.value.code == "store-damaged"
        assert engine.remember().alarms == []
        assert reader.alarms() == []


def tend(engine: EngineStore, times: int) -> None:
    """Tend the store so many times."""
    for _ in range(times):
        engine.tend(Retention())


def test_tending_gives_room_back(folder: DataFolder) -> None:
    """The file shrinks step by step as seconds go into chunks."""
    with closing(open_engine_store(folder)) as engine:
        chain = Chain()
        for number in range(ROOM):
            engine.commit(big_batch(number, chain))
        full = sum(part.stat().st_size for part in folder.path.glob("store.db*"))
        engine.commit(Batch(second(START_UTC_S + 3600)))
        tend(engine, 3000)
    assert folder.store_file.stat().st_size < full / 4
    with closing(open_read_store(folder)) as reader:
        assert len(reader.samples(SeriesKey("endpoint-7", "icmp", "rtt_s"), 0, 4e9).value) == ROOM


def last_of(engine: EngineStore) -> tuple[int, str]:
    """Return the end of the chain."""
    memory = engine.remember()
    return memory.last_entry_number, memory.last_entry_hash


def test_tending_clears_the_inboxes_of_desks_that_are_gone(folder: DataFolder) -> None:
    """An inbox all taken and quiet goes with the trimming, and its acts do not come again."""
    with closing(open_engine_store(folder, utc_s=lambda: 4e9)) as engine:
        inbox = DeskInbox(folder, "desk-1")
        inbox.put(act())
        inbox.close()
        tend(engine, 10)
        assert inbox_path(folder, "desk-1").exists()
        engine.commit(Batch(acts=engine.waiting_acts()))
        tend(engine, 10)
        assert not inbox_path(folder, "desk-1").exists()
        assert list(engine.waiting_acts()) == []
