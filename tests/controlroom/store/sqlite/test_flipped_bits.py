"""Single bits flipped inside of what is packed: the row is told of and kept, all else goes on."""

from __future__ import annotations

import logging
import math
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from controlroom.errors import StoreError
from controlroom.reading import SeriesKey
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, PassedOver, ReadStore, Resolution
from controlroom.store.sqlite import open_engine_store, open_read_store
from controlroom.store.sqlite.blobs import set_rows_aside
from tests.controlroom.store.examples import GATEWAY, RTT, START_UTC_S, replied, second
from tests.controlroom.store.place import told_by, until_calm
from tests.controlroom.store.sqlite.rolled import (
    BEGIN_S,
    DAY_S,
    MAST,
    MAST_RTT,
    all_rows,
    asked,
    drop_raw,
    measure,
    rolled_store,
)

DAY = int(BEGIN_S) // DAY_S


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Name a data folder."""
    return DataFolder(tmp_path / "data")


def flip(path: Path, table: str, column: str, row: int, *, bit: int = 0x10) -> bytes:
    """Flip a bit in the middle of a packed column of one row, 0 the first; return what it became."""
    with closing(sqlite3.connect(path)) as connection, connection:
        rowid, packed = connection.execute(
            f"SELECT rowid, {column} FROM {table} ORDER BY rowid LIMIT 1 OFFSET ?",  # noqa: S608 - ours
            (row,),
        ).fetchone()
        spoilt = bytearray(packed)
        spoilt[len(spoilt) // 2] ^= bit
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (bytes(spoilt), rowid))  # noqa: S608 - ours
    return bytes(spoilt)


def kept(folder: DataFolder, table: str, column: str) -> list[bytes]:
    """Return what is kept of rows that were taken out, out of all files that were set aside."""
    found = []
    for path in sorted(folder.path.rglob("*.damaged-*.db")):
        assert path.stat().st_mode & 0o077 == 0
        with closing(sqlite3.connect(path)) as connection:
            found += [row[0] for row in connection.execute(f"SELECT {column} FROM {table}")]  # noqa: S608 - ours
    return found


def file_of_day(folder: DataFolder) -> Path:
    """Return the first file of readings."""
    return min(folder.history.glob("raw-????-??-??.db"))


def count(reader: ReadStore, series: SeriesKey = RTT) -> int:
    """Return how many readings are told of a series."""
    return len(reader.samples(series, 0, math.inf).value)


@pytest.mark.parametrize("row", [100, 650, 1299])
def test_a_damaged_second_is_told_when_it_is_sealed(folder: DataFolder, row: int) -> None:
    """In a window that ended, in the one that is open, and in the newest second of all."""
    with closing(open_engine_store(folder)) as engine:
        for number in range(1300):
            engine.commit(Batch(second(START_UTC_S + number, replied(START_UTC_S + number, number / 7))))
    spoilt = flip(folder.store_file, "journal", "readings", row)
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        told = told_by(engine)
        assert [error.code for error in told] == ["rows-damaged"]
        assert "1 row of measurements in store.db could not be read" in told[0].happened
        assert "store.damaged-1.db" in told[0].happened
        assert count(reader) == 1299
    assert kept(folder, "journal", "readings") == [spoilt]
    with closing(open_engine_store(folder)) as engine:
        assert told_by(engine) == []


def test_a_damaged_chunk_stops_no_rollup(folder: DataFolder) -> None:
    """It is taken out and told once; its probe's day is made of the rest, and the other probes' whole."""
    rolled_store(folder, [0, 1], GATEWAY, MAST)
    before = all_rows(folder)
    for path in (*folder.history.glob("minutes-*"), *folder.history.glob("hours-*")):
        path.unlink()
    spoilt = flip(file_of_day(folder), "chunk", "packed", 3)
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        told = told_by(engine)
        assert [error.code for error in told] == ["rows-damaged"]
        whole = 2 * 96
        assert asked(reader, MAST_RTT) == dict.fromkeys(asked(reader, MAST_RTT), whole)
        assert 0 < asked(reader)[Resolution.HOUR] == count(reader) < whole
        assert reader.passed_over() == []
    after = all_rows(folder)
    assert {name: len(rows) for name, rows in after.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    assert kept(folder, "chunk", "packed") == [spoilt]


def test_a_day_that_cannot_be_rolled_up_holds_no_other_back(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing is found to mend, it waits for the next start and is told of once."""
    rolled_store(folder, [0, 1])
    for path in (*folder.history.glob("minutes-*"), *folder.history.glob("hours-*")):
        path.unlink()
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        roller = engine._upkeep._roller  # type: ignore[attr-defined]
        made = roller._rollups.put

        def put(day: int, rows: object) -> None:
            if day == DAY:
                raise StoreError("store-damaged", "It cannot be.")
            made(day, rows)

        monkeypatch.setattr(roller._rollups, "put", put)
        assert [error.code for error in told_by(engine)] == ["rollups-waiting"]
        assert asked(reader) == dict.fromkeys(asked(reader), 2 * 96)  # the one day from its readings
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        assert told_by(engine) == []
        assert asked(reader) == dict.fromkeys(asked(reader), 2 * 96)


def test_a_damaged_chunk_hides_nothing_else(folder: DataFolder) -> None:
    """Readings and curves of all series come, and the stretch that does not is named, once."""
    rolled_store(folder, [0], GATEWAY, MAST)
    path = file_of_day(folder)
    with closing(open_read_store(folder)) as reader:
        whole = count(reader)
    flip(path, "chunk", "packed", 0)
    with closing(sqlite3.connect(path)) as connection:
        from_us, until_us, lost = connection.execute(
            "SELECT from_us, until_us, readings FROM chunk ORDER BY id LIMIT 1"
        ).fetchone()
    with closing(open_read_store(folder)) as reader:
        both = reader.curves([RTT, MAST_RTT], 0, math.inf, Resolution.RAW)
        assert [len(curve.value) for curve in both.values()] == [whole - lost, whole]
        assert reader.passed_over() == [PassedOver(path.name, from_us / 1e6, until_us / 1e6)]
        assert reader.passed_over() == []
        assert len(reader.latest(10 * DAY_S)) == 2
        assert asked(reader) == dict.fromkeys(asked(reader), whole)  # rollups are sound
        assert reader.passed_over() == []


def test_a_damaged_page_of_a_day_hides_no_other_day(folder: DataFolder) -> None:
    """A file that SQLite cannot read is passed over as a whole, and named."""
    rolled_store(folder, [0, 1])
    path = file_of_day(folder)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    with path.open("r+b") as file:
        file.seek(0)
        file.write(b"\xa5" * path.stat().st_size)
    with closing(open_read_store(folder)) as reader:
        assert count(reader) == 96
        assert reader.passed_over() == [PassedOver(path.name, BEGIN_S, BEGIN_S + DAY_S)]


@pytest.mark.parametrize(
    ("kind", "table", "column", "resolution"),
    [
        ("minutes", "minutes", "packed", Resolution.MINUTE),
        ("hours", "hours", "hours", Resolution.HOUR),
        ("hours", "hours", "day", Resolution.DAY),
    ],
)
@pytest.mark.parametrize("raw_is_kept", [True, False])
def test_damaged_rollups_are_computed_or_named(
    folder: DataFolder, kind: str, table: str, column: str, resolution: Resolution, *, raw_is_kept: bool
) -> None:
    """From readings while there are any; else the other days are told, and the one day is named."""
    rolled_store(folder, [0, 1])
    path = next(folder.history.glob(f"{kind}-*.db"))
    flip(path, table, column, 0)
    if not raw_is_kept:
        drop_raw(folder)
    with closing(open_read_store(folder)) as reader:
        rollup = reader.curves([RTT], 0, math.inf, resolution)[RTT].rollup
        assert rollup is not None
        days = 2 if raw_is_kept else 1
        assert int((rollup.count + rollup.lost).sum()) == days * 96
        told = [] if raw_is_kept else [PassedOver(path.name, BEGIN_S, BEGIN_S + DAY_S)]
        assert reader.passed_over() == told


@pytest.mark.parametrize("column", ["hours", "histograms"])
def test_a_damaged_histogram_is_counted_again(folder: DataFolder, column: str) -> None:
    """The percentiles of a span stay what they were."""
    rolled_store(folder, [0, 1])
    with closing(open_read_store(folder)) as reader:
        before = reader.histogram(RTT, 0, math.inf)
    flip(next(folder.history.glob("hours-*.db")), "hours", column, 1)
    with closing(open_read_store(folder)) as reader:
        after = reader.histogram(RTT, 0, math.inf)
        assert (after.bins.tolist(), after.counts.tolist()) == (before.bins.tolist(), before.counts.tolist())


def test_a_file_of_minutes_without_sense_is_computed(folder: DataFolder) -> None:
    """The same where no page of it can be read; charts over it are cut as if it were there."""
    rolled_store(folder, [0, 1], entry_s=BEGIN_S + 3600)
    with closing(open_read_store(folder)) as reader:
        stretches = reader.stretches(RTT, BEGIN_S, BEGIN_S + 2 * DAY_S, 1000)
    path = next(folder.history.glob("minutes-*.db"))
    path.write_bytes(b"\xa5" * path.stat().st_size)
    with closing(open_read_store(folder)) as reader:
        assert asked(reader) == dict.fromkeys(asked(reader), 2 * 96)
        assert reader.stretches(RTT, BEGIN_S, BEGIN_S + 2 * DAY_S, 1000) == stretches
        assert reader.passed_over() == []


def test_a_damaged_second_hides_nothing_else(folder: DataFolder) -> None:
    """Not from samples, not from a tail, not from the newest readings; and it is named."""
    with closing(open_engine_store(folder)) as engine:
        for number in range(20):
            engine.commit(Batch(second(START_UTC_S + number, replied(START_UTC_S + number))))
        with closing(open_read_store(folder)) as reader:
            flip(folder.store_file, "journal", "readings", 19)
            assert count(reader) == 19
            assert reader.passed_over() == [
                PassedOver("store.db", START_UTC_S + 18, START_UTC_S + 19),
            ]
            tail = reader.tail(1)
            assert (len(tail.readings), tail.cursor) == (18, 20)
            (newest,) = reader.latest(60).values()
            assert newest.sent_utc_s == START_UTC_S + 18


def test_a_row_that_was_written_anew_stays(folder: DataFolder) -> None:
    """What was found damaged a while ago may have been set right meanwhile."""
    rolled_store(folder, [0])
    path = file_of_day(folder)
    with closing(sqlite3.connect(path)) as connection:
        (row,) = connection.execute("SELECT min(id) FROM chunk").fetchone()
        assert set_rows_aside(path, connection, "chunk", [row, row + 1]) is None
        assert connection.execute("SELECT count(*) FROM chunk WHERE id = ?", (row,)).fetchone() == (1,)
    assert not list(folder.path.rglob("*.damaged-*.db"))


def test_measuring_goes_on_behind_damage(folder: DataFolder, caplog: pytest.LogCaptureFixture) -> None:
    """The next days are sealed and rolled up as ever."""
    caplog.set_level(logging.INFO)
    with closing(open_engine_store(folder)) as engine:
        measure(engine, [0, 1], GATEWAY)
    flip(file_of_day(folder), "chunk", "packed", 1)
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        measure(engine, [2], GATEWAY)
        until_calm(engine)
        assert asked(reader)[Resolution.MINUTE] == 3 * 96
