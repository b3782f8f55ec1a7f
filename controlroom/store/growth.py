"""How long the room lasts: what a store will hold on each day to come, at the rate of now. Pure.

Rules
1. Each kind grows by its bytes a day until as much is held as the retention keeps, and then stays: the oldest
   goes for each new one. Months and years count as 30.4 and 365 days.
2. Days, months and years are those held now, the present one among them.
3. The first day on which the disk is full, and the first on which the limit by size takes over, are told;
   none of them within ``HORIZON_DAYS`` means that it levels off before.
4. Only measurements are reckoned: the log grows by what happens, which nobody can foresee.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from controlroom.store.care import Held, StoreStats
from controlroom.store.interface import Retention

HORIZON_DAYS: Final = 20 * 365
SPARE_BYTES: Final = 256 * 1024 * 1024
"""A disk with less than this counts as full: the engine says so, and other programs suffer too."""

_DAY_S: Final = 86_400
_MONTH_DAYS: Final = 30.4
_YEAR_DAYS: Final = 365.0


@dataclass(frozen=True, slots=True)
class Growth:
    """What to expect at the present rate. Days count from now."""

    readings_bytes_a_day: float
    rollups_bytes_a_day: float | None
    """``None`` where no day has been rolled up yet: then only the readings are reckoned."""
    full_in_days: int | None
    limit_in_days: int | None
    """When the limit by size begins to drop what the limits by age would keep."""
    levels_off_bytes: int
    """All measurements together once no limit by age lets more be kept, whatever disk and size say."""


@dataclass(frozen=True, slots=True)
class _Kind:
    bytes_now: float
    bytes_a_day: float
    days_now: float
    days_most: float

    def bytes_after(self, days: float) -> float:
        held = max(min(self.days_now + days, self.days_most), self.days_now)
        return self.bytes_now + (held - self.days_now) * self.bytes_a_day


def growth(stats: StoreStats, retention: Retention) -> Growth | None:
    """Return what to expect, or ``None`` where too little is known of the present rate."""
    per_reading = stats.bytes_per_reading
    if per_reading is None or stats.readings_per_s is None:
        return None
    raw_a_day = stats.readings_per_s * per_reading * _DAY_S
    minutes_a_day = _a_day(stats.minutes, stats)
    hours_a_day = _a_day(stats.hours, stats)
    kinds = (
        _Kind(stats.raw.bytes, raw_a_day, stats.raw.files, retention.raw_days),
        _kind(stats.minutes, minutes_a_day, _MONTH_DAYS, retention.minute_months),
        _kind(stats.hours, hours_a_day, _YEAR_DAYS, retention.hour_years),
    )
    room = max(stats.free_bytes - SPARE_BYTES, 0)
    return Growth(
        readings_bytes_a_day=raw_a_day,
        rollups_bytes_a_day=None
        if minutes_a_day is None or hours_a_day is None
        else minutes_a_day + hours_a_day,
        full_in_days=_first_day(kinds, room + sum(kind.bytes_now for kind in kinds)),
        limit_in_days=_first_day(kinds, retention.most_bytes),
        levels_off_bytes=round(sum(kind.bytes_after(HORIZON_DAYS) for kind in kinds)),
    )


def _a_day(held: Held, stats: StoreStats) -> float | None:
    """A day of all series, by the series' days that are held."""
    return held.packed_bytes / stats.rolled_series_days * stats.series if stats.rolled_series_days else None


def _kind(held: Held, bytes_a_day: float | None, days_each: float, most: int) -> _Kind:
    """A file of rollups counts as the days that its bytes stand for."""
    a_day = bytes_a_day or 0.0
    days_now = held.packed_bytes / a_day if a_day else 0.0
    return _Kind(held.bytes, a_day, days_now, most * days_each)


def _first_day(kinds: tuple[_Kind, ...], most_bytes: float) -> int | None:
    if sum(kind.bytes_after(HORIZON_DAYS) for kind in kinds) <= most_bytes:
        return None
    low, high = 0, HORIZON_DAYS  # what is held only grows, so the first day is found by halving
    while low < high:
        middle = (low + high) // 2
        if sum(kind.bytes_after(middle) for kind in kinds) > most_bytes:
            high = middle
        else:
            low = middle + 1
    return low
