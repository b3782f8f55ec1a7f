"""Figures and times as people read them: with a unit, an age, a zone. It words no codes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from controlroom.report.unit_prefix import greater_unit, plain_unit, prefixed_unit

NO_VALUE = "–"
"""Stands where there is no value. Never a zero."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_NAMES_BY_SUFFIX = (
    ("_s", "s"),
    ("_days", "days"),
    ("_ratio", "ratio"),
    ("_dbm", "dBm"),
    ("_db", "dB"),
    ("_percent", "%"),
    ("_bytes", "B"),
    ("_celsius", "°C"),
)

_GROUPED_FROM = 1e6
"""From here on nobody counts the digits of a number that has no prefix: they stand in threes."""

_UNDERSTOOD = frozenset({"version", "code"})
"""Units that the value's own name tells already."""


def unit_of(metric: str) -> str:
    """Read the unit from a metric's name, or return ``""`` where the name carries none."""
    return next((unit for suffix, unit in _NAMES_BY_SUFFIX if metric.endswith(suffix)), "")


_MOST_IN_NINE_DIGITS: Final = 999_999_999.5
"""From here on nine digits would be rounded up to ten, which need an exponent."""


def value_text(value: float | None, unit: str, meanings: Sequence[tuple[int, str, str]] = ()) -> str:
    """Write a measured value in the unit that people say it in; what has no other is written as is.

    Seconds below a minute are s, ms, or less where they are small; a ratio is in per cent; bits, bytes,
    hertz, watts, volts and their like have prefixes, none has an exponent. ``None`` and NaN are ``NO_VALUE``.
    A code that ``meanings`` knows is told by what it means.
    """
    if value is None or math.isnan(value):
        return NO_VALUE
    meaning = next((words for code, words, _ in meanings if code == value), "")
    if meaning:
        return meaning
    if unit in ("ratio", "1"):
        return f"{_short(value * 100)} %"
    count, plain = plain_unit(unit) or (1.0, "")
    if plain == "s":
        return _seconds_text(value * count)
    if plain == "Hz":
        return frequency_text(value * count)
    if plain:
        return _prefixed_text(value, unit)
    return f"{_short(value)} {'' if unit in _UNDERSTOOD else unit}".rstrip()


def frequency_text(hertz: float) -> str:
    """Write a frequency in the unit that people say it in, with all digits that tell channels apart."""
    size, unit = prefixed_unit("Hz", hertz) or (1.0, "Hz")
    told = hertz / size
    fits = abs(told) < _MOST_IN_NINE_DIGITS
    return f"{told:.9g} {unit}" if size > 1 and fits else f"{_short(told)} {unit}"


def duration_text(seconds: float) -> str:
    """Write a duration in its two greatest units: ``17 min 35 s``, ``3 d 4 h``; never below a second.

    A part of a second is dropped: what has lasted 1.9 s has not lasted 2 s.
    """
    whole = max(0, int(seconds))
    days, rest = divmod(whole, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")]
    first = next((place for place, (count, _) in enumerate(parts) if count), 3)
    shown = [f"{count} {unit}" for count, unit in parts[first : first + 2] if count]
    return " ".join(shown) or "0 s"


def age_text(at_utc_s: float, now_utc_s: float) -> str:
    """Write how old something is: ``12 s ago``; what lies in the future says so."""
    age_s = now_utc_s - at_utc_s
    if age_s < -1:
        return f"{duration_text(-age_s)} in the future"
    return "now" if age_s < 1 else f"{duration_text(age_s)} ago"


def utc_text(at_utc_s: float, *, digits: int = 3) -> str:
    """Write a time as ISO 8601 in UTC with its offset; ``digits`` (0, 3 or 6) of the second, rounded.

    With six it is the very microsecond that the log's chain of hashes is made of.
    """
    precision = {0: "seconds", 3: "milliseconds", 6: "microseconds"}[digits]
    try:
        rounded_us = round(at_utc_s * 10**digits) * 10 ** (6 - digits)
        return (_EPOCH + timedelta(microseconds=rounded_us)).isoformat(timespec=precision)
    except (ValueError, OverflowError):
        return NO_VALUE


def zone(name: str) -> tuple[tzinfo, str]:
    """Return a site's zone and its name; UTC, by its own name, where this machine does not know it."""
    try:
        return ZoneInfo(name), name
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC, "UTC"


def local_text(at_utc_s: float, zone_name: str, *, with_zone: bool = True) -> str:
    """Write a time in the site's zone with the zone named: ``2026-03-29 03:00:01 Europe/Berlin (+02:00)``."""
    where, name = zone(zone_name)
    moment = _moment(at_utc_s, where)
    if moment is None:
        return NO_VALUE
    text = moment.strftime("%Y-%m-%d %H:%M:%S")
    if not with_zone:
        return text
    offset = moment.strftime("%z")
    return f"{text} {name} ({offset[:3]}:{offset[3:5]})"


def clock_text(at_utc_s: float, zone_name: str) -> str:
    """Write the time of day in the site's zone, for places where date and zone stand beside it."""
    moment = _moment(at_utc_s, zone(zone_name)[0])
    return NO_VALUE if moment is None else moment.strftime("%H:%M:%S")


def _moment(at_utc_s: float, where: tzinfo) -> datetime | None:
    """A time that no calendar has (a desk's clock may claim anything) is ``None``."""
    try:
        return datetime.fromtimestamp(at_utc_s, where)
    except (ValueError, OverflowError, OSError):
        return None


def _seconds_text(seconds: float) -> str:
    size = abs(seconds)
    if size == 0:
        return "0 s"
    if size < 1e-6:
        return f"{_three_digits(seconds * 1e9)} ns"
    if size < 1e-5:
        return f"{_three_digits(seconds * 1e6)} µs"
    if size < 1:
        return f"{_three_digits(seconds * 1000)} ms"
    if size < 60:
        return f"{_three_digits(seconds)} s"
    return f"{'-' if seconds < 0 else ''}{duration_text(size)}"


def _prefixed_text(value: float, unit: str) -> str:
    """Write a value with its prefix; what three digits round up to a thousand has the next one."""
    size, name = prefixed_unit(unit, value) or (1.0, unit)
    text = _short(value / size)
    greater = greater_unit(unit, value)
    if text.removeprefix("-") == "1000" and greater is not None:
        text, name = text.replace("1000", "1"), greater[1]
    return f"{text} {name}"


def _three_digits(value: float) -> str:
    """Three significant digits and at most three decimals, but no whole digit dropped."""
    if value == 0 or not math.isfinite(value):
        return f"{value:.0f}"
    if abs(value) >= _GROUPED_FROM:
        return f"{value:,.0f}"
    decimals = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:.{min(decimals, 3)}f}"


def _short(value: float) -> str:
    """Three significant digits without needless zeros."""
    text = _three_digits(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
