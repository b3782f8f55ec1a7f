"""Columns and lanes packed together come to the same bytes as each by itself."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from controlroom.store.sqlite.lane_packing import pack_columns, pack_lanes
from tests.controlroom.store.sqlite.test_lanes import LANE, NUMBERS, pack_lane

LINE = st.tuples(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**40), 2**40), st.integers(0, 40)).map(
    lambda line: (np.arange(line[2]) * np.int64(line[1]) + np.int64(line[0])).tolist()
)
COLUMNS = st.lists(NUMBERS | LINE, max_size=6)


@given(COLUMNS, st.booleans())
def test_columns_packed_together_are_the_same(columns: list[list[int]], noise_apart: bool) -> None:
    """Noise, lines, counters and nothing at all, side by side."""
    arrays = [np.array(column, dtype=np.int64) for column in columns]
    for array, (head, planes, noise) in zip(
        arrays, pack_columns(arrays, noise_apart=noise_apart), strict=True
    ):
        [(alone, planes_alone, noise_alone)] = pack_columns([array], noise_apart=noise_apart)
        assert (head, noise) == (alone, noise_alone)
        assert planes.tolist() == planes_alone.tolist()


@given(st.lists(LANE, max_size=6))
def test_lanes_packed_together_are_the_same(lanes: list[list[tuple[float, bool]]]) -> None:
    """Any values beside any others, whichever readings had a reply."""
    values = [np.array([value for value, _ in lane], dtype=np.float64) for lane in lanes]
    replied = [np.array([reply for _, reply in lane], dtype=np.bool_) for lane in lanes]
    alone = [pack_lane(lane, mine) for lane, mine in zip(values, replied, strict=True)]
    assert pack_lanes(values, replied) == alone


def test_lanes_that_need_different_codecs_stand_beside_each_other() -> None:
    """Each has the first that keeps its values: numbers, microseconds or bits, and its own mask or none."""
    replied = np.ones(3, dtype=np.bool_)
    lanes = [[1.0, 2.0, 7.0], [0.02, 0.5, 1.0], [math.inf, 0.5, 1e308], [math.nan, 3.0, 4.0], [math.nan] * 3]
    packed = pack_lanes([np.array(lane) for lane in lanes], [replied] * 5)
    assert [lane[0] for lane in packed] == [0, 1, 2, 0x80, 0x80]
