"""Numbers for probes and series: one for each, whatever objects name it, and the same after a restart."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from controlroom.reading import ProbeKey
from controlroom.store.sqlite.connection import open_to_write
from controlroom.store.sqlite.numbering import Numbering, Numbers


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Open a new store, in a transaction."""
    with closing(open_to_write(tmp_path / "store.db")) as connection:
        connection.execute("BEGIN")
        yield connection


def keys(*numbers: int) -> list[ProbeKey]:
    """Make keys that nobody had before."""
    return [ProbeKey(f"endpoint-{number}", "icmp") for number in numbers]


def of(*numbers: int) -> Numbers:
    """Make an array of numbers."""
    return np.array(numbers, dtype=np.uint32)


def test_a_probe_has_one_number_by_whatever_object_it_is_named(connection: sqlite3.Connection) -> None:
    """Keys made anew, and the same key twice at once, in any order."""
    numbering = Numbering(connection)
    first = numbering.probes(keys(1, 2, 1, 3)).tolist()
    assert first[0] == first[2]
    assert len(set(first)) == 3
    assert numbering.probes(keys(3, 1)).tolist() == [first[3], first[0]]
    assert Numbering(connection).probes(keys(1, 2, 1, 3)).tolist() == first
    (rows,) = connection.execute("SELECT count(*) FROM probe").fetchone()
    assert rows == 3


def test_keys_made_anew_all_the_time_cost_no_memory(connection: sqlite3.Connection) -> None:
    """However long that goes on, and each is still taken for what it says."""
    numbering = Numbering(connection)
    expected = numbering.probes(keys(*range(10))).tolist()
    for _ in range(200):
        assert numbering.probes(keys(*range(10))).tolist() == expected
    assert len(numbering._met) <= 100


def test_series_are_numbered_by_probe_and_metric(connection: sqlite3.Connection) -> None:
    """New ones at any time, beside known ones, of known and of new probes and metrics."""
    numbering = Numbering(connection)
    one, two = numbering.probes(keys(1, 2)).tolist()
    rtt = numbering.series(of(one, two), ["rtt_s", "rtt_s"]).tolist()
    more = numbering.series(of(two, one, one), ["rtt_s", "days_left", "rtt_s"]).tolist()
    assert [more[0], more[2]] == [rtt[1], rtt[0]]
    assert numbering.series(of(two, one), ["rtt_s"]).tolist() == [rtt[1], rtt[0]]
    (three,) = numbering.probes(keys(3)).tolist()
    (other,) = numbering.series(of(three), ["rtt_s"]).tolist()
    assert len({*rtt, *more, other}) == 4
    again = Numbering(connection).series(of(three, one, two), ["rtt_s", "days_left", "rtt_s"])
    assert again.tolist() == [other, more[1], rtt[1]]


def test_nothing_measured_needs_no_numbers(connection: sqlite3.Connection) -> None:
    """A second without a reading, in a store without a series."""
    numbering = Numbering(connection)
    assert numbering.probes([]).tolist() == []
    assert numbering.series(of(), []).tolist() == []
    assert numbering.are_spans(of()).tolist() == []


def test_spans_are_told_by_the_name_of_their_metric(connection: sqlite3.Connection) -> None:
    """What ends in ``_s`` is a span of time."""
    numbering = Numbering(connection)
    (probe,) = numbering.probes(keys(1)).tolist()
    series = numbering.series(of(probe, probe, probe), ["rtt_s", "days_left", "uptime_s"])
    assert numbering.are_spans(series).tolist() == [True, False, True]
