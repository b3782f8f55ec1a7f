"""Round-trip times as figures: over received replies alone, values that were measured."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.latency import Latency, latency_of

TIMES = st.lists(st.floats(0.0, 60.0), min_size=1, max_size=80)


def test_the_figures_of_a_few_replies() -> None:
    """The median of four is the second, and the deviation is from it."""
    found = latency_of(np.array([0.040, 0.010, 0.020, 0.100]))
    assert found == Latency(
        count=4, min_s=0.01, mean_s=0.0425, median_s=0.02, p95_s=0.1, p99_s=0.1, max_s=0.1, deviation_s=0.01
    )


def test_a_loss_has_no_time() -> None:
    """It is neither zero nor the timeout, and moves no figure."""
    assert latency_of(np.array([0.02, np.nan, 0.03, np.inf])) == latency_of(np.array([0.02, 0.03]))


def test_without_a_reply_all_is_unknown() -> None:
    """There is no figure, not one of zero."""
    for times in (np.zeros(0), np.array([np.nan])):
        assert latency_of(times) == Latency()
    assert Latency().median_s is None


@given(TIMES, st.randoms(use_true_random=False))
def test_the_order_of_replies_changes_nothing(times: list[float], chance: Random) -> None:
    """Not a bit of any figure."""
    shuffled = list(times)
    chance.shuffle(shuffled)
    assert latency_of(np.array(shuffled)) == latency_of(np.array(times))


@given(TIMES)
def test_figures_lie_in_their_order(times: list[float]) -> None:
    """Least, median, 95 and 99 per cent, greatest; and no mean is beyond them."""
    found = latency_of(np.array(times))
    figures = [found.min_s, found.median_s, found.p95_s, found.p99_s, found.max_s]
    known = [each for each in figures if each is not None]
    assert known == sorted(known)
    assert len(known) == 5
    assert found.mean_s is not None
    assert known[0] <= found.mean_s <= known[-1]
