"""What people type for a time means what they would say it means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.errors import ControlroomError
from controlroom.report.range import Span, span, time_point

NOW_UTC_S = 1_800_000_000.0


def utc(text: str) -> float:
    """A time in UTC as POSIX seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def since(text: str, zone_name: str = "Europe/Berlin") -> float | None:
    """What a text means as the beginning of a range."""
    return span(time_point(text), None, now_utc_s=NOW_UTC_S, zone_name=zone_name).since_utc_s


def until(text: str, zone_name: str = "Europe/Berlin") -> float | None:
    """What a text means as the end of a range."""
    return span(None, time_point(text), now_utc_s=NOW_UTC_S, zone_name=zone_name).until_utc_s


@pytest.mark.parametrize(
    ("text", "back_s"), [("now", 0), ("90s", 90), ("30m", 1800), ("2h", 7200), ("7d", 604800), ("1w", 604800)]
)
def test_a_span_counts_back_from_now(text: str, back_s: float) -> None:
    """The short forms reach back."""
    assert since(text) == NOW_UTC_S - back_s


def test_an_offset_is_obeyed_and_its_absence_means_the_sites_zone() -> None:
    """The same moment in three ways of writing."""
    assert since("2026-07-01T12:00:00Z") == utc("2026-07-01T12:00:00")
    assert since("2026-07-01T14:00:00+02:00") == utc("2026-07-01T12:00:00")
    assert since("2026-07-01T14:00") == utc("2026-07-01T12:00:00")
    assert since("2026-07-01 14:00", "UTC") == utc("2026-07-01T14:00:00")


def test_a_date_is_its_whole_day() -> None:
    """A bare date begins at midnight and ends just before the next, in the site's zone."""
    assert since("2026-07-01") == utc("2026-06-30T22:00:00")
    end = until("2026-07-01")
    assert end is not None
    assert utc("2026-07-01T21:59:59") < end < utc("2026-07-01T22:00:00")


def test_the_hour_that_comes_twice_is_taken_whole() -> None:
    """When the clocks go back, a beginning is the first pass and an end the second."""
    assert since("2026-10-25T02:30") == utc("2026-10-25T00:30:00")
    assert until("2026-10-25T02:30") == utc("2026-10-25T01:30:00")


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2h30m", "-2h", "2026-13-01", "25:00", "9999999d", "\x1b[2J"]
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    """A mistake is named, with what would be right."""
    with pytest.raises(ControlroomError) as caught:
        time_point(text)
    assert caught.value.code == "bad-time"
    assert "ISO 8601" in caught.value.advice
    assert "\x1b" not in str(caught.value)


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    """Nothing is silently exported from an empty range."""
    with pytest.raises(ControlroomError, match="ends before it begins"):
        span(time_point("1h"), time_point("2h"), now_utc_s=NOW_UTC_S, zone_name="UTC")


def test_a_range_that_begins_in_the_future_is_refused() -> None:
    """Nothing can have been measured then; the clock that it is judged by is named."""
    with pytest.raises(ControlroomError, match=r"begins in the future: .*2027-01-15T08:00") as caught:
        since("2099-01-01")
    assert caught.value.code == "empty-range"
    assert since("now") == NOW_UTC_S
    assert until("2099-01-01") is not None


def outcome(read: Callable[[str, str], float | None], text: str) -> str:
    """Whether a text is a moment, or the code with which it is refused."""
    try:
        read(text, "Asia/Tokyo")
    except ControlroomError as error:
        return error.code
    return "moment"


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_no_traceback(text: str) -> None:
    """A date that cannot be turned into a moment is refused in words, or is a moment."""
    assert {outcome(since, text), outcome(until, text)} <= {"moment", "bad-time", "empty-range"}


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever is typed is either a time or refused."""
    try:
        point = time_point(text)
    except ControlroomError:
        return
    assert sum(part is not None for part in (point.back_s, point.utc_s, point.local)) == 1


def test_an_open_range_holds_everything() -> None:
    """A side that was not given does not bound."""
    assert Span().holds(-1e9)
    assert Span(until_utc_s=5).holds(5)
    assert not Span(since_utc_s=5).holds(4.9)
