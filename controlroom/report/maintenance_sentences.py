"""Each entry of maintenance as one sentence for people. A missing fact is left out; none ever fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from controlroom.logbook.entry import LogKind
from controlroom.report.figures import duration_text, local_text
from controlroom.report.told_entry import ToldEntry


def _downtime_reclassified(told: ToldEntry) -> str:
    span, why = _span(told, "from_utc_s", "until_utc_s"), told.words("note")
    reason = f" Reason: “{why}”" if why else ""
    return f"{told.subject}: down time{span} counted as maintenance{told.by()}.{reason}"


def _span(told: ToldEntry, since: str, until: str) -> str:
    since_utc_s, until_utc_s = told.number(since), told.number(until)
    if since_utc_s is None or until_utc_s is None:
        return ""
    first = local_text(since_utc_s, told.zone, with_zone=False)
    lasted = duration_text(until_utc_s - since_utc_s)
    return f" from {first} until {local_text(until_utc_s, told.zone)} ({lasted})"


MAINTENANCE_TELLERS: Final[Mapping[LogKind, Callable[[ToldEntry], str]]] = MappingProxyType(
    {
        LogKind.DOWNTIME_RECLASSIFIED: _downtime_reclassified,
    }
)
"""Who tells which entry."""
