"""When a maintenance window is in force: its occurrences, in order and apart from each other. No clock.

Rules:
1. A recurring one begins when the wall clock of its zone shows the planned time, and lasts its length in
   exact seconds, whatever the clock is set to meanwhile.
2. Where a clock set forward brings two beginnings to the same moment, that is one occurrence; where it brings
   a beginning into the one before, that one ends there.
3. A flexible one has its occurrence once a failure began it, and is over by its latest end.
4. What was ended early ends there; from a cancellation on nothing comes any more.
5. The next one is looked for over so many years, by the hour over one; further off there is none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from dateutil import rrule

from controlroom.condition.maintenance.repetition import local_starts
from controlroom.condition.maintenance.rule import Rule, read_rule
from controlroom.condition.maintenance.wall_clock import local_of, utc_s_of, zone_of
from controlroom.condition.maintenance.window import Flexible, MaintenanceWindow, OneOff, Recurring

MOST_TOLD: Final = 1000
"""How many occurrences one question is answered with."""

_DAY_S: Final = 86_400.0
_FAR_S: Final = 12 * 366 * _DAY_S
_FAR_BY_THE_HOUR_S: Final = 366 * _DAY_S
_LARGEST_SHIFT_S: Final = 2 * _DAY_S
"""More than any offset, and any change of one, that a zone ever had."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time at which a window is in force; ``planned`` is its local start, where it has one."""

    begins_utc_s: float
    ends_utc_s: float
    planned: datetime | None = None

    def covers(self, at_utc_s: float) -> bool:
        """Whether a moment lies in it; its end does not."""
        return self.begins_utc_s <= at_utc_s < self.ends_utc_s


def occurrences(
    window: MaintenanceWindow, since_utc_s: float, until_utc_s: float, most: int = MOST_TOLD
) -> list[Occurrence]:
    """Return the first occurrences that lie in a stretch of time, in part or as a whole."""
    found = (_cut(window, each) for each in _planned(window, since_utc_s, until_utc_s))
    lying = (
        each
        for each in found
        if each is not None and each.ends_utc_s > since_utc_s and each.begins_utc_s < until_utc_s
    )
    return list(islice(lying, most))


def in_force(window: MaintenanceWindow, at_utc_s: float) -> Occurrence | None:
    """Return the occurrence that a moment lies in."""
    found = occurrences(window, at_utc_s, math.nextafter(at_utc_s, math.inf), 1)
    return found[0] if found else None


def next_after(window: MaintenanceWindow, at_utc_s: float) -> Occurrence | None:
    """Return the first occurrence that begins after a moment (rule 5)."""
    found = occurrences(window, at_utc_s, at_utc_s + _far_s(window), 2)
    return next((each for each in found if each.begins_utc_s > at_utc_s), None)


def next_change_utc_s(window: MaintenanceWindow, at_utc_s: float) -> float:
    """Return until when what is in force stays as it is; infinite where nothing more comes.

    That a failure may begin a flexible one is not foreseen.
    """
    now, later = in_force(window, at_utc_s), next_after(window, at_utc_s)
    ends = now.ends_utc_s if now is not None else math.inf
    return min(ends, later.begins_utc_s if later is not None else math.inf)


def _planned(window: MaintenanceWindow, since_utc_s: float, until_utc_s: float) -> Iterator[Occurrence]:
    plan = window.plan
    if isinstance(plan, OneOff):
        yield Occurrence(plan.begins_utc_s, plan.ends_utc_s)
    elif isinstance(plan, Recurring):
        yield from _recurring(plan, zone_of(window.zone_name), since_utc_s, until_utc_s)
    elif window.triggered_utc_s is not None:
        ends_utc_s = min(window.triggered_utc_s + plan.length_s, plan.latest_utc_s)
        yield Occurrence(window.triggered_utc_s, ends_utc_s)


def _recurring(
    plan: Recurring, zone: ZoneInfo, since_utc_s: float, until_utc_s: float
) -> Iterator[Occurrence]:
    """Yield occurrences that may touch a stretch, each cut where the next begins (rule 2)."""
    rule = read_rule(plan.rule)
    first = local_of(since_utc_s - plan.length_s, zone) - timedelta(seconds=_LARGEST_SHIFT_S)
    # As far as the next beginning may still cut what began in the stretch.
    last = local_of(until_utc_s + plan.length_s, zone) + timedelta(seconds=_LARGEST_SHIFT_S)
    before: Occurrence | None = None
    for local in local_starts(plan, first, last):
        begins_utc_s = utc_s_of(local, zone)
        if _is_past(rule, begins_utc_s):
            break
        if before is not None and begins_utc_s > before.begins_utc_s:
            yield replace(before, ends_utc_s=min(before.ends_utc_s, begins_utc_s))
            if begins_utc_s >= until_utc_s:
                return
        if before is None or begins_utc_s > before.begins_utc_s:
            before = Occurrence(begins_utc_s, begins_utc_s + plan.length_s, local)
    if before is not None:
        yield before


def _is_past(rule: Rule, begins_utc_s: float) -> bool:
    if rule.until is None or not rule.until_is_utc:
        return False
    return begins_utc_s > rule.until.replace(tzinfo=UTC).timestamp()


def _cut(window: MaintenanceWindow, found: Occurrence) -> Occurrence | None:
    """End an occurrence where somebody ended it; ``None`` where nothing of it is left (rule 4)."""
    for ended_utc_s in (window.ended_utc_s, window.cancelled_utc_s):
        if ended_utc_s is not None and found.covers(ended_utc_s):
            found = replace(found, ends_utc_s=ended_utc_s)
    gone = window.cancelled_utc_s is not None and found.begins_utc_s >= window.cancelled_utc_s
    return None if gone or found.ends_utc_s <= found.begins_utc_s else found


def _far_s(window: MaintenanceWindow) -> float:
    plan = window.plan
    if isinstance(plan, Recurring):
        return _FAR_BY_THE_HOUR_S if read_rule(plan.rule).frequency == rrule.HOURLY else _FAR_S
    reached_s = plan.latest_utc_s if isinstance(plan, Flexible) else plan.ends_utc_s
    return max(_FAR_S, reached_s - window.planned_utc_s)
