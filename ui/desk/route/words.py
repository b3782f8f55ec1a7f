"""What the traces of an endpoint say in one sentence, and why there is none. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from controlroom.condition.state import Condition, EndpointState
from controlroom.report.escaping import printable
from controlroom.report.wording import reason_words
from controlroom.route.comparison import ends_early, parting
from controlroom.route.kept import KeptRoute, RouteKind, TraceCause
from controlroom.route.trace import Trace, TraceEnd
from ui.desk import figures, time_text

NOT_TRACED = "Not traced yet: this comes once it is well, or when it fails. “Trace now” does it at once."
_BAD = (Condition.DOWN, Condition.DEGRADED)


def summary(
    routes: Mapping[RouteKind, KeptRoute],
    state: EndpointState | None,
    now_utc_s: float,
    zone: ZoneInfo,
) -> str:
    """Say how the newest trace ended, whether it left the good route, and how old it is."""
    newest, good = routes.get(RouteKind.NEWEST), routes.get(RouteKind.GOOD)
    if newest is None:
        return "Not traced yet."
    when = time_text.moment(newest.trace.at_utc_s, now_utc_s, zone)
    told = f"{end_words(newest.trace, None if good is None else good.trace)} Traced {when}."
    if state is not None and state.condition in _BAD and newest.trace.at_utc_s < state.since_utc_s:
        told += " Not traced since it turned bad."
    return told


def end_words(newest: Trace, good: Trace | None) -> str:
    """Say how a trace ended, and where it left the good route."""
    left = None if good is None else parting(good, newest)
    another = "" if left is None else f" It leaves the good route at hop {left.distance}."
    return f"{_end(newest, good)}{another}"


def heading(kept: KeptRoute, now_utc_s: float, zone: ZoneInfo) -> str:
    """Say when and why a trace was made."""
    when = time_text.moment(kept.trace.at_utc_s, now_utc_s, zone)
    why = {
        TraceCause.OPERATOR: f"asked by {printable(kept.operator, 60)}" if kept.operator else "asked for",
        TraceCause.TURNED_BAD: "as it turned bad",
        TraceCause.WELL: "while it was well",
    }[kept.cause]
    return f"{when}, {why}"


def _end(newest: Trace, good: Trace | None) -> str:
    if newest.end is TraceEnd.REACHED:
        return f"Reached over {figures.counted(len(newest.hops), 'hop')}."
    if newest.end is TraceEnd.REFUSED:
        return f"Refused at hop {len(newest.hops)}: {reason_words(newest.reason)}."
    after = None if good is None else ends_early(good, newest)
    answered = len(newest.hops) if after is None else after
    of = f" of {len(good.hops)}" if good is not None and after is not None else ""
    return (
        f"Nobody answers beyond hop {answered}{of}."
        if answered
        else "No router on the way answers the trace."
    )
