"""Windows, zones and changes of the clock for these tests."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from controlroom.condition.maintenance.wall_clock import offset_s
from controlroom.condition.maintenance.window import Flexible, MaintenanceWindow, OneOff, Plan, Recurring

ZONES = sorted(zoneinfo.available_timezones())
YEARS = st.integers(1990, 2100)
HOUR_S, DAY_S = 3600.0, 86_400.0


def utc_s(text: str) -> float:
    """A moment by its ISO text."""
    return datetime.fromisoformat(text).timestamp()


def window(plan: Plan, zone: str = "Europe/Berlin") -> MaintenanceWindow:
    """A window of a plan on one endpoint."""
    return MaintenanceWindow(1, "Mast", "New radio", "anna", 0.0, ("mast",), (), zone, plan)


def recurring(
    rule: str, start: str, length_s: float = HOUR_S, zone: str = "Europe/Berlin"
) -> MaintenanceWindow:
    """A recurring one by its rule and local start."""
    return window(Recurring(datetime.fromisoformat(start), length_s, rule), zone)


def one_off(begins: str, ends: str) -> MaintenanceWindow:
    """A one-off one by its two moments."""
    return window(OneOff(utc_s(begins), utc_s(ends)))


def flexible(earliest: str, latest: str, length_s: float) -> MaintenanceWindow:
    """A flexible one."""
    return window(Flexible(utc_s(earliest), utc_s(latest), length_s))


def days_of_change(zone: zoneinfo.ZoneInfo, year: int) -> list[datetime]:
    """The days of a year, in UTC, in which the clock of a zone is set."""
    noon = datetime(year, 1, 1, 12, tzinfo=UTC)
    days = [noon + timedelta(days=day) for day in range(367)]
    ahead_s = [offset_s(day.timestamp(), zone) for day in days]
    return [day for day, one, other in zip(days, ahead_s, ahead_s[1:], strict=False) if one != other]


@st.composite
def starts(draw: st.DrawFn) -> tuple[zoneinfo.ZoneInfo, datetime]:
    """A zone and a local start, mostly some days before a change of its clock."""
    zone, year = zoneinfo.ZoneInfo(draw(st.sampled_from(ZONES))), draw(YEARS)
    days = days_of_change(zone, year)
    day = draw(st.sampled_from(days)) if days else datetime(year, draw(st.integers(1, 12)), 1, tzinfo=UTC)
    day -= timedelta(days=draw(st.integers(-1, 9)))
    minute = draw(st.integers(0, 24 * 60 - 1))
    return zone, datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None) + timedelta(
        minutes=minute
    )
