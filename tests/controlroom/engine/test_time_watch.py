"""A stepped clock, a sleep and a stall are told apart."""

from __future__ import annotations

import pytest

from controlroom.engine.time_watch import Clocks, Disturbance, TimeWatch


@pytest.mark.parametrize(
    ("utc_s", "monotonic_s", "boot_s", "expected"),
    [
        (0.02, 0.02, 0.02, None),
        (-3599.98, 0.02, 0.02, Disturbance(step_s=-3600.0)),
        (3600.02, 0.02, 0.02, Disturbance(step_s=3600.0)),
        (600.0, 0.02, 600.0, Disturbance(blind_s=600.0, cause="asleep")),
        (5.0, 5.0, 5.0, Disturbance(blind_s=5.0, cause="overloaded")),
        (0.3, 0.02, 0.02, None),
    ],
)
def test_looks(utc_s: float, monotonic_s: float, boot_s: float, expected: Disturbance | None) -> None:
    """Each look is how far the three clocks went since the one before."""
    watch = TimeWatch(Clocks(1e9, 50.0, 70.0))
    found = watch.look(Clocks(1e9 + utc_s, 50.0 + monotonic_s, 70.0 + boot_s))
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert found.cause == expected.cause
        assert (found.step_s, found.blind_s) == pytest.approx((expected.step_s, expected.blind_s))
