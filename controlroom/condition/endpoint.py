"""What an endpoint's probes add up to. It keeps no history and knows nothing of other endpoints.

Rules of ``combine``, the first that fits:
1. No probe measured: unknown.
2. A reaching probe is silent, and none was answered since that silence began: down. An answer from
   before the silence says nothing of now, and probes that do not reach (the host probe) cannot tell.
3. A reaching probe is silent while another has been answered since: degraded; the endpoint lives, one
   way to ask it does not.
4. A limit is raised: degraded.
5. Any probe unknown, or answers without a figure that is limited: unknown. No green for what could not be
   asked.
6. A limited figure may still come: not measured yet.
7. Otherwise: up.
The condition counts from the earliest probe that shows it; up from the latest, and not before the last limit
that was raised has cleared. Of several reasons for silence the first that is more than silence is told.

``undecided`` tells where the next answers may turn the verdict, so that it is worth a moment's wait:
a probe that was not asked since another fell silent, or one that is about to return.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from controlroom.condition.answering import NOT_MEASURED_YET, Answering, ProbeStatus
from controlroom.condition.state import Condition
from controlroom.condition.why_silent import most_telling


@dataclass(frozen=True, slots=True)
class ProbeView:
    """One probe's status, whether its silence means anything, and the limits it has raised.

    ``raised_reasons`` holds their codes, the gravest first (``limit:rtt_s:0.25``). ``raised_gravity`` is how
    grave the first one is.
    """

    status: ProbeStatus
    reaches: bool
    raised_reasons: tuple[str, ...] = ()
    raised_since_utc_s: float = 0.0
    raised_gravity: int = 0
    cleared_utc_s: float = 0.0
    """When the last limit that was raised has cleared."""
    lacks: str = ""
    """The code of the limited figures that its answers lack, or of not measured yet: they may still come."""

    lacks_since_utc_s: float = 0.0
    """Since when a figure that had been beyond its limit is known to be told no longer."""

    @property
    def is_measured(self) -> bool:
        """Whether all that it is judged by was measured."""
        return NOT_MEASURED_YET not in (self.status.reason, self.lacks)


@dataclass(frozen=True, slots=True)
class Combined:
    """A condition with the time it counts from and the code of its reason."""

    condition: Condition
    since_utc_s: float
    reason: str


def combine(views: Sequence[ProbeView]) -> Combined:
    """Judge an endpoint from its probes."""
    silent = [view.status for view in _reaching(views, Answering.SILENT)]
    answering = [view.status for view in views if _is(view, Answering.ANSWERS)]
    reached = any(_answered_since(view.status, silent) for view in _reaching(views, Answering.ANSWERS))
    lacking = [view for view in views if view.lacks and _is(view, Answering.ANSWERS)]
    unknown = [view.status for view in views if _is(view, Answering.UNKNOWN)]
    unknown += [_as_lacking(view) for view in lacking if view.is_measured]
    raised = [view for view in views if view.raised_reasons]
    if silent and not reached:
        return _earliest(Condition.DOWN, silent)
    if silent:
        return _earliest(Condition.DEGRADED, silent)
    if raised:
        gravest = min(raised, key=lambda view: (-view.raised_gravity, view.raised_since_utc_s))
        # A limit that was raised before an outage held the endpoint degraded until then, and does again now.
        raised_s = min(view.raised_since_utc_s for view in raised)
        since_utc_s = max(raised_s, *(status.since_utc_s for status in answering), 0.0)
        return Combined(Condition.DEGRADED, since_utc_s, gravest.raised_reasons[0])
    if unknown:
        return _earliest(Condition.UNKNOWN, unknown)
    if lacking or not answering:
        return Combined(Condition.UNKNOWN, 0.0, NOT_MEASURED_YET)
    latest = max(answering, key=lambda status: status.since_utc_s)
    since_utc_s = max(latest.since_utc_s, *(view.cleared_utc_s for view in views))
    return Combined(Condition.UP, since_utc_s, latest.reason)


def _as_lacking(view: ProbeView) -> ProbeStatus:
    since_utc_s = max(view.status.since_utc_s, view.lacks_since_utc_s)
    return replace(view.status, reason=view.lacks, since_utc_s=since_utc_s)


def undecided(views: Sequence[ProbeView], before: Condition) -> bool:
    """Whether answers that are on their way may yet change what ``combine`` says."""
    silent = [view.status for view in _reaching(views, Answering.SILENT)]
    answering = [view.status for view in _reaching(views, Answering.ANSWERS)]
    if not silent or not answering:
        return False
    if before is Condition.DOWN:
        first_answer_s = min(status.suspect_sent_s for status in answering)
        return any(
            status.suspect is Answering.ANSWERS or status.newest_sent_s < first_answer_s for status in silent
        )
    began_s = min(status.suspect_sent_s for status in silent)
    return all(status.newest_sent_s < began_s for status in answering)


def _reaching(views: Sequence[ProbeView], answering: Answering) -> list[ProbeView]:
    return [view for view in views if view.reaches and _is(view, answering)]


def _answered_since(status: ProbeStatus, silent: Sequence[ProbeStatus]) -> bool:
    began_s = min((one.suspect_sent_s for one in silent), default=0.0)
    return status.newest_answer_sent_s >= began_s


def _is(view: ProbeView, answering: Answering) -> bool:
    return view.status.answering is answering


def _earliest(condition: Condition, statuses: Sequence[ProbeStatus]) -> Combined:
    ordered = sorted(statuses, key=lambda status: status.since_utc_s)
    if condition is Condition.UNKNOWN:
        return Combined(condition, ordered[0].since_utc_s, ordered[0].reason)
    return Combined(condition, ordered[0].since_utc_s, most_telling(status.reason for status in ordered))
