"""Reads how good the selected endpoint's link is and how long it worked. It draws nothing.

Rules
1. The quality is that of the last five minutes, as the engine judges it too: since the end of an outage,
   where one ended in that time.
2. Availability is of the last twelve hours, which is a shift, and of the last thirty days, which an objective
   is judged by as well.
3. Changes of the link are those that the log tells of.
4. A grade by a change of the link counts no more when the log tells that the change is over, though the
   engine has not judged anew yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from controlroom.condition.assessment import Assessment
from controlroom.condition.grading import CHANGE, SIGN
from controlroom.condition.state import Condition
from controlroom.logbook.entry import LogKind
from controlroom.measure.availability import availability_of
from controlroom.measure.detection import ChangeKind
from controlroom.measure.figures import WindowLength
from controlroom.report.condition_spans import spans_of
from controlroom.report.learning import learning_of
from controlroom.report.link_quality import quality_in
from controlroom.report.objective_figures import objective_figures
from controlroom.site.view import SeenEndpoint, SiteView
from controlroom.store.interface import ReadStore
from ui.desk.graph.change_marks import ChangeMark
from ui.desk.snapshot import Worked, Worth

_ENDED_BY: Final[dict[str, str]] = {
    ChangeKind.LATENCY_RISE: ChangeKind.LATENCY_FALL,
    ChangeKind.LOSS_RISE: ChangeKind.LOSS_FALL,
    ChangeKind.SPREAD_RISE: ChangeKind.SPREAD_FALL,
}
SHIFT_S: Final = float(WindowLength.SHIFT)
MONTH_S: Final = 30 * 86_400.0


def read_worth(
    store: ReadStore, site: SiteView, seen: SeenEndpoint, now_utc_s: float, worked: Worked
) -> Worth:
    """Read the quality now; ``worked`` is as it was read before."""
    since_utc_s, until_utc_s = WindowLength.FIVE_MINUTES.ending(now_utc_s)
    since_utc_s = max([since_utc_s, *_outages_ended(store, seen, since_utc_s)])
    known = (each for each in store.assessments() if each.endpoint_id == seen.id)
    found = (
        each
        for each in known
        if each.at_utc_s >= since_utc_s  # not of before an outage
        and not _is_over(store, each)
    )
    return Worth(
        endpoint_id=seen.id,
        quality=quality_in(store, site, seen, since_utc_s, until_utc_s),
        assessment=next(found, None),
        worked=worked,
        learning=learning_of(store, seen),
        marks=tuple(_marks(store, seen, now_utc_s)),
    )


def _outages_ended(store: ReadStore, seen: SeenEndpoint, since_utc_s: float) -> Iterator[float]:
    """Yield when outages of an endpoint ended that were told since a time (rule 1)."""
    kinds = frozenset({LogKind.CONDITION_CHANGED})
    for entry in store.entries(since_utc_s=since_utc_s, kinds=kinds):
        began_utc_s = entry.facts.get("since_utc_s")
        told = entry.subject == seen.id and entry.facts.get("from") == Condition.DOWN
        if told and isinstance(began_utc_s, int | float):
            yield float(began_utc_s)


def _is_over(store: ReadStore, told: Assessment) -> bool:
    """Whether the log tells the end of the change that a grade is by (rule 4)."""
    sign, _, change = told.reason.partition(f":{CHANGE}:")
    if sign != SIGN:
        return False
    ended = _ENDED_BY.get(change.partition(":")[0])
    entries = store.entries(since_utc_s=told.at_utc_s, kinds=frozenset({LogKind.LINK_CHANGED}))
    return any(entry.subject == told.endpoint_id and entry.facts.get("change") == ended for entry in entries)


def _marks(store: ReadStore, seen: SeenEndpoint, now_utc_s: float) -> Iterator[ChangeMark]:
    """Yield where the link changed in the last month (rule 3)."""
    for entry in store.entries(since_utc_s=now_utc_s - MONTH_S, kinds=frozenset({LogKind.LINK_CHANGED})):
        began_utc_s = entry.facts.get("since_utc_s")
        if entry.subject == seen.id and isinstance(began_utc_s, int | float):
            yield ChangeMark(float(began_utc_s), str(entry.facts.get("change", "")))


def read_worked(store: ReadStore, seen: SeenEndpoint, now_utc_s: float) -> Worked:
    """Read how long an endpoint worked (rule 2)."""
    spans = spans_of(store, seen.id, now_utc_s - MONTH_S, now_utc_s)
    lengths_s = (SHIFT_S, MONTH_S)
    return Worked(
        tuple((length_s, availability_of(spans, now_utc_s - length_s, now_utc_s)) for length_s in lengths_s),
        None if seen.objective is None else objective_figures(seen.objective, spans, now_utc_s),
    )
