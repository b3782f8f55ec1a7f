"""How long the room lasts: worked examples that can be done by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controlroom.store.care import Held, StoreStats
from controlroom.store.growth import SPARE_BYTES, Growth, growth
from controlroom.store.interface import Retention

MB = 1_000_000
STATS = StoreStats(
    store_bytes=MB,
    raw=Held(4, 400 * MB, "2026-03-01", "2026-03-04", 400 * MB),
    minutes=Held(1, 30 * MB, "2026-03", "2026-03", 30 * MB),
    hours=Held(1, 6 * MB, "2026", "2026", 6 * MB),
    set_aside=[],
    probes=5,
    series=10,
    log_entries=0,
    sealed_readings=200 * MB,
    backlog_seconds=0,
    readings_per_s=100 * MB / 2 / 86_400,
    rolled_series_days=30,
    free_bytes=SPARE_BYTES + 100_000 * MB,
)
KEPT = Retention(raw_days=14, minute_months=1, hour_years=1, most_bytes=60_000 * MB)


def expected(stats: StoreStats, kept: Retention) -> Growth:
    """What is to be expected, which is known here."""
    told = growth(stats, kept)
    assert told is not None
    return told


def test_a_day_costs_what_its_readings_and_series_do() -> None:
    """50 million readings of 2 bytes; ten series whose days take 1 and 0.2 MB each."""
    told = expected(STATS, KEPT)
    assert told.readings_bytes_a_day == pytest.approx(100 * MB)
    assert told.rollups_bytes_a_day == pytest.approx(12 * MB)


def test_it_levels_off_at_what_is_kept() -> None:
    """14 days of 100 MB, 30.4 of 10 MB, 365 of 2 MB."""
    told = expected(STATS, KEPT)
    assert told.levels_off_bytes == pytest.approx(1400 * MB + 304 * MB + 730 * MB)
    assert (told.full_in_days, told.limit_in_days) == (None, None)


def test_the_limit_by_size_applies_on_the_day_it_is_passed() -> None:
    """436 MB now and 112 more a day: above 1000 MB after 6 days, whatever was set aside."""
    kept = replace(KEPT, most_bytes=1000 * MB)
    assert expected(STATS, kept).limit_in_days == 6
    aside = replace(STATS, set_aside=[("raw-2026-02-01.damaged-1.db", 200 * MB)])
    assert expected(aside, kept).limit_in_days == 6
    assert expected(STATS, replace(KEPT, most_bytes=400 * MB)).limit_in_days == 0


def test_the_disk_is_full_on_the_day_its_room_is_used_up() -> None:
    """500 MB of room and 112 a day."""
    assert expected(replace(STATS, free_bytes=SPARE_BYTES + 500 * MB), KEPT).full_in_days == 5
    assert expected(replace(STATS, free_bytes=0), KEPT).full_in_days == 1


def test_a_kind_that_holds_all_it_may_grows_no_more() -> None:
    """Only minutes and hours still do: 30.4 - 3 days of 10, 365 - 3 of 2 MB."""
    told = expected(STATS, replace(KEPT, raw_days=4))
    assert told.levels_off_bytes == pytest.approx(400 * MB + 304 * MB + 730 * MB)


def test_what_is_not_known_is_not_reckoned() -> None:
    """No rate or nothing packed: nothing is told. No day rolled up: readings alone."""
    assert growth(replace(STATS, readings_per_s=None), KEPT) is None
    assert growth(replace(STATS, sealed_readings=0), KEPT) is None
    told = expected(replace(STATS, rolled_series_days=0, minutes=Held(), hours=Held()), KEPT)
    assert told.rollups_bytes_a_day is None
    assert told.levels_off_bytes == pytest.approx(1400 * MB)
