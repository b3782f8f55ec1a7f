"""A file of the history that somebody takes away is told, with an engine or without; our own doing is not."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from controlroom.errors import StoreError
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, EngineStore, Retention
from controlroom.store.sqlite import open_engine_store
from tests.controlroom.store.examples import START_UTC_S, replied, second

DAY_S = 86_400.0
DAYS = 6


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Days of measurements, sealed and rolled up."""
    folder = DataFolder(tmp_path / "data")
    with closing(open_engine_store(folder)) as engine:
        for day in range(DAYS):
            for number in range(3):
                at_utc_s = START_UTC_S + day * DAY_S + number * 3600
                engine.commit(Batch(second(at_utc_s, replied(at_utc_s, 1.0))))
        assert tended(engine) == []
    assert len(raw_files(folder)) == DAYS
    return folder


def raw_files(folder: DataFolder) -> list[Path]:
    """Return the files of days, the oldest first."""
    return sorted(folder.history.glob("raw-*.db"))


def tended(engine: EngineStore, retention: Retention | None = None) -> list[StoreError]:
    """Tend for a good while; return what is told."""
    told = []
    for _ in range(200):
        try:
            engine.tend(retention or Retention())
        except StoreError as error:
            told.append(error)
    return told


def test_a_day_that_goes_while_an_engine_runs_is_told_once(folder: DataFolder) -> None:
    """By name, with what to do; and no more when the next engine starts."""
    day = raw_files(folder)[1]
    with closing(open_engine_store(folder)) as engine:
        day.unlink()
        (told,) = tended(engine)
        assert told.code == "history-missing"
        assert day.name in told.happened
        assert told.advice
    with closing(open_engine_store(folder)) as engine:
        assert tended(engine) == []


def test_days_that_went_while_no_engine_ran_are_told_at_the_next_start(folder: DataFolder) -> None:
    """Also the oldest: retention has not been there. Minutes are made again out of the readings."""
    gone = raw_files(folder)[:2]
    (minutes,) = folder.history.glob("minutes-*.db")
    minutes.unlink()
    for each in gone:
        each.unlink()
    with closing(open_engine_store(folder)) as engine:
        (told,) = tended(engine)
    assert all(each.name in told.happened for each in gone)
    assert minutes.name not in told.happened
    assert minutes.exists()
    with closing(open_engine_store(folder)) as engine:
        assert tended(engine) == []


def test_what_retention_drops_is_not_told(folder: DataFolder) -> None:
    """Neither now nor later."""
    with closing(open_engine_store(folder)) as engine:
        assert tended(engine, Retention(raw_days=3)) == []
    assert len(raw_files(folder)) == 3
    with closing(open_engine_store(folder)) as engine:
        assert tended(engine) == []


def test_what_is_set_aside_is_told_as_that_alone(folder: DataFolder) -> None:
    """A day of another store."""
    day = raw_files(folder)[2]
    day.write_bytes(b"\xa5" * 8192)
    with closing(open_engine_store(folder)) as engine:
        assert {error.code for error in tended(engine)} == {"store-mended"}
    with closing(open_engine_store(folder)) as engine:
        assert tended(engine) == []


def test_an_older_store_beside_a_newer_history_misses_nothing(folder: DataFolder) -> None:
    """It does not know what retention dropped after it was copied."""
    older = folder.store_file.read_bytes()
    with closing(open_engine_store(folder)) as engine:
        for number in range(3):
            at_utc_s = START_UTC_S + DAYS * DAY_S + number * 3600
            engine.commit(Batch(second(at_utc_s, replied(at_utc_s, 1.0))))
        tended(engine, Retention(raw_days=3))
    folder.store_file.write_bytes(older)
    with closing(open_engine_store(folder)) as engine:
        assert {error.code for error in tended(engine)} == {"store-behind"}
