"""Rollups, against figures computed one bucket at a time from their definitions."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Sequence
from dataclasses import fields
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.log_histogram import LogHistogram, histograms_of
from controlroom.measure.rollup import MICROSECONDS, Rollup, coarser, joined, roll_up

COUNTS = ("count", "lost", "not_run")
FIGURES = ("min", "mean", "max", "p50", "p95", "p99")
DAY_S, HOUR_S, MINUTE_S = 86_400, 3600, 60


class Row(NamedTuple):
    """One reading: a value, or why there is none."""

    sent_us: int
    value: float = math.nan
    lost: bool = False
    not_run: bool = False


def rolled(rows: Sequence[Row], bucket_s: int = MINUTE_S) -> Rollup:
    """Roll up rows."""
    return roll_up(
        np.array([row.sent_us for row in rows], dtype=np.int64),
        np.array([row.value for row in rows], dtype=np.float64),
        np.array([row.lost for row in rows], dtype=np.bool_),
        np.array([row.not_run for row in rows], dtype=np.bool_),
        bucket_s,
    )


def histograms(rows: Sequence[Row], hours: Rollup) -> list[LogHistogram]:
    """Make a histogram of the values of each bucket."""
    valued = [row for row in rows if not math.isnan(row.value)]
    begin_s = np.array([row.sent_us // (hours.bucket_s * MICROSECONDS) * hours.bucket_s for row in valued])
    place = np.searchsorted(hours.start_utc_s, begin_s)
    return histograms_of(np.array([row.value for row in valued]), place, len(hours.start_utc_s))


def bits(rollup: Rollup) -> list[bytes]:
    """Return all columns as bytes, by which rollups are equal to the bit or not at all."""
    columns = [getattr(rollup, field.name) for field in fields(rollup) if field.name != "bucket_s"]
    return [column.dtype.str.encode() + column.tobytes() for column in columns]


def ranked(values: Sequence[float], percent: int) -> float:
    """Return the nearest-rank percentile by its definition."""
    return sorted(values)[max(math.ceil(percent * len(values) / 100), 1) - 1]


def rows_of(values: st.SearchStrategy[float], span_s: int) -> st.SearchStrategy[list[Row]]:
    """Make rows around 1970, in any order."""
    sent_us = st.integers(-span_s * MICROSECONDS, span_s * MICROSECONDS)
    nothing = st.sampled_from(((math.nan, False, False), (math.nan, True, False), (math.nan, False, True)))
    measured_or_not = st.one_of(values.map(lambda value: (value, False, False)), nothing)
    return st.lists(st.builds(lambda at_us, rest: Row(at_us, *rest), sent_us, measured_or_not), max_size=40)


measured = st.floats(min_value=-1e15, max_value=1e15)
told_apart = st.floats(min_value=1e-6, max_value=1e9) | st.floats(min_value=-200.0, max_value=-1e-6)


@given(rows_of(measured, 150))
def test_figures_are_those_of_each_bucket(rows: list[Row]) -> None:
    """Every bucket has the figures that its own readings alone have."""
    rollup = rolled(rows)
    begins = [row.sent_us // (60 * MICROSECONDS) * 60 for row in rows]
    assert rollup.start_utc_s.tolist() == sorted(set(begins))
    for place, start in enumerate(rollup.start_utc_s.tolist()):
        inside = [row for row, begin in zip(rows, begins, strict=True) if begin == start]
        values = [row.value for row in inside if not math.isnan(row.value)]
        assert rollup.count[place] == len(values)
        assert rollup.lost[place] == sum(row.lost for row in inside)
        assert rollup.not_run[place] == sum(row.not_run for row in inside)
        if not values:
            assert all(math.isnan(getattr(rollup, name)[place]) for name in FIGURES)
            continue
        assert (rollup.min[place], rollup.max[place]) == (min(values), max(values))
        mean, largest = math.fsum(values) / len(values), max(map(abs, values))
        assert rollup.mean[place] == pytest.approx(mean, rel=1e-12, abs=max(1e-12 * largest, 1e-290))
        for percent in (50, 95, 99):
            assert getattr(rollup, f"p{percent}")[place] == ranked(values, percent)


@given(rows_of(st.one_of(measured, st.sampled_from([0.0, -0.0])), 150), st.randoms(use_true_random=False))
def test_the_order_of_readings_changes_no_bit(rows: list[Row], chance: random.Random) -> None:
    """Rollups are the same however their readings come."""
    other = list(rows)
    chance.shuffle(other)
    assert bits(rolled(rows)) == bits(rolled(other))


@given(rows_of(st.floats(allow_nan=True, allow_infinity=True), 60))
def test_any_value_is_taken(rows: list[Row]) -> None:
    """Only finite values count, and figures of finite values are finite and in order."""
    rollup = rolled(rows)
    assert rollup.count.sum() == sum(math.isfinite(row.value) for row in rows)
    assert all((np.isfinite(getattr(rollup, name)) == (rollup.count > 0)).all() for name in FIGURES)
    some = rollup.taken(rollup.count > 0)
    for low, high in (("min", "mean"), ("mean", "max"), ("p50", "p95"), ("p95", "p99"), ("p99", "max")):
        assert (getattr(some, low) <= getattr(some, high)).all()


@given(rows_of(measured, 100), st.integers(0, 3))
def test_joined_is_the_rollup_of_all(rows: list[Row], turn: int) -> None:
    """Rollups of separate minutes put together, in any order, are the one of all readings."""
    parts = [rolled([row for row in rows if row.sent_us // (60 * MICROSECONDS) % 4 == n]) for n in range(4)]
    assert bits(joined(parts[turn:] + parts[:turn])) == bits(rolled(rows))


@given(rows_of(told_apart, 3 * DAY_S), st.sampled_from([DAY_S, 7 * DAY_S]))
def test_coarser_is_near_the_rollup_of_all(rows: list[Row], bucket_s: int) -> None:
    """Hours merged give the counts and extremes of the readings, and percentiles to 1 %."""
    hours = rolled(rows, HOUR_S)
    found, merged = coarser(hours, histograms(rows, hours), bucket_s)
    exact = rolled(rows, bucket_s)
    assert found.bucket_s == bucket_s
    for name in ("start_utc_s", *COUNTS, "min", "max"):
        np.testing.assert_array_equal(getattr(found, name), getattr(exact, name))
    for name in ("p50", "p95", "p99"):
        np.testing.assert_allclose(getattr(found, name), getattr(exact, name), rtol=0.01, atol=0.0)
        assert (getattr(found, name) <= found.max)[found.count > 0].all()
        assert (getattr(found, name) >= found.min)[found.count > 0].all()
    scale = np.fmax(np.abs(exact.min), np.abs(exact.max))[found.count > 0]
    assert (np.abs(found.mean - exact.mean)[found.count > 0] <= 1e-12 * scale).all()
    assert [each.total for each in merged] == found.count.tolist()


def test_buckets_begin_on_the_minute() -> None:
    """A reading on the edge belongs to the bucket that begins there, also before 1970."""
    edges_us = [-60_000_001, -60_000_000, -1, 0, 59_999_999, 60_000_000]
    rollup = rolled([Row(sent_us, 1.0) for sent_us in edges_us])
    assert rollup.start_utc_s.tolist() == [-120, -60, 0, 60]
    assert rollup.count.tolist() == [1, 2, 2, 1]


def test_days_and_hours_begin_in_utc() -> None:
    """The last microsecond of a day is in that day and its last hour."""
    last_us = 20_000 * DAY_S * MICROSECONDS - 1
    assert rolled([Row(last_us, 1.0)], DAY_S).start_utc_s.tolist() == [19_999 * DAY_S]
    assert rolled([Row(last_us, 1.0)], HOUR_S).start_utc_s.tolist() == [20_000 * DAY_S - HOUR_S]
    assert rolled([Row(last_us + 1, 1.0)], DAY_S).start_utc_s.tolist() == [20_000 * DAY_S]


def test_what_was_lost_has_no_figures() -> None:
    """A minute in which every probe was lost counts them, and knows nothing else."""
    rollup = rolled([Row(second * MICROSECONDS, lost=True) for second in range(60)])
    assert [getattr(rollup, name).tolist() for name in COUNTS] == [[0], [60], [0]]
    assert all(np.isnan(getattr(rollup, name)).all() for name in FIGURES)
    assert np.isnan(coarser(rollup, [LogHistogram.merged([])], HOUR_S)[0].p95).all()


def test_an_answer_without_the_value_counts_nowhere() -> None:
    """A metric that is not in the answer was neither lost nor measured; its bucket exists."""
    rollup = rolled([Row(0)])
    assert rollup.start_utc_s.tolist() == [0]
    assert [getattr(rollup, name).tolist() for name in COUNTS] == [[0], [0], [0]]


def test_signal_strengths_below_zero() -> None:
    """The lowest of negative values is the most negative one."""
    rollup = rolled([Row(place, value) for place, value in enumerate([-70.0, -113.0, -51.0, -90.0])])
    assert [getattr(rollup, name)[0] for name in FIGURES] == [-113.0, -81.0, -51.0, -90.0, -51.0, -51.0]


def test_percentiles_are_values_that_occurred() -> None:
    """Of the numbers up to a hundred the 95th percentile is the ninety-fifth."""
    rollup = rolled([Row(number, float(number)) for number in range(100, 0, -1)])
    assert (rollup.p50[0], rollup.p95[0], rollup.p99[0], rollup.mean[0]) == (50.0, 95.0, 99.0, 50.5)


def test_the_mean_of_the_largest_values_is_one_of_them() -> None:
    """No sum is too large."""
    largest = sys.float_info.max
    rows = [Row(number, largest) for number in range(7)]
    hours = rolled(rows, HOUR_S)
    assert hours.mean.tolist() == [largest]
    assert coarser(hours, histograms(rows, hours), DAY_S)[0].mean.tolist() == [largest]


def test_no_mean_lies_beyond_its_values() -> None:
    """Three tenths divided by three are more than a tenth in floats, but not here."""
    assert rolled([Row(number, 0.1) for number in range(3)]).mean.tolist() == [0.1]


def test_means_are_weighted_by_what_was_measured() -> None:
    """An hour with one reading weighs less than one with three, and one without any weighs nothing."""
    rows = [Row(0, 8.0), *(Row(HOUR_S * MICROSECONDS + n, 4.0) for n in range(3))]
    rows.append(Row(2 * HOUR_S * MICROSECONDS, lost=True))
    hours = rolled(rows, HOUR_S)
    found, _ = coarser(hours, histograms(rows, hours), DAY_S)
    assert (found.mean.tolist(), found.count.tolist(), found.lost.tolist()) == ([5.0], [4], [1])


def test_nothing_rolls_up_to_nothing() -> None:
    """Without a reading there is no bucket, and merging none gives none."""
    empty = rolled([])
    assert bits(joined([empty, empty])) == bits(empty)
    wide, merged = coarser(empty, [], DAY_S)
    assert (bits(wide), merged, len(wide.start_utc_s)) == (bits(empty), [], 0)
