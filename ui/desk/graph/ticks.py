"""Where the axes have their ticks and what stands at them. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from ui.desk import figures
from ui.desk.time_text import DAY_S, MINUTE_S, local

_STEPS_S = (
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
    7200,
    10800,
    21600,
    43200,
    86400,
    172800,
    604800,
)

_A_MONDAY = date(1970, 1, 5).toordinal()

Tick = tuple[float, str]


def time_ticks(since_utc_s: float, until_utc_s: float, most: int, zone: ZoneInfo) -> list[Tick]:
    """Return round local times inside a range, no more than ``most``; midnight shows the date."""
    span_s = until_utc_s - since_utc_s
    step_s = next((step for step in _STEPS_S if span_s / step <= max(1, most)), _STEPS_S[-1])
    if step_s >= DAY_S:
        return _midnights(since_utc_s, until_utc_s, step_s // int(DAY_S), zone)
    offset = local((since_utc_s + until_utc_s) / 2, zone).utcoffset()
    offset_s = offset.total_seconds() if offset is not None else 0.0
    first = math.ceil((since_utc_s + offset_s) / step_s)
    last = math.floor((until_utc_s + offset_s) / step_s)
    return [_time_tick(place * step_s - offset_s, step_s, zone) for place in range(first, last + 1)]


def _midnights(since_utc_s: float, until_utc_s: float, every_days: int, zone: ZoneInfo) -> list[Tick]:
    """Return local midnights, each at its own offset; weeks begin on Monday."""
    first = local(since_utc_s, zone).date().toordinal() - _A_MONDAY
    last = local(until_utc_s, zone).date().toordinal() - _A_MONDAY
    days = (day for day in range(first, last + 1) if day % every_days == 0)
    dates = (date.fromordinal(day + _A_MONDAY) for day in days)
    times = (datetime.combine(each, time(), zone).timestamp() for each in dates)
    return [_time_tick(at, int(DAY_S), zone) for at in times if since_utc_s <= at <= until_utc_s]


def _time_tick(utc_s: float, step_s: int, zone: ZoneInfo) -> Tick:
    then = local(utc_s, zone)
    if step_s >= DAY_S or (then.hour == then.minute == then.second == 0):
        return utc_s, f"{then:%a} {then.day} {then:%b}"
    return utc_s, f"{then:%H:%M}" if step_s >= MINUTE_S else f"{then:%H:%M:%S}"


def value_ticks(top: float, most: int, bottom: float = 0.0) -> list[Tick]:
    """Return round values from the bottom to the top of an axis in the unit on screen."""
    if not (math.isfinite(top) and top > bottom):
        return [(bottom, "0")]
    raw = (top - bottom) / max(1, most)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999)
    first, last = math.ceil(bottom / step - 1e-9), math.floor(top / step + 1e-9)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return [
        (place * step, f"{place * step:.{decimals}f}".replace("-", figures.MINUS))
        for place in range(first, last + 1)
    ]


def readable_ticks(top: float, most: int, bottom: float, highest: float) -> list[Tick]:
    """Return round values, nearer to each other where fewer than two have room below ``highest``.

    With one number alone nobody reads how high a line is.
    """
    values = value_ticks(top, most, bottom)
    for nearer in (2, 4):
        if sum(at <= highest for at, _ in values) > 1:
            break
        values = value_ticks(top, nearer * most, bottom)
    return values


def state_ticks(top: float, most: int, bottom: float, meanings: Sequence[tuple[int, str]]) -> list[Tick]:
    """Return the words of the codes that an axis shows; where they stand too close, the lower one."""
    shown = sorted((float(code), words) for code, words in meanings if bottom <= code <= top)
    apart = (top - bottom) / max(1, most)
    ticks: list[Tick] = []
    for code, words in shown:
        if not ticks or code - ticks[-1][0] >= apart:
            ticks.append((code, words))
    return ticks
