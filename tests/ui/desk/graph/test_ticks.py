"""Ticks at round local times and values."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from ui.desk.graph.ticks import readable_ticks, state_ticks, time_ticks, value_ticks


def test_ticks_stand_at_round_local_times() -> None:
    """In a zone of half hours the ticks are whole hours of that zone."""
    zone = ZoneInfo("Asia/Kolkata")
    since = datetime(2026, 11, 22, 10, 7, tzinfo=UTC).timestamp()
    labels = [words for _, words in time_ticks(since, since + 6 * 3600, 8, zone)]
    assert labels == ["16:00", "17:00", "18:00", "19:00", "20:00", "21:00"]


def test_midnight_shows_the_date() -> None:
    """Where the day changes, the tick says so."""
    zone = ZoneInfo("UTC")
    since = datetime(2026, 11, 22, 22, 0, tzinfo=UTC).timestamp()
    labels = [words for _, words in time_ticks(since, since + 4 * 3600, 5, zone)]
    assert "Mon 23 Nov" in labels


def test_weeks_begin_on_monday_also_when_the_clocks_change() -> None:
    """Each tick is a local midnight, before and after the change."""
    zone = ZoneInfo("Europe/London")
    since = datetime(2026, 10, 10, tzinfo=UTC).timestamp()
    labels = [words for _, words in time_ticks(since, since + 30 * 86_400, 5, zone)]
    assert labels == ["Mon 12 Oct", "Mon 19 Oct", "Mon 26 Oct", "Mon 2 Nov", "Mon 9 Nov"]
    labels = [words for _, words in time_ticks(since, since + 30 * 86_400, 20, zone)]
    assert labels[7:10] == ["Mon 26 Oct", "Wed 28 Oct", "Fri 30 Oct"]


def test_values_are_round_and_few() -> None:
    """Steps of 1, 2 or 5, from zero."""
    assert [words for _, words in value_ticks(57.0, 6)] == ["0", "10", "20", "30", "40", "50"]
    assert [words for _, words in value_ticks(0.9, 5)] == ["0.0", "0.2", "0.4", "0.6", "0.8"]


def test_in_little_room_there_are_two_numbers_all_the_same() -> None:
    """Where the unit takes the place of the upper one, there is one between."""
    assert [words for _, words in value_ticks(22.0, 2)] == ["0", "20"]
    assert [words for _, words in readable_ticks(22.0, 2, 0.0, 18.0)] == ["0", "10", "20"]
    assert [words for _, words in readable_ticks(22.0, 2, 0.0, 21.0)] == ["0", "20"]


@example(80080081.0, 2, 0.609375)
@given(st.floats(1e-6, 1e9), st.integers(2, 8), st.floats(0.6, 1.0))
def test_two_numbers_have_room_on_any_axis(top: float, most: int, share: float) -> None:
    """However high the axis, and however little room the unit leaves."""
    ticks = readable_ticks(top, most, 0.0, share * top)
    assert len([at for at, _ in ticks if at <= share * top]) >= 2


def test_states_are_named_where_their_code_stands() -> None:
    """Only those of the range that is shown; of two that stand too close, the lower one."""
    meanings = [(5, "lost"), (1, "up"), (2, "down"), (3, "testing")]
    assert state_ticks(3.6, 10, 0.4, meanings) == [(1.0, "up"), (2.0, "down"), (3.0, "testing")]
    assert state_ticks(5.6, 3, 0.4, meanings) == [(1.0, "up"), (3.0, "testing"), (5.0, "lost")]
    assert state_ticks(0.9, 3, 0.1, meanings) == []
