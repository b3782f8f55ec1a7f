"""Thresholds from one wish: at the tables' lines what was counted, and higher for fewer false calls."""

from __future__ import annotations

import math

import pytest

from controlroom.measure.false_calls import (
    PARTS,
    REGIME_TABLE,
    RUN_TABLE,
    loss_log_probes,
    regime_threshold,
    run_threshold,
)


def test_at_a_line_of_the_table_it_is_that_line() -> None:
    """The days in which so many rows come, shared by the tests."""
    for threshold, rows in REGIME_TABLE:
        assert regime_threshold(rows * 60 / 86_400 / PARTS, 60.0) == pytest.approx(threshold)
    for threshold, readings in RUN_TABLE:
        assert run_threshold(readings / 86_400 / PARTS, 1.0) == pytest.approx(threshold)


@pytest.mark.parametrize("row_s", [1.0, 60.0, 240.0])
def test_fewer_false_calls_ask_for_more(row_s: float) -> None:
    """Whatever the wish, down to minutes and up to centuries, thresholds are positive and ordered."""
    days = [0.001, 0.1, 1.0, 30.0, 365.0, 36_500.0]
    for thresholds in (
        [regime_threshold(wish, row_s) for wish in days],
        [run_threshold(wish, row_s) for wish in days],
        [loss_log_probes(wish, row_s) for wish in days],
    ):
        assert thresholds == sorted(thresholds)
        assert thresholds[0] > 0


def test_loss_needs_as_many_probes_as_lie_between_calls() -> None:
    """Once in thirty days at a probe a second, for a quarter of the calls."""
    assert loss_log_probes(30.0, 1.0) == pytest.approx(math.log(4 * 30 * 86_400))
