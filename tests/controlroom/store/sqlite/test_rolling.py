"""Rollups made again: from the same readings come the same bytes, however often, whatever interrupts."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from controlroom.reading import Outcome, ProbeKey, Reading
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, Resolution, Retention
from controlroom.store.sqlite import open_engine_store, open_read_store
from tests.controlroom.store.examples import GATEWAY, RTT, lost, replied, second
from tests.controlroom.store.place import until_calm
from tests.controlroom.store.sqlite.rolled import (
    BEGIN_S,
    DAY_S,
    MAST,
    all_rows,
    asked_in,
    drop_raw,
    rolled_store,
    rollup_files,
)

SERVER = ProbeKey("server", "host")


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Two days of a ping with losses, and of a host with figures of many digits."""
    folder = DataFolder(tmp_path / "data")
    chance = np.random.default_rng(11)
    with closing(open_engine_store(folder)) as engine:
        for number in range(2 * DAY_S // 300):
            at_utc_s = BEGIN_S + number * 300
            value = float(chance.gamma(2, 0.01))
            readings = [lost(at_utc_s) if number % 11 == 3 else replied(at_utc_s, value)]
            figures = {"octets": 1e12 + number * 1_234_567, "cpu_ratio": value / 3}
            readings.append(Reading(SERVER, at_utc_s, 0.0, Outcome.REPLIED, values=figures))
            engine.commit(Batch(second(at_utc_s, *readings)))
        engine.commit(Batch(second(BEGIN_S + 2 * DAY_S + 7200)))
        until_calm(engine)
    return folder


def delete(folder: DataFolder, *tables: str) -> None:
    """Delete files of rollups while no engine runs."""
    for path, _, table in rollup_files(folder):
        if table in tables:
            path.unlink()


@pytest.mark.parametrize("tables", [("minutes", "hours"), ("minutes",), ("hours",)])
def test_deleted_files_are_made_again_byte_for_byte(folder: DataFolder, tables: tuple[str, ...]) -> None:
    """The next engine finds that they are gone, and their readings are not."""
    before = all_rows(folder)
    assert {name: len(rows) for name, rows in before.items()} == {"minutes-2023-11.db": 6, "hours-2023.db": 6}
    delete(folder, *tables)
    with closing(open_engine_store(folder)) as engine:
        until_calm(engine)
    assert all_rows(folder) == before


def test_an_interruption_changes_no_byte(folder: DataFolder, tmp_path: Path) -> None:
    """Killed after any step, and taken up by the next engine."""
    before = all_rows(folder)
    delete(folder, "minutes", "hours")
    with closing(open_engine_store(folder)) as engine:
        for steps in range(20):
            more = engine.tend(Retention())
            killed = DataFolder(tmp_path / f"killed-{steps}")
            shutil.copytree(folder.path, killed.path)
            (killed.path / "engine.lock").unlink()
            with closing(open_engine_store(killed)) as after:
                until_calm(after)
            assert all_rows(killed) == before
            if not more:
                break
    assert steps > 4


def test_counters_keep_all_their_digits(folder: DataFolder) -> None:
    """Beyond a million million, each to the last."""
    octets = SERVER.endpoint_id, SERVER.probe_name, "octets"
    with closing(open_read_store(folder)) as reader:
        (series,) = (each for each in reader.series() if each.metric == octets[2])
        samples = reader.samples(series, 0, 4e9)
        for resolution in (Resolution.MINUTE, Resolution.HOUR, Resolution.DAY):
            rollup = reader.curves([series], 0, 4e9, resolution)[series].rollup
            assert rollup is not None
            begins = np.unique(samples.at_utc_s // resolution, return_index=True)[1]
            assert rollup.min.tolist() == samples.value[begins].tolist()


def test_what_retention_dropped_is_not_made_again(tmp_path: Path) -> None:
    """A file older than all others of its kind is gone on purpose."""
    folder = DataFolder(tmp_path / "old")
    rolled_store(folder, [0, 1, 30, 31], GATEWAY, MAST)
    before = all_rows(folder)
    assert list(before) == ["minutes-2023-11.db", "minutes-2023-12.db", "hours-2023.db"]
    (folder.history / "minutes-2023-11.db").unlink()
    with closing(open_engine_store(folder)) as engine:
        until_calm(engine)
    assert list(all_rows(folder)) == ["minutes-2023-12.db", "hours-2023.db"]
    (folder.history / "minutes-2023-12.db").unlink()
    with closing(open_engine_store(folder)) as engine:
        until_calm(engine)
    assert all_rows(folder) == before


def test_a_day_that_waits_without_readings_shows_what_it_has(tmp_path: Path) -> None:
    """As in a backup of a store whose readings are kept no more."""
    folder = DataFolder(tmp_path / "old")
    rolled_store(folder, [0, 1])
    before = asked_in(folder)
    drop_raw(folder)
    with closing(sqlite3.connect(folder.store_file)) as connection, connection:
        connection.execute("INSERT INTO to_roll_up VALUES (?, 0)", (BEGIN_S // DAY_S,))
    assert asked_in(folder) == before
    assert all(before.values())


def test_a_clock_that_was_set_hides_no_day_between(tmp_path: Path) -> None:
    """Seconds of two distant days wait to be sealed; days between are what they were."""
    folder = DataFolder(tmp_path / "set")
    rolled_store(folder, [1, 2])
    before = asked_in(folder)
    drop_raw(folder)
    with closing(open_engine_store(folder)) as engine:
        for day in (-400, 30):
            engine.commit(Batch(second(BEGIN_S + day * DAY_S)))
    assert asked_in(folder) == before


def test_a_series_that_nobody_can_name_gets_no_rows(folder: DataFolder) -> None:
    """Its number may be given to another one day."""
    delete(folder, "minutes", "hours")
    for path in (folder.store_file, *folder.history.glob("raw-*.db")):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("DELETE FROM series WHERE metric = 'cpu_ratio'")
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        until_calm(engine)
        assert len(reader.curves([RTT], 0, 4e9, Resolution.DAY)[RTT].value) == 2
    assert {name: len(rows) for name, rows in all_rows(folder).items()} == {
        "minutes-2023-11.db": 4,
        "hours-2023.db": 4,
    }


def test_a_clock_set_back_into_a_day_whose_readings_are_gone_takes_none_of_its_rollups(
    folder: DataFolder,
) -> None:
    """An engine that begins with a wrong clock measures some seconds of it; what was known stays."""
    before = all_rows(folder)
    drop_raw(folder)
    with closing(open_engine_store(folder)) as engine:
        for number in range(3):
            at_utc_s = BEGIN_S + 40_000 + number
            engine.commit(Batch(second(at_utc_s, replied(at_utc_s, 9.0))))
        engine.commit(Batch(second(BEGIN_S + 4 * DAY_S)))
        until_calm(engine)
    assert all_rows(folder) == before
