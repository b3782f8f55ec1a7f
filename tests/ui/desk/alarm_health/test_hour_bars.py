"""The bars and labels of the chart: no bad hour is lost, and times stand where they are."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from controlroom.alarms.health.rates import Hourly
from ui.desk.alarm_health.hour_bars import HOUR_S, bars_of, labels_of

START_S = 1_800_000_000.0
"""2027-01-15 08:00:00 UTC."""


@given(st.lists(st.tuples(st.integers(0, 300), st.booleans()), max_size=800), st.integers(1, 300))
def test_no_bad_hour_is_lost(hours: list[tuple[int, bool]], most_bars: int) -> None:
    """However many share a bar; and there are never more bars than have room."""
    hourly = Hourly(START_S, tuple(count for count, _ in hours), tuple(watched for _, watched in hours))
    bars = bars_of(hourly, most_bars)
    assert len(bars) <= most_bars
    assert sum(bar.hours for bar in bars) == len(hours)
    assert max((bar.most for bar in bars), default=0) == max(hourly.counts, default=0)
    assert any(bar.watched for bar in bars) == any(hourly.watched)
    assert [bar.from_utc_s for bar in bars] == sorted(bar.from_utc_s for bar in bars)


def test_what_was_not_watched_in_any_hour_is_not_watched() -> None:
    """One watched hour of two is enough for their bar."""
    hourly = Hourly(START_S, (1, 2, 0, 0), (True, False, False, False))
    assert [(bar.most, bar.watched) for bar in bars_of(hourly, 2)] == [(2, True), (0, False)]


def labels(hours: int, most: int, zone: str = "UTC") -> list[tuple[float, str]]:
    """The labels of so many hours, each with how many hours after the first it stands."""
    hourly = Hourly(START_S, (0,) * hours, (True,) * hours)
    return [((at_s - START_S) / HOUR_S, words) for at_s, words in labels_of(hourly, most, ZoneInfo(zone))]


def test_a_day_has_hours_and_its_midnight() -> None:
    """By the site's own clock."""
    assert labels(24, 5) == [(4, "12:00"), (10, "18:00"), (16, "Sat 16 Jan"), (22, "06:00")]
    assert labels(24, 5, "Europe/Berlin")[0] == (3, "12:00")


def test_a_week_has_days_and_a_month_some_of_them() -> None:
    """Never more than there is room for."""
    assert [words for _, words in labels(168, 7)][:2] == ["Sat 16 Jan", "Sun 17 Jan"]
    assert [words for _, words in labels(720, 6)] == [
        *("16 Jan", "21 Jan", "26 Jan", "31 Jan", "5 Feb", "10 Feb")
    ]
    assert len(labels(8760, 6)) <= 7
    assert labels(0, 6) == []
