"""The command ``store stats``: what a store holds, and how long the room on its disk lasts.

The JSON, whose keys stay; sizes are in bytes:

    {"simulated", "store_bytes",
     "history": {"bytes", "readings": H, "minutes": H, "hours": H},    H = {"files", "bytes", "first", "last"}
     "set_aside": [{"file", "bytes"}], "probes", "series", "log_entries",
     "sealed_readings", "bytes_per_reading", "backlog_seconds", "readings_per_s", "free_bytes",
     "kept": {"raw_days", "minute_months", "hour_years", "most_bytes", "assumed"},
     "growth": {"readings_bytes_a_day", "rollups_bytes_a_day", "full_in_days", "limit_in_days",
                "levels_off_bytes"}}

What is not known is ``null``; ``growth`` as a whole while nothing was packed or no engine ran for a minute.
``full_in_days`` and ``limit_in_days`` are ``null`` where that never comes. ``assumed`` says that the limits
are the defaults, for no site file could be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final, TextIO

from controlroom.report.escaping import printable
from controlroom.report.figures import NO_VALUE, duration_text, value_text
from controlroom.store.care import Held, StoreStats
from controlroom.store.growth import Growth, growth
from controlroom.store.interface import Retention
from ui.terminal.store_progress import SIMULATED_LINE

_WIDTH: Final = 16
_MOST_NAMES: Final = 6
_READINGS_ALONE: Final = "; minutes and hours not reckoned in, for no day has been rolled up yet"


def print_stats(
    stats: StoreStats, kept: Retention | None, *, simulated: bool | None, as_json: bool, out: TextIO
) -> int:
    """Print what a store holds; ``kept`` is ``None`` where no site file says how much is kept."""
    assumed = kept or Retention()
    expected = growth(stats, assumed)
    if as_json:
        told = _as_json(stats, assumed, expected) | {"simulated": simulated}
        told["kept"] = _kept(assumed) | {"assumed": kept is None}
        out.write(json.dumps(told, indent=1) + "\n")
        return 0
    if simulated:
        out.write(f"{SIMULATED_LINE}\n")
    for name, value in (*_held_lines(stats), *_growth_lines(stats, kept, expected)):
        out.write(f"{name:{_WIDTH}}  {value}\n")
    return 0


def _held_lines(stats: StoreStats) -> Iterator[tuple[str, str]]:
    yield "Store", f"{_size(stats.store_bytes)}; {stats.log_entries:,} entries of the log"
    yield "Measured", f"{stats.series:,} series of {stats.probes:,} probes"
    yield "Readings", _held(stats.raw, "day")
    yield "Minutes", _held(stats.minutes, "month")
    yield "Hours and days", _held(stats.hours, "year")
    packed = f"{stats.sealed_readings:,}"
    each = stats.bytes_per_reading
    yield "Packed", f"{packed} readings, {f'{each:.2f} bytes each' if each is not None else 'none yet'}"
    yield "Waiting", f"{duration_text(stats.backlog_seconds)} of the journal not packed yet"
    aside = stats.set_aside
    if aside:
        names = ", ".join(printable(name, 60) for name, _ in aside[:_MOST_NAMES])
        more = f" and {len(aside) - _MOST_NAMES} more" if len(aside) > _MOST_NAMES else ""
        size = _size(sum(size for _, size in aside))
        yield "Set aside", f"{size}, not counted for the limit: {names}{more}"
        yield "", "Move them away when nobody needs them as evidence."
    yield "Free", f"{_size(stats.free_bytes)} on the disk"


def _growth_lines(
    stats: StoreStats, kept: Retention | None, expected: Growth | None
) -> Iterator[tuple[str, str]]:
    limits = kept or Retention()
    said = f"{limits.raw_days} days, {limits.minute_months} months, {limits.hour_years} years"
    said += f", at most {_size(limits.most_bytes)}"
    yield "Kept", said + ("" if kept is not None else " (the defaults: no site file could be read)")
    if expected is None:
        yield "A day", f"{NO_VALUE} (known some fifteen minutes after an engine has started)"
        return
    rate = f"{stats.readings_per_s:,.1f} readings a second" if stats.readings_per_s is not None else NO_VALUE
    rollups = expected.rollups_bytes_a_day
    also = "" if rollups is None else f" and {_size(rollups)} of minutes and hours"
    yield "A day", f"{_size(expected.readings_bytes_a_day)} of readings{also}, at {rate}"
    yield "Lasts", _lasts(expected, limits) + (_READINGS_ALONE if rollups is None else "")


def _lasts(expected: Growth, limits: Retention) -> str:
    full, limit = expected.full_in_days, expected.limit_in_days
    if full is not None and (limit is None or full < limit):
        return f"the disk is full in {_days(full)}: make room, or keep less"
    if limit is not None:
        most = f"{limits.most_bytes / 1e9:g} GB"
        return f"in {_days(limit)} the limit of {most} applies, and the oldest goes sooner"
    return f"for good: it levels off at {_size(expected.levels_off_bytes)}"


def _held(held: Held, each: str) -> str:
    if not held.files:
        return "none yet"
    span = held.first if held.first == held.last else f"{held.first} to {held.last}"
    return f"{_size(held.bytes)}; {held.files} {each}{'' if held.files == 1 else 's'}: {span}"


def _days(count: int) -> str:
    return "less than a day" if count < 1 else f"{count:,} day{'' if count == 1 else 's'}"


def _size(count: float) -> str:
    return value_text(float(count), "B")


def _as_json(stats: StoreStats, kept: Retention, expected: Growth | None) -> dict[str, object]:
    raw, minutes, hours = stats.raw, stats.minutes, stats.hours
    return {
        "store_bytes": stats.store_bytes,
        "history": {
            "bytes": raw.bytes + minutes.bytes + hours.bytes,
            "readings": _held_json(raw),
            "minutes": _held_json(minutes),
            "hours": _held_json(hours),
        },
        "set_aside": [{"file": name, "bytes": size} for name, size in stats.set_aside],
        "probes": stats.probes,
        "series": stats.series,
        "log_entries": stats.log_entries,
        "sealed_readings": stats.sealed_readings,
        "bytes_per_reading": stats.bytes_per_reading,
        "backlog_seconds": stats.backlog_seconds,
        "readings_per_s": stats.readings_per_s,
        "free_bytes": stats.free_bytes,
        "growth": None if expected is None else _growth_json(expected),
    }


def _held_json(held: Held) -> dict[str, object]:
    return {
        "files": held.files,
        "bytes": held.bytes,
        "first": held.first or None,
        "last": held.last or None,
    }


def _kept(kept: Retention) -> dict[str, object]:
    return {
        "raw_days": kept.raw_days,
        "minute_months": kept.minute_months,
        "hour_years": kept.hour_years,
        "most_bytes": kept.most_bytes,
    }


def _growth_json(expected: Growth) -> dict[str, object]:
    return {
        "readings_bytes_a_day": round(expected.readings_bytes_a_day),
        "rollups_bytes_a_day": None
        if expected.rollups_bytes_a_day is None
        else round(expected.rollups_bytes_a_day),
        "full_in_days": expected.full_in_days,
        "limit_in_days": expected.limit_in_days,
        "levels_off_bytes": expected.levels_off_bytes,
    }
