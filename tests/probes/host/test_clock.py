"""A stepped clock and a sleep are told apart, and quiet time is neither."""

from __future__ import annotations

import time

import pytest

from probes.host.clock import Clocks, ClockWatch, system_clocks


@pytest.mark.parametrize(
    ("utc_s", "monotonic_s", "boot_s", "step_s", "asleep_s"),
    [
        (5.0, 5.0, 5.0, 0.0, 0.0),
        (3605.0, 5.0, 5.0, 3600.0, 0.0),
        (-3595.0, 5.0, 5.0, -3600.0, 0.0),
        (605.0, 5.0, 605.0, 0.0, 600.0),
        (4205.0, 5.0, 605.0, 3600.0, 600.0),
        (5.005, 5.0, 5.002, 0.0, 0.0),
    ],
)
def test_what_the_clocks_say(
    utc_s: float, monotonic_s: float, boot_s: float, step_s: float, asleep_s: float
) -> None:
    """Each case is how far the three clocks went from one measurement to the next."""
    looks = iter([Clocks(1e9, 50.0, 70.0), Clocks(1e9 + utc_s, 50.0 + monotonic_s, 70.0 + boot_s)])
    values = ClockWatch(lambda: next(looks)).measure().values
    assert (values["clock_step_s"], values["asleep_s"]) == pytest.approx((step_s, asleep_s))
    assert values["uptime_s"] == 70.0 + boot_s


def test_the_clocks_of_this_machine_are_quiet() -> None:
    """Reading three clocks one after the other is no step, however busy the machine is."""
    watch = ClockWatch()
    for _ in range(20):
        time.sleep(0.01)
        values = watch.measure().values
        assert (values["clock_step_s"], values["asleep_s"]) == (0.0, 0.0)
    assert system_clocks().boot_s >= system_clocks().monotonic_s - 0.1
