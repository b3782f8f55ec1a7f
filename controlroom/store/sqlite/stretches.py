"""Cuts a range into stretches by what is still kept of each day. Pure: no SQL, no file.

Rules
1. A day has the finest resolution that is kept of it and not finer than wanted.
2. Days side by side at one resolution are one stretch; the first and the last end with the range.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from controlroom.store.interface import Resolution, Stretch

DAY_S: Final = 86_400


def cut(
    kept: Mapping[Resolution, Collection[int]], wanted: Resolution, since_utc_s: float, until_utc_s: float
) -> Sequence[Stretch]:
    """Return the stretches of a range; ``kept`` names the days that are kept at each resolution."""
    found: list[Stretch] = []
    for day in sorted({day for days in kept.values() for day in days}):
        since_s, until_s = max(since_utc_s, day * DAY_S), min(until_utc_s, (day + 1) * DAY_S)
        resolution = next((each for each in Resolution if each >= wanted and day in kept.get(each, ())), None)
        if resolution is None or since_s >= until_s:
            continue
        before = found[-1] if found else None
        if before is not None and before.resolution is resolution and before.until_utc_s == since_s:
            since_s = found.pop().since_utc_s
        found.append(Stretch(resolution, since_s, until_s))
    return found
