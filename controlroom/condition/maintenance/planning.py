"""What a plan must keep to before it is taken. It plans nothing itself.

Rules:
1. It has a title, a reason and a target; whoever plans maintenance hides alarms.
2. It ends after it begins, and not before now. It is no longer than a year, a recurring one than 31 days.
3. A recurring one is not longer than the time from one beginning to the next, by the wall clock. Its first
   beginnings are looked at, so many of them.
4. It begins at least once more.
5. The longest texts and the number of targets are bounded.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import timedelta
from itertools import islice, pairwise
from typing import Final

from controlroom.condition.maintenance.occurrences import next_change_utc_s
from controlroom.condition.maintenance.refusal import PlanRefusedError, Refusal
from controlroom.condition.maintenance.repetition import local_starts
from controlroom.condition.maintenance.wall_clock import zone_of
from controlroom.condition.maintenance.window import Flexible, MaintenanceWindow, OneOff, Recurring

LONGEST_TITLE: Final = 200
LONGEST_REASON: Final = 4000
MOST_TARGETS: Final = 100
LONGEST_S: Final = 366 * 86_400.0
LONGEST_RECURRING_S: Final = 31 * 86_400.0
_LOOKED_AT: Final = 400
_LOOK_AHEAD: Final = timedelta(days=2 * 366)
_LAST_UTC_S: Final = 7_258_118_400.0  # the year 2200


def refuse_bad_plan(window: MaintenanceWindow, now_utc_s: float) -> None:
    """Raise ``PlanRefusedError`` where a window that is planned now breaks a rule of this page."""
    _refuse_bad_words(window)
    zone_of(window.zone_name)
    plan = window.plan
    if isinstance(plan, OneOff):
        _refuse_bad_span(plan.begins_utc_s, plan.ends_utc_s, now_utc_s)
    elif isinstance(plan, Flexible):
        _refuse_bad_span(plan.earliest_utc_s, plan.latest_utc_s, now_utc_s)
        if not 0 < plan.length_s <= plan.latest_utc_s - plan.earliest_utc_s:
            raise PlanRefusedError(Refusal.LONGER_THAN_ITS_ROOM)
    else:
        _refuse_bad_recurrence(plan)
        if next_change_utc_s(window, now_utc_s) == math.inf:
            raise PlanRefusedError(Refusal.NEVER_BEGINS, plan.rule)


def refuse_unknown_targets(
    window: MaintenanceWindow, endpoint_ids: Collection[str], group_ids: Collection[str]
) -> None:
    """Raise ``PlanRefusedError`` where a target is none of the site's."""
    unknown = [each for each in window.endpoint_ids if each not in endpoint_ids]
    unknown += [each for each in window.group_ids if each not in group_ids]
    if unknown:
        raise PlanRefusedError(Refusal.NO_SUCH_TARGET, unknown[0])


def _refuse_bad_words(window: MaintenanceWindow) -> None:
    if not window.title.strip() or len(window.title) > LONGEST_TITLE:
        raise PlanRefusedError(Refusal.NO_TITLE, window.title[:LONGEST_TITLE])
    if not window.reason.strip() or len(window.reason) > LONGEST_REASON:
        raise PlanRefusedError(Refusal.NO_REASON, window.reason[:LONGEST_TITLE])
    targets = len(window.endpoint_ids) + len(window.group_ids)
    if not targets:
        raise PlanRefusedError(Refusal.NO_TARGET)
    if targets > MOST_TARGETS:
        raise PlanRefusedError(Refusal.TOO_MANY_TARGETS, str(targets))


def _refuse_bad_span(since_utc_s: float, until_utc_s: float, now_utc_s: float) -> None:
    if not (0 < since_utc_s < _LAST_UTC_S and 0 < until_utc_s < _LAST_UTC_S):  # also refuses NaN
        raise PlanRefusedError(Refusal.BAD_TIME)
    if until_utc_s <= since_utc_s:
        raise PlanRefusedError(Refusal.ENDS_BEFORE_IT_BEGINS)
    if until_utc_s <= now_utc_s:
        raise PlanRefusedError(Refusal.OVER_ALREADY)
    if until_utc_s - since_utc_s > LONGEST_S:
        raise PlanRefusedError(Refusal.TOO_LONG)


def _refuse_bad_recurrence(plan: Recurring) -> None:
    if not plan.length_s > 0:
        raise PlanRefusedError(Refusal.ENDS_BEFORE_IT_BEGINS)
    if plan.length_s > LONGEST_RECURRING_S:
        raise PlanRefusedError(Refusal.TOO_LONG)
    first = local_starts(plan, plan.local_start, plan.local_start + _LOOK_AHEAD)
    for one, other in pairwise(islice(first, _LOOKED_AT)):
        if (other - one).total_seconds() < plan.length_s:
            raise PlanRefusedError(Refusal.OVERLAPS_ITSELF, plan.rule)
