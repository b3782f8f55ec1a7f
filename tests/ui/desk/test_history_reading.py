"""History for the graph from a real store: whole, once, and as finely as it is kept."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from controlroom.store.folder import DataFolder
from controlroom.store.interface import EngineStore, ReadStore, Retention
from controlroom.store.sqlite import open_engine_store, open_read_store
from tests.controlroom.store.examples import RTT, START_UTC_S
from tests.controlroom.store.history_contract import fill_days
from tests.controlroom.store.place import until_calm
from ui.desk.graph.buckets import buckets_of
from ui.desk.graph.columns import Frame, Readings, draw
from ui.desk.history_reading import read_history
from ui.desk.snapshot import EVERY_READING, Request

BEGIN_S = START_UTC_S // 86_400 * 86_400
DAYS = 4
NEWEST_S = BEGIN_S + DAYS * 86_400 - 119
PERIOD_S = 120.0


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four days of a probe asked every two minutes, for copying alone; the last day has not ended."""
    place = tmp_path_factory.mktemp("filled")
    with closing(open_engine_store(DataFolder(place))) as engine:
        fill_days(engine, BEGIN_S, DAYS)
        until_calm(engine)
    return place


@pytest.fixture
def engine(filled: Path, tmp_path: Path) -> Iterator[EngineStore]:
    """Hold a store with those days."""
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    with closing(open_engine_store(DataFolder(tmp_path))) as engine:
        yield engine


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[ReadStore]:
    """Read it."""
    with closing(open_read_store(DataFolder(tmp_path))) as reader:
        yield reader


def figures(reader: ReadStore, points: int, since_s: float = BEGIN_S) -> tuple[int, int, int, int]:
    """Return how much was asked and lost in the range, and how much of it came as readings and as buckets."""
    wish = Request(1, RTT, since_s, NEWEST_S + 60, points)
    history = read_history(reader, wish, NEWEST_S)
    beat = history.samples.beat
    single = Readings(
        history.samples.at_utc_s[beat], history.samples.value[beat], history.samples.outcome[beat]
    )
    buckets = buckets_of(history.rollups, history.histogram)
    _, sums = draw(single, Frame(since_s, NEWEST_S + 60, 300, PERIOD_S), buckets)
    return sums.asked, sums.lost, len(single.at_utc_s), len(buckets.at_utc_s)


@pytest.mark.usefixtures("engine")
def test_readings_minutes_and_hours_tell_the_same(reader: ReadStore) -> None:
    """However few points there are, nothing asked or lost is missed or counted twice."""
    asked, lost, _, _ = figures(reader, EVERY_READING)
    assert lost > 0
    for points in (1000, 60, 3):
        assert figures(reader, points)[:2] == (asked, lost)


@pytest.mark.usefixtures("engine")
def test_the_unfinished_bucket_comes_as_readings(reader: ReadStore) -> None:
    """So that live readings go on behind it."""
    _, _, single, buckets = figures(reader, 60)
    assert buckets > 60
    assert 0 < single <= 60


def test_where_readings_are_gone_minutes_stand_in(reader: ReadStore, engine: EngineStore) -> None:
    """The figures of the range stay what they were when all readings were there."""
    before = figures(reader, EVERY_READING)
    for _ in range(200):
        engine.tend(Retention(raw_days=2))
    after = figures(reader, EVERY_READING)
    assert after[:2] == before[:2]
    assert before[3] == 0
    assert after[3] > 1000
    assert after[2] < before[2]


@pytest.mark.usefixtures("engine")
def test_a_range_without_anything_is_empty(reader: ReadStore) -> None:
    """Neither readings nor buckets, and no error."""
    wish = Request(1, RTT, BEGIN_S - 9000, BEGIN_S - 8000, 100)
    history = read_history(reader, wish, NEWEST_S)
    assert len(history.samples.value) == 0
    assert history.rollups == ()


@pytest.mark.usefixtures("engine")
def test_what_cannot_be_read_goes_with_the_answer(reader: ReadStore, tmp_path: Path) -> None:
    """A chunk that is damaged is named by file and time; what an earlier question met is not."""
    wish = Request(1, RTT, BEGIN_S, NEWEST_S + 60, EVERY_READING)
    whole = read_history(reader, wish, NEWEST_S)
    assert whole.passed_over == ()
    path = min((tmp_path / "history").glob("raw-*.db"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE chunk SET packed = zeroblob(99) WHERE id = (SELECT min(id) FROM chunk)")
    spoilt = read_history(reader, wish, NEWEST_S)
    (passed_over,) = spoilt.passed_over
    assert passed_over.file == path.name
    gone = (whole.samples.at_utc_s >= passed_over.since_utc_s) & (
        whole.samples.at_utc_s <= passed_over.until_utc_s
    )
    assert len(spoilt.samples.value) == len(whole.samples.value) - gone.sum() > 0
    later = Request(2, RTT, BEGIN_S + 2 * 86_400, NEWEST_S + 60, EVERY_READING)
    assert read_history(reader, later, NEWEST_S).passed_over == ()
