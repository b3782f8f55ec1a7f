"""Percentiles are values that were measured, by the empirical distribution function."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.percentile import percentile


@pytest.mark.parametrize(
    ("per_mille", "value"),
    [(1, 1.0), (250, 1.0), (251, 2.0), (500, 2.0), (501, 3.0), (950, 4.0), (1000, 4.0)],
)
def test_the_rank_is_the_least_that_reaches_the_share(per_mille: int, value: float) -> None:
    """Of four values each stands for a quarter; nothing lies between two."""
    assert percentile(np.array([1.0, 2.0, 3.0, 4.0]), per_mille) == value


def test_of_no_values_there_is_no_percentile() -> None:
    """Unknown is not zero."""
    assert percentile(np.zeros(0), 500) is None


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=300), st.integers(1, 1000))
def test_it_keeps_the_definition(values: list[float], per_mille: int) -> None:
    """At least the share does not exceed it, and fewer do not exceed anything less."""
    found = percentile(np.sort(np.array(values)), per_mille)
    assert found in values
    assert found is not None
    assert 1000 * sum(one <= found for one in values) >= per_mille * len(values)
    assert 1000 * sum(one < found for one in values) < per_mille * len(values)
