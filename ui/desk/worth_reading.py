"""Reads how good the selected endpoint's link is and how long it worked. It draws nothing.

Rules
1. The quality is that of the last five minutes, as the engine judges it too: since the end of an outage,
   where one ended in that time.
2. Availability is of the last twelve hours, which is a shift, and of the last thirty days.
3. Changes of the link are those that the log tells of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from controlroom.condition.state import Condition
from controlroom.logbook.entry import LogKind
from controlroom.measure.availability import Availability
from controlroom.measure.figures import WindowLength
from controlroom.report.condition_spans import availability_in
from controlroom.report.link_quality import quality_in
from controlroom.site.view import SeenEndpoint, SiteView
from controlroom.store.interface import ReadStore
from ui.desk.graph.change_marks import ChangeMark
from ui.desk.snapshot import Worth

SHIFT_S: Final = 12 * 3600.0
MONTH_S: Final = 30 * 86_400.0


def read_worth(
    store: ReadStore,
    site: SiteView,
    seen: SeenEndpoint,
    now_utc_s: float,
    availability: Sequence[tuple[float, Availability]],
) -> Worth:
    """Read the quality now; ``availability`` is as it was read before."""
    since_utc_s, until_utc_s = WindowLength.FIVE_MINUTES.ending(now_utc_s)
    since_utc_s = max([since_utc_s, *_outages_ended(store, seen, since_utc_s)])
    known = (each for each in store.assessments() if each.endpoint_id == seen.id)
    found = (each for each in known if each.at_utc_s >= since_utc_s)  # not of before an outage
    return Worth(
        endpoint_id=seen.id,
        quality=quality_in(store, site, seen, since_utc_s, until_utc_s),
        assessment=next(found, None),
        availability=availability,
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


def _marks(store: ReadStore, seen: SeenEndpoint, now_utc_s: float) -> Iterator[ChangeMark]:
    """Yield where the link changed in the last month (rule 3)."""
    for entry in store.entries(since_utc_s=now_utc_s - MONTH_S, kinds=frozenset({LogKind.LINK_CHANGED})):
        began_utc_s = entry.facts.get("since_utc_s")
        if entry.subject == seen.id and isinstance(began_utc_s, int | float):
            yield ChangeMark(float(began_utc_s), str(entry.facts.get("change", "")))


def read_availability(
    store: ReadStore, seen: SeenEndpoint, now_utc_s: float
) -> tuple[tuple[float, Availability], ...]:
    """Read how long an endpoint worked (rule 2)."""
    return tuple(
        (length_s, availability_in(store, seen.id, now_utc_s - length_s, now_utc_s))
        for length_s in (SHIFT_S, MONTH_S)
    )
