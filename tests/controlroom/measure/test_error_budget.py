"""Budgets and burn rates: published figures, and no call for one lost packet."""

from __future__ import annotations

import pytest

from controlroom.measure.availability import Availability, Spent, TimeSpan, availability_of
from controlroom.measure.error_budget import BURN_PAIRS, PERIOD_S, Burn, budget_of, burn_rate, burns

NOW_S = 1_700_000_000.0
DAY_S = 86400.0


def window(length_s: float, down_s: float, blind_s: float = 0.0) -> Availability:
    """Return so many of the newest seconds, of which the last were down, and those before them blind."""
    begin_s, dark_s, fall_s = NOW_S - length_s, NOW_S - down_s - blind_s, NOW_S - down_s
    spans = [
        TimeSpan(Spent.UP, begin_s, max(begin_s, dark_s)),
        TimeSpan(Spent.BLIND, max(begin_s, dark_s), max(begin_s, fall_s)),
        TimeSpan(Spent.DOWN, max(begin_s, fall_s), NOW_S),
    ]
    return availability_of(spans, begin_s, NOW_S)


def fired(objective: float, down_s: float, blind_s: float = 0.0) -> list[float]:
    """Return the rates of the pairs that burn."""
    found = burns(objective, lambda length_s: window(length_s, down_s, blind_s))
    return [each.pair.burn_rate for each in found if each.burning]


@pytest.mark.parametrize(
    ("objective", "month_s", "year_s"),
    [
        (0.999, 43.2 * 60, 8.76 * 3600),
        (0.9995, 21.6 * 60, 4.38 * 3600),
        (0.9999, 4.32 * 60, 52.56 * 60),
        (0.99999, 25.92, 5.256 * 60),
    ],
)
def test_what_an_objective_allows(objective: float, month_s: float, year_s: float) -> None:
    """The usual table, for 30 days and for 365."""
    whole = window(PERIOD_S, 60)
    assert budget_of(objective, whole).allowed_s == pytest.approx(month_s)
    assert budget_of(objective, whole, 365 * DAY_S).allowed_s == pytest.approx(year_s)


def test_what_is_spent_and_left() -> None:
    """Twice the budget is spent, and less than nothing left, where the objective is missed."""
    found = budget_of(0.999, window(PERIOD_S, 86.4 * 60))
    assert found.spent_ratio == pytest.approx(2)
    assert found.left_s == pytest.approx(-43.2 * 60)


def test_the_pairs_are_the_published_ones() -> None:
    """The short window is a twelfth of the long one, and the rate spends its share of 30 days in the long."""
    assert [(each.burn_rate, each.long_s, each.short_s) for each in BURN_PAIRS] == [
        (14.4, 3600, 300),
        (6, 6 * 3600, 1800),
        (1, 3 * DAY_S, 6 * 3600),
    ]
    for pair in BURN_PAIRS:
        assert pair.short_s == pair.long_s / 12
        assert pair.burn_rate * pair.long_s / PERIOD_S == pytest.approx(pair.spends)


@pytest.mark.parametrize(("objective", "after_s"), [(0.999, 51.84), (0.995, 259.2), (0.99, 518.4)])
def test_how_long_a_total_outage_takes_to_burn_fast(objective: float, after_s: float) -> None:
    """0.86, 4.3 and 8.6 minutes."""
    assert 14.4 not in fired(objective, after_s - 0.5)
    assert 14.4 in fired(objective, after_s + 0.5)


def test_an_outage_that_is_over_does_not_burn() -> None:
    """The short window shows that it does not go on."""
    over = TimeSpan(Spent.DOWN, NOW_S - 1800, NOW_S - 600)
    spans = [
        TimeSpan(Spent.UP, NOW_S - 3 * DAY_S, NOW_S - 1800),
        over,
        TimeSpan(Spent.UP, NOW_S - 600, NOW_S),
    ]
    found = burns(0.999, lambda length_s: availability_of(spans, NOW_S - length_s, NOW_S))
    assert found[0].long_rate == pytest.approx(1200 / 3600 / 0.001)
    assert (found[0].short_rate, found[0].burning) == (0, False)
    assert found[1].burning


def test_a_lost_poll_burns_nothing() -> None:
    """Counted by polls, one of an hour's sixty would be 16.7 times the rate that 99.9 % allows."""
    counted_by_polls = 1 / 60
    assert counted_by_polls / (1 - 0.999) == pytest.approx(16.7, abs=0.04)
    assert burn_rate(0.999, window(3600, 0)) == 0
    assert fired(0.999, 0) == []


def test_nothing_is_claimed_of_a_window_that_was_hardly_measured() -> None:
    """Ten seconds down after an hour without sight are no burn rate of a thousand."""
    found = burns(0.999, lambda length_s: window(length_s, 10, 3500))
    assert found[0] == Burn(BURN_PAIRS[0], None, None)
    assert not found[0].burning
    assert found[2].long_rate is not None
    assert burn_rate(0.999, window(3600, 10, 1790)) == pytest.approx(10 / 1810 / 0.001)
