"""Histograms with logarithmic bins, against the exact quantiles of the values themselves."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.log_histogram import BIN_RATIO, LogHistogram, histograms_of

TOLERANCE = 0.01
LARGEST = sys.float_info.max

telling = st.one_of(
    st.floats(min_value=1e-9, max_value=LARGEST),
    st.floats(min_value=-LARGEST, max_value=-1e-9),
    st.sampled_from([0.0, 1.0, 2.0, -64.0, 1e15]),
)
"""Values that are zero or far enough from it to be told from it."""

shares = st.one_of(st.floats(min_value=0.0, max_value=1.0), st.sampled_from([0.0, 0.5, 0.95, 0.99, 1.0]))


def of(values: Sequence[float]) -> LogHistogram:
    """Make a histogram of a list."""
    return LogHistogram.of(np.array(values, dtype=np.float64))


def exact_quantile(values: Sequence[float], q: float) -> float:
    """Return the nearest-rank quantile by its definition."""
    return sorted(values)[max(math.ceil(q * len(values)), 1) - 1]


def same(one: LogHistogram, other: LogHistogram) -> bool:
    """Tell whether histograms are equal to the bit, and of the types they promise."""
    assert [one.bins.dtype.str, one.counts.dtype.str] == ["<i4", "<i8"]
    return np.array_equal(one.bins, other.bins) and np.array_equal(one.counts, other.counts)


@given(st.lists(telling, min_size=1, max_size=60), shares)
def test_a_quantile_is_near_the_exact_one(values: list[float], q: float) -> None:
    """No quantile of any values is more than 1 % beside the exact one, nor of another sign."""
    assert of(values).quantile(q) == pytest.approx(exact_quantile(values, q), rel=TOLERANCE, abs=0.0)


def test_the_promised_bound_holds_at_every_edge() -> None:
    """Just below, on and above all edges of bins, a value is told to 0.87 %."""
    edges = BIN_RATIO ** np.arange(-1500, 2500)
    for values in (edges, np.nextafter(edges, 0.0), np.nextafter(edges, np.inf)):
        told = np.array([LogHistogram.of(value).quantile(0.5) for value in values[:, np.newaxis]])
        assert (np.abs(told / values - 1) <= 0.0087).all()


@given(st.lists(st.lists(telling, max_size=20), max_size=6))
def test_merged_is_the_histogram_of_all(parts: list[list[float]]) -> None:
    """Nothing is lost by counting apart and adding up."""
    whole = of([value for part in parts for value in part])
    assert same(LogHistogram.merged(of(part) for part in parts), whole)


@given(st.lists(st.tuples(telling, st.integers(0, 5)), max_size=60))
def test_many_at_once_are_the_same_as_each_alone(rows: list[tuple[float, int]]) -> None:
    """Buckets need no order, and one without a value has an empty histogram."""
    values = np.array([value for value, _ in rows], dtype=np.float64)
    index = np.array([bucket for _, bucket in rows], dtype=np.int64)
    found = histograms_of(values, index, 7)
    assert len(found) == 7
    assert all(same(found[bucket], LogHistogram.of(values[index == bucket])) for bucket in range(7))


@given(telling, telling)
def test_bins_keep_the_order_of_values(one: float, other: float) -> None:
    """A larger value never has a lower bin."""
    low, high = sorted((one, other))
    assert of([low]).bins[0] <= of([high]).bins[0]


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=30))
def test_any_float_is_taken(values: list[float]) -> None:
    """Only finite values count, however small or large."""
    assert of(values).total == sum(map(math.isfinite, values))


def test_nothing_has_no_quantile() -> None:
    """Without a value nothing is known."""
    for empty in (of([]), of([math.nan, math.inf]), LogHistogram.merged([]), LogHistogram.merged([of([])])):
        assert empty.total == 0
        assert math.isnan(empty.quantile(0.5))
    assert histograms_of(np.zeros(0), np.zeros(0, dtype=np.int64), 0) == []


def test_signal_strengths_below_zero() -> None:
    """The median of decibels is negative, and the weakest signal comes first."""
    strengths = of([-71.0, -70.0, -113.0, -51.0, -90.0])
    assert strengths.quantile(0.5) == pytest.approx(-71.0, rel=TOLERANCE)
    assert strengths.quantile(0.0) == pytest.approx(-113.0, rel=TOLERANCE)
    assert strengths.quantile(1.0) == pytest.approx(-51.0, rel=TOLERANCE)


def test_what_is_nearly_zero_is_zero() -> None:
    """Less than a picosecond is nothing, and lies between negative and positive values."""
    assert of([-0.0, 0.0, 1e-13, -1e-13, 5e-324]).bins.tolist() == [0]
    assert of([-1e-12, 1e-12]).bins.tolist() == [-of([1e-12]).bins[0], of([1e-12]).bins[0]]
    assert of([-1.0, 0.0, 0.0, 1.0]).quantile(0.5) == 0.0


def test_ranks_are_the_nearest_ones() -> None:
    """Of twenty values the nineteenth is the 95th percentile; of one it is all of them."""
    values = of([1.0] * 18 + [2.0, 4.0])
    assert [round(values.quantile(q)) for q in (0.9, 0.95, 0.951)] == [1, 2, 4]
    assert of([1e15]).quantile(0.01) == of([1e15]).quantile(0.99) == pytest.approx(1e15, rel=TOLERANCE)
