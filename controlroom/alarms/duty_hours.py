"""When hours of the clock on the wall begin and end, in a zone whose clock is set twice a year. Pure.

Rules:
1. Hours begin, and end, at the first moment at which the clock on the wall has reached their time of that
   day. Where the clock is set forward over it, that is the moment at which it is set.
2. So hours that follow each other on the wall follow each other in truth: nobody is on duty twice or not at
   all because a clock was set.
3. Hours belong to the day on which they begin; those that do not end after their beginning end on the next.
4. A clock may be wrong by thousands of years: moments before 1970 and after the year 9000 lie in no hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from controlroom.site.duty import Hours, Weekday

_DAY: Final = timedelta(days=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_UTC_S: Final = 2 * 86_400.0
_LAST_UTC_S: Final = 221_845_392_000.0
_DAYS: Final = tuple(Weekday)


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment until another, which is no part of it."""

    begin_utc_s: float
    end_utc_s: float

    def holds(self, at_utc_s: float) -> bool:
        """Whether a moment lies in it."""
        return self.begin_utc_s <= at_utc_s < self.end_utc_s


def span_at(hours: Hours, at_utc_s: float, zone: ZoneInfo) -> Span | None:
    """Return the span of hours in which a moment lies, or ``None`` where it lies in none."""
    if not _FIRST_UTC_S <= at_utc_s <= _LAST_UTC_S:
        return None
    local = (_EPOCH + timedelta(seconds=at_utc_s)).astimezone(zone).date()
    spans = (_span(hours, local + days * _DAY, zone) for days in (-2, -1, 0, 1))
    return next((span for span in spans if span is not None and span.holds(at_utc_s)), None)


def end_of_all(hours: Sequence[Hours], at_utc_s: float, zone: ZoneInfo) -> float:
    """Return the first moment, from this one on, that lies in none of these hours.

    Hours that follow each other without end have none: then it is the moment itself.
    """
    end_utc_s = at_utc_s
    for _ in range(14 * (1 + len(hours))):
        held = next((span for one in hours if (span := span_at(one, end_utc_s, zone)) is not None), None)
        if held is None:
            return end_utc_s
        end_utc_s = held.end_utc_s
    return at_utc_s


def _span(hours: Hours, day: date, zone: ZoneInfo) -> Span | None:
    if hours.days and _DAYS[day.weekday()] not in hours.days:
        return None
    begin, until = _time(hours.begin), _time(hours.until)
    last = day if until > begin else day + _DAY
    return Span(reached(datetime.combine(day, begin), zone), reached(datetime.combine(last, until), zone))


def reached(local: datetime, zone: ZoneInfo) -> float:
    """Return the first moment at which the clock on the wall has reached a time (rule 1)."""
    early = _utc_s(local.replace(tzinfo=zone, fold=0))
    if _shown(early, zone) == local:
        return early
    # The clock is set forward over it. By PEP 495 the two folds now stand for the offsets before and after.
    low_s, high_s = sorted((_utc_s(local.replace(tzinfo=zone, fold=1)), early))
    while high_s - low_s > 1:
        middle_s = float(round((low_s + high_s) / 2))
        low_s, high_s = (low_s, middle_s) if _shown(middle_s, zone) >= local else (middle_s, high_s)
    return high_s


def _time(text: str) -> time:
    return time.fromisoformat(text)


def _utc_s(moment: datetime) -> float:
    return (moment - _EPOCH).total_seconds()


def _shown(utc_s: float, zone: ZoneInfo) -> datetime:
    return (_EPOCH + timedelta(seconds=utc_s)).astimezone(zone).replace(tzinfo=None, fold=0)
