"""Backups: of one moment, beside an engine that goes on, whole or not at all, and good to run on."""

from __future__ import annotations

import math
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from controlroom.errors import StoreError
from controlroom.logbook.chain import first_break
from controlroom.reading import ProbeKey, SeriesKey
from controlroom.store.care import BackupDone, Doing, RowsLeftOut
from controlroom.store.folder import DataFolder
from controlroom.store.inbox import DeskInbox
from controlroom.store.interface import Batch, EngineStore, ReadStore, Resolution, Retention
from controlroom.store.sqlite import open_engine_store, open_read_store
from controlroom.store.sqlite.care import Belongings, backup_store
from controlroom.store.sqlite.care import backup as backup_module
from controlroom.store.sqlite.set_aside import set_aside
from tests.controlroom.store.examples import RTT, START_UTC_S, act, replied, second
from tests.controlroom.store.history_contract import same_curve, same_samples
from tests.controlroom.store.place import until_calm
from tests.controlroom.store.sqlite.care.stores import (
    DAY_S,
    FIRST_DAY,
    HOURS,
    LAST_DAY,
    MINUTES,
    changing,
    commit,
    contents,
    damage_page,
    flip_a_byte,
    leaf_of,
    names_below,
    troubles,
    unheard,
)

BELONGINGS = Belongings(("site.toml", "site-versions", "operators.json", "desk.ini"), ("sounds",))
PROBES = [ProbeKey(f"mast-{number}", "icmp") for number in range(20)]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Where the backup goes."""
    return tmp_path / "backup"


def copied(folder: DataFolder, output: Path, tell: Callable[[Doing], None] = unheard) -> BackupDone:
    """Make a backup."""
    return backup_store(folder, output, BELONGINGS, tell)


def all_of(reader: ReadStore) -> tuple[object, ...]:
    """What a reader is told, but for what was measured."""
    return (
        reader.site_json(),
        reader.states(),
        reader.alarms(ended_since_utc_s=0),
        reader.entries(),
        reader.blind_time(0, math.inf),
        reader.probes(),
        reader.series(),
        reader.latest(math.inf),
    )


def test_a_restored_backup_is_read_back_equal_and_runs(folder: DataFolder, output: Path) -> None:
    """Moved to where the data folder was, it opens, is well, tells the same and takes new seconds."""
    before = contents(folder)
    done = copied(folder, output)
    assert contents(folder) == before
    assert done.databases == 5
    assert done.left_out == []
    restored = DataFolder(output)
    assert troubles(restored) == []
    with closing(open_read_store(folder)) as one, closing(open_read_store(restored)) as other:
        assert all_of(one) == all_of(other)
        same_samples(one.samples(RTT, 0, math.inf), other.samples(RTT, 0, math.inf))
        for resolution in Resolution:
            ask = ([RTT], START_UTC_S - DAY_S, START_UTC_S + 4 * DAY_S, resolution)
            same_curve(one.curves(*ask)[RTT], other.curves(*ask)[RTT])
    folder.path.rename(folder.path.with_name("moved-away"))
    shutil.copytree(output, folder.path)
    with closing(open_engine_store(folder)) as engine:
        assert engine.remember().last_entry_number == 700
        commit(engine, START_UTC_S + 5 * DAY_S, 1300, entries=3)
        until_calm(engine)
    assert troubles(folder) == []
    with closing(open_read_store(folder)) as reader:
        assert len(reader.samples(RTT, 0, math.inf).value) == 2 * (1300 + 1301 + 1300)
        assert first_break(reader.entries()) is None


def _commit_all(engine: EngineStore, first: int, count: int, *more: ProbeKey) -> None:
    for number in range(first, first + count):
        at_utc_s = START_UTC_S + number
        readings = [replied(at_utc_s, number / 1e3, probe=probe) for probe in (*PROBES, *more)]
        engine.commit(Batch(second(at_utc_s, *readings)))


def _values(reader: ReadStore, probe: ProbeKey) -> list[int]:
    series = SeriesKey(probe.endpoint_id, probe.probe_name, "rtt_s")
    return [round(each * 1e3) for each in reader.samples(series, 0, math.inf).value]


@pytest.mark.parametrize("steps", [1, 2, 3, 400])
def test_what_is_sealed_while_it_is_copied_is_in_it_once(tmp_path: Path, output: Path, steps: int) -> None:
    """Whether the engine has sealed none, some or all probes of a window between store and history."""
    folder = DataFolder(tmp_path / "data")
    late, later = ProbeKey("late", "icmp"), ProbeKey("later", "icmp")
    with closing(open_engine_store(folder)) as engine:
        _commit_all(engine, 0, 1000)
        until_calm(engine)

        def go_on(doing: Doing) -> None:
            if doing == Doing("store.db", "verify") and engine.remember().last_heartbeat_utc_s == (
                START_UTC_S + 999
            ):
                _commit_all(engine, 1000, 300, late)
                for _ in range(steps):
                    engine.tend(Retention())

        copied(folder, output, go_on)
    restored = DataFolder(output)
    assert troubles(restored) == []
    with closing(open_engine_store(restored)) as engine, closing(open_read_store(restored)) as reader:
        assert reader.probes() == PROBES
        assert [_values(reader, probe) for probe in PROBES] == [list(range(1000))] * len(PROBES)
        _commit_all(engine, 1000, 700, later)
        until_calm(engine)
        assert [_values(reader, probe) for probe in PROBES] == [list(range(1700))] * len(PROBES)
        assert _values(reader, later) == list(range(1000, 1700))
        assert _values(reader, late) == []
        assert troubles(restored) == []


ENGINE = """
import itertools, sys
from pathlib import Path
from contextlib import closing
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Retention
from controlroom.store.sqlite import open_engine_store
from tests.controlroom.store.examples import START_UTC_S
from tests.controlroom.store.sqlite.care.stores import commit

engine = open_engine_store(DataFolder(Path(sys.argv[1])))
for part in itertools.count():
    commit(engine, START_UTC_S + 10 * part, 10, entries=1)
    print(part, flush=True)
    for _ in range(40):
        engine.tend(Retention())
"""


@pytest.fixture
def live(tmp_path: Path) -> Iterator[DataFolder]:
    """A folder on which another process commits and seals as quickly as the disk lets it."""
    folder = DataFolder(tmp_path / "live")
    command = [sys.executable, "-c", ENGINE, str(folder.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as engine:
        assert engine.stdout is not None
        while int(engine.stdout.readline()) < 130:
            pass
        yield folder
        engine.kill()


def test_a_live_engine_goes_on_and_the_copy_is_of_one_moment(live: DataFolder, tmp_path: Path) -> None:
    """Again and again, wherever in its work the engine is: nothing is missing and nothing is doubled."""
    for turn in range(4):
        output = tmp_path / f"backup-{turn}"
        copied(live, output)
        with closing(open_read_store(live)) as reader:
            reached = reader.entries(newest=1)[0].number
        restored = DataFolder(output)
        assert troubles(restored) == []
        with closing(open_engine_store(restored)) as engine, closing(open_read_store(restored)) as reader:
            until_calm(engine)
            whole = reader.entries(newest=1)[0].number
            beat = reader.samples(RTT, 0, math.inf)
            sent = beat.at_utc_s[beat.beat]
            assert whole <= reached
            assert len(sent) == len(set(sent.tolist()))
            assert sent.tolist() == [START_UTC_S + number for number in range(len(sent))]
            assert 10 * whole - 10 < len(sent) <= 10 * whole
        time.sleep(0.3)


def test_it_is_for_its_owner_alone(folder: DataFolder, output: Path) -> None:
    """Whatever the mask of the account says."""
    before = os.umask(0)
    try:
        copied(folder, output)
    finally:
        os.umask(before)
    assert stat.S_IMODE(output.stat().st_mode) == 0o700
    for path in output.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_what_belongs_to_a_data_folder_comes_along(folder: DataFolder, output: Path) -> None:
    """Site, versions, operators, settings and waiting acts; no secret and no evidence, which are named."""
    for name in ("site.toml", "operators.json", "desk.ini", "community"):
        (folder.path / name).write_text(f"this is {name}")
    (folder.path / "site-versions").mkdir()
    (folder.path / "site-versions" / "000001.toml").write_text("old")
    (folder.path / "sounds").mkdir()
    damaged = folder.history / FIRST_DAY
    aside = set_aside(Path(shutil.copy(damaged, folder.history / "raw-2023-01-01.db")))
    waiting = act("still waiting")
    with closing(DeskInbox(folder, "desk-1")) as inbox:
        inbox.put(waiting)
        with (folder.inbox / "desk-1.jsonl").open("ab") as file:
            file.write(b'{"id": "half a li')
        done = copied(folder, output)
    names = set(names_below(output))
    assert names >= {"site.toml", "operators.json", "desk.ini", "site-versions/000001.toml"}
    assert "community" not in names
    assert "sounds" not in names
    assert done.not_copied == ["community", f"history/{aside.name}"]
    assert (output / "operators.json").read_text() == "this is operators.json"
    with closing(open_engine_store(DataFolder(output))) as engine:
        assert [taken.act for taken in engine.waiting_acts()] == [waiting]
    assert (output / "inbox" / "desk-1.jsonl").read_bytes().endswith(b"}\n")


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("full", "output-not-empty"),
        ("file", "output-unusable"),
        ("link", "output-unusable"),
        ("nowhere/backup", "output-unusable"),
        ("data/backup", "output-unusable"),
    ],
)
def test_a_place_that_is_not_for_it_is_refused(
    folder: DataFolder, tmp_path: Path, where: str, code: str
) -> None:
    """And is left as it was."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").touch()
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    before = list(names_below(tmp_path))
    with pytest.raises(StoreError) as caught:
        copied(folder, tmp_path / where)
    assert caught.value.code == code
    assert list(names_below(tmp_path)) == before


def test_an_empty_folder_becomes_the_backup(folder: DataFolder, output: Path) -> None:
    """One that somebody made before, with rights of its own."""
    output.mkdir(mode=0o755)
    copied(folder, output)
    assert stat.S_IMODE(output.stat().st_mode) == 0o700
    assert troubles(DataFolder(output)) == []


@pytest.mark.parametrize("step", ["copy", "verify"])
@pytest.mark.parametrize("file", ["store.db", LAST_DAY])
def test_an_interrupt_leaves_nothing_behind(folder: DataFolder, output: Path, file: str, step: str) -> None:
    """Wherever it comes: no output, no draft beside it, and the store is as it was."""
    before, around = contents(folder), list(names_below(output.parent))

    def interrupt(doing: Doing) -> None:
        if (doing.file, doing.step) == (file, step):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copied(folder, output, interrupt)
    assert list(names_below(output.parent)) == around
    assert contents(folder) == before


def test_a_damaged_day_is_left_out_and_told(folder: DataFolder, output: Path) -> None:
    """It keeps the rest from nothing."""
    damage_page(folder.history / FIRST_DAY, leaf_of(folder.history / FIRST_DAY, "chunk"))
    with changing(folder.history / LAST_DAY) as connection:
        connection.execute("UPDATE about SET store = 'another'")
    done = copied(folder, output)
    assert [(left.file, left.code) for left in done.left_out] == [
        (FIRST_DAY, "store-damaged"),
        (LAST_DAY, "store-foreign"),
    ]
    assert not any(name.startswith("history/raw") for name in names_below(output))
    with closing(open_engine_store(DataFolder(output))) as engine:
        assert engine.remember().last_entry_number == 700


def test_rows_that_do_not_fit_their_checksum_are_left_out_and_told(folder: DataFolder, output: Path) -> None:
    """The rest of their files is there; rollups are made again from the readings by whoever runs the copy."""
    with closing(open_read_store(folder)) as reader:
        before = reader.curves([RTT], 0, math.inf, Resolution.MINUTE)[RTT]
    flip_a_byte(folder.store_file, "journal", "readings")
    flip_a_byte(folder.history / FIRST_DAY, "chunk", "packed")
    flip_a_byte(folder.history / MINUTES, "minutes", "packed", offset=0)
    done = copied(folder, output)
    assert done.rows_left_out == [
        RowsLeftOut("store.db", "journal", 1),
        RowsLeftOut(FIRST_DAY, "chunk", 1),
        RowsLeftOut(MINUTES, "minutes", 1),
    ]
    assert done.left_out == []
    restored = DataFolder(output)
    assert {code for _, _, code in troubles(restored)} <= {"window-incomplete", "seconds-missing"}
    with closing(open_engine_store(restored)) as engine:
        until_calm(engine)
    with closing(open_read_store(restored)) as reader:
        after = reader.curves([RTT], 0, math.inf, Resolution.MINUTE)[RTT]
        assert len(reader.samples(RTT, 0, math.inf).value) > 1300
    assert 0 < len(before.value) - len(after.value) <= 11  # but for the chunk that is gone


@pytest.mark.parametrize("name", [MINUTES, HOURS])
def test_rollups_of_another_store_are_left_out_and_told(folder: DataFolder, output: Path, name: str) -> None:
    """In the copy as well they would be figures of others."""
    with changing(folder.history / name) as connection:
        connection.execute("UPDATE about SET store = 'another'")
    done = copied(folder, output)
    assert [(left.file, left.code) for left in done.left_out] == [(name, "store-foreign")]
    assert not (output / "history" / name).exists()


def test_names_of_rollups_are_of_the_same_moment(folder: DataFolder, output: Path) -> None:
    """A series first measured while the copy is made is neither in the copied store nor in its rollups."""
    late = ProbeKey("late", "icmp")

    def go_on(doing: Doing) -> None:
        if doing == Doing("store.db", "verify"):
            with closing(open_engine_store(folder)) as engine:
                _commit_all(engine, 3 * DAY_S, 700, late)
                engine.commit(Batch(second(START_UTC_S + 5 * DAY_S)))
                until_calm(engine)

    copied(folder, output, go_on)
    for name in (MINUTES, HOURS):
        with changing(folder.history / name) as here, changing(output / "history" / name) as there:
            assert (late.endpoint_id,) in here.execute("SELECT endpoint_id FROM probe").fetchall()
            assert there.execute("SELECT endpoint_id FROM probe").fetchall() == [("gateway",)]
            assert there.execute("SELECT id FROM series").fetchall() == [(1,)]
    assert troubles(DataFolder(output)) == []


@pytest.mark.parametrize("harm", ["damage", "newer", "nonsense"])
def test_without_a_good_store_there_is_no_backup(folder: DataFolder, output: Path, harm: str) -> None:
    """Its code says why, and nothing is left behind."""
    if harm == "damage":
        damage_page(folder.store_file, leaf_of(folder.store_file, "log"))
    elif harm == "newer":
        with changing(folder.store_file) as connection:
            connection.execute("PRAGMA user_version = 9")
    else:
        folder.store_file.write_bytes(b"\xa5" * 8192)
    around = list(names_below(output.parent))
    with pytest.raises(StoreError) as caught:
        copied(folder, output)
    assert caught.value.code == ("store-newer" if harm == "newer" else "store-damaged")
    assert list(names_below(output.parent)) == around


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 kB."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a small disk")
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_too_little_room_is_refused_before_anything_is_written(folder: DataFolder, small_disk: Path) -> None:
    """What is needed and what is free are both told."""
    with pytest.raises(StoreError) as caught:
        copied(folder, small_disk / "backup")
    assert caught.value.code == "no-room"
    assert "MB" in caught.value.happened
    assert list(small_disk.iterdir()) == []


def test_a_disk_that_fills_meanwhile_ends_it_cleanly(
    folder: DataFolder, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room was there when it was asked for, and is gone: no half of a backup stays."""
    monkeypatch.setattr(backup_module, "refuse_little_room", lambda *_: None)
    with pytest.raises(StoreError) as caught:
        copied(folder, small_disk / "backup")
    assert caught.value.code in ("disk-full", "backup-failed")
    assert list(small_disk.iterdir()) == []


def test_a_whole_disk_is_no_place_for_it(folder: DataFolder, small_disk: Path) -> None:
    """A folder on it is: the finished backup takes its name in one step."""
    with pytest.raises(StoreError) as caught:
        copied(folder, small_disk)
    assert caught.value.code == "output-unusable"
    assert str(small_disk / "controlroom") in caught.value.advice
