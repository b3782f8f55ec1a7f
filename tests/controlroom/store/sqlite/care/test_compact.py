"""Making a store smaller: it gains room, loses nothing, and leaves alone what it must."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from controlroom.errors import StoreError
from controlroom.store.care import Compacted, Doing
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, Retention
from controlroom.store.sqlite import open_engine_store, open_read_store
from controlroom.store.sqlite.care import compact as compact_module
from controlroom.store.sqlite.care import compact_store
from controlroom.store.sqlite.care.room import refuse_little_room
from tests.controlroom.store.examples import RTT, START_UTC_S
from tests.controlroom.store.history_contract import same_samples
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


def compacted(folder: DataFolder) -> dict[str, Compacted]:
    """Make every file smaller."""
    return {each.file: each for each in compact_store(folder, unheard)}


def test_room_that_was_dropped_is_given_back(folder: DataFolder) -> None:
    """After a retention: less on the disk, all that is kept still there, every file well."""
    with closing(open_engine_store(folder)) as engine:
        commit(engine, START_UTC_S + 3 * DAY_S, 700)
        until_calm(engine)
        for _ in range(120):
            engine.tend(Retention(raw_days=2))
        engine.commit(Batch(site_json="x" * 1_000_000))
        engine.commit(Batch(site_json="x"))
    with changing(folder.store_file) as connection:
        (free_pages,) = connection.execute("PRAGMA freelist_count").fetchone()
    assert free_pages > 240
    with closing(open_read_store(folder)) as reader:
        before = reader.samples(RTT, 0, math.inf)
    assert len(before.value) == 2 * (1301 + 700)
    done = compacted(folder)
    assert done.keys() == {"store.db", LAST_DAY, "raw-2023-11-17.db", MINUTES, HOURS}
    assert {each.code for each in done.values()} == {""}
    assert done["store.db"].after_bytes <= done["store.db"].before_bytes - 240 * 4096
    assert done["store.db"].after_bytes == folder.store_file.stat().st_size
    assert troubles(folder) == []
    with closing(open_read_store(folder)) as reader:
        same_samples(before, reader.samples(RTT, 0, math.inf))
        assert len(reader.entries()) == 700
    with changing(folder.store_file) as connection:
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
        assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    with closing(open_engine_store(folder)) as engine:
        commit(engine, START_UTC_S + 5 * DAY_S, 10, entries=1)


def test_while_an_engine_holds_the_store_it_is_refused(folder: DataFolder) -> None:
    """By name, before the first file; nothing is changed."""
    with closing(open_engine_store(folder)):
        before = contents(folder)
        with pytest.raises(StoreError) as caught:
            compacted(folder)
        assert contents(folder) == before
    assert caught.value.code == "engine-running"


def test_no_engine_can_start_meanwhile(folder: DataFolder) -> None:
    """And one can afterwards, also where it was not carried to its end."""
    work = compact_store(folder, unheard)
    next(iter(work))
    with pytest.raises(StoreError) as caught:
        open_engine_store(folder)
    assert caught.value.code == "engine-running"
    work.close()  # type: ignore[attr-defined]
    open_engine_store(folder).close()


def test_a_damaged_or_newer_file_is_left_as_it_is(folder: DataFolder) -> None:
    """The others follow all the same."""
    damage_page(folder.history / FIRST_DAY, leaf_of(folder.history / FIRST_DAY, "chunk"))
    (folder.history / HOURS).write_bytes(b"\xa5" * 8192)
    with changing(folder.history / LAST_DAY) as connection:
        connection.execute("PRAGMA user_version = 9")
    before = {name: (folder.history / name).read_bytes() for name in (FIRST_DAY, LAST_DAY, HOURS)}
    done = compacted(folder)
    assert {name: each.code for name, each in done.items() if each.code} == {
        FIRST_DAY: "store-damaged",
        LAST_DAY: "store-newer",
        HOURS: "store-damaged",
    }
    assert {name: (folder.history / name).read_bytes() for name in before} == before
    assert done["store.db"].code == done[MINUTES].code == ""


def test_a_file_with_rows_that_do_not_fit_their_checksum_is_left_as_it_is(folder: DataFolder) -> None:
    """Written anew it would look whole: its damage is told instead."""
    flip_a_byte(folder.store_file, "journal", "readings")
    flip_a_byte(folder.history / FIRST_DAY, "chunk", "packed")
    flip_a_byte(folder.history / HOURS, "hours", "histograms", offset=0)
    before = {path: path.read_bytes() for path in folder.history.iterdir()}
    done = compacted(folder)
    assert {name for name, each in done.items() if each.code == "store-damaged"} == {
        "store.db",
        FIRST_DAY,
        HOURS,
    }
    assert (folder.history / FIRST_DAY).read_bytes() == before[folder.history / FIRST_DAY]


def test_without_room_a_file_is_left_as_it_is(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for twice its size: a draft, and a log to write it back through."""
    asked: list[tuple[Path, int]] = []

    def little(place: Path, wanted_bytes: int) -> None:
        asked.append((place, wanted_bytes))
        refuse_little_room(place, 1 << 60)

    monkeypatch.setattr(compact_module, "refuse_little_room", little)
    size = folder.store_file.stat().st_size
    done = compacted(folder)
    assert {each.code for each in done.values()} == {"no-room"}
    assert asked[0] == (folder.path, 2 * size)


def test_an_interrupt_leaves_every_file_whole(folder: DataFolder) -> None:
    """The lock is free again, and no draft is left."""
    names = list(names_below(folder.path))

    def interrupt(doing: Doing) -> None:
        if doing.file == LAST_DAY:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(compact_store(folder, interrupt))
    assert [name for name in names_below(folder.path) if not name.endswith(("-wal", "-shm"))] == names
    assert troubles(folder) == []
    open_engine_store(folder).close()


def test_a_desk_that_reads_goes_on(folder: DataFolder) -> None:
    """What it asks afterwards is answered as before."""
    with closing(open_read_store(folder)) as reader:
        before = reader.samples(RTT, 0, math.inf)
        done = compacted(folder)
        assert {each.code for each in done.values()} == {""}
        same_samples(before, reader.samples(RTT, 0, math.inf))


def test_nothing_is_drafted_outside_the_data_folder(folder: DataFolder, tmp_path: Path) -> None:
    """With a file larger than SQLite's cache, the draft lies where the file does."""
    if not Path("/usr/bin/strace").exists():
        pytest.skip("strace is needed to see which files are opened")
    with changing(folder.store_file) as connection:
        connection.execute("INSERT INTO site VALUES (1, ?)", ("x" * 12_000_000,))
    traced = tmp_path / "trace"
    program = (
        "import sys; from pathlib import Path; from controlroom.store.folder import DataFolder;"
        "from controlroom.store.sqlite.care import compact_store;"
        "print(len(list(compact_store(DataFolder(Path(sys.argv[1])), lambda _: None))))"
    )
    command = ["/usr/bin/strace", "-f", "-qq", "-e", "trace=openat", "-o", str(traced), sys.executable]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*command, "-c", program, str(folder.path)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if done.returncode != 0:
        pytest.skip(f"nothing can be traced here: {done.stderr[-200:]}")
    lines = traced.read_text().splitlines()
    written = [line for line in lines if ("O_RDWR" in line or "O_WRONLY" in line) and "/dev/" not in line]
    assert any("etilqs" in line for line in written)
    assert [line for line in written if str(folder.path) not in line] == []


def test_a_desk_that_holds_on_to_a_moment_is_told(folder: DataFolder) -> None:
    """What it sees stays; the room comes back once it lets go, and until then it is told."""
    with changing(folder.store_file) as desk:
        desk.execute("BEGIN")
        assert desk.execute("SELECT count(*) FROM log").fetchone() == (700,)
        done = compacted(folder)
        assert done["store.db"].code == "still-read"
        assert desk.execute("SELECT count(*) FROM log").fetchone() == (700,)
    assert {each.code for each in done.values()} == {"still-read", ""}
    assert {each.code for each in compacted(folder).values()} == {""}
    assert troubles(folder) == []
