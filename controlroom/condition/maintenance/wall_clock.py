"""Between the wall clock of a named zone and moments of time, after RFC 5545, section 3.3.5.

Rules:
1. A local time that does not exist, for the clock is set forward over it, is read with the offset before the
   gap: 02:30 becomes 03:30.
2. A local time that comes twice is the first of the two.
3. A zone's name is untrusted text.
4. A clock may be wrong by thousands of years: before 1970 and after 9000 it is those years.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from controlroom.condition.maintenance.refusal import PlanRefusedError, Refusal

_LONGEST_NAME = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_UTC_S = 221_845_392_000.0  # the year 9000
_SEARCH_S = 0.5


class ClockChange(NamedTuple):
    """The moment at which a zone's clock is set, and by how much: forward above 0."""

    at_utc_s: float
    by_s: float


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """Return the zone of a name; refuse what is none (rule 3)."""
    if not 0 < len(name) <= _LONGEST_NAME:
        raise PlanRefusedError(Refusal.NO_SUCH_ZONE, name)
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise PlanRefusedError(Refusal.NO_SUCH_ZONE, name) from error


def utc_s_of(local: datetime, zone: zoneinfo.ZoneInfo) -> float:
    """Return the moment that a wall clock shows such a time (rules 1 and 2)."""
    # What ``fold=0`` means in a gap and in a fold (PEP 495) is just what the RFC asks for.
    return (local.replace(tzinfo=zone, fold=0) - _EPOCH).total_seconds()


def local_of(utc_s: float, zone: zoneinfo.ZoneInfo) -> datetime:
    """Return what the wall clock shows at a moment, without its zone."""
    return _shown(utc_s, zone).replace(tzinfo=None, fold=0)


def offset_s(utc_s: float, zone: zoneinfo.ZoneInfo) -> float:
    """Return how far the wall clock is ahead of UTC at a moment."""
    ahead = _shown(utc_s, zone).utcoffset()
    return 0.0 if ahead is None else ahead.total_seconds()


def _shown(utc_s: float, zone: zoneinfo.ZoneInfo) -> datetime:
    return (_EPOCH + timedelta(seconds=min(max(utc_s, 0.0), _LAST_UTC_S))).astimezone(zone)


def exists(local: datetime, zone: zoneinfo.ZoneInfo) -> bool:
    """Whether a wall clock ever shows such a time."""
    return local_of(utc_s_of(local, zone), zone) == local


def clock_change_in(since_utc_s: float, until_utc_s: float, zone: zoneinfo.ZoneInfo) -> ClockChange | None:
    """Find a change of the clock after one moment and not after another, where the offsets differ."""
    before_s, after_s = offset_s(since_utc_s, zone), offset_s(until_utc_s, zone)
    if before_s == after_s:
        return None
    low_s, high_s = since_utc_s, until_utc_s
    while high_s - low_s > _SEARCH_S:
        middle_s = (low_s + high_s) / 2
        if offset_s(middle_s, zone) == before_s:
            low_s = middle_s
        else:
            high_s = middle_s
    return ClockChange(round(high_s), offset_s(round(high_s), zone) - before_s)
