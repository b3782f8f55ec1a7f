"""The kernel statistic against its definition, and the test's rules."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.regime_test import RECENT_ROWS, REGIME_ROWS, RegimeTest, gains


def by_definition(values: list[float], width: float, recent: int) -> float:
    """Return S/n of the older part plus S/n of the newer less S/n of both, pair by pair."""

    def cost(part: list[float]) -> float:
        pairs = sum(1 / (1 + ((one - other) / width) ** 2) for one in part for other in part)
        return pairs / len(part)

    older, newer = values[:-recent], values[-recent:]
    return cost(older) + cost(newer) - cost(values)


@given(
    st.lists(st.floats(-5, 5), min_size=4, max_size=REGIME_ROWS),
    st.floats(0.01, 2.0),
)
def test_the_statistic_is_the_one_of_the_definition(values: list[float], width: float) -> None:
    """For every split that is tried."""
    tried = min(RECENT_ROWS, len(values) - 1)
    expected = [by_definition(values, width, recent) for recent in range(1, tried + 1)]
    assert gains(values, width, tried) == pytest.approx(expected, abs=1e-9)


def run(values: list[float]) -> list[tuple[int, int]]:
    """Return the rows at which a new regime was called, and how many rows it had then."""
    test = RegimeTest(4.7, 0.01)
    calls: list[tuple[int, int]] = []
    for row, value in enumerate(values):
        newest = test.step(value)
        if newest is not None:
            test.restart(newest)
            calls.append((row, newest))
    return calls


def noise(rows: int, deviation: float, seed: int = 1) -> list[float]:
    """Return independent normal values."""
    return [deviation * float(value) for value in np.random.default_rng(seed).standard_normal(rows)]


def test_a_large_step_is_called_after_three_rows() -> None:
    """And the new regime's beginning is the step."""
    values = noise(100, 0.002) + [0.5 + value for value in noise(100, 0.002, 2)]
    assert run(values) == [(102, 3)]


def test_one_or_two_stray_rows_are_no_regime() -> None:
    """However far off they lie."""
    values = noise(100, 0.002)
    values[50] = values[70] = values[71] = 9.0
    assert run(values) == []


def test_a_change_of_spread_is_a_change() -> None:
    """The level stays, the rows scatter fifty times as far."""
    calls = run(noise(100, 0.002) + noise(60, 0.1, 2))
    assert calls
    assert 100 < calls[0][0] < 120


def test_a_series_that_wanders_must_move_further() -> None:
    """The width grows with what the series differs from itself sixteen rows before."""
    quiet, restless = RegimeTest(4.7, 0.01), RegimeTest(4.7, 0.01)
    for one, other in zip(noise(600, 0.001), noise(600, 0.05), strict=True):
        quiet.step(one)
        restless.step(other)
    assert quiet.width < 0.02
    assert 0.2 < restless.width < 0.5


def test_what_is_kept_is_bounded_and_restored_exactly() -> None:
    """A test that goes on from what was kept calls the same rows."""
    values = noise(300, 0.01) + [0.3 + value for value in noise(50, 0.01, 2)]
    whole, resumed = RegimeTest(4.7, 0.01), RegimeTest(4.7, 0.01)
    for value in values[:301]:
        whole.step(value)
    resumed.restore(whole.kept())
    assert len(whole.kept()["values"]) == REGIME_ROWS
    assert [whole.step(value) for value in values[301:]] == [resumed.step(value) for value in values[301:]]


def test_a_constant_series_says_nothing() -> None:
    """No variation is no trouble."""
    assert run([1.5] * 500) == []
