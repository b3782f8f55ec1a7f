"""The figures of a store: each is what was put in, and none is made up."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from controlroom.errors import StoreError
from controlroom.store.care import Held
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch
from controlroom.store.sqlite import open_engine_store
from controlroom.store.sqlite.care import store_stats
from controlroom.store.sqlite.set_aside import set_aside
from tests.controlroom.store.examples import START_UTC_S, second
from tests.controlroom.store.place import until_calm
from tests.controlroom.store.sqlite.care.stores import (
    DAY_S,
    FIRST_DAY,
    HOURS,
    LAST_DAY,
    MINUTES,
    commit,
    contents,
    damage_page,
    unheard,
)


def size(path: Path) -> int:
    """The bytes of a file."""
    return path.stat().st_size


def test_every_figure_is_what_was_put_in(folder: DataFolder) -> None:
    """1300 and 1200 packed seconds of two readings each, 101 that wait; nothing is changed by asking."""
    before = contents(folder)
    stats = store_stats(folder, unheard)
    assert contents(folder) == before
    first, last = folder.history / FIRST_DAY, folder.history / LAST_DAY
    assert stats.store_bytes == size(folder.store_file)
    raw, minutes, hours = (
        size(first) + size(last),
        size(folder.history / MINUTES),
        size(folder.history / HOURS),
    )
    assert stats.raw == Held(2, raw, "2023-11-14", "2023-11-16", raw)
    assert stats.minutes == Held(1, minutes, "2023-11", "2023-11", minutes)
    assert stats.hours == Held(1, hours, "2023", "2023", hours)
    assert (stats.probes, stats.series, stats.log_entries) == (1, 1, 700)
    assert stats.sealed_readings == 2 * 2500
    assert stats.bytes_per_reading == (size(first) + size(last)) / 5000
    assert stats.backlog_seconds == 101
    assert stats.rolled_series_days == 1
    assert stats.readings_per_s == pytest.approx(2.0)
    assert stats.set_aside == []
    assert stats.free_bytes > 0


def test_beside_a_live_engine_its_logs_count(folder: DataFolder) -> None:
    """They take room on the disk as well, and what they hold is seen."""
    with closing(open_engine_store(folder)) as engine:
        commit(engine, START_UTC_S + 3 * DAY_S, 50)
        stats = store_stats(folder, unheard)
        log = folder.store_file.with_name("store.db-wal")
        assert stats.store_bytes == size(folder.store_file) + size(log)
        assert stats.backlog_seconds == 151


def test_a_log_beside_the_history_is_no_price_of_a_reading(folder: DataFolder) -> None:
    """It takes room while a window is sealed, and goes when its engine closes the file."""
    with closing(open_engine_store(folder)) as engine:
        commit(engine, START_UTC_S + 3 * DAY_S, 700)
        until_calm(engine)
        path = max(folder.history.glob("raw-????-??-??.db"))
        with closing(sqlite3.connect(path)) as writing:
            with writing:
                writing.execute("UPDATE about SET end_key = end_key - 1")
            live = store_stats(folder, unheard)
    assert live.raw.bytes > live.raw.packed_bytes
    assert store_stats(folder, unheard).raw.packed_bytes == live.raw.packed_bytes
    assert live.bytes_per_reading == live.raw.packed_bytes / live.sealed_readings


def test_a_second_whose_readings_came_later_counts_once(tmp_path: Path) -> None:
    """On a full disk the sign of life is kept at once, and the readings when there is room."""
    folder = DataFolder(tmp_path / "data")
    with closing(open_engine_store(folder)) as engine:
        for number in range(5):
            engine.commit(Batch(second(START_UTC_S + number)))
        commit(engine, START_UTC_S, 5)
        assert store_stats(folder, unheard).backlog_seconds == 5


def test_the_rate_is_that_of_the_newest_stretch(folder: DataFolder) -> None:
    """What lies before a gap says nothing; too short a stretch says nothing either."""
    with closing(open_engine_store(folder)) as engine:
        commit(engine, START_UTC_S + 3 * DAY_S, 20)
        assert store_stats(folder, unheard).readings_per_s is None
        for number in range(40):
            engine.commit(Batch(second(START_UTC_S + 3 * DAY_S + 20 + number)))
        assert store_stats(folder, unheard).readings_per_s == pytest.approx(2 * 19 / 59, rel=0.06)


def test_a_store_that_has_packed_nothing_has_no_bytes_a_reading(tmp_path: Path) -> None:
    """Rather than none, or a division by nothing."""
    folder = DataFolder(tmp_path / "data")
    with closing(open_engine_store(folder)) as engine:
        commit(engine, START_UTC_S, 5)
        stats = store_stats(folder, unheard)
    assert stats.bytes_per_reading is None
    assert (stats.raw, stats.sealed_readings, stats.backlog_seconds) == (Held(), 0, 5)


def test_what_was_set_aside_is_named_with_its_size(folder: DataFolder) -> None:
    """It is no day that is held."""
    first = size(folder.history / FIRST_DAY)
    aside = set_aside(folder.history / FIRST_DAY)
    stats = store_stats(folder, unheard)
    assert stats.set_aside == [(aside.name, first)]
    assert stats.raw.files == 1


def test_half_a_figure_is_none(folder: DataFolder) -> None:
    """A file that cannot be read is named instead."""
    damage_page(folder.history / FIRST_DAY, 0)
    with pytest.raises(StoreError) as caught:
        store_stats(folder, unheard)
    assert caught.value.code == "store-damaged"
    assert FIRST_DAY in str(caught.value)
