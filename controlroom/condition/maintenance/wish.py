"""A window as somebody types it, by hand or into a form, and what is made of it. Untrusted text.

Rules:
1. A time without an offset is by the wall clock of the window's zone; one with an offset, or ``now``, is a
   moment. A recurring window begins by the wall clock, whatever was typed.
2. A length is typed as ``90m``, ``2h`` or ``1h 30m``; in its place stands the end. Of a flexible window both
   are needed. Of the others both may be typed only where they agree: nothing that was typed is dropped.
3. What waits for a failure does not recur: a rule with ``flexible`` is refused.
4. What is typed is read here; what it means together, ``planning.py`` refuses or lets pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from controlroom.condition.maintenance.planning import refuse_bad_plan
from controlroom.condition.maintenance.refusal import PlanRefusedError, Refusal
from controlroom.condition.maintenance.wall_clock import local_of, utc_s_of, zone_of
from controlroom.condition.maintenance.window import Flexible, MaintenanceWindow, OneOff, Plan, Recurring

_LONGEST: Final = 60
_LENGTH: Final = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?", re.ASCII)
_UNITS_S: Final = (86_400.0, 3600.0, 60.0, 1.0)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed; empty is not given."""

    title: str
    reason: str
    zone_name: str
    begins: str
    ends: str = ""
    length: str = ""
    rule: str = ""
    flexible: bool = False
    endpoint_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    planned_by: str = ""


def window_of_wish(wish: Wish, now_utc_s: float) -> MaintenanceWindow:
    """Return the window that is wished for, without a number yet; a bad one raises ``PlanRefusedError``."""
    window = MaintenanceWindow(
        number=0,
        title=wish.title.strip(),
        reason=wish.reason.strip(),
        planned_by=wish.planned_by,
        planned_utc_s=now_utc_s,
        endpoint_ids=tuple(dict.fromkeys(wish.endpoint_ids)),
        group_ids=tuple(dict.fromkeys(wish.group_ids)),
        zone_name=wish.zone_name.strip(),
        plan=_plan(wish, zone_of(wish.zone_name.strip()), now_utc_s),
    )
    refuse_bad_plan(window, now_utc_s)
    return window


def moment_of(text: str, zone: ZoneInfo, now_utc_s: float) -> float:
    """Read a time as a moment (rule 1)."""
    found = _time(text)
    if found is None:
        return now_utc_s
    return utc_s_of(found, zone) if found.tzinfo is None else found.timestamp()


def typed_start(wish: Wish) -> datetime | None:
    """Return the wall-clock time that was typed as the beginning; ``None`` where a moment was (rule 1)."""
    found = _time(wish.begins)
    return found if found is not None and found.tzinfo is None else None


def length_of(text: str) -> float:
    """Read a length in seconds (rule 2)."""
    typed = re.sub(r"\s+", "", text.lower().replace("min", "m"))[:_LONGEST]
    match = _LENGTH.fullmatch(typed)
    if match is None or not typed:
        raise PlanRefusedError(Refusal.BAD_LENGTH, text[:_LONGEST])
    return sum(int(count) * unit_s for count, unit_s in zip(match.groups(), _UNITS_S, strict=True) if count)


def _plan(wish: Wish, zone: ZoneInfo, now_utc_s: float) -> Plan:
    if wish.rule.strip():
        if wish.flexible:
            raise PlanRefusedError(Refusal.FLEXIBLE_RECURS, wish.rule.strip()[:_LONGEST])
        start = _local(wish.begins, zone, now_utc_s).replace(second=0, microsecond=0)
        ends = _local(wish.ends, zone, now_utc_s) if wish.ends.strip() else None
        span_s = None if ends is None else (ends - start).total_seconds()
        return Recurring(start, _length(wish, span_s), wish.rule.strip())
    begins_utc_s = moment_of(wish.begins, zone, now_utc_s)
    ends_utc_s = moment_of(wish.ends, zone, now_utc_s) if wish.ends.strip() else None
    if wish.flexible:
        if ends_utc_s is None:
            raise PlanRefusedError(Refusal.NO_LATEST_END)
        return Flexible(begins_utc_s, ends_utc_s, length_of(wish.length))
    length_s = _length(wish, None if ends_utc_s is None else ends_utc_s - begins_utc_s)
    return OneOff(begins_utc_s, begins_utc_s + length_s if ends_utc_s is None else ends_utc_s)


def _length(wish: Wish, span_s: float | None) -> float:
    """Return the length that was typed, or that from the beginning to the end (rule 2)."""
    if not wish.length.strip():
        if span_s is None:
            raise PlanRefusedError(Refusal.NO_END)
        return span_s
    length_s = length_of(wish.length)
    if span_s is not None and span_s != length_s:
        raise PlanRefusedError(Refusal.LENGTH_AND_END_DIFFER, f"{wish.length} / {wish.ends}"[:_LONGEST])
    return length_s


def _local(text: str, zone: ZoneInfo, now_utc_s: float) -> datetime:
    found = _time(text)
    if found is not None and found.tzinfo is None:
        return found
    return local_of(moment_of(text, zone, now_utc_s), zone)


def _time(text: str) -> datetime | None:
    """Read a time; ``None`` is now."""
    typed = text.strip()
    if typed.lower() == "now":
        return None
    try:
        found = datetime.fromisoformat(typed[:_LONGEST])
        found.timestamp()  # refuses what no calendar of a machine has
    except (ValueError, OverflowError, OSError) as error:
        raise PlanRefusedError(Refusal.BAD_TIME, typed[:_LONGEST]) from error
    return found
