"""A quantile kept in two numbers: near the true one, recovering, and never stuck."""

from __future__ import annotations

import numpy as np
import pytest

from controlroom.measure.tracked_quantile import TrackedQuantile


@pytest.mark.parametrize("share", [0.5, 0.75, 0.95])
def test_it_comes_near_the_quantile(share: float) -> None:
    """Of exponential values the quantile is -log(1 - share)."""
    tracked = TrackedQuantile(share, 2000, 10.0, 1e-3)
    for value in np.random.default_rng(1).exponential(size=40_000):
        tracked.step(float(value))
    assert tracked.value == pytest.approx(-np.log(1 - share), rel=0.1)


def test_it_never_falls_below_its_least_and_recovers() -> None:
    """A stretch without any variation does not make it blind for long."""
    tracked = TrackedQuantile(0.75, 100, 1.0, 0.01)
    for _ in range(10_000):
        tracked.step(0.0)
    assert tracked.value == 0.01
    for value in np.random.default_rng(2).exponential(size=2000):
        tracked.step(float(value))
    assert tracked.value > 1.0


def test_outliers_hardly_move_it() -> None:
    """One value in fifty that is a million times too large is no matter."""
    chance = np.random.default_rng(3)
    plain, spoilt = TrackedQuantile(0.5, 1000, 1.0, 1e-3), TrackedQuantile(0.5, 1000, 1.0, 1e-3)
    for number, value in enumerate(chance.exponential(size=20_000).tolist()):
        plain.step(value)
        spoilt.step(1e6 if number % 50 == 0 else value)
    assert spoilt.value == pytest.approx(plain.value, rel=0.15)
