"""Figures of buckets: exact where buckets are exact, unknown where they cannot tell."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.log_histogram import LogHistogram
from controlroom.measure.loss import loss_of
from controlroom.measure.percentile import P95, percentile
from controlroom.measure.rolled_figures import RolledFigures, rolled_figures
from controlroom.measure.rollup import roll_up

NONE = LogHistogram.merged(())


def rolled(values: list[float | None], unmeasured: int = 0, histogram: bool = True) -> RolledFigures:
    """A value a minute in buckets of an hour, ``None`` being a loss, and then what was not measured."""
    told = np.array([math.nan if value is None else value for value in values] + [math.nan] * unmeasured)
    lost = np.array([value is None for value in values] + [False] * unmeasured, dtype=np.bool_)
    not_run = np.arange(len(told)) >= len(values)
    rollup = roll_up(np.arange(len(told), dtype=np.int64) * 60_000_000, told, lost, not_run, 3600)
    return rolled_figures(rollup, LogHistogram.of(told) if histogram else NONE, 0.0, 60.0 * len(told))


@given(st.lists(st.none() | st.floats(0.001, 2.0), max_size=200))
def test_counts_and_extremes_are_those_of_the_readings(values: list[float | None]) -> None:
    """Percentiles lie within a per cent of a value that was measured."""
    found, replies = rolled(values), sorted(each for each in values if each is not None)
    assert found.loss == loss_of(len(values) - len(replies), len(values))
    assert (found.asked, found.latency.count) == (len(values), len(replies))
    if not replies:
        assert found.latency.median_s is found.latency.mean_s is found.latency.max_s is None
        return
    assert (found.latency.min_s, found.latency.max_s) == (replies[0], replies[-1])
    assert found.latency.mean_s == pytest.approx(sum(replies) / len(replies))
    assert found.latency.p95_s == pytest.approx(percentile(np.array(replies), P95), rel=0.01)


def test_without_a_histogram_percentiles_are_unknown() -> None:
    """So they are where the histogram is of other values than the buckets."""
    latency = rolled([0.01, 0.02, 0.03], histogram=False).latency
    assert (latency.median_s, latency.p95_s, latency.p99_s) == (None, None, None)
    assert (latency.min_s, latency.max_s, latency.deviation_s) == (0.01, 0.03, None)


def test_what_was_not_measured_is_neither_asked_nor_lost() -> None:
    """Of a range in which nothing else was, no loss is known."""
    found = rolled([0.01, None], unmeasured=3)
    assert (found.asked, found.unmeasured, found.loss.lost) == (2, 3, 1)
    assert rolled([], unmeasured=3).loss.ratio is None
    assert rolled([]).asked == 0
