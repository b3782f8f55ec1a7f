"""A window is read reading by reading up to a day, and by what buckets tell beyond it."""

from __future__ import annotations

import math

import pytest

from controlroom.measure.figures import LinkFigures
from controlroom.measure.rolled_figures import RolledFigures
from controlroom.report.window_figures import WindowFigures, window_figures
from controlroom.store.interface import Heartbeat, Resolution
from tests.controlroom.report.memory_store import NOON_UTC_S, reading, view
from tests.controlroom.report.rolled_store import RolledStore

DAY_S = 86_400.0


def store(hours: float = 30.0, step_s: float = 60.0, kept: Resolution = Resolution.RAW) -> RolledStore:
    """A link that answers once a minute in 10 to 19 ms, and loses each hundredth; noon is a whole hour."""
    found = RolledStore(site=view("mast"), beat=Heartbeat(1, NOON_UTC_S, {}, 1), kept=kept)
    count = int(hours * 3600 / step_s)
    found.readings = [
        reading("mast", NOON_UTC_S - (count - n) * step_s, None if n % 100 == 50 else 0.01 + n % 10 / 1000)
        for n in range(count)
    ]
    return found


def figures(of: RolledStore, since_utc_s: float, until_utc_s: float = NOON_UTC_S) -> WindowFigures:
    """Read a window of its only endpoint."""
    assert of.site is not None
    (seen,) = of.site.endpoints
    return window_figures(of, seen, seen.probes[0], None, since_utc_s, until_utc_s)


def test_a_day_is_read_reading_by_reading() -> None:
    """With all figures."""
    found = figures(store(), NOON_UTC_S - DAY_S)
    assert isinstance(found.told, LinkFigures)
    assert found.quality is not None
    assert (found.told.asked, found.loss.lost) == (1440, 14)


def test_more_than_a_day_is_told_by_whole_hours() -> None:
    """Counts and extremes are exact; the part of an hour at the beginning is left out, and told as such."""
    found = figures(store(), NOON_UTC_S - DAY_S - 1800)
    assert isinstance(found.told, RolledFigures)
    assert found.quality is None
    assert (found.told.since_utc_s, found.told.until_utc_s) == (NOON_UTC_S - DAY_S, NOON_UTC_S)
    assert (found.told.asked, found.loss.lost) == (1440, 14)
    assert (found.told.latency.min_s, found.told.latency.max_s) == (0.01, 0.019)
    assert found.told.latency.median_s == pytest.approx(0.015, rel=0.01)


def test_an_hour_under_way_counts_up_to_now_but_not_beyond_an_end_in_the_past() -> None:
    """A window that ended half an hour ago has nothing of the hour that it ended in."""
    now = figures(store(), NOON_UTC_S - 2 * DAY_S, NOON_UTC_S + 1800)
    assert now.told.until_utc_s == NOON_UTC_S + 1800
    behind = store()
    behind.beat = Heartbeat(2, NOON_UTC_S + 1801.5, {}, 1)
    assert figures(behind, NOON_UTC_S - 2 * DAY_S, NOON_UTC_S + 1800).told.until_utc_s == NOON_UTC_S + 1800
    past = figures(store(), NOON_UTC_S - 2 * DAY_S, NOON_UTC_S - 1800)
    assert past.told.until_utc_s == NOON_UTC_S - 3600
    assert (now.told.asked, past.told.asked) == (1800, 1740)


def test_where_readings_are_kept_no_longer_minutes_tell_what_they_can() -> None:
    """They have no percentiles that add up: unknown, and no guess."""
    found = figures(store(kept=Resolution.MINUTE), NOON_UTC_S - 300)
    assert isinstance(found.told, RolledFigures)
    assert (found.told.bucket_s, found.told.asked) == (60, 5)
    assert found.told.latency.median_s is None
    assert found.told.latency.max_s is not None


@pytest.mark.parametrize(
    ("health", "length_s", "copies"),
    [
        ({"icmp_lately_duplicate_replies": 5.0, "icmp_lately_duplicate_replies@mast": 4.0}, 3600, 4),
        ({"icmp_lately_duplicate_replies": 5.0}, 3600, None),
        ({"icmp_lately_duplicate_replies": 0.0}, 3600, 0),
        ({"icmp_lately_duplicate_replies": 0.0}, 300, None),
        ({}, 3600, None),
    ],
)
def test_copies_are_known_of_the_last_hour_at_best(
    health: dict[str, float], length_s: float, copies: int | None
) -> None:
    """Only the endpoints with the most are named: of another one nobody knows, unless there were none."""
    of = store()
    of.beat = Heartbeat(1, NOON_UTC_S, health, 1)
    told = figures(of, NOON_UTC_S - length_s).told
    assert isinstance(told, LinkFigures)
    assert told.arrivals.duplicates == copies


def test_of_a_window_in_which_nothing_was_measured_nothing_is_known() -> None:
    """Neither by readings nor by hours."""
    for length_s in (300.0, 10 * DAY_S):
        found = figures(store(), NOON_UTC_S - 50 * DAY_S, NOON_UTC_S - 50 * DAY_S + length_s)
        assert found.loss.ratio is None
        assert found.told.latency.median_s is None
        assert not math.isfinite(found.told.latency.p95_s or math.nan)
