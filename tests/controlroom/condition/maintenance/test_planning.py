"""What is refused of a plan, by its code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controlroom.condition.maintenance.planning import refuse_bad_plan, refuse_unknown_targets
from controlroom.condition.maintenance.refusal import PlanRefusedError, Refusal
from controlroom.condition.maintenance.window import Flexible, MaintenanceWindow
from tests.controlroom.condition.maintenance.windows import (
    DAY_S,
    HOUR_S,
    flexible,
    one_off,
    recurring,
    utc_s,
    window,
)

NOW_UTC_S = utc_s("2026-11-27T12:00+01:00")
TONIGHT = one_off("2026-11-28T02:00+01:00", "2026-11-28T04:00+01:00")


@pytest.mark.parametrize(
    "good",
    [
        TONIGHT,
        one_off("2026-11-27T11:00+01:00", "2026-11-27T13:00+01:00"),
        flexible("2026-11-28T00:00+01:00", "2026-11-28T06:00+01:00", 6 * HOUR_S),
        recurring("FREQ=DAILY;BYDAY=SA,SU", "2020-01-01T00:00", DAY_S),
        recurring("FREQ=DAILY;COUNT=1", "2026-11-27T11:30"),
        replace(TONIGHT, endpoint_ids=(), group_ids=("duct",)),
    ],
)
def test_what_is_right_is_taken(good: MaintenanceWindow) -> None:
    """Also one that has begun already, one that lasts the whole weekend, and one for a group alone."""
    refuse_bad_plan(good, NOW_UTC_S)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (replace(TONIGHT, title=" "), Refusal.NO_TITLE),
        (replace(TONIGHT, reason="\n"), Refusal.NO_REASON),
        (replace(TONIGHT, endpoint_ids=()), Refusal.NO_TARGET),
        (replace(TONIGHT, group_ids=tuple(f"g-{place}" for place in range(100))), Refusal.TOO_MANY_TARGETS),
        (replace(TONIGHT, zone_name="Europe/Nowhere"), Refusal.NO_SUCH_ZONE),
        (one_off("2026-11-28T04:00+01:00", "2026-11-28T02:00+01:00"), Refusal.ENDS_BEFORE_IT_BEGINS),
        (one_off("2026-11-26T04:00+01:00", "2026-11-27T11:59+01:00"), Refusal.OVER_ALREADY),
        (one_off("2026-11-28T04:00+01:00", "2027-12-28T02:00+01:00"), Refusal.TOO_LONG),
        (
            flexible("2026-11-28T00:00+01:00", "2026-11-28T06:00+01:00", 7 * HOUR_S),
            Refusal.LONGER_THAN_ITS_ROOM,
        ),
        (window(Flexible(NOW_UTC_S, NOW_UTC_S + 60, float("nan"))), Refusal.LONGER_THAN_ITS_ROOM),
        (window(Flexible(float("nan"), NOW_UTC_S + 60, 60.0)), Refusal.BAD_TIME),
        (recurring("FREQ=DAILY", "1026-01-01T00:00"), Refusal.BAD_TIME),
        (recurring("FREQ=DAILY", "2026-01-01T00:00", 0.0), Refusal.ENDS_BEFORE_IT_BEGINS),
        (recurring("FREQ=YEARLY", "2026-01-01T00:00", 32 * DAY_S), Refusal.TOO_LONG),
        (recurring("FREQ=DAILY", "2026-01-01T00:00", DAY_S + 60), Refusal.OVERLAPS_ITSELF),
        (recurring("FREQ=DAILY;BYHOUR=1,3", "2026-01-01T01:00", 3 * HOUR_S), Refusal.OVERLAPS_ITSELF),
        (recurring("FREQ=DAILY;COUNT=3", "2026-01-01T01:00"), Refusal.NEVER_BEGINS),
        (recurring("FREQ=DAILY;UNTIL=20261101", "2026-01-01T01:00"), Refusal.NEVER_BEGINS),
        (recurring("FREQ=DAILY;INTERVAL=7;BYDAY=MO", "2026-01-01T01:00"), Refusal.NEVER_BEGINS),
        (recurring("FREQ=SECONDLY", "2026-01-01T01:00"), Refusal.RULE_TOO_FINE),
    ],
)
def test_what_is_wrong_is_refused_by_its_code(bad: MaintenanceWindow, code: Refusal) -> None:
    """One mistake a time, the first."""
    with pytest.raises(PlanRefusedError) as caught:
        refuse_bad_plan(bad, NOW_UTC_S)
    assert caught.value.code is code


def test_a_target_that_the_site_does_not_have_is_named() -> None:
    """An endpoint, or a risk group."""
    refuse_unknown_targets(TONIGHT, {"mast"}, set())
    for bad in (TONIGHT, replace(TONIGHT, endpoint_ids=(), group_ids=("mast",))):
        with pytest.raises(PlanRefusedError) as caught:
            refuse_unknown_targets(bad, {"roof"}, {"duct"})
        assert (caught.value.code, caught.value.what) == (Refusal.NO_SUCH_TARGET, "mast")
