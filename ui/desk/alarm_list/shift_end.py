"""How long the shift that is on duty still lasts, by the site's hours. It knows nobody who is on duty."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from controlroom.alarms.duty_hours import span_at
from controlroom.site.duty import Hours
from controlroom.site.view import SiteView


def shift_left_s(site: SiteView | None, now_utc_s: float, zone: ZoneInfo) -> float | None:
    """Return the seconds until the first of the shifts on duty ends; ``None`` where none is."""
    ends = []
    for shift in () if site is None else site.shifts:
        told = {"days": shift.days, "from": shift.begin, "until": shift.until}
        span = span_at(Hours.model_validate(told), now_utc_s, zone)
        if span is not None:
            ends.append(span.end_utc_s)
    return min(ends) - now_utc_s if ends else None
