"""Unstable by time, with its count and its calm; the classic weighting by its published values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.condition.flapping import (
    CLASSIC_STATES,
    Flapping,
    classic_percent,
)
from controlroom.condition.state import Condition
from controlroom.site.alarm_settings import FlappingSettings, Weighting

UP, DOWN, DEGRADED = Condition.UP, Condition.DOWN, Condition.DEGRADED
BY_TIME = FlappingSettings(falls=3, within_s=100, calm_s=50)
CLASSIC = FlappingSettings(weighting=Weighting.CLASSIC)


def flapped(settings: FlappingSettings, *at_s: float, period_s: float = 1.0) -> Flapping:
    """Let an endpoint fall and return in turn at these times."""
    flapping = Flapping(settings, period_s, UP)
    for place, each_s in enumerate(at_s):
        flapping.take(UP if place % 2 else DOWN, each_s)
    return flapping


def test_so_many_falls_within_the_time_make_it_unstable() -> None:
    """The third fall does; what came before it too long ago does not count."""
    flapping = flapped(BY_TIME, 0, 5, 40, 45)
    assert not flapping.unstable
    flapping.take(DOWN, 99)
    assert (flapping.unstable, flapping.falls) == (True, 3)
    assert not flapped(BY_TIME, 0, 5, 40, 45, 101).unstable


def test_calm_ends_it_and_what_was_before_counts_no_more() -> None:
    """Any change puts the end off, also one for the better."""
    flapping = flapped(BY_TIME, 0, 1, 2, 3, 4, 5)
    flapping.look(54.9)
    assert flapping.unstable
    flapping.take(DOWN, 55.0)
    assert flapping.falls == 4
    flapping.look(104.9)
    assert flapping.unstable
    flapping.look(105.0)
    assert (flapping.unstable, flapping.falls) == (False, 0)
    flapping.take(UP, 105.5)
    flapping.take(DOWN, 106.0)
    assert not flapping.unstable


def test_degraded_to_down_is_a_fall_and_what_is_unknown_is_none() -> None:
    """Nor is what cannot be reached; what comes after is compared with what was before."""
    flapping = Flapping(BY_TIME, 1.0, UP)
    for at_s, condition in enumerate((DEGRADED, DOWN, DEGRADED, Condition.UNKNOWN, DEGRADED)):
        flapping.take(condition, at_s)
    assert not flapping.unstable
    flapping.take(Condition.UNREACHABLE, 6)
    flapping.take(DOWN, 7)
    assert flapping.unstable


def test_after_a_restart_it_goes_on_with_its_count() -> None:
    """Calm counts from the restart."""
    flapping = Flapping(BY_TIME, 1.0, DOWN)
    flapping.go_on(7, 1000.0)
    flapping.take(UP, 1010.0)
    flapping.take(DOWN, 1020.0)
    assert (flapping.unstable, flapping.falls) == (True, 8)
    flapping.look(1070.0)
    assert not flapping.unstable


def test_it_is_empty_again_when_all_is_long_past() -> None:
    """Two thousand that fell once are not remembered for ever."""
    flapping = flapped(BY_TIME, 0, 1)
    flapping.look(50)
    assert not flapping.is_empty
    flapping.look(102)
    assert flapping.is_empty


@pytest.mark.parametrize(("newest", "percent"), [(2, 12.4), (4, 24.2), (5, 29.9), (6, 35.5)])
def test_the_newest_changes_weigh_as_published(newest: int, percent: float) -> None:
    """So the usual start at 30 % takes six changes in a row."""
    states = [0] * (CLASSIC_STATES - newest) + [(place + 1) % 2 for place in range(newest)]
    assert classic_percent(states) == pytest.approx(percent, abs=0.05)


def test_the_classic_extremes() -> None:
    """The weights of all twenty changes are one on the average; fewer states were alike before."""
    assert classic_percent([place % 2 for place in range(CLASSIC_STATES)]) == pytest.approx(100.0)
    assert classic_percent([0] * CLASSIC_STATES) == 0.0
    assert classic_percent([]) == 0.0
    assert classic_percent([0, 1]) == pytest.approx(6.25)
    oldest_alone = [1] + [0] * (CLASSIC_STATES - 1)
    assert classic_percent(oldest_alone) == pytest.approx(3.75)


def test_classic_begins_with_the_sixth_change_in_a_row_and_ends_as_the_changes_age() -> None:
    """At one state a period, and not before."""
    flapping = flapped(CLASSIC, 100, 101, 102, 103, 104)
    assert not flapping.unstable
    flapping.take(UP, 105)
    assert flapping.unstable
    flapping.look(106)
    assert flapping.unstable
    calm_s = next(at_s for at_s in range(106, 140) if _is_calm(flapping, at_s))
    assert 120 <= calm_s <= 124


def _is_calm(flapping: Flapping, at_s: float) -> bool:
    flapping.look(at_s)
    return not flapping.unstable


def test_classic_sees_the_states_of_its_periods_alone() -> None:
    """The same changes within one period of a slower beat are one or none: so it differs from time."""
    assert not flapped(CLASSIC, 100, 101, 102, 103, 104, 105, period_s=60.0).unstable


@given(st.lists(st.sampled_from([UP, DOWN, DEGRADED]), max_size=40))
def test_percent_is_a_percentage_and_nothing_without_changes(states: list[Condition]) -> None:
    """Between none and all; a state more that is alike never weighs more."""
    percent = classic_percent(states)
    assert 0.0 <= percent <= 100.0
    if states:
        assert classic_percent([*states, states[-1]]) <= percent + 1e-9
