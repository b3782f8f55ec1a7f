"""Times and durations as people read them, in the site's zone. It reads no clock."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86400


def zone_of(name: str) -> ZoneInfo:
    """Return the zone of a site, or UTC where this machine does not know its name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def local(utc_s: float, zone: ZoneInfo) -> datetime:
    """Return a time of the store as a local time with its offset."""
    return datetime.fromtimestamp(utc_s, zone)


def clock(utc_s: float, zone: ZoneInfo) -> str:
    """Write the time of day: ``14:30:16``."""
    return local(utc_s, zone).strftime("%H:%M:%S")


def day(utc_s: float, zone: ZoneInfo) -> str:
    """Write the date with the weekday: ``Sun 22 Nov 2026``."""
    return f"{local(utc_s, zone):%a} {local(utc_s, zone).day} {local(utc_s, zone):%b %Y}"


def zone_name(utc_s: float, zone: ZoneInfo) -> str:
    """Write the zone as it is at that time: ``CET``, or ``UTC+05:30`` where it has no letters."""
    name = local(utc_s, zone).tzname() or "UTC"
    return name if name[0].isalpha() else f"UTC{name[:3]}:{name[3:] or '00'}"


def utc_clock(utc_s: float) -> str:
    """Write the time of day in UTC: ``13:30 UTC``."""
    return f"{datetime.fromtimestamp(utc_s, UTC):%H:%M} UTC"


def moment(utc_s: float, now_utc_s: float, zone: ZoneInfo) -> str:
    """Write a time of day, with the date in front when it is not today's."""
    then, now = local(utc_s, zone), local(now_utc_s, zone)
    return f"{then:%H:%M:%S}" if then.date() == now.date() else f"{then.day} {then:%b %H:%M}"


def duration(seconds: float) -> str:
    """Write how long something has lasted: ``42 s``, ``17:35``, ``1:17 h``, ``3 d 4 h``."""
    whole = max(0, int(seconds))
    if whole < MINUTE_S:
        return f"{whole} s"
    if whole < HOUR_S:
        return f"{whole // MINUTE_S}:{whole % MINUTE_S:02d}"
    if whole < DAY_S:
        return f"{whole // HOUR_S}:{whole % HOUR_S // MINUTE_S:02d} h"
    return f"{whole // DAY_S} d {whole % DAY_S // HOUR_S} h"


def amount(seconds: float) -> str:
    """Write a sum of time in words that nobody takes for a time of day: ``0 min 24 s``, ``2 h 05 min``."""
    whole = max(0, round(seconds))
    if whole < HOUR_S:
        return f"{whole // MINUTE_S} min {whole % MINUTE_S:02d} s"
    return f"{whole // HOUR_S} h {whole % HOUR_S // MINUTE_S:02d} min"


def span(seconds: float) -> str:
    """Write a span in words, as short as it is: ``40 s``, ``12 min 30 s``, ``2 h 05 min``."""
    whole = max(0, round(seconds))
    return f"{whole} s" if whole < MINUTE_S else amount(whole)
