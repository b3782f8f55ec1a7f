"""Files that somebody deletes, moves or overwrites under a running engine are put back, and it is told."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from controlroom.errors import StoreError
from controlroom.logbook.chain import Chain, first_break
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, EngineStore, Resolution, Retention
from controlroom.store.sqlite import open_engine_store, open_read_store
from tests.controlroom.store.examples import RTT, START_UTC_S, draft, replied, second

BEFORE = 1900
AFTER = 700


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Name a data folder."""
    return DataFolder(tmp_path / "data")


def live(engine: EngineStore, chain: Chain, first: int, seconds: int) -> list[StoreError]:
    """Commit seconds with an entry each and tend after each, as an engine does; return what is told."""
    told = []
    for number in range(first, first + seconds):
        at_utc_s = START_UTC_S + number
        engine.commit(
            Batch(second(at_utc_s, replied(at_utc_s, float(number))), entries=[chain.append(draft(at_utc_s))])
        )
        try:
            engine.tend(Retention())
        except StoreError as error:
            told.append(error)
    return told


def delete_store(folder: DataFolder) -> None:
    """Delete the database, its log and its shared memory."""
    for each in folder.path.glob("store.db*"):
        each.unlink()


def delete_log(folder: DataFolder) -> None:
    """Delete the log and the shared memory alone."""
    for each in folder.path.glob("store.db-*"):
        each.unlink()


def overwrite_store(folder: DataFolder) -> None:
    """Copy the database of another store over the name, as somebody does who puts back a backup."""
    other = DataFolder(folder.path.parent / "other")
    open_engine_store(other).close()
    delete_store(folder)
    shutil.copy(other.store_file, folder.store_file)


def delete_day(folder: DataFolder) -> None:
    """Delete the file that readings are packed into."""
    for each in folder.history.glob("raw-*"):
        each.unlink()


def delete_history(folder: DataFolder) -> None:
    """Delete the whole folder of the history."""
    shutil.rmtree(folder.history)


STRANGERS = [delete_store, delete_log, overwrite_store, delete_day, delete_history]


@pytest.mark.parametrize("stranger", STRANGERS)
def test_nothing_is_lost_while_an_engine_runs(
    folder: DataFolder, stranger: Callable[[DataFolder], None]
) -> None:
    """Neither what was there nor what came after; it is told."""
    chain = Chain()
    with closing(open_engine_store(folder)) as engine:
        engine.remember()
        assert live(engine, chain, 0, BEFORE) == []
        stranger(folder)
        told = live(engine, chain, BEFORE, AFTER)
    assert {error.code for error in told} == {"store-replaced"}
    assert len(told) == (2 if stranger is delete_history else 1)
    assert told[0].advice
    assert_whole(folder, BEFORE + AFTER)


@pytest.mark.parametrize(
    ("stranger", "happened"),
    [
        (delete_store, "store.db was deleted or moved away while the engine ran."),
        (delete_log, "store.db-wal and store.db-shm beside store.db were deleted, moved away or replaced"),
        (overwrite_store, "store.db was replaced while the engine ran."),
    ],
)
def test_it_is_told_what_happened(
    folder: DataFolder, stranger: Callable[[DataFolder], None], happened: str
) -> None:
    """A log that is gone is not called a database that was replaced."""
    chain = Chain()
    with closing(open_engine_store(folder)) as engine:
        engine.remember()
        live(engine, chain, 0, 5)
        stranger(folder)
        (told,) = live(engine, chain, 5, 3)
    assert told.happened.startswith(happened)


@pytest.mark.parametrize("stranger", STRANGERS)
def test_nothing_is_lost_when_the_engine_ends_at_once(
    folder: DataFolder, stranger: Callable[[DataFolder], None]
) -> None:
    """Also where there is no further second to notice it by."""
    chain = Chain()
    with closing(open_engine_store(folder)) as engine:
        engine.remember()
        live(engine, chain, 0, BEFORE)
        stranger(folder)
    assert_whole(folder, BEFORE)


def assert_whole(folder: DataFolder, seconds: int) -> None:
    """Every reading and entry is there."""
    with closing(open_read_store(folder)) as reader:
        assert reader.samples(RTT, 0, math.inf).value.tolist() == [float(number) for number in range(seconds)]
        entries = reader.entries()
        assert len(entries) == seconds
        assert first_break(entries) is None


def test_a_folder_that_is_moved_away_is_told(folder: DataFolder) -> None:
    """What was committed goes with it; the engine is to end, for another may begin in its place."""
    chain = Chain()
    moved = folder.path.parent / "moved"
    with closing(open_engine_store(folder)) as engine:
        engine.remember()
        live(engine, chain, 0, 5)
        folder.path.rename(moved)
        told = live(engine, chain, 5, 2)
        assert {error.code for error in told} == {"folder-gone"}
    assert not folder.path.exists()
    assert_whole(DataFolder(moved), 7)


def test_minutes_and_hours_are_put_back_too(folder: DataFolder) -> None:
    """Those of a day that was rolled up before are there after the next day was."""
    day_s = 86_400.0
    begin_s = START_UTC_S // day_s * day_s
    with closing(open_engine_store(folder)) as engine:
        engine.remember()
        told = roll_up_a_day(engine, begin_s)
        for each in (*folder.history.glob("minutes-*"), *folder.history.glob("hours-*")):
            each.unlink()
        told += roll_up_a_day(engine, begin_s + day_s)
    assert [error.code for error in told] == ["store-replaced"] * 2
    with closing(open_read_store(folder)) as reader:
        for resolution in (Resolution.MINUTE, Resolution.DAY):
            rollup = reader.curves([RTT], begin_s, begin_s + 2 * day_s, resolution)[RTT].rollup
            assert rollup is not None
            assert rollup.count.sum() == 2 * 140


def roll_up_a_day(engine: EngineStore, begin_s: float) -> list[StoreError]:
    """Measure every ten minutes of a day, then tend until nothing is left to do; return what is told."""
    for number in range(140):
        at_utc_s = begin_s + number * 600
        engine.commit(Batch(second(at_utc_s, replied(at_utc_s, float(number)))))
    engine.commit(Batch(second(begin_s + 86_400 + 3600)))
    told = []
    for _ in range(400):
        try:
            engine.tend(Retention())
        except StoreError as error:
            told.append(error)
    return told
