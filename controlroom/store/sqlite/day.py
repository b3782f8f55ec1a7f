"""UTC days as whole numbers since 1970, and the files that hold a day, a month or a year of history. Pure."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controlroom.store.interface import IntArray

DAY_US: Final = 86_400_000_000
_EPOCH: Final = datetime.date(1970, 1, 1).toordinal()
_RAW: Final = re.compile(r"raw-(\d{4})-(\d{2})-(\d{2})\.db")
_MINUTES: Final = re.compile(r"minutes-(\d{4})-(\d{2})\.db")
_HOURS: Final = re.compile(r"hours-(\d{4})\.db")


def day_of(time_us: int) -> int:
    """Return the day in which a time lies."""
    return time_us // DAY_US


def days_of(times_us: IntArray) -> IntArray:
    """Return the day of each time."""
    return times_us // DAY_US


def date_of(day: int) -> datetime.date:
    """Return a day as a date."""
    return datetime.date.fromordinal(_EPOCH + day)


@dataclass(frozen=True, slots=True)
class HistoryFolder:
    """Where the history's files lie, and what they are called. It opens none of them."""

    path: Path

    def raw(self, day: int) -> Path:
        """Return the file with a day's readings."""
        return self.path / f"raw-{date_of(day).isoformat()}.db"

    def minutes(self, day: int) -> Path:
        """Return the file with the minutes of a day's month."""
        return self.path / f"minutes-{date_of(day).isoformat()[:7]}.db"

    def hours(self, day: int) -> Path:
        """Return the file with the hours and days of a day's year."""
        return self.path / f"hours-{date_of(day).isoformat()[:4]}.db"

    def raw_days(self) -> list[int]:
        """Return the days of which there are readings, the oldest first."""
        found = (_RAW.fullmatch(name) for name in self._names())
        days = (_day(*map(int, match.groups())) for match in found if match)
        return sorted(day for day in days if day is not None)

    def minute_files(self) -> list[Path]:
        """Return the files of minutes, the oldest first."""
        return [self.path / name for name in sorted(self._names()) if _MINUTES.fullmatch(name)]

    def hour_files(self) -> list[Path]:
        """Return the files of hours and days, the oldest first."""
        return [self.path / name for name in sorted(self._names()) if _HOURS.fullmatch(name)]

    def days_in(self, path: Path) -> range:
        """Return the days that a file of minutes or hours is for; none of any other file."""
        month, year = _MINUTES.fullmatch(path.name), _HOURS.fullmatch(path.name)
        if month:
            first = int(month[1]), int(month[2])
            return _days_between(first, (first[0] + first[1] // 12, first[1] % 12 + 1))
        return _days_between((int(year[1]), 1), (int(year[1]) + 1, 1)) if year else range(0)

    def files(self) -> list[Path]:
        """Return all files, readings first."""
        return [*map(self.raw, self.raw_days()), *self.minute_files(), *self.hour_files()]

    def _names(self) -> list[str]:
        try:
            return [each.name for each in self.path.iterdir()]
        except FileNotFoundError:
            return []


def _day(year: int, month: int, day: int) -> int | None:
    try:
        return datetime.date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None  # a name that looks like ours and is no date


def _days_between(first: tuple[int, int], end: tuple[int, int]) -> range:
    """Return the days from the first of a month until the first of another."""
    begin, stop = _day(*first, 1), _day(*end, 1)
    return range(0) if begin is None or stop is None else range(begin, stop)
