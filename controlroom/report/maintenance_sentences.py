"""Each entry of maintenance as one sentence for people. A missing fact is left out; none ever fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from controlroom.condition.maintenance.flat import planned_of
from controlroom.condition.maintenance.refusal import PlanRefusedError
from controlroom.logbook.entry import LogKind
from controlroom.report import wording
from controlroom.report.figures import duration_text, local_text
from controlroom.report.maintenance_words import plan_words, targets_words
from controlroom.report.told_entry import ToldEntry


def _planned(told: ToldEntry) -> str:
    about = ""
    flat = {name: fact for name, fact in told.entry.facts.items() if fact is not None}
    try:
        window = planned_of(flat, 1, "", "", 0.0)
        about = f": {targets_words(window, told.view)}; {plan_words(window)}"
    except PlanRefusedError:
        about = ""  # an entry of a newer program, or a damaged one: its sentence is shorter
    return f"{_window(told)} planned{told.by()}{about}.{_reason(told)}"


def _begun(told: ToldEntry) -> str:
    until_utc_s = told.number("until_utc_s")
    until = f"; it lasts until {local_text(until_utc_s, told.zone)}" if until_utc_s is not None else ""
    return f"{_window(told)} began{until}.{_reason(told)}"


def _ended(told: ToldEntry) -> str:
    early = " early" if told.entry.facts.get("early") is True else ""
    return f"{_window(told)} ended{early}{told.by()}.{_not_back(told)}{told.note()}"


def _cancelled(told: ToldEntry) -> str:
    return f"{_window(told)} cancelled{told.by()}.{told.note()}"


def _not_back(told: ToldEntry) -> str:
    """Name who is not up after it."""
    count, ids = told.number("not_back"), told.words("not_back_ids")
    if not count or not ids:
        return ""
    names = [wording.subject_words(each, told.view) for each in ids.split(", ")]
    more = f" and {count - len(names):.0f} more" if count > len(names) else ""
    return f" Not back: {', '.join(names)}{more}."


def _downtime_reclassified(told: ToldEntry) -> str:
    span = _span(told, "from_utc_s", "until_utc_s")
    return f"{told.subject}: down time{span} counted as maintenance{told.by()}.{_reason(told)}"


def _window(told: ToldEntry) -> str:
    """Name a window: ``Maintenance 3 (New radio)``."""
    number, title = told.number("window"), told.words("title")
    named = "Maintenance" if number is None else f"Maintenance {number:.0f}"
    return f"{named} ({title})" if title else named


def _reason(told: ToldEntry) -> str:
    why = told.words("note")
    return f" Reason: “{why}”" if why else ""


def _span(told: ToldEntry, since: str, until: str) -> str:
    since_utc_s, until_utc_s = told.number(since), told.number(until)
    if since_utc_s is None or until_utc_s is None:
        return ""
    first = local_text(since_utc_s, told.zone, with_zone=False)
    lasted = duration_text(until_utc_s - since_utc_s)
    return f" from {first} until {local_text(until_utc_s, told.zone)} ({lasted})"


MAINTENANCE_TELLERS: Final[Mapping[LogKind, Callable[[ToldEntry], str]]] = MappingProxyType(
    {
        LogKind.MAINTENANCE_PLANNED: _planned,
        LogKind.MAINTENANCE_BEGUN: _begun,
        LogKind.MAINTENANCE_ENDED: _ended,
        LogKind.MAINTENANCE_CANCELLED: _cancelled,
        LogKind.DOWNTIME_RECLASSIFIED: _downtime_reclassified,
    }
)
"""Who tells which entry."""
