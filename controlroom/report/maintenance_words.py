"""Maintenance windows as people read them: about what, when, how often, how they stand. It plans none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from controlroom.condition.maintenance.occurrences import Occurrence
from controlroom.condition.maintenance.standing import Standing, WindowStatus
from controlroom.condition.maintenance.wall_clock import clock_change_in, exists, local_of
from controlroom.condition.maintenance.window import Flexible, MaintenanceWindow, OneOff, Recurring
from controlroom.report import wording
from controlroom.report.escaping import printable
from controlroom.report.figures import duration_text, zone
from controlroom.site.view import SiteView

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CODES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ORDINALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "1": "first",
        "2": "second",
        "3": "third",
        "4": "fourth",
        "5": "fifth",
        "-1": "last",
        "-2": "last but one",
    }
)
_UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {"HOURLY": "hour", "DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
)
_OVER: Final = "over"
_DAY: Final = re.compile(r"([+-]?\d+)?(MO|TU|WE|TH|FR|SA|SU)")


def targets_words(window: MaintenanceWindow, view: SiteView | None) -> str:
    """Name what a window is about: ``Mast North, risk group Duct East``."""
    names = [wording.subject_words(each, view) for each in window.endpoint_ids]
    groups = {} if view is None else {group.id: group.name for group in view.risk_groups}
    names += [f"risk group {printable(groups.get(each) or each, 120)}" for each in window.group_ids]
    return ", ".join(names)


def plan_words(window: MaintenanceWindow, zone_name: str = "") -> str:
    """Say when a window is: ``every Sunday at 02:30 for 2 h, Europe/Berlin``.

    Moments are told in the window's zone, or in the one given.
    """
    plan, shown = window.plan, zone_name or window.zone_name
    if isinstance(plan, OneOff):
        span = span_words(plan.begins_utc_s, plan.ends_utc_s, shown)
        return f"{span} ({duration_text(plan.ends_utc_s - plan.begins_utc_s)}), {shown}"
    if isinstance(plan, Flexible):
        span = span_words(plan.earliest_utc_s, plan.latest_utc_s, shown)
        return f"{duration_text(plan.length_s)} from the first failure on, within {span}, {shown}"
    often = rule_words(plan)
    return f"{often} at {plan.local_start:%H:%M} for {duration_text(plan.length_s)}, {window.zone_name}"


def rule_words(plan: Recurring) -> str:
    """Say how often a rule comes: ``every 2 weeks on Monday``; the rule itself where that takes long."""
    text = plan.rule.upper().removeprefix("RRULE:")
    parts = dict(part.partition("=")[::2] for part in text.split(";"))
    known = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "COUNT", "UNTIL", "WKST"}
    unit = _UNITS.get(parts.get("FREQ", ""))
    on = _on_words(parts, plan.local_start)
    if unit is None or on is None or not parts.keys() <= known:
        return f"by the rule {printable(text, 120)}"
    interval = parts.get("INTERVAL", "1")
    single = interval == "1"
    if single and parts["FREQ"] == "WEEKLY":
        often = f"every {on.removeprefix(' on ')}"
    else:
        often = f"every {unit if single else f'{printable(interval, 5)} {unit}s'}{on}"
    return f"{often}{_end_words(parts)}"


def _on_words(parts: Mapping[str, str], start: datetime) -> str | None:
    """Say on which days; ``None`` where that takes more than a few words."""
    frequency, days, month_days = parts.get("FREQ", ""), parts.get("BYDAY", ""), parts.get("BYMONTHDAY", "")
    if days and month_days:
        return None
    if days:
        named = [_day_words(each) for each in days.split(",")]
        return None if None in named else f" on {_and(each for each in named if each)}"
    if month_days:
        named = [_month_day_words(each) for each in month_days.split(",")]
        return None if None in named else f" on {_and(each for each in named if each)}"
    if frequency == "WEEKLY":
        return f" on {_DAYS[start.weekday()]}"
    if frequency == "MONTHLY":
        return f" on the {start.day}."
    return f" on {start.day} {start:%B}" if frequency == "YEARLY" else ""


def _day_words(code: str) -> str | None:
    match = _DAY.fullmatch(code)
    if match is None:
        return None
    day = _DAYS[_CODES.index(match[2])]
    if match[1] is None:
        return day
    ordinal = _ORDINALS.get(match[1].removeprefix("+"))
    return None if ordinal is None else f"the {ordinal} {day}"


def _month_day_words(text: str) -> str | None:
    if text == "-1":
        return "the last day"
    return f"the {text}." if text.isdigit() else None


def _and(words: Iterable[str]) -> str:
    named = list(words)
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


def _end_words(parts: Mapping[str, str]) -> str:
    if "COUNT" in parts:
        return f", {printable(parts['COUNT'], 5)} times in all"
    until = parts.get("UNTIL", "")
    return f", until {until[:4]}-{until[4:6]}-{until[6:8]}" if until else ""


def span_words(since_utc_s: float, until_utc_s: float, zone_name: str) -> str:
    """Write a span in a zone, the day once where it is one: ``Sun 29 Nov 2026 02:30 to 04:30``.

    A time that the clock shows twice has its offset: ``02:30 (+02:00)``.
    """
    where = zone(zone_name)[0]
    first, last = (datetime.fromtimestamp(at, where) for at in (since_utc_s, until_utc_s))
    until = "" if first.date() == last.date() else f"{_day(last)} "
    return f"{_day(first)} {_time_of_day(first)} to {until}{_time_of_day(last)}"


def _day(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b %Y}"


def _time_of_day(at: datetime) -> str:
    """Write the time of an aware moment, with the offset where the time alone means two moments."""
    twice = at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()
    offset = f"{at:%z}"
    return f"{at:%H:%M} ({offset[:3]}:{offset[3:5]})" if twice else f"{at:%H:%M}"


def as_typed(found: Occurrence, window: MaintenanceWindow, typed: datetime | None) -> Occurrence:
    """Give the occurrence of a one-off window the wall-clock time that was typed for its beginning."""
    return replace(found, planned=typed) if isinstance(window.plan, OneOff) else found


def occurrence_words(found: Occurrence, own_zone: ZoneInfo, zone_name: str) -> str:
    """Write when a window is in force, and what a change of the clock makes of it."""
    span = span_words(found.begins_utc_s, found.ends_utc_s, zone_name)
    note = clock_words(found, own_zone)
    return f"{span}  –  {note}" if note else span


def clock_words(found: Occurrence, own_zone: ZoneInfo) -> str:
    """Say what a change of the clock does to an occurrence; empty where there is none."""
    planned = found.planned
    if planned is not None and not exists(planned, own_zone):
        begins = local_of(found.begins_utc_s, own_zone)
        return f"the clock leaves {planned:%H:%M} out that day: it begins at {begins:%H:%M}"
    change = clock_change_in(found.begins_utc_s, found.ends_utc_s, own_zone)
    if change is None:
        return ""
    way = "forward" if change.by_s > 0 else "back"
    ends = local_of(found.ends_utc_s, own_zone)
    by = duration_text(abs(change.by_s))
    return f"the clock goes {way} by {by} in it: it ends at {ends:%H:%M}"


def standing_words(
    window: MaintenanceWindow, standing: Standing, now_utc_s: float, view: SiteView | None = None
) -> str:
    """Say where a window stands: ``in force, 1 h 20 min left``; and who was not back, where it overran."""
    stands = _standing(window, standing, now_utc_s)
    missing = _not_back_words(window, view)
    if not missing or standing.now is not None:
        return stands
    if standing.later is not None and not standing.status.is_past:
        return f"{stands}; last time {missing}"
    return f"{'overran' if stands == _OVER else stands}: {missing}"


def _not_back_words(window: MaintenanceWindow, view: SiteView | None) -> str:
    """Say who was not up when a window ended; empty where all were."""
    if not window.not_back or not window.not_back_ids:
        return ""
    first = wording.subject_words(window.not_back_ids[0], view)
    more = window.not_back - 1
    return f"{first} and {more} more were not back" if more else f"{first} was not back"


def _standing(window: MaintenanceWindow, standing: Standing, now_utc_s: float) -> str:
    plan = window.plan
    if standing.now is not None:
        return f"in force, {duration_text(standing.now.ends_utc_s - now_utc_s)} left"
    if standing.status is WindowStatus.CANCELLED:
        return f"cancelled by {printable(window.cancelled_by, 100)}"
    if standing.status is WindowStatus.WAITING:
        return "waits for a failure"
    if standing.later is not None:
        return f"begins in {duration_text(standing.later.begins_utc_s - now_utc_s)}"
    if standing.status is WindowStatus.PLANNED and isinstance(plan, Flexible):
        return f"begins to wait in {duration_text(plan.earliest_utc_s - now_utc_s)}"
    return f"ended early by {printable(window.ended_by, 100)}" if window.ended_by else _OVER
