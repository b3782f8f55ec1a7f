"""A maintenance window: what is worked on, when, why, and who planned it. It knows no clock.

Three kinds: one-off (from a moment to a moment), recurring (a rule in the wall clock of a named zone), and
flexible (begins with the first failure of a target within a span, and then runs for its length).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime


class PlanKind(enum.StrEnum):
    """How a window is planned: a code."""

    ONE_OFF = "one_off"
    RECURRING = "recurring"
    FLEXIBLE = "flexible"


@dataclass(frozen=True, slots=True)
class OneOff:
    """From a moment to a moment."""

    begins_utc_s: float
    ends_utc_s: float


@dataclass(frozen=True, slots=True)
class Recurring:
    """Again and again by the wall clock: ``rule`` is an RRULE (RFC 5545), ``local_start`` has no zone."""

    local_start: datetime
    length_s: float
    rule: str


@dataclass(frozen=True, slots=True)
class Flexible:
    """Begins with the first failure of a target from the earliest moment on, and is over by the latest."""

    earliest_utc_s: float
    latest_utc_s: float
    length_s: float


Plan = OneOff | Recurring | Flexible


def kind_of(plan: Plan) -> PlanKind:
    """Return the code of a plan's kind."""
    if isinstance(plan, OneOff):
        return PlanKind.ONE_OFF
    return PlanKind.RECURRING if isinstance(plan, Recurring) else PlanKind.FLEXIBLE


@dataclass(frozen=True, slots=True)
class MaintenanceWindow:
    """One window, from its planning on. ``number`` grows for the life of the store.

    ``triggered_utc_s`` is when the failure came that began a flexible one. ``ended_utc_s`` is when what was
    in force then was ended early; from ``cancelled_utc_s`` on nothing of the window comes any more.
    ``told_utc_s`` is the beginning of what the log told as begun and not yet as ended. ``not_back`` is how
    many were not up when it ended last, and ``not_back_ids`` the first of them.
    """

    number: int
    title: str
    reason: str
    planned_by: str
    planned_utc_s: float
    endpoint_ids: tuple[str, ...]
    group_ids: tuple[str, ...]
    zone_name: str
    plan: Plan
    triggered_utc_s: float | None = None
    ended_utc_s: float | None = None
    ended_by: str = ""
    cancelled_utc_s: float | None = None
    cancelled_by: str = ""
    told_utc_s: float | None = None
    not_back: int = 0
    not_back_ids: tuple[str, ...] = ()
