"""Limits with hysteresis, and claims held back until they are shown."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.limits import BURST_LOSS_RATIO, DEFAULT_LOSS_LIMIT, lacks_figure, step
from controlroom.measure.window import Window
from controlroom.site.model import Limit
from tests.controlroom.measure.test_window import reading

SLOW = Limit(metric="rtt_s", raise_above=0.3, clear_below=0.2, window_readings=5, minimum_readings=3)


def play(limit: Limit, rtts_s: Sequence[float | None]) -> list[bool]:
    """Judge a row of readings one by one."""
    window, raised, found = Window(limit.window_readings), False, []
    for rtt_s in rtts_s:
        window.add(reading(rtt_s))
        raised = step(limit, raised, window)
        found.append(raised)
    return found


def test_too_few_readings_claim_nothing() -> None:
    """Two slow replies of three needed raise nothing."""
    assert play(SLOW, [0.9, 0.9, 0.9]) == [False, False, True]


def test_between_the_two_values_the_verdict_stays() -> None:
    """What was raised stays raised in the gap, what was not does not rise there."""
    assert play(SLOW, [0.25] * 6) == [False] * 6
    assert play(SLOW, [0.9] * 5 + [0.25] * 8)[-1] is True
    assert play(SLOW, [0.9] * 5 + [0.25] * 8 + [0.1] * 5)[-1] is False


def test_loss_must_be_shown() -> None:
    """Three lost of twenty raise the default limit; two lost do not."""
    twenty: list[float | None] = [0.01] * 17 + [None] * 3
    assert play(DEFAULT_LOSS_LIMIT, twenty)[-1] is True
    assert play(DEFAULT_LOSS_LIMIT, [0.01] * 18 + [None] * 2)[-1] is False


@given(st.lists(st.one_of(st.none(), st.floats(0.001, 0.19)), max_size=80))
def test_a_figure_that_never_passes_the_limit_never_raises_it(rtts_s: list[float | None]) -> None:
    """Losses are not taken for slowness."""
    assert not any(play(SLOW, rtts_s))


def test_a_figure_that_never_comes_is_noticed() -> None:
    """Enough answers without the figure are told apart from too few answers, and from loss."""
    window = Window(5)
    power = Limit(metric="rsrp_dbm", raise_below=-110, window_readings=5, minimum_readings=3)
    for answered in range(1, 5):
        window.add(reading(0.01))
        assert lacks_figure(power, window) is (answered >= 3)
    assert not lacks_figure(SLOW, window)
    assert not lacks_figure(DEFAULT_LOSS_LIMIT, window)


BURSTS = Limit(metric=BURST_LOSS_RATIO, raise_above=0.03, clear_below=0.01)


def play_bursts(ratios: Sequence[float]) -> list[bool]:
    """Judge the loss within a row of bursts."""
    window, raised, found = Window(BURSTS.window_readings), False, []
    for ratio in ratios:
        window.add(replace(reading(0.01), values={BURST_LOSS_RATIO: ratio}))
        raised = step(BURSTS, raised, window)
        found.append(raised)
    return found


@pytest.mark.parametrize("size", [2, 3, 5, 10, 20])
def test_heavy_loss_within_bursts_of_any_size_is_seen(size: int) -> None:
    """Thirty per cent, also where most bursts of two come back whole; and its end is seen as well."""
    chance = random.Random(size)  # noqa: S311 - a made-up link, not a secret
    lossy = [sum(chance.random() < 0.3 for _ in range(size)) / size for _ in range(120)]
    answered = [ratio for ratio in lossy if ratio < 1.0]
    found = play_bursts(answered + [0.0] * 60)
    assert not any(found[:19])
    assert all(found[30 : len(answered)])
    assert found[-1] is False


@pytest.mark.parametrize("size", [2, 5, 20])
def test_little_loss_within_bursts_raises_nothing(size: int) -> None:
    """Half a per cent over five hours of beats, and a single bad burst among whole ones."""
    chance = random.Random(size)  # noqa: S311 - a made-up link, not a secret
    ratios = [sum(chance.random() < 0.005 for _ in range(size)) / size for _ in range(20_000)]
    assert not any(play_bursts(ratios))
    assert not any(play_bursts([0.0] * 30 + [1 - 1 / size] + [0.0] * 60))
