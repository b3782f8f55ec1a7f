"""Limits with hysteresis, and claims held back until they are shown."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.limits import (
    BURST_LOSS_RATIO,
    DEFAULT_LOSS_LIMIT,
    LOSS_RATIO,
    NOT_RAISED,
    claims,
    figure_of,
    figure_told,
    has_gone,
    lacks_figure,
    step,
)
from controlroom.measure.loss import loss_of
from controlroom.measure.window import Window
from controlroom.reading import Outcome, ProbeKey, Reading
from controlroom.site.model import Limit
from tests.controlroom.measure.test_window import reading

SLOW = Limit(metric="rtt_s", raise_above=0.3, clear_below=0.2, window_readings=5, minimum_readings=3)


def play(limit: Limit, rtts_s: Sequence[float | None], period_s: float = 1.0) -> list[bool]:
    """Judge a row of readings one by one, one a period."""
    window, standing, found = Window(limit.window_readings), NOT_RAISED, []
    for turn, rtt_s in enumerate(rtts_s):
        window.add(reading(rtt_s))
        standing = step(limit, standing, window, turn * period_s)
        found.append(standing.raised)
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
    """Six lost of twenty raise the default limit of a tenth; five lost do not, for they may be chance."""
    assert play(DEFAULT_LOSS_LIMIT, [*[0.01] * 8, *[0.01, None] * 6])[-1] is True
    assert play(DEFAULT_LOSS_LIMIT, [*[0.01] * 10, *[0.01, None] * 5])[-1] is False


def test_losses_in_one_run_show_less_than_as_many_one_by_one() -> None:
    """Fifteen of sixty in a row are one event; in many runs they are a link that loses a quarter."""
    one_by_one: list[float | None] = [*[0.01, 0.01, 0.01, None] * 15]
    assert play(DEFAULT_LOSS_LIMIT, one_by_one)[-1] is True
    assert play(DEFAULT_LOSS_LIMIT, [*[0.01] * 45, *[None] * 15])[-1] is False


def test_a_window_in_which_all_is_lost_is_beyond_any_limit() -> None:
    """Ten lost of ten show no more than 72 %, and yet nothing can show more of a limit of nine tenths."""
    nearly_all = Limit(metric="loss_ratio", raise_above=0.9, window_readings=10, minimum_readings=5)
    assert play(nearly_all, [None] * 9)[-1] is False
    assert play(nearly_all, [None] * 10)[-1] is True


def test_a_link_that_always_loses_some_is_not_told_again_and_again() -> None:
    """At 5 % chance alone raises the limit of a tenth hardly ever: this is half a day at 1 s."""
    chance = np.random.default_rng(5)
    window, standing, raised = Window(60), NOT_RAISED, 0
    for place, lost in enumerate((chance.random(43_200) < 0.05).tolist()):
        window.add(reading(None if lost else 0.01))
        after = step(DEFAULT_LOSS_LIMIT, standing, window, float(place))
        raised += after.raised and not standing.raised
        standing = after
    assert raised <= 1


@pytest.mark.parametrize(("loss_ratio", "within"), [(0.2, 120), (0.3, 60), (0.5, 35)])
def test_a_link_that_begins_to_lose_much_is_told_within_so_many_readings(
    loss_ratio: float, within: int
) -> None:
    """Nine of ten such links are told that soon after a minute without loss."""
    chance = np.random.default_rng(6)
    soon = 0
    for _ in range(100):
        rtts_s = [None if chance.random() < loss_ratio else 0.01 for _ in range(within)]
        soon += any(play(DEFAULT_LOSS_LIMIT, [*[0.01] * 60, *rtts_s]))
    assert soon >= 90


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
    window, standing, found = Window(BURSTS.window_readings), NOT_RAISED, []
    for turn, ratio in enumerate(ratios):
        window.add(replace(reading(0.01), values={BURST_LOSS_RATIO: ratio}))
        standing = step(BURSTS, standing, window, float(turn))
        found.append(standing.raised)
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


ONE_PERCENT = Limit(metric=LOSS_RATIO, raise_above=0.01, clear_below=0.005, minimum_readings=5)
"""A limit that asks for more than few readings can show."""


def test_five_readings_show_nothing_of_one_per_cent() -> None:
    """None lost of five only shows loss below 43 %; one lost of five, or of twenty, is no rate."""
    assert loss_of(0, 5).high == pytest.approx(0.434, abs=0.001)
    for lost_at in range(20):
        row: list[float | None] = [0.01] * 20
        row[lost_at] = None
        assert not any(play(ONE_PERCENT, row))
    assert play(ONE_PERCENT, [*[0.01] * 14, *[0.01, None] * 3])[-1] is True


def test_a_window_of_one_reading_shows_what_that_one_does() -> None:
    """Whoever judges single readings wants to hear of each."""
    limit = Limit(metric=LOSS_RATIO, raise_above=0.1, clear_below=0.05, window_readings=1, minimum_readings=1)
    assert play(limit, [0.01, None, 0.01]) == [False, True, False]


def test_loss_is_cleared_only_when_that_is_shown() -> None:
    """None lost of 34 may still be 10 %, which raised the limit; none lost of 35 may not."""
    assert loss_of(0, 34).high > 0.10 > loss_of(0, 35).high
    limit = DEFAULT_LOSS_LIMIT
    window, standing = Window(limit.window_readings), replace(NOT_RAISED, raised=True)
    for turn in range(1, 36):
        window.add(reading(0.01))
        standing = step(limit, standing, window, float(turn))
        assert standing.raised is (turn < 35)


def test_a_full_window_clears_what_it_can_never_show() -> None:
    """Sixty readings without a loss show less than 6 %, not 1 %: they must do all the same."""
    found = play(ONE_PERCENT, [None] * 3 + [0.01] * 70)
    assert found[4] is True
    assert found[62 - 1 : 63] == [True, False]


def test_few_whole_bursts_do_not_clear_the_loss_within_them() -> None:
    """A mean of 0.97 % over two bursts may as well be 3 %: the limit stays raised until more are whole."""
    window, standing, found = Window(60), replace(NOT_RAISED, raised=True), []
    for turn, ratio in enumerate([0.0, 0.0194, 0.0]):
        window.add(replace(reading(0.01), values={BURST_LOSS_RATIO: ratio}))
        standing = step(replace_limit(BURSTS, minimum_readings=2), standing, window, float(turn))
        found.append(standing.raised)
    assert found == [True, True, False]


def replace_limit(limit: Limit, **changes: float) -> Limit:
    """Return a limit with some keys otherwise."""
    return limit.model_copy(update=changes)


def test_an_on_delay_waits_until_the_figure_has_stayed_beyond() -> None:
    """A figure that comes back within ten seconds raises nothing, and must stay ten seconds from then on."""
    limit = replace_limit(SLOW, window_readings=1, minimum_readings=1, on_delay_s=10)
    assert play(limit, [0.9] * 11) == [False] * 10 + [True]
    assert play(limit, [0.9] * 10 + [0.25] + [0.9] * 10) == [False] * 21
    assert play(limit, [0.9] * 3, period_s=5.0) == [False, False, True]


def test_an_off_delay_waits_until_the_figure_has_stayed_within() -> None:
    """A figure that is good for a moment clears nothing."""
    limit = replace_limit(SLOW, window_readings=1, minimum_readings=1, off_delay_s=3)
    assert play(limit, [0.9] + [0.1] * 4) == [True] * 4 + [False]
    assert play(limit, [0.9] + [0.1] * 3 + [0.25] + [0.1] * 4)[1:] == [True] * 7 + [False]


def test_what_claims_nothing_begins_a_delay_anew() -> None:
    """After an outage, which empties the window, nobody knows that the figure stayed beyond."""
    limit = replace_limit(SLOW, window_readings=5, minimum_readings=3, on_delay_s=5)
    window, standing = Window(5), NOT_RAISED
    for turn in range(6):
        window.add(reading(0.9))
        standing = step(limit, standing, window, float(turn))
    assert standing.turning_since_s == 2.0
    window.clear()
    standing = step(limit, standing, window, 6.0)
    assert standing == NOT_RAISED


THREE_OF_FIVE = replace_limit(SLOW, beyond_readings=3)


def test_x_of_y_counts_readings_beyond() -> None:
    """Three of the newest five raise it, in whatever order; cleared when fewer than three are not good."""
    assert play(THREE_OF_FIVE, [0.1, 0.9, 0.1, 0.9, 0.9])[-2:] == [False, True]
    assert play(THREE_OF_FIVE, [0.9, 0.9, 0.1, 0.1, 0.1, 0.9, 0.9]) == [False] * 7
    cleared = play(THREE_OF_FIVE, [0.9] * 5 + [0.25] * 5 + [0.1] * 3)
    assert cleared[-4:] == [True, True, True, False]


def test_x_of_y_is_no_median() -> None:
    """One slow reply of five raises a limit that asks for one, and its figure is that reply's."""
    limit = replace_limit(SLOW, beyond_readings=1)
    window = Window(5)
    for rtt_s in (0.1, 0.1, 0.7, 0.1, 0.1):
        window.add(reading(rtt_s))
    assert step(limit, NOT_RAISED, window, 0.0).raised
    assert not step(SLOW, NOT_RAISED, window, 0.0).raised
    assert figure_of(limit, window) == 0.7
    assert figure_of(replace_limit(limit, beyond_readings=5), window) == 0.1


def test_x_of_y_judges_low_values_as_well() -> None:
    """For a limit that is passed downwards the worst reading is the lowest."""
    power = Limit(
        metric="rtt_s",
        raise_below=0.1,
        clear_above=0.2,
        window_readings=5,
        minimum_readings=3,
        beyond_readings=2,
    )
    assert play(power, [0.3, 0.05, 0.3, 0.05, 0.3])[-2:] == [True, True]
    assert figure_of(power, Window(5)) is None


def told_of(limit: Limit, values: Sequence[float]) -> float | None:
    """What is told of a limit after a row of readings."""
    window = Window(limit.window_readings)
    for value in values:
        window.add(reading(value))
    return figure_told(limit, window)


def test_what_is_told_was_measured() -> None:
    """The median of an even number lies where the level never was; told is the level that is beyond."""
    weak = Limit(metric="rtt_s", raise_below=-100.0, clear_above=-98.0, window_readings=6, minimum_readings=6)
    assert told_of(weak, [-97.0] * 3 + [-105.0] * 3) == -105.0
    assert told_of(weak, [-97.0] * 2 + [-104.0, -105.0, -106.0, -107.0]) == -105.0
    assert told_of(SLOW, [0.1, 0.1, 0.1, 0.4, 0.9]) == 0.4


def test_shares_and_the_worst_of_some_are_told_as_judged() -> None:
    """A burst's mean is a share of many packets, and x of y names a reading already."""
    bursts = Limit(metric=BURST_LOSS_RATIO, raise_above=0.1, clear_below=0.05, window_readings=2)
    window = Window(2)
    for share in (0.0, 0.5):
        window.add(replace(reading(0.1), values={BURST_LOSS_RATIO: share}))
    assert figure_told(bursts, window) == 0.25
    assert told_of(THREE_OF_FIVE, [0.5, 0.6, 0.7, 0.8, 0.1]) == 0.6


@given(st.lists(st.floats(0.001, 1.0), min_size=1, max_size=5))
def test_whatever_raises_a_limit_tells_a_value_beyond_it(rtts_s: list[float]) -> None:
    """One of the readings, and beyond the limit whenever that was just raised."""
    told = told_of(SLOW, rtts_s)
    if play(SLOW, rtts_s)[-1] and not any(play(SLOW, rtts_s)[:-1]):
        assert told is not None
        assert told > 0.3
        assert told in rtts_s


@given(
    st.lists(st.one_of(st.none(), st.floats(0.001, 1.0)), max_size=60),
    st.integers(1, 5),
    st.sampled_from([SLOW, DEFAULT_LOSS_LIMIT, ONE_PERCENT]),
)
def test_delays_only_put_off(rtts_s: list[float | None], delay_s: int, limit: Limit) -> None:
    """With an on-delay nothing is raised that was not so without one that many seconds ago."""
    at_once = play(limit, rtts_s)
    late = play(replace_limit(limit, on_delay_s=float(delay_s)), rtts_s)
    for turn, raised in enumerate(late):
        if raised:
            assert any(at_once[: turn + 1 - delay_s])


@given(st.lists(st.floats(0.001, 1.0), min_size=5, max_size=60), st.integers(1, 5))
def test_x_of_y_agrees_with_counting(rtts_s: list[float], wanted: int) -> None:
    """The x-th worst is beyond exactly when at least x are."""
    limit = replace_limit(SLOW, beyond_readings=wanted, minimum_readings=5)
    window = Window(5)
    for rtt_s in rtts_s:
        window.add(reading(rtt_s))
    beyond = sum(rtt_s > 0.3 for rtt_s in rtts_s[-5:])
    assert step(limit, NOT_RAISED, window, 0.0).raised is (beyond >= wanted)


def test_a_figure_has_gone_when_enough_answers_came_and_none_held_it() -> None:
    """Loss is never gone; a figure that came once is judged again only when it came often enough."""
    limit = Limit(metric="rtt_s", raise_above=0.3, clear_below=0.2, window_readings=5, minimum_readings=3)
    loss = limit.model_copy(update={"metric": "loss_ratio"})
    window, key = Window(60), ProbeKey("mast", "snmp")
    seen = []
    for number, values in enumerate([{"rtt_s": 0.9}, *[{}] * 5, *[{"rtt_s": 0.1}] * 3]):
        window.add(Reading(key, float(number), float(number), Outcome.REPLIED, values=values))
        seen.append((has_gone(limit, window), claims(limit, window)))
        assert not has_gone(loss, window)
    assert [gone for gone, _ in seen] == [False] * 5 + [True] + [False] * 3
    assert [claims for _, claims in seen] == [False] * 8 + [True]
