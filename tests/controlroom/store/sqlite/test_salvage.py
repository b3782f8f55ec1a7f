"""Damage on purpose: what can be read is saved, what was damaged is kept as evidence, and it is told once."""

from __future__ import annotations

import math
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from controlroom.errors import StoreError
from controlroom.logbook.chain import Chain, first_break
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, EngineStore, Resolution, Retention
from controlroom.store.sqlite import open_engine_store, open_read_store
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.day_file import DAY_LADDER
from controlroom.store.sqlite.salvage import is_sound, replace_damaged
from controlroom.store.sqlite.schema import LADDER
from tests.controlroom.store.examples import RTT, START_UTC_S, draft, replied, second
from tests.controlroom.store.place import until_calm


def page_bytes(path: Path) -> int:
    """Return the size of a database's pages, as its header tells."""
    return int.from_bytes(path.read_bytes()[16:18], "big")


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Name a data folder."""
    return DataFolder(tmp_path / "data")


def damage(path: Path, page: int) -> None:
    """Write nonsense over a page of a database that nobody has open."""
    size = page_bytes(path)
    with path.open("r+b") as file:
        file.seek(page * size)
        file.write(b"\xa5" * size)


def leaf_of(path: Path, table: str) -> int:
    """Return the number of a page with rows of a table, counted from 0."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno", (table,)
        ).fetchall()
    return int(rows[(len(rows) - 1) // 2][0]) - 1


def fill(folder: DataFolder, seconds: int, *, entries: int = 0) -> None:
    """Let an engine commit seconds with a reading each, and some entries."""
    with closing(open_engine_store(folder)) as engine:
        chain = Chain()
        for number in range(max(seconds, entries)):
            at_utc_s = START_UTC_S + number
            said = [chain.append(draft(at_utc_s, note="x" * 300))] if number < entries else []
            engine.commit(Batch(second(at_utc_s, replied(at_utc_s, number)), entries=said))
        until_calm(engine)


def told_once(engine: EngineStore) -> str:
    """Tend until the damage is told, and make sure that it is told no second time."""
    told = []
    for _ in range(400):
        try:
            engine.tend(Retention())
        except StoreError as error:
            told.append(error)
    assert [error.code for error in told] == ["store-mended"]
    return told[0].happened


def test_a_damaged_page_of_the_store_costs_only_that_page(folder: DataFolder) -> None:
    """The log keeps all entries that can be read and shows the gap; history and numbers go on."""
    fill(folder, 1300, entries=200)
    with closing(sqlite3.connect(folder.store_file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    damage(folder.store_file, leaf_of(folder.store_file, "log"))
    damage(folder.store_file, leaf_of(folder.store_file, "probe"))
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        assert "store.damaged-1.db" in told_once(engine)
        numbers = [entry.number for entry in reader.entries()]
        assert 180 <= len(numbers) < 200
        assert numbers[-1] == engine.remember().last_entry_number == 200
        assert first_break(reader.entries()) is not None
        assert reader.probes() == [RTT.probe]
        assert len(reader.samples(RTT, 0, math.inf).value) >= 1200
        chain = Chain(200, engine.remember().last_entry_hash)
        later = START_UTC_S + 5000
        engine.commit(Batch(second(later, replied(later)), entries=[chain.append(draft(later))]))
        assert reader.samples(RTT, later, math.inf).value.tolist() == [0.02]


def test_a_store_that_is_gone_finds_its_history_again(folder: DataFolder) -> None:
    """With nothing left of the store itself, names are learnt from the history; keys go on."""
    fill(folder, 1300)
    folder.store_file.write_bytes(b"\xa5" * 8192)
    for suffix in ("-wal", "-shm"):
        folder.store_file.with_name(folder.store_file.name + suffix).unlink(missing_ok=True)
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        assert "100 s of readings" in told_once(engine)
        assert reader.samples(RTT, 0, math.inf).value.tolist() == [float(one) for one in range(1200)]
        later = START_UTC_S + 5000
        engine.commit(Batch(second(later, replied(later))))
        heartbeat = reader.heartbeat()
        assert heartbeat is not None
        assert heartbeat.sequence == 1301


def test_a_backup_put_back_gives_no_key_twice(folder: DataFolder) -> None:
    """The history went on after the backup: its readings are all there, and none is replaced."""
    fill(folder, 700)
    with closing(sqlite3.connect(folder.store_file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    backup = folder.path.parent / "backup.db"
    shutil.copy(folder.store_file, backup)
    with closing(open_engine_store(folder)) as engine:
        for number in range(700, 1900):
            engine.commit(Batch(second(START_UTC_S + number, replied(START_UTC_S + number, number))))
        until_calm(engine)
    shutil.copy(backup, folder.store_file)
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        with pytest.raises(StoreError) as told:
            engine.tend(Retention())
        assert told.value.code == "store-behind"
        for number in range(5000, 6300):
            engine.commit(Batch(second(START_UTC_S + number, replied(START_UTC_S + number, number))))
        until_calm(engine)
        found = set(reader.samples(RTT, 0, math.inf).value.tolist())
        assert found >= {float(one) for one in (*range(1800), *range(5000, 6300))}


def test_the_history_of_another_store_is_set_aside(folder: DataFolder, tmp_path: Path) -> None:
    """Files of another store under this one's folder are no measurements of ours."""
    other = DataFolder(tmp_path / "other")
    fill(other, 700)
    fill(folder, 10)
    stranger = next(other.history.glob("raw-*.db"))
    shutil.copy(stranger, folder.history / stranger.name)
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        assert "belongs to another store" in told_once(engine)
        assert len(reader.samples(RTT, 0, math.inf).value) == 10
    assert list(folder.history.glob("raw-*.damaged-1.db"))


def test_a_damaged_day_is_mended_when_it_is_rolled_up(folder: DataFolder) -> None:
    """All chunks but those on the damaged page stay, and the day's minutes are made from them."""
    begin_s = START_UTC_S // 86_400 * 86_400
    with closing(open_engine_store(folder)) as engine:
        for number in range(2000):
            at_utc_s = begin_s + number * 30
            engine.commit(Batch(second(at_utc_s, replied(at_utc_s, number / 7))))
        engine.commit(Batch(second(begin_s + 87_000)))
        while engine._upkeep._sealer.step():  # type: ignore[attr-defined]
            pass
    path = HistoryFolder(folder.history).raw(int(begin_s) // 86_400)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    damage(path, leaf_of(path, "chunk"))
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        assert len(reader.samples(RTT, 0, math.inf).value) == 0
        assert [each.file for each in reader.passed_over()] == [path.name]
        engine.commit(Batch(second(begin_s + 90_000)))
        assert "damaged-1.db" in told_once(engine)
        left = reader.samples(RTT, 0, math.inf).value
        assert 100 < len(left) < 2000
        curve = reader.curves([RTT], 0, math.inf, Resolution.DAY)[RTT]
        assert curve.rollup is not None
        assert curve.rollup.count.tolist() == [len(left)]
        assert np.nanmax(left) == pytest.approx(1999 / 7, rel=1e-6)


def test_a_sound_file_is_left_alone(folder: DataFolder) -> None:
    """Nothing is set aside where all can be read, or where nothing is."""
    fill(folder, 700)
    path = next(folder.history.glob("raw-*.db"))
    assert is_sound(path)
    assert replace_damaged(path, DAY_LADDER) is None
    assert replace_damaged(folder.path / "nothing.db", LADDER) is None
    assert not list(folder.path.rglob("*damaged*"))


def inner_pages(path: Path, *names: str) -> list[int]:
    """Return the pages above the leaves of tables and indices, counted from 0; each must have one."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'internal'"
        found = [connection.execute(query, (name,)).fetchall() for name in names]
    assert all(found)
    return [int(row[0]) - 1 for rows in found for row in rows]


def test_damaged_inner_pages_cost_no_row(folder: DataFolder) -> None:
    """They only say where rows are; the rows are found without them."""
    fill(folder, 1300, entries=200)
    for page in inner_pages(folder.store_file, "log", "journal"):
        damage(folder.store_file, page)
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        assert "Nothing that is known of was lost." in told_once(engine)
        assert [entry.number for entry in reader.entries()] == list(range(1, 201))
        assert first_break(reader.entries()) is None
        assert len(reader.samples(RTT, 0, math.inf).value) == 1300


@pytest.mark.parametrize("killed", [False, True])
def test_a_damaged_list_of_tables_costs_no_row(folder: DataFolder, tmp_path: Path, killed: bool) -> None:
    """The first page of a database says where its tables begin; they are found without it."""
    fill(folder, 1300, entries=200)
    if killed:  # the newest second is in the log alone
        chain = Chain(200, last_hash(folder))
        with closing(open_engine_store(folder)) as engine:
            later = START_UTC_S + 1300
            engine.commit(Batch(second(later, replied(later, 1300)), entries=[chain.append(draft(later))]))
            folder = copied(folder, DataFolder(tmp_path / "killed"))
    damage(folder.store_file, 0)
    raw = next(folder.history.glob("raw-*.db"))
    with closing(sqlite3.connect(raw)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    damage(raw, 0)
    seconds, entries = (1301, 201) if killed else (1300, 200)
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        assert engine.remember().last_entry_number == entries
        assert len(reader.samples(RTT, 0, math.inf).value) == seconds
        assert reader.probes() == [RTT.probe]


def last_hash(folder: DataFolder) -> str:
    """Return the hash of the log's newest entry."""
    with closing(open_read_store(folder)) as reader:
        return reader.entries()[-1].hash


def copied(folder: DataFolder, to: DataFolder) -> DataFolder:
    """Copy a data folder as a killed engine would leave it."""
    shutil.copytree(folder.path, to.path)
    return to


def page_with(path: Path, needle: bytes) -> int:
    """Return the number, counted from 0, of the last page that holds some bytes."""
    content = path.read_bytes()
    return content.rindex(needle) // page_bytes(path)


def flip(path: Path, needle: bytes, occurrence: int = -1) -> None:
    """Turn the first letter of some text into no letter at all, by its highest bit."""
    content = bytearray(path.read_bytes())
    place = content.rindex(needle) if occurrence < 0 else content.index(needle)
    content[place] ^= 0x80
    path.write_bytes(content)


def folded(path: Path) -> Path:
    """Fold a database's log in, and return it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return path


@pytest.mark.parametrize("page", [b"TABLE log", b"TABLE journal", b"TABLE alarm"])
def test_a_damaged_part_of_the_list_of_tables_costs_no_row(folder: DataFolder, page: bytes) -> None:
    """The part that can be read does not stand for the whole."""
    fill(folder, 1300, entries=200)
    damage(folded(folder.store_file), page_with(folder.store_file, page))
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        assert engine.remember().last_entry_number == 200
        assert len(reader.samples(RTT, 0, math.inf).value) == 1300


def test_a_bit_flipped_in_a_text_stops_no_engine(folder: DataFolder) -> None:
    """The entry is read with a mark in it, and its chain of hashes tells."""
    fill(folder, 20, entries=20)
    flip(folded(folder.store_file), b"xxxxxxxx")
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        assert engine.remember().last_entry_number == 20
        assert len(reader.entries()) == 20
        assert first_break(reader.entries()) is not None


def test_a_bit_flipped_in_the_list_of_tables_is_damage(folder: DataFolder) -> None:
    """Also where not even the error about it can be read."""
    fill(folder, 1300)
    raw = folded(next(folder.history.glob("raw-*.db")))
    flip(raw, b"CREATE TABLE chunk", 0)
    with closing(open_engine_store(folder)), closing(open_read_store(folder)) as reader:
        assert len(reader.samples(RTT, 0, math.inf).value) == 1300


def test_a_day_that_lost_its_owner_gets_it_back(folder: DataFolder) -> None:
    """One small page names the store; without it nobody would believe a whole day."""
    fill(folder, 1300)
    raw = folded(next(folder.history.glob("raw-*.db")))
    with closing(sqlite3.connect(raw)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'about'").fetchone()
    damage(raw, page - 1)
    for _ in range(2):
        with closing(open_engine_store(folder)), closing(open_read_store(folder)) as reader:
            assert len(reader.samples(RTT, 0, math.inf).value) == 1300


def test_an_empty_store_takes_over_its_history(folder: DataFolder) -> None:
    """It is no other store than one that is missing."""
    fill(folder, 1300)
    folder.store_file.write_bytes(b"")
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        with pytest.raises(StoreError) as told:
            engine.tend(Retention())
        assert told.value.code == "store-missing"
        assert len(reader.samples(RTT, 0, math.inf).value) == 1200


def test_an_empty_day_is_told(folder: DataFolder) -> None:
    """What it held is gone, and somebody is to know."""
    fill(folder, 1300)
    raw = next(folder.history.glob("raw-*.db"))
    raw.write_bytes(b"")
    with closing(open_engine_store(folder)) as engine, pytest.raises(StoreError) as told:
        engine.tend(Retention())
    assert "was empty" in told.value.happened
