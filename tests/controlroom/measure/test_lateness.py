"""Replies that a jitter buffer would have given up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.lateness import STEPS, Lateness, lateness_of
from tests.controlroom.measure.link import ROUND_TRIPS, link


def test_late_is_beyond_the_median_of_the_minute() -> None:
    """Nine replies of 20 ms, one of 75 ms: 55 ms late, so beyond a buffer of 50 and not of 60."""
    found = lateness_of(link([0.020] * 9 + [0.075]))
    assert found.count == 10
    assert found.ratio(0.050) == 0.1
    assert found.ratio(0.060) == 0.0
    assert found.ratio(0.0) == 0.1


def test_a_route_that_changed_makes_nothing_late() -> None:
    """The minutes before and after are each even in themselves."""
    # The links of the tests begin 20 s into a minute.
    found = lateness_of(link([0.020] * 40 + [0.120] * 60))
    assert found.ratio(0.0) == 0.0


def test_a_buffer_between_two_steps_is_the_shorter_and_a_long_one_the_last() -> None:
    """Rather too many late than too few."""
    found = lateness_of(link([0.01] * 3 + [0.02, 0.9]))
    assert found.ratio(0.0099) == found.ratio(0.005) == 2 / 5
    assert found.ratio(0.011) == 1 / 5
    assert found.ratio(0.6) == found.ratio(0.5) == 1 / 5
    assert found.ratio(-1.0) == found.ratio(0.0)


@pytest.mark.parametrize("step", range(STEPS + 1))
def test_every_step_is_itself(step: int) -> None:
    """Whatever a float makes of it."""
    counted = Lateness(STEPS + 1, tuple(range(STEPS + 1)))
    assert counted.ratio(step * 0.005) == counted.ratio(round(step * 0.005, 3)) == step / (STEPS + 1)


def test_without_a_reply_nothing_is_known() -> None:
    """Not even that none was late."""
    assert lateness_of(link([None, None])) == Lateness()
    assert Lateness().ratio(0.04) is None


@given(ROUND_TRIPS, st.floats(0, 1), st.floats(0, 1))
def test_a_longer_buffer_never_gives_up_more(times: list[float | None], one: float, other: float) -> None:
    """And no more than all are late; losses are not."""
    found = lateness_of(link(times))
    assert found.count == sum(time is not None for time in times)
    longer, shorter = found.ratio(max(one, other)), found.ratio(min(one, other))
    if longer is not None and shorter is not None:
        assert 0 <= longer <= shorter <= 1


@given(ROUND_TRIPS)
def test_it_counts_what_it_says(times: list[float | None]) -> None:
    """Minute by minute, in plain words of the definition."""
    asked = link(times)
    by_minute: dict[int, list[float]] = {}
    for sent_us, rtt_s in zip(asked.sent_us.tolist(), asked.rtt_s.tolist(), strict=True):
        if not np.isnan(rtt_s):
            by_minute.setdefault(sent_us // 60_000_000, []).append(rtt_s)
    late = sum(
        rtt_s - sorted(minute)[(len(minute) + 1) // 2 - 1] > 0.1
        for minute in by_minute.values()
        for rtt_s in minute
    )
    found = lateness_of(asked)
    assert found.later_than[20:21] == ((late,) if found.count else ())
