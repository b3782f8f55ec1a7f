"""Where windows stand, and until when that holds."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from controlroom.condition.maintenance.standing import WindowStatus, standing_of
from controlroom.condition.maintenance.window import MaintenanceWindow
from tests.controlroom.condition.maintenance.windows import HOUR_S, flexible, one_off, recurring, utc_s

NIGHT = one_off("2026-11-28T02:00+01:00", "2026-11-28T04:00+01:00")
WAITING = flexible("2026-11-28T00:00+01:00", "2026-11-28T06:00+01:00", HOUR_S)
DAILY = recurring("FREQ=DAILY", "2026-11-01T02:00")


@pytest.mark.parametrize(
    ("window", "at", "status", "until"),
    [
        (NIGHT, "2026-11-28T01:00+01:00", WindowStatus.PLANNED, "2026-11-28T02:00+01:00"),
        (NIGHT, "2026-11-28T03:00+01:00", WindowStatus.IN_FORCE, "2026-11-28T04:00+01:00"),
        (NIGHT, "2026-11-28T04:00+01:00", WindowStatus.OVER, ""),
        (WAITING, "2026-11-27T23:00+01:00", WindowStatus.PLANNED, "2026-11-28T00:00+01:00"),
        (WAITING, "2026-11-28T01:00+01:00", WindowStatus.WAITING, "2026-11-28T06:00+01:00"),
        (WAITING, "2026-11-28T06:00+01:00", WindowStatus.OVER, ""),
        (DAILY, "2026-11-28T02:30+01:00", WindowStatus.IN_FORCE, "2026-11-28T03:00+01:00"),
        (DAILY, "2026-11-28T03:00+01:00", WindowStatus.PLANNED, "2026-11-29T02:00+01:00"),
        (replace(DAILY, cancelled_utc_s=1.0), "2026-11-28T02:30+01:00", WindowStatus.CANCELLED, ""),
    ],
)
def test_where_a_window_stands(window: MaintenanceWindow, at: str, status: WindowStatus, until: str) -> None:
    """Of each kind, before, in and after it."""
    found = standing_of(window, utc_s(at))
    assert found.status is status
    assert found.until_utc_s == (utc_s(until) if until else math.inf)
