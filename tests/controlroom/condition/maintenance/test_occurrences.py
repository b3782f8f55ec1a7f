"""When windows are in force: in all zones, over changes of the clock, ended early and cancelled."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.condition.maintenance.occurrences import (
    in_force,
    next_after,
    next_change_utc_s,
    occurrences,
)
from controlroom.condition.maintenance.wall_clock import exists, local_of, utc_s_of
from controlroom.condition.maintenance.window import MaintenanceWindow, Recurring
from tests.controlroom.condition.maintenance.windows import (
    DAY_S,
    HOUR_S,
    flexible,
    one_off,
    recurring,
    starts,
    utc_s,
    window,
)

PERIODS_S = {"FREQ=HOURLY": HOUR_S, "FREQ=HOURLY;INTERVAL=5": 5 * HOUR_S, "FREQ=DAILY": DAY_S}
PERIODS_S |= {"FREQ=DAILY;INTERVAL=3": 3 * DAY_S, "FREQ=WEEKLY": 7 * DAY_S}


@st.composite
def repeating(draw: st.DrawFn) -> MaintenanceWindow:
    """A recurring window that is shorter than its period, near a change of the clock."""
    zone, local = draw(starts())
    rule = draw(st.sampled_from(sorted(PERIODS_S)))
    length_s = 60.0 * draw(st.integers(1, int(PERIODS_S[rule] / 60)))
    return window(Recurring(local, length_s, rule), zone.key)


def _around(found: MaintenanceWindow) -> tuple[ZoneInfo, float, float]:
    assert isinstance(found.plan, Recurring)
    zone = ZoneInfo(found.zone_name)
    begins_utc_s = utc_s_of(found.plan.local_start, zone)
    return zone, begins_utc_s - DAY_S, begins_utc_s + 16 * DAY_S


@given(repeating())
def test_each_begins_by_the_wall_clock_of_its_zone(found: MaintenanceWindow) -> None:
    """The clock shows what was planned, unless it never shows that; and the length is exact seconds."""
    zone, since_utc_s, until_utc_s = _around(found)
    assert isinstance(found.plan, Recurring)
    listed = occurrences(found, since_utc_s, until_utc_s)
    assert listed
    for each, following in pairwise(listed):
        assert each.planned is not None
        shown = datetime.fromtimestamp(each.begins_utc_s, zone).replace(tzinfo=None, fold=0)
        assert shown == each.planned or not exists(each.planned, zone)
        assert each.ends_utc_s == min(each.begins_utc_s + found.plan.length_s, following.begins_utc_s)


@given(repeating())
def test_none_is_left_out(found: MaintenanceWindow) -> None:
    """Each planned local time has its moment in the list."""
    zone, since_utc_s, until_utc_s = _around(found)
    assert isinstance(found.plan, Recurring)
    step = timedelta(seconds=PERIODS_S[found.plan.rule])
    planned = [found.plan.local_start + place * step for place in range(400)]
    moments = [utc_s_of(local, zone) for local in planned if utc_s_of(local, zone) < until_utc_s]
    listed = occurrences(found, since_utc_s, until_utc_s)
    assert [each.begins_utc_s for each in listed] == sorted(set(moments))


@given(repeating())
def test_they_come_in_order_and_never_overlap(found: MaintenanceWindow) -> None:
    """Also where the clock is set forward into the next one."""
    _, since_utc_s, until_utc_s = _around(found)
    listed = occurrences(found, since_utc_s, until_utc_s)
    assert all(each.begins_utc_s < each.ends_utc_s for each in listed)
    assert all(one.ends_utc_s <= other.begins_utc_s for one, other in pairwise(listed))


@given(repeating(), st.floats(0, 1))
def test_what_is_in_force_agrees_with_the_list(found: MaintenanceWindow, part: float) -> None:
    """At any moment, at both ends of each, and with the next that is told."""
    _, since_utc_s, until_utc_s = _around(found)
    listed = occurrences(found, since_utc_s, until_utc_s + 20 * DAY_S)
    moments = [since_utc_s + part * (until_utc_s - since_utc_s)]
    moments += [edge for each in listed[:3] for edge in (each.begins_utc_s, each.ends_utc_s)]
    for at_utc_s in moments:
        now = next((each for each in listed if each.covers(at_utc_s)), None)
        later = next((each for each in listed if each.begins_utc_s > at_utc_s), None)
        assert in_force(found, at_utc_s) == now
        assert next_after(found, at_utc_s) == later
        ends_utc_s = now.ends_utc_s if now is not None else math.inf
        begins_utc_s = later.begins_utc_s if later is not None else math.inf
        assert next_change_utc_s(found, at_utc_s) == min(ends_utc_s, begins_utc_s)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran"])
@pytest.mark.parametrize("year", [1995, 2026, 2060, 2100])
def test_no_night_of_a_year_is_off_by_an_hour(zone: str, year: int) -> None:
    """A nightly window at 23:00, every night of a year, with the nights after both changes of the clock."""
    nightly = recurring("FREQ=DAILY", f"{year}-01-01T23:00", 2 * HOUR_S, zone)
    begin_utc_s = utc_s_of(datetime.fromisoformat(f"{year}-01-01T23:00"), ZoneInfo(zone))
    listed = occurrences(nightly, begin_utc_s, begin_utc_s + 364.5 * DAY_S)
    shown = [local_of(each.begins_utc_s, ZoneInfo(zone)) for each in listed]
    assert shown == [
        datetime.fromisoformat(f"{year}-01-01T23:00") + timedelta(days=day) for day in range(365)
    ]
    assert {each.ends_utc_s - each.begins_utc_s for each in listed} == {2 * HOUR_S}


def test_the_day_after_the_clock_went_back_begins_on_time() -> None:
    """What another monitor had an hour off: the downtime of the day after the end of summer time."""
    daily = recurring("FREQ=DAILY", "2026-10-01T08:00")
    found = occurrences(daily, utc_s("2026-10-24T00:00+02:00"), utc_s("2026-10-27T00:00+01:00"))
    assert [each.begins_utc_s for each in found] == [
        utc_s("2026-10-24T08:00+02:00"),
        utc_s("2026-10-25T08:00+01:00"),
        utc_s("2026-10-26T08:00+01:00"),
    ]


def test_a_summer_old_plan_keeps_its_wall_clock_in_winter() -> None:
    """What another monitor shifts by an hour: a weekly window planned before the change."""
    weekly = recurring("FREQ=WEEKLY;BYDAY=SU", "2026-07-05T03:00")
    assert in_force(weekly, utc_s("2026-12-06T03:30+01:00")) is not None
    assert in_force(weekly, utc_s("2026-12-06T02:30+01:00")) is None
    assert in_force(weekly, utc_s("2026-12-06T04:00+01:00")) is None


def test_over_a_change_of_the_clock_the_length_is_exact() -> None:
    """From 01:00 for four hours: until 06:00 in spring and 04:00 in autumn, never skipped or endless."""
    nightly = recurring("FREQ=DAILY", "2026-01-01T01:00", 4 * HOUR_S)
    spring = in_force(nightly, utc_s("2026-03-29T05:59+02:00"))
    assert spring is not None
    assert spring.ends_utc_s == utc_s("2026-03-29T06:00+02:00")
    assert in_force(nightly, utc_s("2026-10-25T03:59+01:00")) is not None
    assert in_force(nightly, utc_s("2026-10-25T04:00+01:00")) is None


def test_a_beginning_that_the_clock_leaves_out_comes_by_the_offset_before() -> None:
    """02:30 of that night is 03:30, and still one window."""
    nightly = recurring("FREQ=DAILY", "2026-03-01T02:30", 0.5 * HOUR_S)
    found = occurrences(nightly, utc_s("2026-03-29T00:00+01:00"), utc_s("2026-03-30T00:00+02:00"))
    assert [each.begins_utc_s for each in found] == [utc_s("2026-03-29T03:30+02:00")]


def test_what_is_in_force_ends_where_the_clock_brings_the_next_one_early() -> None:
    """Also where that next one is days away: a week less 59 minutes, over the night of the change."""
    length_s = 7 * DAY_S - 59 * 60
    weekly = recurring("FREQ=WEEKLY", "2026-03-28T00:00", length_s)
    now = in_force(weekly, utc_s("2026-03-28T12:00+01:00"))
    assert now is not None
    assert now.ends_utc_s == utc_s("2026-04-04T00:00+02:00") < now.begins_utc_s + length_s


def test_a_day_that_a_zone_left_out_gives_no_second_window() -> None:
    """Samoa had no 30 December 2011: its window falls onto the one of the 31st."""
    daily = recurring("FREQ=DAILY", "2011-12-01T10:00", HOUR_S, "Pacific/Apia")
    found = occurrences(daily, utc_s("2011-12-29T00:00-10:00"), utc_s("2012-01-02T00:00+14:00"))
    shown = [local_of(each.begins_utc_s, ZoneInfo("Pacific/Apia")).day for each in found]
    assert shown == [29, 31, 1]


def test_a_one_off_is_in_force_from_its_beginning_until_before_its_end() -> None:
    """And once only."""
    found = one_off("2026-11-28T02:00+01:00", "2026-11-28T04:00+01:00")
    begins_utc_s, ends_utc_s = utc_s("2026-11-28T02:00+01:00"), utc_s("2026-11-28T04:00+01:00")
    assert in_force(found, begins_utc_s - 1) is None
    assert in_force(found, begins_utc_s) == in_force(found, ends_utc_s - 1) is not None
    assert in_force(found, ends_utc_s) is None
    assert next_change_utc_s(found, begins_utc_s - 1) == begins_utc_s
    assert next_change_utc_s(found, begins_utc_s) == ends_utc_s
    assert next_change_utc_s(found, ends_utc_s) == math.inf


def test_a_flexible_one_begins_with_the_failure_and_is_over_by_its_latest_end() -> None:
    """Without a failure it is never in force."""
    found = flexible("2026-11-28T00:00+01:00", "2026-11-28T06:00+01:00", 2 * HOUR_S)
    assert in_force(found, utc_s("2026-11-28T03:00+01:00")) is None
    early = replace(found, triggered_utc_s=utc_s("2026-11-28T01:00+01:00"))
    assert in_force(early, utc_s("2026-11-28T02:59+01:00")) is not None
    assert in_force(early, utc_s("2026-11-28T03:00+01:00")) is None
    late = replace(found, triggered_utc_s=utc_s("2026-11-28T05:00+01:00"))
    assert in_force(late, utc_s("2026-11-28T05:59+01:00")) is not None
    assert in_force(late, utc_s("2026-11-28T06:00+01:00")) is None


def test_ended_early_means_this_one_alone() -> None:
    """The next of a recurring one comes all the same."""
    nightly = recurring("FREQ=DAILY", "2026-11-01T02:00")
    ended = replace(nightly, ended_utc_s=utc_s("2026-11-28T02:20+01:00"))
    assert in_force(ended, utc_s("2026-11-28T02:19+01:00")) is not None
    assert in_force(ended, utc_s("2026-11-28T02:20+01:00")) is None
    assert in_force(ended, utc_s("2026-11-29T02:20+01:00")) is not None


def test_cancelled_means_that_nothing_comes_any_more() -> None:
    """What was before stays as it was."""
    nightly = recurring("FREQ=DAILY", "2026-11-01T02:00")
    cancelled = replace(nightly, cancelled_utc_s=utc_s("2026-11-28T02:20+01:00"))
    assert in_force(cancelled, utc_s("2026-11-28T02:19+01:00")) is not None
    assert in_force(cancelled, utc_s("2026-11-28T02:20+01:00")) is None
    assert next_after(cancelled, utc_s("2026-11-28T02:20+01:00")) is None
    assert in_force(cancelled, utc_s("2026-11-27T02:50+01:00")) is not None


def test_an_end_in_utc_is_a_moment() -> None:
    """Summer time or not."""
    nightly = recurring("FREQ=DAILY;UNTIL=20261129T010000Z", "2026-11-01T02:00")
    assert in_force(nightly, utc_s("2026-11-29T02:00+01:00")) is not None
    assert next_after(nightly, utc_s("2026-11-29T02:00+01:00")) is None
