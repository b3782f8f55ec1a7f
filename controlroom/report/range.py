"""From when until when: the times that people type, and the span they mean. It reads no clock.

Rules:
1. ``2h``, ``30m``, ``90s``, ``7d`` and ``2w`` count back from now; ``now`` is now.
2. An ISO 8601 date or time with an offset (or ``Z``) means that moment.
3. One without an offset is the site's local time. In the hour that a change of the clocks repeats, a
   beginning means the first pass and an end the second, so that nothing is left out.
4. A date alone is its first moment as a beginning, and its last as an end.
5. A range that ends before it begins, or begins after now, holds nothing and is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from controlroom.errors import ControlroomError
from controlroom.report.escaping import printable
from controlroom.report.figures import utc_text, zone

_BACK = re.compile(r"(\d{1,6})([smhdw])")
_UNITS_S = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_ADVICE = (
    "Give ISO 8601 such as 2026-03-29, 2026-03-29T14:30 or 2026-03-29T12:30Z, or a span such as 30m, 2h, 7d."
)


@dataclass(frozen=True, slots=True)
class TimePoint:
    """A time as typed: exactly one of the three is given. A bare date is ``whole_day``."""

    back_s: float | None = None
    utc_s: float | None = None
    local: datetime | None = None
    whole_day: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A range of POSIX seconds; ``None`` leaves a side open."""

    since_utc_s: float | None = None
    until_utc_s: float | None = None

    def holds(self, at_utc_s: float) -> bool:
        """Whether a moment lies in the range, its ends included."""
        after = self.since_utc_s is None or at_utc_s >= self.since_utc_s
        return after and (self.until_utc_s is None or at_utc_s <= self.until_utc_s)


def time_point(text: str) -> TimePoint:
    """Read a time (rules 1 to 4), or raise ``ControlroomError`` with the code ``bad-time``."""
    typed = text.strip()
    if typed == "now":
        return TimePoint(back_s=0.0)
    back = _BACK.fullmatch(typed)
    if back is not None:
        return TimePoint(back_s=int(back[1]) * _UNITS_S[back[2]])
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed):
            return TimePoint(local=datetime.combine(date.fromisoformat(typed), time()), whole_day=True)
        moment = datetime.fromisoformat(typed)
        if moment.tzinfo is None:
            return TimePoint(local=moment)
        return TimePoint(utc_s=moment.timestamp())
    except (ValueError, OverflowError):
        shown = printable(typed, 60)
        raise ControlroomError("bad-time", f"“{shown}” is no time that can be read.", _ADVICE) from None


def span(since: TimePoint | None, until: TimePoint | None, *, now_utc_s: float, zone_name: str) -> Span:
    """Return the range that two typed times mean, or raise ``ControlroomError`` (``empty-range``)."""
    since_utc_s = None if since is None else _moment(since, now_utc_s, zone_name, end=False)
    until_utc_s = None if until is None else _moment(until, now_utc_s, zone_name, end=True)
    if since_utc_s is not None and until_utc_s is not None and since_utc_s > until_utc_s:
        raise ControlroomError(
            "empty-range", "The range ends before it begins.", "Exchange --since and --until."
        )
    if since_utc_s is not None and since_utc_s > now_utc_s:
        raise ControlroomError(
            "empty-range",
            f"The range begins in the future: by this machine's clock it is {utc_text(now_utc_s)}.",
            "Give a time before that as --since.",
        )
    return Span(since_utc_s, until_utc_s)


def _moment(point: TimePoint, now_utc_s: float, zone_name: str, *, end: bool) -> float:
    if point.utc_s is not None:
        return point.utc_s
    if point.local is None:
        return now_utc_s - (point.back_s or 0.0)
    local = point.local
    try:
        if point.whole_day and end:
            local = local + timedelta(days=1) - timedelta(microseconds=1)
        moment = local.replace(tzinfo=zone(zone_name)[0], fold=1 if end else 0)
        return moment.astimezone(UTC).timestamp()
    except (OverflowError, ValueError):
        raise ControlroomError("bad-time", "That time is beyond what a calendar holds.", _ADVICE) from None
