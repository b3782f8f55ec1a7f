"""Readings to columns and back: all of a second that is kept, whatever was measured in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.errors import StoreError
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.store.interface import Second
from controlroom.store.sqlite.columns import Columns
from controlroom.store.sqlite.dictionary import Names
from controlroom.store.sqlite.numbering import Numbering
from controlroom.store.sqlite.schema import climb
from controlroom.store.sqlite.second import columns_of, readings_of
from tests.controlroom.store.examples import START_UTC_S, measured

PROBES = [ProbeKey(f"endpoint-{number}", name) for number in range(3) for name in ("icmp", "snmp")]
START_US = int(START_UTC_S) * 1_000_000

VALUES = st.dictionaries(
    st.sampled_from(["rtt_s", "load_ratio", "uptime_s", "x"]), st.floats(-9, 1e9), max_size=4
)
READING = st.builds(
    Reading,
    st.sampled_from(PROBES)
    | st.builds(ProbeKey, st.sampled_from(["endpoint-0", "endpoint-9"]), st.just("icmp")),
    st.integers(-200, 10).map(lambda late: START_UTC_S + late / 100 + 0.003),
    st.just(0.0),
    st.sampled_from(Outcome),
    st.sampled_from(Reason),
    VALUES.map(lambda values: {name: round(value, 6) for name, value in values.items()}),
    st.booleans(),
)
PING = st.builds(
    lambda probe, rtt_us: Reading(
        probe, START_UTC_S, 0.0, Outcome.REPLIED, values={"rtt_s": rtt_us / 1e6} if rtt_us else {}
    ),
    st.sampled_from(PROBES),
    st.integers(0, 9),
)
SECOND = st.lists(READING | PING, max_size=8) | st.lists(PING, max_size=8)


def back(connection: sqlite3.Connection, columns: Columns, found: Sequence[Reading]) -> list[Reading]:
    """Make readings of columns again."""
    names = Names()
    names.refresh(connection)
    return [*readings_of(columns, np.array([START_US]), names, range(len(found)))]


@given(st.lists(SECOND, min_size=1, max_size=3))
def test_readings_come_back_as_they_were(seconds: list[list[Reading]]) -> None:
    """Pings alone, or anything; new probes and metrics at any time, a probe twice in a second."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    climb(connection)
    connection.execute("BEGIN")
    numbering = Numbering(connection)
    for found in seconds:
        columns = columns_of(Second(START_UTC_S, found), numbering)
        assert measured(back(connection, columns, found)) == measured(found)
    connection.close()


def test_a_reading_with_more_values_than_can_be_counted_is_refused() -> None:
    """And not cut."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    climb(connection)
    values = {f"metric-{number}": 1.0 for number in range(0x10000)}
    reading = Reading(PROBES[0], START_UTC_S, 0.0, Outcome.REPLIED, values=values)
    with pytest.raises(StoreError) as refused:
        columns_of(Second(START_UTC_S, [reading]), Numbering(connection))
    assert refused.value.code == "second-too-large"
    connection.close()
