"""What a maintenance window would leave of services, said when it is planned. It forbids nothing.

1. Told is each service that would be lost while the window lasts, or one failure from loss, and is better off
   without it. Lost comes first, the more critical before the others.
2. What has failed is told as it stands now, for nobody knows what will have failed by then. What is in
   maintenance is told as it will be: by the windows that overlap the first time of this one. A window without
   a time of its own is told by those in force now. Where something is unknown it is told for the better case,
   and that it may be worse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from controlroom.alarms.urgency import PRIORITY_OF
from controlroom.condition.maintenance.occurrences import in_force, next_after, occurrences
from controlroom.condition.maintenance.window import MaintenanceWindow
from controlroom.report.escaping import printable
from controlroom.report.wording import subject_words
from controlroom.resilience.component import group_component
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.resilience.standing import Standing
from controlroom.resilience.what_if import suppose, what_if

MOST_WARNINGS: Final = 12
_MOST_NAMED: Final = 4


def plan_warnings(
    resilience: Resilience,
    observed: Observed,
    window: MaintenanceWindow,
    others: Iterable[MaintenanceWindow] = (),
    *,
    now_utc_s: float = 0.0,
    most: int = MOST_WARNINGS,
) -> tuple[str, ...]:
    """Say what a window would leave of services beside the other windows, a line each."""
    first = in_force(window, now_utc_s) or next_after(window, now_utc_s)
    if first is not None:
        begins_utc_s, ends_utc_s = first.begins_utc_s, first.ends_utc_s
        beside = [each for each in others if occurrences(each, begins_utc_s, ends_utc_s, 1)]
        planned = [target for each in beside for target in _targets(each)]
        observed = suppose(resilience.view, replace(observed, planned=frozenset()), (), planned)
    found = what_if(resilience, observed, (), _targets(window))
    worse = [
        after
        for name, after in found.after.items()
        if after.margin.most < found.before[name].margin.most and after.margin.most <= 1
    ]
    structures = resilience.structures
    worse.sort(key=lambda after: (after.margin.most, PRIORITY_OF[structures[after.service_id].criticality]))
    names = {name: printable(structures[name].name, 120) for name in structures}
    view = resilience.view
    lines = [
        _line(names[after.service_id], after, lambda subject: subject_words(subject, view))
        for after in worse[:most]
    ]
    more = len(worse) - most
    return (*lines, f"So would {more} more services.") if more > 0 else tuple(lines)


def _targets(window: MaintenanceWindow) -> tuple[str, ...]:
    return (*window.endpoint_ids, *map(group_component, window.group_ids))


def _line(name: str, after: Standing, name_of: Callable[[str], str]) -> str:
    perhaps = "" if after.margin.certain else " It may be worse: not all of it is known now."
    if after.margin.most == 0:
        return f"With this {name} would be lost: nothing else is left that carries it.{perhaps}"
    singles = [name_of(each[0]) for each in after.next_to_fail.sets if len(each) == 1]
    more = len(singles) - _MOST_NAMED + after.next_to_fail.more
    named = singles[:_MOST_NAMED] + ([f"{more} more"] if more > 0 else [])
    return f"With this {name} would be one failure from loss: {', or '.join(named)}.{perhaps}"
