"""Files of rollups of another store, of an earlier program, or at odds with the store: not shown as ours."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from controlroom.errors import StoreError
from controlroom.reading import ProbeKey, SeriesKey
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch
from controlroom.store.sqlite import open_engine_store, open_read_store
from controlroom.store.sqlite.rollup_file import HOURS_LADDER, MINUTES_LADDER
from tests.controlroom.store.examples import GATEWAY, RTT, replied, second
from tests.controlroom.store.sqlite.rolled import (
    BEGIN_S,
    DAY_S,
    MAST,
    MAST_RTT,
    ROLLED_UP,
    STRIDE_S,
    all_rows,
    asked,
    asked_in,
    drop_raw,
    measure,
    put_back_to,
    put_store,
    rolled_store,
    rollup_files,
    said_by,
    set_aside_in,
    store_of_its_own,
)

A_DAY = DAY_S // STRIDE_S
NOTHING = dict.fromkeys(ROLLED_UP, 0)
TWO_DAYS = dict.fromkeys(ROLLED_UP, 2 * A_DAY)
MINUTES, HOURS = "minutes-2023-11.db", "hours-2023.db"
ASIDE = ["hours-2023.damaged-1.db", "minutes-2023-11.damaged-1.db"]


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Name a data folder."""
    return DataFolder(tmp_path / "data")


@pytest.fixture
def other(tmp_path: Path) -> DataFolder:
    """Name another one."""
    return DataFolder(tmp_path / "other")


def change(path: Path, statement: str) -> None:
    """Do something to a file that the program never does."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def copy_rollups(source: DataFolder, target: DataFolder) -> None:
    """Copy files of rollups over those of another folder."""
    target.history.mkdir(exist_ok=True)
    for path, _, _ in rollup_files(source):
        shutil.copy(path, target.history / path.name)


# Another store's


def test_a_new_store_beside_an_old_history_shows_none_of_its_figures(
    folder: DataFolder, other: DataFolder
) -> None:
    """Its first endpoint has the number of the old one's first; the old files are set aside and told."""
    rolled_store(folder, [0, 1])
    open_engine_store(other).close()
    put_store(folder, other.store_file)
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        engine.commit(Batch(second(BEGIN_S + 3 * DAY_S, replied(BEGIN_S + 3 * DAY_S, probe=MAST))))
        assert reader.probes() == [MAST]
        assert asked(reader, MAST_RTT) == dict.fromkeys(ROLLED_UP, 1)
        told = said_by(engine)
    for name in (MINUTES, HOURS):
        assert any(f"{name} belongs to another store" in one for one in told)
    assert set(ASIDE) <= set(set_aside_in(folder))


@pytest.mark.parametrize("series", [RTT, MAST_RTT])
def test_a_desk_shows_no_file_of_another_store_while_no_engine_runs(
    folder: DataFolder, other: DataFolder, series: SeriesKey
) -> None:
    """No curve, no stretch, no histogram, though the numbers, and even the names, are the same."""
    rolled_store(folder, [0, 1])
    store_of_its_own(other, [0, 1], series.probe)
    drop_raw(folder)
    assert asked_in(folder) == TWO_DAYS
    put_store(folder, other.store_file)
    assert asked_in(folder, series) == NOTHING
    with closing(open_read_store(folder)) as reader:
        assert reader.histogram(series, 0, 4e9).total == 0
        assert list(reader.stretches(series, BEGIN_S, BEGIN_S + 2 * DAY_S, 100)) == []


def test_a_desk_shows_no_reading_of_another_store_while_no_engine_runs(
    folder: DataFolder, other: DataFolder
) -> None:
    """Raw files are held to the same: only what lies in the other's own journal is read."""
    rolled_store(folder, [0, 1])
    store_of_its_own(other, [0, 1])
    before = len(samples_in(folder))
    shutil.rmtree(other.history)
    put_store(folder, other.store_file)
    assert before == 2 * A_DAY
    assert len(samples_in(folder)) == 0


def samples_in(folder: DataFolder) -> list[float]:
    """Return the gateway's values, as a desk reads them."""
    with closing(open_read_store(folder)) as reader:
        values: list[float] = reader.samples(RTT, 0, 4e9).value.tolist()
    return values


def test_a_file_that_appears_under_a_running_engine_is_not_written_into(
    folder: DataFolder, other: DataFolder
) -> None:
    """It is set aside when rows come for it, and the days of its month are made again from readings."""
    rolled_store(other, [0, 1], MAST)
    rolled_store(folder, [0])
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        copy_rollups(other, folder)
        with pytest.raises(StoreError, match="belongs to another store"):
            measure(engine, [1], GATEWAY)
        said_by(engine)
        assert asked(reader) == TWO_DAYS
    assert set_aside_in(folder) == ASIDE


# Names


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE probe SET endpoint_id = 'someone-else'",
        "UPDATE series SET metric = 'something_else'",
        "UPDATE series SET id = 7",
    ],
)
def test_names_at_odds_with_the_store_are_never_believed(
    folder: DataFolder, statement: str, tmp_path: Path
) -> None:
    """A desk shows none of the file, but what readings say; an engine sets it aside and makes it again."""
    rolled_store(folder, [0, 1])
    for path, _, _ in rollup_files(folder):
        change(path, statement)
    assert asked_in(folder) == TWO_DAYS
    without = DataFolder(shutil.copytree(folder.path, tmp_path / "without"))
    drop_raw(without)
    assert asked_in(without) == NOTHING
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        told = said_by(engine)
        assert all("gives numbers to other probes" in one for one in told)
        assert asked(reader) == TWO_DAYS
    assert set_aside_in(folder) == ASIDE


@pytest.mark.parametrize("lost", ["put back from a backup", "damaged", "gone"])
def test_a_number_that_only_rollups_know_is_not_given_out_again(folder: DataFolder, lost: str) -> None:
    """Its readings are gone, its store is older or cannot be read: its name is learnt from the rollups."""
    rolled_store(folder, [0])
    backup = folder.path.parent / "backup.db"
    shutil.copy(folder.store_file, backup)
    with closing(open_engine_store(folder)) as engine:
        measure(engine, [2, 3], GATEWAY, MAST)
    drop_raw(folder)
    if lost == "damaged":
        backup.write_bytes(b"\xa5" * 8192)
    put_store(folder, backup)
    if lost == "gone":
        folder.store_file.unlink()
    later = ProbeKey("later", "icmp")
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        assert reader.probes() == [GATEWAY, MAST]
        assert asked(reader, MAST_RTT) == TWO_DAYS
        engine.commit(Batch(second(BEGIN_S + 5 * DAY_S, replied(BEGIN_S + 5 * DAY_S, probe=later))))
        said_by(engine)
        assert asked(reader, SeriesKey("later", "icmp", "rtt_s")) == dict.fromkeys(ROLLED_UP, 1)
        assert asked(reader, MAST_RTT) == TWO_DAYS
        assert reader.probes() == [GATEWAY, MAST, later]
    assert not [name for name in set_aside_in(folder) if not name.startswith("store")]


def test_a_number_that_was_given_out_again_costs_the_older_figures_and_not_the_truth(
    folder: DataFolder,
) -> None:
    """Where a program did it nevertheless, the file is set aside: no figure comes under a wrong name."""
    rolled_store(folder, [0])
    backup = folder.path.parent / "backup.db"
    shutil.copy(folder.store_file, backup)
    with closing(open_engine_store(folder)) as engine:
        measure(engine, [2, 3], GATEWAY, MAST)
    drop_raw(folder)
    put_store(folder, backup)
    with closing(sqlite3.connect(folder.store_file)) as connection, connection:
        connection.execute("INSERT INTO probe VALUES (2, 'later', 'icmp')")
        connection.execute("INSERT INTO series VALUES (2, 2, 'rtt_s')")
    assert asked_in(folder, SeriesKey("later", "icmp", "rtt_s")) == NOTHING
    assert asked_in(folder) == dict.fromkeys(ROLLED_UP, 3 * A_DAY)
    open_engine_store(folder).close()
    assert set_aside_in(folder) == ASIDE


def test_names_come_with_the_first_rows_or_not_at_all(folder: DataFolder) -> None:
    """Rows that cannot be written leave no name behind; a series that comes later is named with its rows."""
    rolled_store(folder, [0])
    for path, _, table in rollup_files(folder):
        change(path, f"CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE (ABORT, 'no'); END")
    with closing(open_engine_store(folder)) as engine:
        with pytest.raises(StoreError):
            measure(engine, [1], GATEWAY, MAST)
        for path, _, _ in rollup_files(folder):
            with closing(sqlite3.connect(path)) as connection:
                assert connection.execute("SELECT count(*) FROM series").fetchone() == (1,)
    for path, _, _ in rollup_files(folder):
        change(path, "DROP TRIGGER full")
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        said_by(engine)
        assert asked(reader, MAST_RTT) == dict.fromkeys(ROLLED_UP, A_DAY)


@pytest.mark.parametrize("statement", ["DELETE FROM series", "DELETE FROM probe", "DELETE FROM about"])
def test_a_file_of_ours_that_damage_cost_its_names_gets_them_again(
    folder: DataFolder, statement: str
) -> None:
    """From the store; until then nothing of it is shown."""
    rolled_store(folder, [0, 1])
    drop_raw(folder)
    for path, _, _ in rollup_files(folder):
        change(path, statement)
    assert asked_in(folder) == NOTHING
    open_engine_store(folder).close()
    assert asked_in(folder) == TWO_DAYS
    assert set_aside_in(folder) == []


def test_a_damaged_file_is_saved_at_the_start(folder: DataFolder) -> None:
    """What cannot be read is made again from readings."""
    rolled_store(folder, [0, 1])
    before = all_rows(folder)
    for path, _, _ in rollup_files(folder):
        path.write_bytes(b"\xa5" * 8192)
    with closing(open_engine_store(folder)) as engine:
        assert len(said_by(engine)) == 2
    assert set_aside_in(folder) == ASIDE
    assert all_rows(folder) == before


# Of an earlier program

EARLIER = range(1, min(len(MINUTES_LADDER), len(HOURS_LADDER)))


@pytest.mark.parametrize("version", EARLIER)
@pytest.mark.parametrize("with_raw", [True, False])
def test_files_of_an_earlier_program_go_on_as_they_were(
    folder: DataFolder,
    version: int,
    with_raw: bool,
) -> None:
    """A desk asks for an engine; the first one takes them for its own, with all they hold."""
    rolled_store(folder, [0, 1], entry_s=BEGIN_S)
    before = all_rows(folder)
    put_back_to(version, folder)
    if not with_raw:
        drop_raw(folder)
    with closing(open_read_store(folder)) as reader:
        with pytest.raises(StoreError) as refused:
            asked(reader)
        assert refused.value.code == "store-older"
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        assert asked(reader) == TWO_DAYS
        assert all_rows(folder) == before
        measure(engine, [3], GATEWAY, MAST)
        assert asked(reader, MAST_RTT) == dict.fromkeys(ROLLED_UP, A_DAY)
    assert asked_in(folder) == dict.fromkeys(ROLLED_UP, 3 * A_DAY)
    assert set_aside_in(folder) == []


@pytest.mark.parametrize("version", EARLIER)
def test_an_earlier_file_with_unknown_numbers_is_not_taken(folder: DataFolder, version: int) -> None:
    """Nobody can say whose they are."""
    rolled_store(folder, [0, 1])
    put_back_to(version, folder)
    for path, _, table in rollup_files(folder):
        columns = "packed" if table == "minutes" else "day, hours, histograms"
        change(path, f"INSERT INTO {table} SELECT id + (98 << 32), {columns} FROM {table}")  # noqa: S608 - ours
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        assert all("nobody can name" in one for one in said_by(engine))
        assert asked(reader) == TWO_DAYS  # made again from readings
    assert set_aside_in(folder) == ASIDE


@pytest.mark.parametrize("version", EARLIER)
@pytest.mark.parametrize(
    ("log", "taken"), [("from then", True), ("since later", False), ("without its beginning", True)]
)
def test_an_earlier_file_older_than_the_log_is_not_taken(
    folder: DataFolder,
    version: int,
    log: str,
    taken: bool,
) -> None:
    """Such figures cannot be ours, for a log begins with its store; one without its beginning is mute."""
    rolled_store(folder, [0, 1], entry_s=BEGIN_S if log == "from then" else BEGIN_S + 2 * DAY_S)
    put_back_to(version, folder)
    drop_raw(folder)
    if log == "without its beginning":
        change(folder.store_file, "DROP TRIGGER log_is_not_shortened")
        change(folder.store_file, "DELETE FROM log WHERE number = 1")
    open_engine_store(folder).close()
    assert asked_in(folder) == (TWO_DAYS if taken else NOTHING)
    assert set_aside_in(folder) == ([] if taken else ASIDE)


@pytest.mark.parametrize("version", EARLIER)
def test_an_earlier_file_beside_raw_files_of_another_store_is_not_taken(
    folder: DataFolder, other: DataFolder, version: int
) -> None:
    """Where the readings are a stranger's, so are the figures."""
    rolled_store(folder, [0, 1])
    rolled_store(other, [0, 1], MAST)
    put_back_to(version, folder)
    put_store(folder, other.store_file)
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        assert asked(reader, MAST_RTT) == NOTHING
        assert len(said_by(engine)) == 4
    assert set(ASIDE) <= set(set_aside_in(folder))


@pytest.mark.parametrize("version", EARLIER)
def test_an_earlier_file_that_is_damaged_is_saved_and_taken(folder: DataFolder, version: int) -> None:
    """All rows but those on the damaged page; and they too, where their readings are kept."""
    rolled_store(folder, [0, 1])
    before = all_rows(folder)
    put_back_to(version, folder)
    (minutes, hours) = (path for path, _, _ in rollup_files(folder))
    for path in (minutes, hours):
        with path.open("r+b") as file:
            file.seek(2 * 4096)  # behind what the file knows of its own pages
            file.write(b"\xff" * 4096)
    with closing(open_engine_store(folder)) as engine:
        said_by(engine)
    assert all_rows(folder) == before
    assert set_aside_in(folder) == ASIDE


def test_a_file_of_a_newer_program_is_kept_for_it(folder: DataFolder) -> None:
    """Set aside as it is, under a name that says so, and made anew from readings."""
    rolled_store(folder, [0])
    rows = all_rows(folder)
    change(folder.history / MINUTES, "PRAGMA user_version = 9")
    before = (folder.history / MINUTES).read_bytes()
    with closing(open_engine_store(folder)) as engine:
        assert len(said_by(engine)) == 1
    assert (folder.history / "minutes-2023-11.newer-1.db").read_bytes() == before
    assert all_rows(folder) == rows


# The store's own name


@pytest.mark.parametrize(
    "flipped", ["substr(name, 1, 9) || 'x' || substr(name, 11)", "'\u00b1' || substr(name, 2)"]
)
def test_a_bit_flipped_in_the_stores_own_name_costs_no_history(folder: DataFolder, flipped: str) -> None:
    """All files agree on another name that is nearly the same: it is taken, and told."""
    rolled_store(folder, [0, 1])
    before = all_rows(folder)
    with closing(sqlite3.connect(folder.store_file)) as connection, connection:
        connection.execute(f"UPDATE identity SET name = {flipped}")  # noqa: S608 - of this test
    with closing(open_engine_store(folder)) as engine:
        assert ["in one letter" in said for said in said_by(engine)] == [True]
    assert set_aside_in(folder) == []
    assert all_rows(folder) == before
    assert asked_in(folder) == TWO_DAYS
    with closing(open_engine_store(folder)) as engine:
        assert said_by(engine) == []


@pytest.mark.parametrize("kind", ["raw-*-??-??.db", "minutes-*.db", "hours-*.db"])
def test_a_bit_flipped_in_a_files_name_for_its_store_costs_no_history(folder: DataFolder, kind: str) -> None:
    """The store and all other files agree: the file is no stranger's."""
    rolled_store(folder, [0, 1])
    before = all_rows(folder)
    path = min(folder.history.glob(kind))
    change(path, "UPDATE about SET store = substr(store, 1, 9) || 'x' || substr(store, 11)")
    with closing(open_engine_store(folder)) as engine:
        (told,) = said_by(engine)
        assert told.startswith(f"The name that {path.name} gives to its store differed in one letter")
    assert set_aside_in(folder) == []
    assert all_rows(folder) == before
    assert asked_in(folder) == TWO_DAYS
    with closing(open_engine_store(folder)) as engine:
        assert said_by(engine) == []
