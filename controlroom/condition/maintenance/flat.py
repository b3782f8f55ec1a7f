"""A maintenance window as flat plain values, and back: for acts, for the log and for the store.

Untrusted on the way back: typed and bounded. What the values mean together is the plan's own affair
(``planning.py``).

    title, endpoints ("a,b"), groups, zone, kind, and by the kind
    one_off:   begins_utc_s, ends_utc_s
    recurring: local_start ("2026-03-01T02:30:00"), length_s, rrule
    flexible:  earliest_utc_s, latest_utc_s, length_s

The reason is the note of an act, and stands under ``reason`` elsewhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from controlroom.condition.maintenance.planning import LONGEST_REASON, LONGEST_TITLE
from controlroom.condition.maintenance.refusal import PlanRefusedError, Refusal
from controlroom.condition.maintenance.rule import LONGEST_RULE
from controlroom.condition.maintenance.window import (
    Flexible,
    MaintenanceWindow,
    OneOff,
    Plan,
    PlanKind,
    Recurring,
    kind_of,
)

Flat = Mapping[str, str | int | float | bool]

_LONGEST_IDS: Final = 4000  # as long as a detail of an act may be
_LINE: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*")
_TEXT: Final = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]*")
_LOCAL: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:00)?", re.ASCII)
_LATER: Final = ("triggered_utc_s", "ended_utc_s", "cancelled_utc_s", "told_utc_s")


def flat_plan(window: MaintenanceWindow) -> dict[str, str | int | float | bool]:
    """Return what was planned, without the reason."""
    return {
        "title": window.title,
        "endpoints": ",".join(window.endpoint_ids),
        "groups": ",".join(window.group_ids),
        "zone": window.zone_name,
        "kind": kind_of(window.plan).value,
        **_flat_times(window.plan),
    }


def flat_window(window: MaintenanceWindow) -> dict[str, str | int | float | bool]:
    """Return all of a window; what has not happened is left out."""
    later = {name: getattr(window, name) for name in _LATER}
    return {
        "number": window.number,
        **flat_plan(window),
        "reason": window.reason,
        "planned_by": window.planned_by,
        "planned_utc_s": window.planned_utc_s,
        "ended_by": window.ended_by,
        "cancelled_by": window.cancelled_by,
        "not_back": window.not_back,
        "not_back_ids": ",".join(window.not_back_ids),
        **{name: value for name, value in later.items() if value is not None},
    }


def planned_of(
    flat: Flat, number: int, reason: str, planned_by: str, planned_utc_s: float
) -> MaintenanceWindow:
    """Read what somebody plans; raise ``PlanRefusedError`` for what is missing or of another type."""
    return MaintenanceWindow(
        number=number,
        title=_text(flat, "title", Refusal.NO_TITLE, LONGEST_TITLE),
        reason=reason,
        planned_by=planned_by,
        planned_utc_s=planned_utc_s,
        endpoint_ids=_ids(flat, "endpoints"),
        group_ids=_ids(flat, "groups"),
        zone_name=_text(flat, "zone", Refusal.NO_SUCH_ZONE, LONGEST_TITLE),
        plan=_plan(flat),
    )


def window_of(flat: Flat) -> MaintenanceWindow:
    """Read a whole window; raise ``PlanRefusedError`` for what is missing or of another type."""
    number = flat.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise PlanRefusedError(Refusal.BAD_TIME, "number")
    reason = flat.get("reason")
    if not isinstance(reason, str) or len(reason) > LONGEST_REASON or not _TEXT.fullmatch(reason):
        raise PlanRefusedError(Refusal.NO_REASON)
    who = [_text(flat, name, Refusal.NO_REASON, LONGEST_TITLE) for name in ("planned_by", "ended_by")]
    planned = planned_of(flat, number, reason, who[0], _number(flat, "planned_utc_s"))
    later = {name: _number(flat, name) if name in flat else None for name in _LATER}
    return replace(
        planned,
        ended_by=who[1],
        cancelled_by=_text(flat, "cancelled_by", Refusal.NO_REASON, LONGEST_TITLE),
        triggered_utc_s=later["triggered_utc_s"],
        ended_utc_s=later["ended_utc_s"],
        cancelled_utc_s=later["cancelled_utc_s"],
        told_utc_s=later["told_utc_s"],
        not_back=_count(flat, "not_back"),
        not_back_ids=_ids(flat, "not_back_ids"),
    )


def _flat_times(plan: Plan) -> dict[str, str | int | float | bool]:
    if isinstance(plan, OneOff):
        return {"begins_utc_s": plan.begins_utc_s, "ends_utc_s": plan.ends_utc_s}
    if isinstance(plan, Recurring):
        local = plan.local_start.isoformat(timespec="seconds")
        return {"local_start": local, "length_s": plan.length_s, "rrule": plan.rule}
    return {
        "earliest_utc_s": plan.earliest_utc_s,
        "latest_utc_s": plan.latest_utc_s,
        "length_s": plan.length_s,
    }


def _plan(flat: Flat) -> Plan:
    kind = flat.get("kind")
    if kind == PlanKind.ONE_OFF:
        return OneOff(_number(flat, "begins_utc_s"), _number(flat, "ends_utc_s"))
    if kind == PlanKind.FLEXIBLE:
        times = (_number(flat, name) for name in ("earliest_utc_s", "latest_utc_s", "length_s"))
        return Flexible(*times)
    if kind == PlanKind.RECURRING:
        rule = _text(flat, "rrule", Refusal.BAD_RULE, LONGEST_RULE)
        return Recurring(_local(flat), _number(flat, "length_s"), rule)
    raise PlanRefusedError(Refusal.BAD_TIME, "kind")


def _local(flat: Flat) -> datetime:
    text = flat.get("local_start")
    if not isinstance(text, str) or not _LOCAL.fullmatch(text):
        raise PlanRefusedError(Refusal.BAD_TIME, str(text)[:LONGEST_TITLE])
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise PlanRefusedError(Refusal.BAD_TIME, text) from error


def _text(flat: Flat, name: str, code: Refusal, longest: int) -> str:
    value = flat.get(name)
    if not isinstance(value, str) or len(value) > longest or not _LINE.fullmatch(value):
        raise PlanRefusedError(code, str(value)[:LONGEST_TITLE])
    return value


def _ids(flat: Flat, name: str) -> tuple[str, ...]:
    value = flat.get(name, "")
    if isinstance(value, str) and len(value) > _LONGEST_IDS:
        raise PlanRefusedError(Refusal.TOO_MANY_TARGETS)
    if not isinstance(value, str) or not _LINE.fullmatch(value):
        raise PlanRefusedError(Refusal.NO_SUCH_TARGET, str(value)[:LONGEST_TITLE])
    return tuple(dict.fromkeys(each.strip() for each in value.split(",") if each.strip()))


def _count(flat: Flat, name: str) -> int:
    """Read how many there are; what an earlier program wrote does not have it."""
    value = flat.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise PlanRefusedError(Refusal.BAD_TIME, name)
    return value


def _number(flat: Flat, name: str) -> float:
    value = flat.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise PlanRefusedError(Refusal.BAD_TIME, name)
    return float(value)
