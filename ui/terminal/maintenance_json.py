"""Maintenance windows as JSON, whose keys stay. It computes nothing.

    {"at", "site", "simulated", "windows": [{"number", "status", "title", "reason", "planned_by", "planned",
        "endpoints", "groups", "zone", "kind", "begins", "ends", "next_begins", "next_ends", "local_start",
        "length_s", "rrule", "earliest", "latest", "triggered", "ended", "ended_by", "cancelled",
        "cancelled_by", "not_back", "not_back_ids"}]}

``status`` is in_force, waiting, planned, over or cancelled; ``begins`` and ``ends`` are of what is in force.
``not_back`` is how many were not up when it ended last, ``not_back_ids`` the first of them.
Times are ISO 8601 in UTC with the offset, but ``local_start``, which is by the clock of ``zone``. What is not
known, or does not belong to the kind, is ``null``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from controlroom.condition.maintenance.occurrences import Occurrence
from controlroom.condition.maintenance.standing import Standing
from controlroom.condition.maintenance.window import Flexible, MaintenanceWindow, Recurring, kind_of
from controlroom.report.figures import utc_text
from controlroom.site.view import SiteView


def as_json(
    found: Sequence[tuple[MaintenanceWindow, Standing]], view: SiteView | None, now_utc_s: float
) -> str:
    """Return the windows as text that ends with a line end."""
    told = {
        "at": utc_text(now_utc_s),
        "site": None if view is None else view.name,
        "simulated": None if view is None else view.simulated,
        "windows": [_window(window, standing) for window, standing in found],
    }
    return json.dumps(told, indent=1, allow_nan=False) + "\n"


def _window(window: MaintenanceWindow, standing: Standing) -> dict[str, object]:
    plan = window.plan
    recurring = plan if isinstance(plan, Recurring) else None
    flexible = plan if isinstance(plan, Flexible) else None
    lasting = recurring or flexible
    return {
        "number": window.number,
        "status": standing.status.value,
        "title": window.title,
        "reason": window.reason,
        "planned_by": window.planned_by,
        "planned": utc_text(window.planned_utc_s),
        "endpoints": list(window.endpoint_ids),
        "groups": list(window.group_ids),
        "zone": window.zone_name,
        "kind": kind_of(plan).value,
        **_span("", standing.now),
        **_span("next_", standing.later),
        "local_start": None if recurring is None else recurring.local_start.isoformat(timespec="seconds"),
        "length_s": None if lasting is None else lasting.length_s,
        "rrule": None if recurring is None else recurring.rule,
        "earliest": None if flexible is None else utc_text(flexible.earliest_utc_s),
        "latest": None if flexible is None else utc_text(flexible.latest_utc_s),
        "triggered": _moment(window.triggered_utc_s),
        "ended": _moment(window.ended_utc_s),
        "ended_by": window.ended_by or None,
        "cancelled": _moment(window.cancelled_utc_s),
        "cancelled_by": window.cancelled_by or None,
        "not_back": window.not_back,
        "not_back_ids": list(window.not_back_ids),
    }


def _span(which: str, found: Occurrence | None) -> dict[str, object]:
    return {
        f"{which}begins": None if found is None else utc_text(found.begins_utc_s),
        f"{which}ends": None if found is None else utc_text(found.ends_utc_s),
    }


def _moment(at_utc_s: float | None) -> str | None:
    return None if at_utc_s is None else utc_text(at_utc_s)
