"""How many alarms in how long a time: by hand."""

from __future__ import annotations

import pytest

from controlroom.alarms.health.targets import Measure, Verdict
from tests.controlroom.alarms.health.told_log import DAY_S, HOUR_S, MINUTE_S, START_S, ToldLog, burst


def test_averages_are_over_the_time_that_was_monitored() -> None:
    """48 alarms in a day are 2 an hour; where monitoring ran for half of it they are 4."""
    log = burst(48, apart_s=30 * MINUTE_S)
    whole = log.health()
    assert whole.told(Measure.PER_HOUR).value == 2.0
    assert whole.told(Measure.PER_10_MIN).value == pytest.approx(1 / 3)
    assert whole.told(Measure.PER_DAY).value == 48.0
    half = log.health(blind=((0.0, 4 * HOUR_S), (3 * HOUR_S, 12 * HOUR_S)))
    assert half.told(Measure.PER_HOUR).value == 4.0
    assert (half.ran.length_s, half.ran.unmonitored_s) == (12 * HOUR_S, 12 * HOUR_S)


def test_two_positions_share_the_alarms() -> None:
    """Of 9 an hour one position has more than is acceptable, and two have not."""
    log = burst(9 * 24, apart_s=HOUR_S / 9)
    assert log.health().told(Measure.PER_HOUR).verdict is Verdict.MANAGEABLE
    shared = log.health(positions=2).told(Measure.PER_HOUR)
    assert (shared.value, shared.verdict) == (4.5, Verdict.MET)


def test_ten_minutes_say_nothing_of_an_hour_or_a_day() -> None:
    """And nothing at all is said of what nobody watched: it is unknown, and not zero."""
    short = burst(2).health(until_s=10 * MINUTE_S)
    assert short.told(Measure.PER_10_MIN).value == 2.0
    assert [short.told(each).verdict for each in (Measure.PER_HOUR, Measure.PER_DAY)] == [Verdict.UNKNOWN] * 2
    blind = ToldLog().health(blind=((0.0, DAY_S),))
    assert {each.value for each in blind.judged} == {None}
    assert {each.verdict for each in blind.judged} == {Verdict.UNKNOWN}


def test_a_quiet_day_meets_every_target() -> None:
    """But for the shares, which nobody can tell of none."""
    quiet = ToldLog().health()
    shares = {Measure.TOP_TEN, Measure.CRITICAL, Measure.HIGH, Measure.MEDIUM, Measure.LOW}
    assert {each.verdict for each in quiet.judged if each.measure not in shares} == {Verdict.MET}
    assert {quiet.told(each).verdict for each in shares} == {Verdict.UNKNOWN}
    assert quiet.advice == ()


def test_windows_and_hours_follow_the_clock_and_the_worst_ten_minutes_do_not() -> None:
    """Eleven alarms over a full ten minutes are in no window too many, and yet eleven in ten minutes."""
    log = burst(6, first_s=5 * MINUTE_S + 1, apart_s=59.0)
    for place in range(5):
        log.raised(10 * MINUTE_S + 1 + place * 59.0, f"other-{place}")
    found = log.health(until_s=2 * HOUR_S)
    assert (found.rates.windows, found.rates.windows_over) == (12, 0)
    most = found.told(Measure.MOST_IN_10_MIN)
    assert (most.value, most.verdict) == (11.0, Verdict.NOT_MET)


def test_a_window_over_the_limit_is_a_share_of_those_that_were_watched() -> None:
    """One of twelve; of six where an hour was blind; and one that was hardly watched counts all the same."""
    log = burst(11, apart_s=10.0)
    assert log.health(until_s=2 * HOUR_S).told(Measure.WINDOWS_OVER).value == 1 / 12
    blind = log.health(until_s=2 * HOUR_S, blind=((HOUR_S, 2 * HOUR_S),))
    assert blind.told(Measure.WINDOWS_OVER).value == 1 / 6
    hardly = log.health(until_s=2 * HOUR_S, blind=((110.0, 2 * HOUR_S),))
    assert (hardly.rates.windows, hardly.rates.windows_over) == (1, 1)


def test_an_hour_with_more_than_thirty() -> None:
    """Thirty are none too many."""
    assert burst(30, apart_s=100.0).health().rates.hours_over == 0
    over = burst(31, apart_s=100.0).health()
    assert (over.rates.hours, over.rates.hours_over) == (24, 1)
    assert over.told(Measure.HOURS_OVER).value == 1 / 24


def test_the_hours_of_the_chart() -> None:
    """From the first full hour on, each with its count, and what was not watched marked."""
    log = burst(3, first_s=HOUR_S + 1, apart_s=HOUR_S)
    hourly = log.health(since_s=1800.0, until_s=5 * HOUR_S, blind=((4 * HOUR_S, 5 * HOUR_S),)).rates.hourly
    assert hourly.first_utc_s == START_S
    assert hourly.counts == (0, 1, 1, 1, 0)
    assert hourly.watched == (True, True, True, True, False)


def test_a_range_below_thirty_days_is_short() -> None:
    """For which the targets are not meant."""
    log = burst(1)
    assert log.health(until_s=29 * DAY_S).short
    assert not log.health(until_s=30 * DAY_S).short
