"""Order of arrival and copies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.arrival import ArrivalFigures, arrivals_of, reply_arrivals
from tests.controlroom.measure.link import link


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([], (0, 0, 0)),
        ([1, 2, 3, 4], (4, 0, 0)),
        ([1, 2, 4, 3], (4, 1, 0)),
        ([4, 1, 2, 3], (4, 3, 0)),
        ([1, 2, 2, 3, 1], (3, 0, 2)),
        ([2, 1, 1, 3], (3, 1, 1)),
        ([1, 5, 9], (3, 0, 0)),
    ],
)
def test_packets_by_number(numbers: list[int], expected: tuple[int, int, int]) -> None:
    """Received, reordered, further copies; a gap is loss, and neither."""
    assert arrivals_of(np.array(numbers, dtype=np.int64)) == ArrivalFigures(*expected)


def test_replies_by_their_round_trips() -> None:
    """The first reply, half a second slow, came after that to the second question."""
    assert reply_arrivals(link([0.5, 0.1, 0.2, None], sent_s=[0.0, 0.2, 0.4, 0.6])) == ArrivalFigures(
        3, 1, None
    )
    assert reply_arrivals(link([0.5, 0.1, 0.2]), duplicates=2) == ArrivalFigures(3, 0, 2)


def test_shares() -> None:
    """Of the received; unknown where nothing was received or counted."""
    assert ArrivalFigures(4, 1, 2).reordered_ratio == 0.25
    assert ArrivalFigures(4, 1, 2).duplicate_ratio == 0.5
    assert ArrivalFigures(4, 1).duplicate_ratio is None
    assert ArrivalFigures(0, 0, 1).reordered_ratio is None
    assert ArrivalFigures(0, 0, 1).duplicate_ratio is None


@given(st.permutations(range(12)), st.lists(st.integers(0, 11), max_size=6))
def test_copies_reorder_nothing(order: list[int], copies: list[int]) -> None:
    """Further copies at the end change the count of copies alone."""
    plain, copied = arrivals_of(np.array(order)), arrivals_of(np.array([*order, *copies], dtype=np.int64))
    assert (copied.received, copied.reordered) == (plain.received, plain.reordered)
    assert copied.duplicates == len(copies)
