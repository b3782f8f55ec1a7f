"""What operators do about maintenance: plan a window, end or cancel one, count down time as one afterwards.

Rules:
1. A plan that breaks a rule (``condition/maintenance/planning.py``), or names what the site does not have, is
   refused by the code of that rule.
2. Ending needs no reason, for it hides nothing. Planning does, and so does counting down time otherwise.
3. Only what is past can be counted otherwise, and a year of it at a time.
4. Where an endpoint answered all that time, nothing was down and nothing is counted. The engine knows it of
   one that has been as it is since before; what lies further back the log tells, and who asks looks there.
"""

from __future__ import annotations

from typing import Final

from controlroom.condition.maintenance.flat import planned_of
from controlroom.condition.maintenance.planning import LONGEST_S, refuse_bad_plan
from controlroom.condition.maintenance.refusal import PlanRefusedError
from controlroom.condition.state import Condition
from controlroom.engine.effects import Effects
from controlroom.engine.monitor import Monitor
from controlroom.logbook.act import Act, ActKind
from controlroom.logbook.entry import Draft, Fact, LogKind

KINDS: Final = frozenset({ActKind.PLAN_MAINTENANCE, ActKind.END_MAINTENANCE, ActKind.RECLASSIFY})
"""The acts that are done here."""

REFUSED: Final = "plan_"
"""What the code of a refused plan begins with."""


def do(act: Act, monitor: Monitor, now_utc_s: float) -> Effects | str:
    """Do an act of one of the ``KINDS``; return what it brought about, or the code of why not."""
    if act.kind is ActKind.PLAN_MAINTENANCE:
        return _plan(act, monitor, now_utc_s)
    if act.kind is ActKind.END_MAINTENANCE:
        number = act.details.get("window")
        if not isinstance(number, int) or isinstance(number, bool):
            return "no_such_window"
        cancel = act.details.get("cancel") is True
        return monitor.maintenance.end(number, act.operator, act.note, now_utc_s, cancel=cancel)
    return _reclassify(act, monitor, now_utc_s)


def _plan(act: Act, monitor: Monitor, now_utc_s: float) -> Effects | str:
    keeper = monitor.maintenance
    if keeper.is_full:
        return "too_many_windows"
    try:
        window = planned_of(act.details, keeper.next_number, act.note, act.operator, now_utc_s)
        refuse_bad_plan(window, now_utc_s)
        keeper.refuse_unknown(window)
    except PlanRefusedError as error:
        return f"{REFUSED}{error.code}"
    return keeper.plan(window, now_utc_s)


def _reclassify(act: Act, monitor: Monitor, now_utc_s: float) -> Effects | str:
    """Count down time as maintenance (rules 2 to 4)."""
    since, until = act.details.get("from_utc_s"), act.details.get("until_utc_s")
    if act.subject not in monitor.trackers:
        return "no_such_endpoint"
    if not act.note.strip():
        return "needs_reason"
    if isinstance(since, str | bool | None) or isinstance(until, str | bool | None):
        return "plan_bad_time"
    if not 0 < since < until <= now_utc_s:
        return "not_past"
    if until - since > LONGEST_S:
        return "plan_too_long"
    state = monitor.trackers[act.subject].state
    if state.condition in (Condition.UP, Condition.DEGRADED) and state.since_utc_s <= since:
        return "nothing_was_down"
    facts: dict[str, Fact] = {"from_utc_s": float(since), "until_utc_s": float(until), "note": act.note}
    draft = Draft(now_utc_s, LogKind.DOWNTIME_RECLASSIFIED, act.subject, act.operator, facts)
    return Effects(entries=[draft])
