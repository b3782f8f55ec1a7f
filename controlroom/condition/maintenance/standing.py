"""Where a window stands at a moment: in force, waiting, ahead, over or cancelled. It words nothing."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass

from controlroom.condition.maintenance.occurrences import Occurrence, in_force, next_after
from controlroom.condition.maintenance.window import Flexible, MaintenanceWindow


class WindowStatus(enum.StrEnum):
    """Where a window stands: codes, in the order in which a list shows them."""

    IN_FORCE = "in_force"
    WAITING = "waiting"
    PLANNED = "planned"
    OVER = "over"
    CANCELLED = "cancelled"

    @property
    def is_past(self) -> bool:
        """Whether nothing of the window comes any more."""
        return self in (WindowStatus.OVER, WindowStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a window stands, what of it is in force, and what comes next.

    It holds from when it was made until ``until_utc_s``, unless the window changes.
    """

    status: WindowStatus
    now: Occurrence | None
    later: Occurrence | None
    until_utc_s: float


def standing_of(window: MaintenanceWindow, at_utc_s: float) -> Standing:
    """Tell how a window stands at a moment."""
    now, later = in_force(window, at_utc_s), next_after(window, at_utc_s)
    edges = [each.ends_utc_s for each in (now,) if each is not None]
    edges += [each.begins_utc_s for each in (later,) if each is not None]
    plan, status = window.plan, WindowStatus.OVER
    if now is not None:
        status = WindowStatus.IN_FORCE
    elif window.cancelled_utc_s is not None:
        status = WindowStatus.CANCELLED
    elif later is not None:
        status = WindowStatus.PLANNED
    elif isinstance(plan, Flexible) and window.triggered_utc_s is None and at_utc_s < plan.latest_utc_s:
        waits = at_utc_s >= plan.earliest_utc_s
        status = WindowStatus.WAITING if waits else WindowStatus.PLANNED
        edges.append(plan.latest_utc_s if waits else plan.earliest_utc_s)
    return Standing(status, now, later, min(edges, default=math.inf))
