"""Engine and store: real stores, real locks, a log that was tampered with, and nothing left behind."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from controlroom.doctor.engine import _judge_engine, check_engine
from controlroom.finding import Finding, Health
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Heartbeat
from controlroom.store.sqlite import open_read_store
from tests.ui.desk.room import Room, make_room


def look(folder: Path, utc_s: float) -> tuple[Finding, Finding]:
    """What is found about the engine and about its store."""
    engine, store = check_engine(
        DataFolder(folder), partial(open_read_store, leave_no_trace=True), lambda: utc_s
    )
    return engine, store


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder with what is in it."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A store that this process holds, as an engine does."""
    made = make_room(tmp_path, seconds=5)
    yield made
    made.store.close()


def test_an_engine_that_beats_is_well(tmp_path: Path, room: Room) -> None:
    """With its process, the age of its heartbeat and how late it is."""
    engine, store = look(tmp_path, room.now_utc_s + 1.2)
    assert (engine.health, engine.code) == (Health.OK, "ok")
    assert engine.found == f"process {os.getpid()}, heartbeat 1 s ago, late by 1.40 ms at most"
    assert (store.health, store.code) == (Health.OK, "ok")


def test_odd_replies_are_told_and_are_no_trouble(tmp_path: Path) -> None:
    """They are about the network; the engine is well."""
    health = {"icmp_lately_forged_replies": 2.0}
    found = _judge_engine(DataFolder(tmp_path), Heartbeat(1, 1000.0, health, os.getpid()), 1001.0)
    assert found.health is Health.OK
    assert found.found.endswith("; odd replies: in the last hour 2 forged and not believed")


def test_a_silent_engine_is_trouble(tmp_path: Path, room: Room) -> None:
    """It holds the lock and commits nothing."""
    engine, _ = look(tmp_path, room.now_utc_s + 42)
    assert (engine.health, engine.code) == (Health.TROUBLE, "engine-silent")
    assert "silent for 42 s" in engine.found
    assert f"controlroom stop --data {tmp_path}" in engine.cure


def test_an_engine_that_a_signal_stopped_is_told_with_its_cures(tmp_path: Path, room: Room) -> None:
    """A process of the system's own that is stopped, standing where the engine's would."""
    with subprocess.Popen(["sleep", "60"]) as process:
        try:
            process.send_signal(signal.SIGSTOP)
            os.waitpid(process.pid, os.WUNTRACED)
            silent = Heartbeat(1, room.now_utc_s, {}, process.pid)
            found = _judge_engine(DataFolder(tmp_path), silent, room.now_utc_s + 42)
            assert (found.health, found.code) == (Health.TROUBLE, "engine-suspended")
            assert "stopped by a signal and has been silent for 42 s" in found.found
            assert f"kill -CONT {process.pid}" in found.cure.splitlines()[0]
            assert f"kill -9 {process.pid}" in found.cure.splitlines()[1]
            process.send_signal(signal.SIGCONT)
            os.waitpid(process.pid, os.WCONTINUED)
            found = _judge_engine(DataFolder(tmp_path), silent, room.now_utc_s + 42)
            assert found.code == "engine-silent"
        finally:
            process.kill()


def test_a_folder_that_cannot_be_entered_is_unknown(tmp_path: Path) -> None:
    """Not a raw refusal of the system, and not an engine that never ran."""

    class Closed(DataFolder):
        @property
        def store_file(self) -> Path:
            raise PermissionError(13, "Permission denied", "store.db")

    findings = check_engine(Closed(tmp_path), open_read_store, lambda: 0.0)
    assert [(each.health, each.code) for each in findings] == [(Health.UNKNOWN, "folder-unreadable")] * 2


def test_a_heartbeat_from_the_future_is_unknown(tmp_path: Path, room: Room) -> None:
    """The clock was set back: its age cannot be told."""
    engine, _ = look(tmp_path, room.now_utc_s - 600)
    assert (engine.health, engine.code) == (Health.UNKNOWN, "clock-set-back")


def test_a_stopped_engine_is_trouble_and_looking_leaves_no_file(tmp_path: Path, room: Room) -> None:
    """Even SQLite's own log and shared memory, which would belong to whoever looked, are not made."""
    room.store.close()
    before = contents(tmp_path)
    engine, store = look(tmp_path, room.now_utc_s + 60)
    assert (engine.health, engine.code) == (Health.TROUBLE, "engine-stopped")
    assert "1 min ago: nothing is monitored" in engine.found
    assert store.health is Health.OK
    assert contents(tmp_path) == before


def test_a_folder_without_store_is_well(tmp_path: Path) -> None:
    """Whether it is there or not."""
    for folder in (tmp_path, tmp_path / "nowhere"):
        assert [each.code for each in look(folder, 0.0)] == ["never-ran", "not-there-yet"]
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_store_is_trouble_with_the_stores_own_advice(tmp_path: Path, room: Room) -> None:
    """The engine is then judged by its lock alone."""
    room.store.close()
    (tmp_path / "store.db").write_bytes(b"no database at all, but long enough to be one" * 40)
    engine, store = look(tmp_path, room.now_utc_s)
    assert (store.health, store.code) == (Health.TROUBLE, "store-damaged")
    assert "mends what it finds damaged" in store.cure
    assert engine.code == "engine-stopped"


def test_a_log_that_was_changed_is_trouble(tmp_path: Path, room: Room) -> None:
    """Somebody with rights to the file changed an operator's note."""
    room.store.close()
    with sqlite3.connect(tmp_path / "store.db") as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        assert "log" in tables, tables
        for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        changed = connection.execute("UPDATE log SET operator = 'nobody' WHERE operator = 'j.silva'")
        assert changed.rowcount == 1
    connection.close()
    _, store = look(tmp_path, room.now_utc_s)
    assert (store.health, store.code) == (Health.TROUBLE, "log-broken")


def test_an_engine_id_that_two_devices_have_is_named(tmp_path: Path) -> None:
    """With the address of the other one, and what to do."""
    health = {"snmp_shared_engine": 1.0, "snmp_shared_engine@ups-2@192.0.2.7 port 161": 1.0}
    found = _judge_engine(DataFolder(tmp_path), Heartbeat(1, 1000.0, health, os.getpid()), 1001.0)
    assert (found.health, found.code) == (Health.OK, "engine-id-shared")
    assert "one SNMP engine id for two addresses: ups-2 with 192.0.2.7 port 161" in found.found
    assert "engine id of its own" in found.cure
