"""What an endpoint's probes add up to. It keeps no history and knows nothing of other endpoints.

Rules of ``combine``, the first that fits:
1. No probe measured: unknown.
2. Every probe that can tell (and is not unknown) is silent: down. Probes that do not reach
   (the host probe) cannot tell silence.
3. Some silent and some answering: degraded; the endpoint lives, one way to ask it does not.
4. A limit is raised: degraded.
5. Any probe unknown: unknown. No green for what could not be asked.
6. Otherwise: up.
The condition counts from the earliest probe that shows it, up from the latest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from controlroom.condition.answering import NOT_MEASURED_YET, Answering, ProbeStatus
from controlroom.condition.state import Condition


@dataclass(frozen=True, slots=True)
class ProbeView:
    """One probe's status, whether its silence means anything, and the limits it has raised."""

    status: ProbeStatus
    reaches: bool
    raised_metrics: tuple[str, ...] = ()
    raised_since_utc_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Combined:
    """A condition with the time it counts from and the code of its reason."""

    condition: Condition
    since_utc_s: float
    reason: str


def combine(views: Sequence[ProbeView]) -> Combined:
    """Judge an endpoint from its probes."""
    silent = [view.status for view in views if _is(view, Answering.SILENT) and view.reaches]
    answering = [view.status for view in views if _is(view, Answering.ANSWERS)]
    reached = any(view.reaches for view in views if _is(view, Answering.ANSWERS))
    unknown = [view.status for view in views if _is(view, Answering.UNKNOWN)]
    raised = [view for view in views if view.raised_metrics]
    if silent and not reached:
        return _earliest(Condition.DOWN, silent)
    if silent:
        return _earliest(Condition.DEGRADED, silent)
    if raised:
        first = min(raised, key=lambda view: view.raised_since_utc_s)
        reason = f"limit:{first.raised_metrics[0]}"
        return Combined(Condition.DEGRADED, first.raised_since_utc_s, reason)
    if unknown:
        return _earliest(Condition.UNKNOWN, unknown)
    if not answering:
        return Combined(Condition.UNKNOWN, 0.0, NOT_MEASURED_YET)
    latest = max(answering, key=lambda status: status.since_utc_s)
    return Combined(Condition.UP, latest.since_utc_s, latest.reason)


def _is(view: ProbeView, answering: Answering) -> bool:
    return view.status.answering is answering


def _earliest(condition: Condition, statuses: Sequence[ProbeStatus]) -> Combined:
    first = min(statuses, key=lambda status: status.since_utc_s)
    return Combined(condition, first.since_utc_s, first.reason)
