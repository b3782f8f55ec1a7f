"""The bars of the chart of alarms an hour: how many hours share one, and when each begins. It draws nothing.

Rules:
1. Where there are more hours than bars, a bar stands for several and tells the most that came in one of them:
   a bad hour is never averaged away.
2. A bar is watched where any of its hours was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from controlroom.alarms.health.rates import Hourly
from ui.desk import time_text

HOUR_S: Final = 3600.0
_LABEL_STEPS_H: Final = (1, 2, 3, 6, 12, 24, 48, 120, 240, 720, 1440, 4320)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: from when on, for how many hours, and the most that came in one of them."""

    from_utc_s: float
    hours: int
    most: int
    watched: bool


def bars_of(hourly: Hourly, most_bars: int) -> list[Bar]:
    """Put the hours into so many bars at most (rules 1 and 2)."""
    counts, watched = hourly.counts, hourly.watched
    size = max(1, -(-len(counts) // max(1, most_bars)))
    return [
        Bar(
            from_utc_s=hourly.first_utc_s + start * HOUR_S,
            hours=len(counts[start : start + size]),
            most=max(counts[start : start + size]),
            watched=any(watched[start : start + size]),
        )
        for start in range(0, len(counts), size)
    ]


def labels_of(hourly: Hourly, most_labels: int, zone: ZoneInfo) -> Sequence[tuple[float, str]]:
    """Return some full hours of the site's own clock with their words, at most so many."""
    count = len(hourly.counts)
    step_h = next((step for step in _LABEL_STEPS_H if count / step <= most_labels), _LABEL_STEPS_H[-1])
    found, days = list[tuple[float, str]](), 0
    for place in range(count):
        at_utc_s = hourly.first_utc_s + place * HOUR_S
        local = time_text.local(at_utc_s, zone)
        midnight = local.hour == 0
        if step_h < 24 and local.hour % step_h == 0 and not midnight:
            found.append((at_utc_s, f"{local:%H:%M}"))
        elif midnight:
            if step_h <= 24 or days % (step_h // 24) == 0:
                found.append(
                    (
                        at_utc_s,
                        f"{local:%a} {local.day} {local:%b}" if step_h <= 24 else _date(at_utc_s, zone),
                    )
                )
            days += 1
    return found


def _date(at_utc_s: float, zone: ZoneInfo) -> str:
    local = time_text.local(at_utc_s, zone)
    return f"{local.day} {local:%b}"
