"""Sealing interrupted anywhere: what was committed is read once and as it was, and no window stays behind."""

from __future__ import annotations

import math
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.errors import StoreError
from controlroom.reading import ProbeKey, SeriesKey
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, EngineStore, Retention
from controlroom.store.sqlite import open_engine_store, open_read_store
from tests.controlroom.store.examples import START_UTC_S, lost, replied, second
from tests.soak import rounds

PROBES = [ProbeKey(f"endpoint-{number}", "icmp") for number in range(20)]
WINDOW = 600
ROUNDS = rounds(in_the_suite=6, in_the_soak=300)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Name a data folder."""
    return DataFolder(tmp_path / "data")


def commit(engine: EngineStore, number: int, at_utc_s: float | None = None) -> None:
    """Commit a second in which every probe is answered, but for one that is lost now and then."""
    at_utc_s = START_UTC_S + number if at_utc_s is None else at_utc_s
    readings = [replied(at_utc_s, float(number), probe=probe) for probe in PROBES[1:]]
    first = lost(at_utc_s, probe=PROBES[0]) if number % 7 == 0 else replied(at_utc_s, number, probe=PROBES[0])
    engine.commit(Batch(second(at_utc_s, first, *readings)))


def told(folder: DataFolder) -> list[list[float]]:
    """Return all values of every probe; NaN is told as -1."""
    with closing(open_read_store(folder)) as reader:
        return [
            [
                -1.0 if value != value else value
                for value in reader.samples(series, 0, math.inf).value.tolist()
            ]
            for series in (SeriesKey(probe.endpoint_id, "icmp", "rtt_s") for probe in PROBES)
        ]


def expected(numbers: Sequence[int]) -> list[list[float]]:
    """Return what must be told of seconds with these numbers."""
    first = [-1.0 if number % 7 == 0 else float(number) for number in numbers]
    return [first, *([float(number) for number in numbers] for _ in PROBES[1:])]


def killed(folder: DataFolder, place: Path) -> DataFolder:
    """Return the folder as a kill at this moment would leave it: the files as they lie on the disk."""
    shutil.copytree(folder.path, place)
    (place / "engine.lock").unlink()
    return DataFolder(place)


def until_calm(engine: EngineStore) -> None:
    """Tend until nothing waits."""
    while engine.tend(Retention()):
        pass


def unsealed(folder: DataFolder) -> int:
    """Return how many windows' worth of seconds the journal still holds beside the open one."""
    with closing(sqlite3.connect(folder.store_file)) as connection:
        (left,) = connection.execute("SELECT count(*) FROM journal").fetchone()
    return int(left)


def test_a_kill_between_a_journal_commit_and_the_chunks_seals_again(
    folder: DataFolder, tmp_path: Path
) -> None:
    """Whatever the step at which it came: all is there once, and the window is sealed after all."""
    numbers = range(WINDOW + 5)
    steps = 0
    with closing(open_engine_store(folder)) as engine:
        for number in numbers:
            commit(engine, number)
        more = True
        while more:
            after = killed(folder, tmp_path / f"killed-{steps}")
            assert told(after) == expected(numbers)
            with closing(open_engine_store(after)) as again:
                until_calm(again)
                assert told(after) == expected(numbers)
            assert unsealed(after) == 5
            shutil.rmtree(after.path)
            more = engine.tend(Retention())
            steps += 1
    assert steps > 5


def test_a_second_that_nobody_wrote_leaves_no_window_behind(folder: DataFolder) -> None:
    """A stop, a sleep and a clock that was set skip the second that would have ended a window."""
    at_utc_s = START_UTC_S
    jumps = {300: 1200.0, 700: -3600.0, 900: 86_400.0, 1100: 0.0}
    with closing(open_engine_store(folder)) as engine:
        for number in range(1100):
            at_utc_s += 1 + jumps.get(number, 0.0)
            commit(engine, number, at_utc_s)
    with closing(open_engine_store(folder)) as engine:
        commit(engine, 1100, at_utc_s + 7200)
        until_calm(engine)
    assert unsealed(folder) == 1
    assert sorted(told(folder)[1]) == [float(number) for number in range(1101)]


def test_a_second_of_the_journal_that_cannot_be_read_costs_only_itself(folder: DataFolder) -> None:
    """The window around it is sealed."""
    with closing(open_engine_store(folder)) as engine:
        for number in range(WINDOW):
            commit(engine, number)
    with closing(sqlite3.connect(folder.store_file)) as connection, connection:
        connection.execute("UPDATE journal SET readings = x'ff00ff' WHERE key = 100")
    with closing(open_engine_store(folder)) as engine:
        commit(engine, WINDOW)
        with pytest.raises(StoreError, match=r"1 row of measurements in store\.db could not be read"):
            until_calm(engine)
        until_calm(engine)
    assert unsealed(folder) == 1
    assert told(folder) == expected([number for number in range(WINDOW + 1) if number != 99])


Step = tuple[str, int]


@settings(max_examples=ROUNDS, deadline=None)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("live"), st.integers(1, 700)),
            st.tuples(st.just("tend"), st.integers(1, 40)),
            st.tuples(st.just("jump"), st.integers(-7200, 100_000)),
            st.tuples(st.just("kill"), st.just(0)),
            st.tuples(st.just("stop"), st.just(0)),
        ),
        max_size=12,
    )
)
def test_any_life_of_a_store_is_told_whole(steps: Sequence[Step]) -> None:
    """Seconds, jumps of the clock, kills and stops in any order: every second is there, once."""
    with tempfile.TemporaryDirectory() as name:
        folder = DataFolder(Path(name) / "data-0")
        engine, number, at_utc_s, lives = open_engine_store(folder), 0, START_UTC_S, 0
        for what, amount in steps:
            if what == "live":
                for _ in range(amount):
                    at_utc_s += 1
                    commit(engine, number, at_utc_s)
                    number += 1
            elif what == "tend":
                for _ in range(amount):
                    engine.tend(Retention())
            elif what == "jump":
                at_utc_s += amount
            else:
                lives += 1
                if what == "kill":
                    after = killed(folder, Path(name) / f"data-{lives}")
                    engine.close()
                    folder = after
                else:
                    engine.close()
                engine = open_engine_store(folder)
        assert [sorted(values) for values in told(folder)] == [
            sorted(each) for each in expected(range(number))
        ]
        until_calm(engine)
        assert [sorted(values) for values in told(folder)] == [
            sorted(each) for each in expected(range(number))
        ]
        engine.close()
