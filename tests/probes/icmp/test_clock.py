"""Steps of the wall clock are noticed, and nothing else is taken for one."""

from __future__ import annotations

import time
from itertools import chain, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.icmp.clock import StepWatch


class Clocks:
    """A wall and a monotonic clock that stand still until told."""

    def __init__(self) -> None:
        """Start both somewhere."""
        self.wall = 1_700_000_000_000_000_000
        self.monotonic = 5_000.0

    def pass_s(self, seconds: float, *, step_ns: int = 0) -> None:
        """Let time pass, and set the wall clock ``step_ns`` ahead."""
        self.monotonic += seconds
        self.wall += round(seconds * 1e9) + step_ns


@given(st.lists(st.tuples(st.floats(0, 1e6), st.integers(-(10**12), 10**12)), max_size=20))
def test_every_step_begins_an_epoch(course: list[tuple[float, int]]) -> None:
    """The epoch grows with each step above a fifth of a millisecond and with nothing else."""
    clocks, steps = Clocks(), 0
    watch = StepWatch(lambda: clocks.wall, lambda: clocks.monotonic)
    for seconds, step_ns in course:
        step_ns = 0 if abs(step_ns) < 200_000 else step_ns
        clocks.pass_s(seconds, step_ns=step_ns)
        watch.look()
        steps += step_ns != 0
        assert watch.epoch == steps


def test_an_interruption_is_no_step() -> None:
    """A pause of 40 ms between the readings of the two clocks widens the doubt, not the difference."""
    clocks = Clocks()
    pauses = chain(repeat(0.0, 4), repeat(0.04))

    def wall_ns() -> int:
        clocks.pass_s(next(pauses))
        return clocks.wall

    watch = StepWatch(wall_ns, lambda: clocks.monotonic)
    for _ in range(3):
        watch.look()
    assert watch.epoch == 0


def test_the_real_clocks_do_not_step() -> None:
    """On a machine whose clock nobody sets, many looks find no step."""
    watch = StepWatch(time.time_ns, time.monotonic)
    for _ in range(500):
        watch.look()
    assert watch.epoch == 0


@pytest.mark.parametrize("step_ns", [-3_600_000_000_000, 500_000])
def test_a_step_back_counts_as_well(step_ns: int) -> None:
    """An hour back and half a millisecond ahead are both steps."""
    clocks = Clocks()
    watch = StepWatch(lambda: clocks.wall, lambda: clocks.monotonic)
    clocks.pass_s(1.0, step_ns=step_ns)
    watch.look()
    assert watch.epoch == 1
