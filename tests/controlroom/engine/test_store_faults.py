"""The writer thread on disks that really are full, closed or damaged: it says so, goes on, and catches up."""

from __future__ import annotations

import math
import os
import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from controlroom.engine import committer as module
from controlroom.engine.committer import MOST_WAITING, Committer
from controlroom.errors import StoreError
from controlroom.logbook.chain import Chain, first_break
from controlroom.reading import ProbeKey, SeriesKey
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, EngineStore, Retention, Second
from controlroom.store.sqlite import open_engine_store, open_read_store
from controlroom.store.sqlite.connection import open_to_write
from controlroom.store.sqlite.day_file import DAY_LADDER
from tests.controlroom.store.examples import START_UTC_S, alarm, draft, replied
from tests.end_to_end.room import MAIN, Program
from tests.end_to_end.test_process import LOOPBACK_SITE

PROBES = [ProbeKey(f"endpoint-{number}", "icmp") for number in range(200)]
LAST = SeriesKey("endpoint-199", "icmp", "rtt_s")
HEALTH = {f"a_figure_of_the_engine_{number:02}": number / 7 for number in range(14)}
"""As long as that of a real one."""
WITHIN_S = 20.0
KEPT = Retention()


def mounted(place: Path, *words: str) -> None:
    """Mount something for the test, or skip it where that is not allowed."""
    place.mkdir(exist_ok=True)
    command = ["mount", *words, str(place)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")


def unmounted(place: Path) -> None:
    """Take a mount away, whoever still uses it."""
    subprocess.run(["umount", "-l", str(place)], check=False, capture_output=True)


def fill(disk: Path) -> Path:
    """Leave a few kibibytes of a disk."""
    filler = disk / "filler"
    free = os.statvfs(disk)
    with suppress(OSError):  # whoever else writes there may have been quicker
        filler.write_bytes(bytes(max(free.f_bavail * free.f_frsize - 8192, 0)))
    return filler


def fill_to_the_last_byte(disk: Path) -> Path:
    """Leave not one byte of a disk, as a program does that writes until it cannot."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    return filler


class Life:
    """A committer with its store, what it told, and seconds to hand in."""

    def __init__(self, folder: DataFolder, kept: Retention = KEPT) -> None:
        """Start it."""
        self.folder = folder
        self.store: EngineStore = open_engine_store(folder)
        self.told: list[StoreError | None] = []
        self.found: list[str] = []
        self.chain = Chain()
        self.sent = 0
        self.committer = Committer(
            self.store,
            on_acts=lambda _: None,
            on_trouble=self.told.append,
            on_found=lambda error: self.found.append(error.code),
            retention=lambda: kept,
        )
        self.committer.start()

    def send(self, seconds: int, *, said: bool = True) -> None:
        """Hand in seconds of many readings, each with an entry; wait until each shows life."""
        self.hand_in(seconds, said=said)
        until(lambda: self.committed() == self.sent)

    def stands_still(self) -> bool:
        """Tell whether nothing more is committed for some tries."""
        before = self.committed()
        time.sleep(0.3)
        return before == self.committed()

    def hand_in(self, seconds: int, *, said: bool = True) -> None:
        """Hand in seconds of many readings and an engine's figures about itself, each with an entry."""
        for _ in range(seconds):
            at_utc_s = START_UTC_S + self.sent
            readings = [
                replied(at_utc_s, (self.sent * 200 + n) % 977 / 1e4, probe=p) for n, p in enumerate(PROBES)
            ]
            entries = [self.chain.append(draft(at_utc_s))] if said else []
            self.committer.submit(Batch(Second(at_utc_s, readings, HEALTH), entries=entries))
            self.sent += 1

    def committed(self) -> int:
        """Return how many seconds are in the store."""
        with closing(open_read_store(self.folder)) as reader:
            beat = reader.heartbeat()
            return 0 if beat is None else round(beat.at_utc_s - START_UTC_S) + 1

    def readings(self) -> int:
        """Return how many seconds' readings are in the store."""
        with closing(open_read_store(self.folder)) as reader:
            return len(reader.samples(LAST, 0, math.inf).value)

    def entries(self) -> int:
        """Return how many entries the log has."""
        with closing(open_read_store(self.folder)) as reader:
            return len(reader.entries())

    def has_alarms(self, count: int) -> bool:
        """Tell whether there are so many alarms."""
        with closing(open_read_store(self.folder)) as reader:
            return len(reader.alarms()) == count

    def codes(self) -> list[str]:
        """Return what was told; the empty word is that all is well."""
        return ["" if error is None else error.code for error in self.told]

    def assert_whole(self) -> None:
        """Every second and every entry that was handed in is there, once."""
        with closing(open_read_store(self.folder)) as reader:
            entries = reader.entries()
            assert [entry.number for entry in entries] == list(range(1, self.sent + 1))
            assert first_break(entries) is None
            found = reader.samples(LAST, 0, math.inf)
            assert found.at_utc_s.tolist() == [START_UTC_S + number for number in range(self.sent)]

    def end(self) -> None:
        """Stop it."""
        self.committer.stop(5.0)
        self.store.close()


def until(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    until_s = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < until_s, "waited in vain"
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again quickly."""
    monkeypatch.setattr(module, "_TRY_AGAIN_S", 0.05)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of a few mebibytes."""
    disk = tmp_path / "disk"
    mounted(disk, "-t", "tmpfs", "-o", "size=8m", "tmpfs")
    yield disk
    unmounted(disk)


def test_a_full_disk_is_told_and_all_is_caught_up_when_room_returns(disk: Path) -> None:
    """The sign of life and the log go on in the room kept back; readings wait in memory, in their order."""
    life = Life(DataFolder(disk / "data"))
    life.send(20)
    filler = fill(disk)
    life.send(100)  # each is alive to a desk, and each entry is in the log
    assert life.codes() == ["", "disk-full"]
    error = life.told[-1]
    assert error is not None
    assert error.advice
    waiting = life.committer.waiting_seconds
    assert waiting > 50
    assert life.readings() == 120 - waiting
    assert life.entries() == 120
    filler.unlink()
    life.send(3)
    until(lambda: life.codes()[-1] == "")
    assert life.codes() == ["", "disk-full", ""]
    life.assert_whole()
    assert life.committer.dropped_seconds == 0
    assert life.committer.waiting_seconds == 0
    life.end()


def test_a_full_disk_gets_room_where_the_retention_says_that_something_goes(disk: Path) -> None:
    """What is beyond the limits is dropped though nothing else can be done, and all is caught up."""
    life = Life(DataFolder(disk / "data"), Retention(raw_days=2))
    days = [life.folder.history / f"raw-2020-01-0{number}.db" for number in range(1, 5)]
    for day in days:
        open_to_write(day, DAY_LADDER).close()
        with day.open("ab") as file:
            file.write(bytes(1_000_000))
    life.send(20)
    fill(disk)
    life.send(100)
    until(lambda: life.codes()[-1] == "")
    assert [day.exists() for day in days] == [False, False, True, True]
    life.send(1)
    life.assert_whole()
    life.end()


def test_a_disk_that_stays_full_silences_nobody(disk: Path) -> None:
    """Each second shows life, the newest with the engine's figures, long after the disk filled."""
    life = Life(DataFolder(disk / "data"))
    life.send(5)
    fill(disk)
    life.send(2000, said=False)
    with closing(open_read_store(life.folder)) as reader:
        beat = reader.heartbeat()
    assert beat is not None
    assert beat.health == HEALTH
    life.end()


def test_room_that_returns_after_long_is_enough(disk: Path) -> None:
    """Catching up with many seconds at once does not fill the disk again by the log of the database."""
    life = Life(DataFolder(disk / "data"))
    life.send(20)
    filler = fill(disk)
    life.send(800)
    assert life.committer.waiting_seconds > 700
    filler.unlink()
    life.send(1)
    until(lambda: life.codes()[-1] == "")
    assert life.codes() == ["", "disk-full", ""]
    life.assert_whole()
    life.end()


def test_a_disk_that_was_full_at_the_start_gets_room_by_retention(disk: Path) -> None:
    """There is no room kept back then; the oldest day beyond the limits goes all the same, at once."""
    folder = DataFolder(disk / "data")
    open_engine_store(folder).close()
    days = [folder.history / f"raw-2020-01-0{number}.db" for number in range(1, 4)]
    for day in days:
        open_to_write(day, DAY_LADDER).close()
        with day.open("ab") as file:
            file.write(bytes(1_000_000))
    filler = disk / "filler"
    free = os.statvfs(disk)
    filler.write_bytes(bytes(free.f_bavail * free.f_frsize - 300_000))
    life = Life(folder, Retention(raw_days=1))
    life.send(40)
    until(lambda: life.codes()[-1] == "")
    assert not days[0].exists()
    assert days[-1].exists()
    filler.unlink()
    life.send(1)
    life.assert_whole()
    life.end()


def test_an_alarm_can_be_told_while_the_disk_is_full(disk: Path) -> None:
    """Also hours after it filled: the room kept back is written over and over, and does not run out."""
    life = Life(DataFolder(disk / "data"))
    life.send(5)
    fill(disk)
    for number in range(1, 6):
        life.send(300, said=False)
        life.committer.submit(Batch(alarms=[alarm(number)]))
        until(partial(life.has_alarms, number))
    assert life.codes() == ["", "disk-full"]
    life.end()


def test_a_reader_that_lingers_on_a_full_disk_stops_the_writer_for_so_long_and_no_longer(disk: Path) -> None:
    """It keeps the log of the database from being begun anew; the room to fold it in is not eaten up."""
    life = Life(DataFolder(disk / "data"))
    life.send(20)
    fill(disk)
    with closing(sqlite3.connect(life.folder.store_file, isolation_level=None)) as lingering:
        lingering.execute("BEGIN")
        lingering.execute("SELECT count(*) FROM journal").fetchone()
        life.hand_in(300)
        until(lambda: life.codes() == ["", "disk-full"])
        until(life.stands_still)
        assert life.committed() < life.sent
    until(lambda: life.committed() == life.sent)
    assert life.entries() == life.sent
    life.end()


def test_an_end_on_a_full_disk_counts_what_could_not_be_kept(disk: Path) -> None:
    """All that waits is left over."""
    life = Life(DataFolder(disk / "data"))
    life.send(5)
    fill(disk)
    life.send(30)
    waiting = life.committer.waiting_seconds
    assert waiting > 0
    assert not life.committer.stop(5.0)
    assert life.committer.left_over() == (waiting, 0, "disk-full")
    life.store.close()


def test_a_stop_on_a_full_disk_tells_what_could_not_be_kept(disk: Path) -> None:
    """A real engine, stopped by a real command: exit 1 and the numbers, not a word of all being committed."""
    data, stop = disk / "data", [*MAIN, "stop", "--data", str(disk / "data")]
    data.mkdir(mode=0o700)
    (data / "site.toml").write_text(LOOPBACK_SITE, encoding="utf-8")
    with Program([*MAIN, "engine", "--data", str(data)], stderr=subprocess.PIPE, text=True) as engine:
        with closing(open_read_store(DataFolder(data))) as reader:
            until(reader.heartbeat)
            fill(disk)
            until(lambda: any(alarm.reason == "disk-full" for alarm in reader.alarms()))
        stopped = subprocess.run(stop, capture_output=True, text=True, timeout=20, check=False)
        assert engine.wait(20) == 1
    assert stopped.returncode == 1
    assert re.search(r"\d+ seconds? of readings could not be kept: no room is left", stopped.stdout)
    assert "everything" not in stopped.stdout


@pytest.mark.parametrize("reserve_is_there", [True, False])
def test_an_engine_killed_on_a_disk_that_is_full_to_the_last_byte_starts_again(
    disk: Path, reserve_is_there: bool
) -> None:
    """It shows life and raises the alarm there; readings wait in memory and are kept when room returns."""
    data = disk / "data"
    data.mkdir(mode=0o700)
    (data / "site.toml").write_text(LOOPBACK_SITE, encoding="utf-8")
    command = [*MAIN, "engine", "--data", str(data)]
    with Program(command) as engine, closing(open_read_store(DataFolder(data))) as reader:
        until(reader.heartbeat)
        until((data / "reserve").exists)
        engine.kill()
    if not reserve_is_there:
        (data / "reserve").unlink()
    filler = fill_to_the_last_byte(disk)
    restarted_utc_s = time.time()
    with Program(command) as engine, closing(open_read_store(DataFolder(data))) as reader:
        until(lambda: any(alarm.reason == "disk-full" for alarm in reader.alarms()))
        fill_to_the_last_byte(disk)
        before = reader.heartbeat()
        assert before is not None
        assert before.engine_pid == engine.pid
        until(lambda: (now := reader.heartbeat()) and now.sequence > before.sequence + 1)
        filler.unlink()
        until(lambda: (now := reader.heartbeat()) and now.health["seconds_waiting"] == 0.0)
        until(lambda: not any(alarm.returned_utc_s is None for alarm in reader.alarms()))
        engine.terminate()
        assert engine.wait(20) == 0
    with closing(open_read_store(DataFolder(data))) as reader:
        assert first_break(reader.entries()) is None
        found = reader.samples(reader.series()[0], restarted_utc_s, math.inf)
        assert found.at_utc_s.size > 2
        assert max(np.diff(found.at_utc_s)) < 3.5  # but for the gap of the kill nothing is missing


def test_a_store_with_a_history_is_opened_without_a_byte_of_room(disk: Path) -> None:
    """Nothing is written to open it: neither in the store nor beside the files of the history."""
    life = Life(DataFolder(disk / "data"))
    life.send(700)
    killed = DataFolder(disk / "killed")
    subprocess.run(["mount", "-o", "remount,size=32m", str(disk)], check=True)
    shutil.copytree(life.folder.path, killed.path)  # as a kill leaves it, logs and all
    life.end()
    killed.reserve_file.unlink()
    fill_to_the_last_byte(disk)
    with closing(open_engine_store(killed)) as engine:
        assert engine.remember().last_entry_number == 700
    with closing(open_read_store(killed)) as reader:
        assert len(reader.samples(LAST, 0, math.inf).value) == 700


def test_a_disk_that_fills_while_packing_loses_nothing(disk: Path) -> None:
    """What cannot be packed stays in the journal, and is packed when room returns."""
    life = Life(DataFolder(disk / "data"))
    life.send(620)
    filler = fill(disk)
    life.send(60)
    assert life.codes()[-1] == "disk-full"
    filler.unlink()
    life.send(600)
    life.assert_whole()
    assert list(life.folder.history.glob("raw-*.db"))
    assert life.codes()[-1] == ""
    life.end()


def test_beyond_what_memory_holds_the_oldest_seconds_go_and_no_entry(disk: Path) -> None:
    """A quarter of an hour is kept; every entry is, and the drop is counted."""
    life = Life(DataFolder(disk / "data"))
    life.send(5)
    filler = fill(disk)
    life.send(MOST_WAITING + 60)
    assert life.committer.dropped_seconds > 0
    assert life.committer.waiting_seconds == MOST_WAITING
    filler.unlink()
    subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
    life.send(1)
    assert life.entries() == life.sent
    assert life.readings() == life.sent - life.committer.dropped_seconds
    assert life.committer.waiting_seconds == 0
    life.end()


def test_a_history_that_became_read_only_is_told_and_packed_later(tmp_path: Path) -> None:
    """Committing goes on; the trouble ends when the folder can be written again."""
    life = Life(DataFolder(tmp_path / "data"))
    life.send(5)
    history = life.folder.history
    mounted(history, "--bind", str(history))
    subprocess.run(["mount", "-o", "remount,ro,bind", str(history)], check=True)
    try:
        life.send(620)
        until(lambda: len(life.told) == 2)
        error = life.told[-1]
        assert error is not None
        assert error.code == "disk-read-only"
        assert error.advice
        life.send(30)
        assert len(life.told) == 2
    finally:
        unmounted(history)
    life.send(260)
    until(lambda: life.codes()[-1] == "")
    life.assert_whole()
    assert list(history.glob("raw-*.db"))
    life.end()


def test_no_engine_starts_on_a_disk_that_is_read_only(disk: Path) -> None:
    """It says so, what to do, and holds nothing."""
    folder = DataFolder(disk / "data")
    open_engine_store(folder).close()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    with pytest.raises(StoreError) as refused:
        open_engine_store(folder)
    assert refused.value.code in {"folder-unwritable", "store-read-only", "disk-read-only"}
    assert refused.value.advice
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    open_engine_store(folder).close()


def test_a_disk_that_is_read_only_can_still_be_looked_at(disk: Path) -> None:
    """Nothing can be made there, so nothing is; what was kept is read, history included."""
    life = Life(DataFolder(disk / "data"))
    life.send(700)
    life.end()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    with closing(open_read_store(life.folder)) as reader:
        assert reader.heartbeat() is not None
        assert len(reader.samples(LAST, 0, math.inf).value) == 700


def test_a_page_that_goes_bad_is_told_once_and_nothing_waits(tmp_path: Path) -> None:
    """The damaged database is set aside, the entries are all there, and the engine never stopped."""
    life = Life(DataFolder(tmp_path / "data"))
    life.send(50)
    with closing(sqlite3.connect(life.folder.store_file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'log'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection_of = getattr(life.store, "_connection")  # noqa: B009 - no business of any other caller
    connection_of.execute("PRAGMA shrink_memory").fetchall()
    with life.folder.store_file.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    life.send(30)
    until(lambda: life.found == ["store-mended"])
    assert life.codes() == [""]
    life.assert_whole()
    assert (life.folder.path / "store.damaged-1.db").exists()
    life.end()


def test_a_day_from_a_newer_program_is_left_to_it(tmp_path: Path) -> None:
    """It is set aside whole under a name that says so, it is told, and monitoring goes on."""
    life = Life(DataFolder(tmp_path / "data"))
    life.send(700)
    life.end()
    (day,) = life.folder.history.glob("raw-*.db")
    with closing(sqlite3.connect(day)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = day.read_bytes()
    with closing(open_engine_store(life.folder)) as engine:
        with pytest.raises(StoreError) as told:
            engine.tend(Retention())
        assert f"{day.stem}.newer-1.db" in told.value.happened
        engine.commit(Batch(Second(START_UTC_S + 700, [replied(START_UTC_S + 700, 1.0)])))
    assert day.with_name(f"{day.stem}.newer-1.db").read_bytes() == before
