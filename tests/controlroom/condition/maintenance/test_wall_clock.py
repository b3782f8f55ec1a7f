"""Local times that do not exist or come twice, in every zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from controlroom.condition.maintenance.refusal import PlanRefusedError, Refusal
from controlroom.condition.maintenance.wall_clock import (
    clock_change_in,
    exists,
    local_of,
    offset_s,
    utc_s_of,
    zone_of,
)
from tests.controlroom.condition.maintenance.windows import DAY_S, starts, utc_s

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_local_time_that_does_not_exist_takes_the_offset_before_the_gap() -> None:
    """02:30 of the night in which the clock goes forward becomes 03:30."""
    local = datetime.fromisoformat("2026-03-29T02:30")
    assert not exists(local, BERLIN)
    assert utc_s_of(local, BERLIN) == utc_s("2026-03-29T02:30+01:00") == utc_s("2026-03-29T03:30+02:00")


def test_a_local_time_that_comes_twice_is_the_first() -> None:
    """02:30 of the night in which the clock goes back, still in summer time."""
    local = datetime.fromisoformat("2026-10-25T02:30")
    assert utc_s_of(local, BERLIN) == utc_s("2026-10-25T02:30+02:00")


@given(starts())
def test_every_local_time_of_every_zone_comes_back(start: tuple[ZoneInfo, datetime]) -> None:
    """What exists is shown at its moment, the first of two; what does not is shown later by the gap."""
    zone, local = start
    at_utc_s = utc_s_of(local, zone)
    shown = datetime.fromtimestamp(at_utc_s, zone)
    if exists(local, zone):
        assert shown.replace(tzinfo=None, fold=0) == local
        assert shown.fold == 0
    else:
        change = clock_change_in(at_utc_s - DAY_S, at_utc_s, zone)
        assert change is not None
        assert shown.replace(tzinfo=None) - local == timedelta(seconds=change.by_s)


@given(starts())
def test_a_change_of_the_clock_is_found_to_the_second(start: tuple[ZoneInfo, datetime]) -> None:
    """Before it the clock is by so much behind, from it on not."""
    zone, local = start
    at_utc_s = utc_s_of(local, zone)
    change = clock_change_in(at_utc_s, at_utc_s + DAY_S, zone)
    if change is None:
        assert offset_s(at_utc_s, zone) == offset_s(at_utc_s + DAY_S, zone)
    else:
        assert at_utc_s < change.at_utc_s <= at_utc_s + DAY_S
        assert offset_s(change.at_utc_s, zone) - offset_s(change.at_utc_s - 1, zone) == change.by_s


@pytest.mark.parametrize(
    "name", ["", "Europe/Nowhere", "../../etc/passwd", "/etc/localtime", "Europe", "\x00", "x" * 5000]
)
def test_a_name_that_is_no_zone_is_refused(name: str) -> None:
    """With the name."""
    with pytest.raises(PlanRefusedError) as caught:
        zone_of(name)
    assert caught.value.code is Refusal.NO_SUCH_ZONE


def test_a_clock_that_is_wrong_by_thousands_of_years_breaks_nothing() -> None:
    """It is told as the end of what is known."""
    assert local_of(1e15, BERLIN).year == 9000
    assert local_of(-1e15, BERLIN) == datetime(1970, 1, 1, 1, tzinfo=UTC).replace(tzinfo=None)
