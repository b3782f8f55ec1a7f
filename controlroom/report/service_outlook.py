"""How services stand and what would lose them, read from a site and, where there is one, a store.

It words nothing.

Rules:
1. Without a store nothing has failed: that is the site as it was laid out.
2. With one, endpoints are as the engine knew them last; whether it lives is told beside it.
3. What is supposed to have failed is added, and then the standing before it is told as well.
4. Long-run figures are of components as they are usually, whatever has failed or is supposed to have now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from controlroom.alarms.true_loss import with_true_losses
from controlroom.report.long_view import LongView, long_view, year_of
from controlroom.report.site_spans import SiteSpans
from controlroom.resilience.listed_cuts import ListedCuts, listed_cuts
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed, observed
from controlroom.resilience.standing import Standing
from controlroom.resilience.what_if import what_if
from controlroom.site.view import SiteView
from controlroom.store.interface import ReadStore

ALIVE_WITHIN_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """All services of a site; ``before`` is empty where nothing is supposed.

    ``as_of_utc_s`` is the engine's newest sign of life, ``None`` where no store was read.
    """

    view: SiteView
    at_utc_s: float
    as_of_utc_s: float | None
    alive: bool
    supposed: tuple[str, ...]
    asked_order: int | None
    standings: Mapping[str, Standing]
    before: Mapping[str, Standing]
    cuts: Mapping[str, ListedCuts]
    long: LongView | None


def read_outlook(
    view: SiteView,
    store: ReadStore | None,
    supposed: Sequence[str],
    order: int | None,
    now_utc_s: float,
    spans: SiteSpans | None = None,
) -> Outlook:
    """Read it; ``order`` is up to which cut sets are listed, ``None`` for all of them.

    ``spans`` are those of a year where somebody has read them already.
    """
    resilience = Resilience(view)
    heartbeat = None if store is None else store.heartbeat()
    as_of_utc_s = None if heartbeat is None else heartbeat.at_utc_s
    seen = Observed() if store is None else observed_in(store, view)
    looked = what_if(resilience, seen, supposed)
    structures = resilience.structures
    beyond = {name: resilience.beyond(name, looked.observed) for name in structures}
    until_utc_s = as_of_utc_s or now_utc_s
    if store is not None and spans is None:
        spans = year_of(store, view, until_utc_s)
    return Outlook(
        view=view,
        at_utc_s=now_utc_s,
        as_of_utc_s=as_of_utc_s,
        alive=as_of_utc_s is not None and abs(now_utc_s - as_of_utc_s) <= ALIVE_WITHIN_S,
        supposed=tuple(supposed),
        asked_order=order,
        standings=with_true_losses(resilience, looked.observed, () if store is None else store.alarms()),
        before=looked.before if supposed else {},
        cuts={name: listed_cuts(each.lost, order, each.failed, each.spared) for name, each in beyond.items()},
        long=None if spans is None else long_view(view, spans, structures, until_utc_s),
    )


def observed_in(store: ReadStore, view: SiteView) -> Observed:
    """Sort the endpoints by what a store tells of them now."""
    states = {each.endpoint_id: each for each in store.states()}
    assessments = {each.endpoint_id: each for each in store.assessments()}
    return observed([each.id for each in view.endpoints], states, assessments, view.services)
