"""Hours of the week: known from the third week, undisturbed by one odd week, in few kilobytes."""

from __future__ import annotations

import json

import numpy as np

from controlroom.measure.hours_of_week import HOURS, HoursOfWeek

WEEK_S = 7 * 86_400.0


def weeks(levels: list[float]) -> HoursOfWeek:
    """Return hours to which one level a week was told at hour 9, and zero at every other."""
    hours = HoursOfWeek()
    for week, level in enumerate(levels):
        for minute in range(HOURS * 60):
            at_s = week * WEEK_S + minute * 60.0
            hours.step(at_s, level if minute // 60 == 9 else 0.0)
    return hours


def test_an_hour_is_known_from_the_third_week_on() -> None:
    """Two weeks are no habit."""
    at_s = 10 * WEEK_S + 9.5 * 3600
    assert weeks([1.0, 1.0]).band(at_s) is None
    assert weeks([1.0, 1.5, 2.0]).band(at_s) == (1.0, 1.5, 2.0)
    assert not weeks([1.0, 1.0]).had(at_s, 1.0, 0.01)
    assert weeks([1.0, 1.0, 1.0]).had(at_s, 1.0, 0.01)


def test_one_odd_week_changes_nothing_and_the_fifth_oldest_is_forgotten() -> None:
    """Of five weeks the last four count."""
    at_s = 10 * WEEK_S + 9.5 * 3600
    hours = weeks([7.0, 1.0, 1.0, 9.0, 1.0])
    assert hours.had(at_s, 1.0, 0.01)
    assert not hours.had(at_s, 9.0, 0.01)
    assert hours.band(at_s) == (1.0, 1.0, 9.0)


def test_what_is_kept_is_text_and_comes_back() -> None:
    """Weeks without a level too."""
    hours = weeks([1.0, 1.0, 1.0])
    again = HoursOfWeek()
    again.restore(json.loads(json.dumps(hours.kept(), allow_nan=False)))
    assert again.kept() == hours.kept()
    assert again.band(9.5 * 3600) == hours.band(9.5 * 3600)
    assert np.isfinite(again.band(9.5 * 3600) or (np.nan,)).all()
