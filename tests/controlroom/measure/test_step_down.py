"""A radio that carries less than it usually does."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from controlroom.measure.step_down import NEW_USUAL_AFTER_S, StepDown, is_rate

FULL, LOW = 400e6, 100e6


def told(values: Iterable[float], period_s: float = 60.0) -> StepDown:
    """Follow values that come so far apart."""
    follower = StepDown()
    for place, value in enumerate(values):
        follower.take(value, place * period_s)
    return follower


def test_a_step_down_is_told_at_the_second_low_value_and_over_at_the_second_high_one() -> None:
    """The level may still be as usual; the reason names both capacities."""
    assert told([FULL] * 20).stepped() is None
    assert told([FULL] * 20 + [LOW]).stepped() is None
    assert told([FULL] * 20 + [LOW] * 2).stepped() == (FULL, LOW)
    assert told([FULL] * 20 + [LOW] * 9 + [FULL]).stepped() == (FULL, LOW)
    assert told([FULL] * 20 + [LOW] * 9 + [FULL] * 2).stepped() is None


def test_one_odd_value_and_a_slight_change_tell_nothing() -> None:
    """Neither does a peak that was not held make what is usual look low."""
    assert told([FULL] * 20 + [LOW, FULL] * 10).stepped() is None
    assert told([FULL] * 20 + [0.92 * FULL] * 20).stepped() is None
    assert told([LOW] * 20 + [FULL] + [LOW] * 20).stepped() is None


def test_what_lasts_a_day_is_usual() -> None:
    """A link that was set to less on purpose is not told for ever."""
    readings_a_day = int(NEW_USUAL_AFTER_S / 60)
    assert told([FULL] * 20 + [LOW] * readings_a_day).stepped() == (FULL, LOW)
    assert told([FULL] * 20 + [LOW] * (readings_a_day + 5)).stepped() is None


def test_nothing_is_told_of_the_first_values() -> None:
    """A radio that has just started climbs up its steps."""
    assert told([FULL] * 4 + [LOW] * 4).stepped() is None


@pytest.mark.parametrize(
    ("metric", "yes"),
    [
        ("tx_capacity_bit_per_s", True),
        ("radio_a_rx_mcs_index", True),
        ("tx_profile_index", True),
        ("rx_level_dbm", False),
        ("tx_bit_per_s", False),
    ],
)
def test_rates_are_known_by_their_names(metric: str, yes: bool) -> None:
    """What is carried at the moment is traffic, not what could be."""
    assert is_rate(metric) is yes
