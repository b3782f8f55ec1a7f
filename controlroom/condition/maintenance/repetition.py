"""The local starts that a recurring plan gives in a stretch of time, with bounded work. It knows no zone.

Rules:
1. Rules repeat in the wall clock; the moments are made of it afterwards, one by one (``wall_clock.py``).
2. However long ago a plan began, only what is near the stretch is gone through: a rule without a count is
   taken up a whole number of its own intervals later. What repeats monthly or yearly has few steps anyway.
3. The library is given what gives something in nearly every step, and an end; what thins it out comes behind
   it (``rule.py``, rule 5).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from dateutil import rrule

from controlroom.condition.maintenance.refusal import PlanRefusedError, Refusal
from controlroom.condition.maintenance.rule import Rule, read_rule
from controlroom.condition.maintenance.window import Recurring

_STEPS: Final = {
    rrule.HOURLY: timedelta(hours=1),
    rrule.DAILY: timedelta(days=1),
    rrule.WEEKLY: timedelta(weeks=1),
}
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 2200


def local_starts(plan: Recurring, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the starts of a plan from one local time to another, both with them, in order.

    An end by a moment in UTC is not looked at here.
    """
    rule = read_rule(plan.rule)
    if not _FIRST_YEAR <= plan.local_start.year <= _LAST_YEAR:
        raise PlanRefusedError(Refusal.BAD_TIME, plan.local_start.isoformat())
    if rule.until is not None and not rule.until_is_utc:
        until = min(until, rule.until)
    start = plan.local_start.replace(second=0, microsecond=0, tzinfo=None)
    if rule.count is None:
        start = _taken_up(start, rule, since)
    if start > until:
        return
    try:
        found = rrule.rrulestr(rule.body, dtstart=start)
    except (ValueError, TypeError, OverflowError) as error:
        raise PlanRefusedError(Refusal.BAD_RULE, plan.rule) from error
    if not isinstance(found, rrule.rrule):
        raise PlanRefusedError(Refusal.BAD_RULE, plan.rule)
    found = found.replace(until=until)
    for local in islice(filter(lambda local: _passes(rule, local), found), rule.count):
        if local >= since:
            yield local


def _passes(rule: Rule, local: datetime) -> bool:
    """Whether a start passes the sieve of a rule, which holds what the library was not given."""
    month_days = {local.day, local.day - monthrange(local.year, local.month)[1] - 1}
    return (
        (not rule.months or local.month in rule.months)
        and (not rule.month_days or not rule.month_days.isdisjoint(month_days))
        and (not rule.weekdays or local.weekday() in rule.weekdays)
        and (not rule.hours or local.hour in rule.hours)
    )


def _taken_up(start: datetime, rule: Rule, since: datetime) -> datetime:
    """Return a start that the same rule may be taken up from (rule 2)."""
    step = _STEPS.get(rule.frequency)
    if step is None or start >= since:
        return start
    # Two intervals earlier: a week that is chosen by its days begins before the day of the start.
    intervals = (since - start) // (step * rule.interval) - 2
    return start + max(intervals, 0) * rule.interval * step
