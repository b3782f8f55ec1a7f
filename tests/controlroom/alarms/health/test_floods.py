"""Floods, by the worked test: eleven alarms in ten minutes start one, fewer than five in a window end it."""

from __future__ import annotations

import pytest

from controlroom.alarms.health.targets import Measure, Verdict
from tests.controlroom.alarms.health.told_log import HOUR_S, MINUTE_S, START_S, ToldLog, burst


def test_ten_in_ten_minutes_are_no_flood() -> None:
    """Neither are eleven in a moment more."""
    assert burst(10, apart_s=1.0).health().floods == ()
    assert burst(11, apart_s=60.0).health().floods == ()


def test_eleven_in_ten_minutes_start_one() -> None:
    """Dated from the first; over when fewer than five came within ten minutes: ten after the fifth last."""
    (flood,) = burst(11, first_s=100.0, apart_s=50.0).health().floods
    assert (flood.from_utc_s - START_S, flood.count, flood.most_in_10_min) == (100.0, 11, 11)
    assert flood.until_utc_s - START_S == 100.0 + 6 * 50.0 + 600.0
    assert (flood.ongoing, flood.sources) == (False, 11)


def test_it_stays_until_a_window_has_fewer_than_five() -> None:
    """Five in every ten minutes keep it going for an hour, four end it."""
    log = burst(11, apart_s=10.0)
    for place in range(30):
        log.raised(220.0 + place * 120.0, "slow")
    (flood,) = log.health().floods
    assert flood.count == 41
    assert flood.until_utc_s - START_S == 220.0 + 25 * 120.0 + 600.0
    sparse = burst(11, apart_s=10.0)
    for place in range(20):
        sparse.raised(250.0 + place * 150.0, "slow")
    (ended,) = sparse.health().floods
    assert ended.until_utc_s - START_S < 15 * MINUTE_S


def test_two_floods_are_two() -> None:
    """With the share of the time that they took."""
    log = burst(12, apart_s=10.0)
    for place in range(15):
        log.raised(2 * HOUR_S + place * 10.0, f"later-{place}")
    found = log.health(until_s=10 * HOUR_S)
    assert [flood.count for flood in found.floods] == [12, 15]
    lasted_s = [flood.until_utc_s - flood.from_utc_s for flood in found.floods]
    assert lasted_s == [7 * 10.0 + 600.0, 10 * 10.0 + 600.0]
    share = found.told(Measure.FLOOD_TIME)
    assert share.value == pytest.approx(sum(lasted_s) / (10 * HOUR_S))
    assert share.verdict is Verdict.NOT_MET


def test_what_nobody_watched_is_no_time_in_flood() -> None:
    """Neither above nor below the line."""
    log = burst(11, apart_s=10.0)
    found = log.health(until_s=HOUR_S, blind=((300.0, HOUR_S),))
    assert found.flood_s == 300.0
    assert found.told(Measure.FLOOD_TIME).value == 1.0


def test_one_that_the_range_cuts_goes_on() -> None:
    """It ends with the range, and says so."""
    (flood,) = burst(11, apart_s=10.0).health(until_s=200.0).floods
    assert flood.ongoing
    assert flood.until_utc_s - START_S == 200.0


def test_two_positions_take_twice_as_many() -> None:
    """Twenty in ten minutes are no flood for two; twenty-one are, until fewer than ten."""
    assert burst(20, apart_s=10.0).health(positions=2).floods == ()
    (flood,) = burst(21, apart_s=10.0).health(positions=2).floods
    assert flood.until_utc_s - START_S == 11 * 10.0 + 600.0


def test_many_at_the_very_same_moment() -> None:
    """As when one cut takes them all."""
    (flood,) = burst(2000, apart_s=0.0).health().floods
    assert (flood.count, flood.most_in_10_min, flood.sources, len(flood.named)) == (2000, 2000, 2000, 10)
    assert flood.until_utc_s - flood.from_utc_s == 600.0


def test_it_names_the_sources_with_the_most() -> None:
    """Each with its count."""
    log = ToldLog()
    for place in range(8):
        log.raised(place * 10.0, "loud")
    for place in range(4):
        log.raised(100.0 + place, f"mast-{place}")
    (flood,) = log.health().floods
    assert [(source.subject, count) for source, count in flood.named[:2]] == [("loud", 8), ("mast-0", 1)]
