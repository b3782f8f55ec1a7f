"""Hours of the clock on the wall: right over midnight and when the clock is set, in all zones and years."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from controlroom.alarms.duty_hours import end_of_all, reached, span_at
from controlroom.site.duty import Hours, Weekday

LONDON = ZoneInfo("Europe/London")
ZONES = sorted(zoneinfo.available_timezones())
MOMENTS = st.floats(
    datetime(1975, 1, 1, tzinfo=UTC).timestamp(), datetime(2090, 1, 1, tzinfo=UTC).timestamp()
)
TIMES = st.integers(0, 1439).map(lambda minute: f"{minute // 60:02d}:{minute % 60:02d}")


def hours(begin: str, until: str, *days: Weekday) -> Hours:
    """Hours as in a site file."""
    return Hours.model_validate({"from": begin, "until": until, "days": days})


def at(text: str) -> float:
    """A moment with its offset."""
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("moment", "held"),
    [
        ("2026-11-27T18:59:59+00:00", False),
        ("2026-11-27T19:00:00+00:00", True),
        ("2026-11-28T06:59:59+00:00", True),
        ("2026-11-28T07:00:00+00:00", False),
        ("2026-11-28T20:00:00+00:00", False),
        ("2026-11-27T03:00:00+00:00", False),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(moment: str, held: bool) -> None:
    """The night of Friday ends on Saturday morning, and that of Thursday is not meant."""
    night = hours("19:00", "07:00", Weekday.FRIDAY)
    assert (span_at(night, at(moment), LONDON) is not None) is held


def test_a_night_in_which_the_clock_is_set_is_as_long_as_it_is() -> None:
    """Eleven hours in spring, thirteen in autumn, by the clock of London."""
    night = hours("19:00", "07:00")
    spring = span_at(night, at("2026-03-29T00:30:00+00:00"), LONDON)
    autumn = span_at(night, at("2026-10-25T00:30:00+00:00"), LONDON)
    assert spring is not None
    assert autumn is not None
    assert [(span.end_utc_s - span.begin_utc_s) / 3600 for span in (spring, autumn)] == [11, 13]


def test_hours_that_the_clock_leaps_over_begin_when_it_leaps() -> None:
    """01:30 was not on that morning; what was to begin then begins at 02:00 of the new time."""
    span = span_at(hours("01:30", "04:00"), at("2026-03-29T02:00:00+01:00"), LONDON)
    assert span is not None
    assert span.begin_utc_s == at("2026-03-29T02:00:00+01:00")
    inside = hours("01:15", "01:45")
    assert span_at(inside, at("2026-03-29T01:00:00+00:00"), LONDON) is None


def test_hours_that_come_twice_count_from_their_first_beginning_to_their_first_end() -> None:
    """From 01:00 until 01:30 is half an hour, not two of them."""
    early = hours("01:00", "01:30")
    assert span_at(early, at("2026-10-25T01:15:00+01:00"), LONDON) is not None
    assert span_at(early, at("2026-10-25T01:15:00+00:00"), LONDON) is None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ZONES), MOMENTS, TIMES, TIMES)
@example("Pacific/Apia", at("2011-12-30T12:00:00+00:00"), "12:00", "18:00")
@example("Europe/London", at("2026-10-25T01:15:00+00:00"), "01:00", "01:30")
@example("America/St_Johns", at("2006-10-29T02:31:30+00:00"), "23:30", "00:00")
def test_shifts_that_follow_each_other_never_overlap_and_leave_no_gap(
    zone: str, moment: float, first: str, second: str
) -> None:
    """Of two that divide the day exactly one is on duty, at every moment in every zone."""
    if first == second:
        return
    place = ZoneInfo(zone)
    pair = (hours(first, second), hours(second, first))
    spans = [span_at(one, moment, place) for one in pair]
    assert sum(span is not None for span in spans) == 1
    held, other = pair if spans[0] is not None else pair[::-1]
    span = span_at(held, moment, place)
    assert span is not None
    follows = span_at(other, span.end_utc_s, place) or span_at(held, span.end_utc_s, place)
    assert follows is not None
    assert follows.begin_utc_s == span.end_utc_s


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ZONES), MOMENTS, TIMES)
def test_a_whole_day_is_always(zone: str, moment: float, begin: str) -> None:
    """Hours that end when they begin have no end."""
    always = hours(begin, begin)
    assert span_at(always, moment, ZoneInfo(zone)) is not None
    assert end_of_all([always], moment, ZoneInfo(zone)) == moment


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ZONES), MOMENTS, TIMES, TIMES, st.sets(st.sampled_from(Weekday), min_size=1))
def test_a_moment_lies_in_hours_as_the_clock_on_the_wall_shows_where_nobody_sets_it(
    zone: str, moment: float, begin: str, until: str, days: set[Weekday]
) -> None:
    """Two days without a change of the clock around it: then plain reckoning on the wall is right."""
    place = ZoneInfo(zone)
    shown = datetime.fromtimestamp(moment, place)
    offsets = {datetime.fromtimestamp(moment + hour * 3600, place).utcoffset() for hour in range(-60, 61)}
    if len(offsets) > 1:
        return
    minute, day = f"{shown:%H:%M}", list(Weekday)[shown.weekday()]
    before = list(Weekday)[(shown - timedelta(days=1)).weekday()]
    over = until <= begin
    held = (day in days and begin <= minute and (over or minute < until)) or (
        over and before in days and minute < until
    )
    assert (span_at(hours(begin, until, *days), moment, place) is not None) is held


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ZONES), MOMENTS, st.lists(st.tuples(TIMES, TIMES), max_size=3))
def test_the_end_of_all_hours_lies_in_none_of_them(
    zone: str, moment: float, pairs: list[tuple[str, str]]
) -> None:
    """Unless they never end."""
    place, found = ZoneInfo(zone), [hours(*pair) for pair in pairs]
    end_utc_s = end_of_all(found, moment, place)
    assert end_utc_s >= moment
    if end_utc_s > moment:
        assert all(span_at(one, end_utc_s, place) is None for one in found)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ZONES), st.datetimes(datetime(1975, 1, 1), datetime(2090, 1, 1)))  # noqa: DTZ001 - of a wall
def test_the_clock_has_reached_a_time_when_it_shows_it_or_leapt_over_it(zone: str, local: datetime) -> None:
    """Not a second earlier."""
    place, local = ZoneInfo(zone), local.replace(second=0, microsecond=0)
    moment = reached(local, place)
    assert datetime.fromtimestamp(moment, place).replace(tzinfo=None) >= local
    assert datetime.fromtimestamp(moment - 1, place).replace(tzinfo=None) < local


@pytest.mark.parametrize("moment", [-1e12, 0.0, 1e15])
def test_a_clock_that_is_wrong_by_thousands_of_years_is_in_no_hours(moment: float) -> None:
    """And nothing breaks."""
    assert span_at(hours("00:00", "00:00"), moment, LONDON) is None
    assert end_of_all([hours("00:00", "00:00")], moment, LONDON) == moment
