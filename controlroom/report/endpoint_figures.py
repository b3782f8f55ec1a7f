"""The figures of endpoints over one window, read from a store. It words nothing.

Rules:
1. The worst comes first: who was down for the greatest share, then by grade, loss and slowest round trips.
2. An objective is judged by the thirty days that end with the window, whatever the window is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from controlroom.measure.availability import Availability, Spent, TimeSpan, availability_of, joined
from controlroom.measure.change_detector import Learning
from controlroom.measure.error_budget import PERIOD_S
from controlroom.report.condition_spans import ConditionFacts, spans_of
from controlroom.report.learning import learning_of
from controlroom.report.link_quality import telling_probe
from controlroom.report.objective_figures import ObjectiveFigures, objective_figures
from controlroom.report.window_figures import WindowFigures, window_figures
from controlroom.site.profile import WORSENING, Profile
from controlroom.site.view import SeenEndpoint, SeenProbe, SiteView
from controlroom.store.interface import ReadStore


@dataclass(frozen=True, slots=True)
class Window:
    """The window that is asked for: its name (``5min``, ``custom``), and from when until when it is."""

    name: str
    since_utc_s: float
    until_utc_s: float

    @property
    def length_s(self) -> float:
        """How long it is."""
        return self.until_utc_s - self.since_utc_s

    def worked(self, spans: Sequence[TimeSpan]) -> Availability:
        """Sum up the spans that lie in it."""
        return availability_of(spans, self.since_utc_s, self.until_utc_s)


@dataclass(frozen=True, slots=True)
class EndpointFigures:
    """One endpoint; ``link`` is ``None`` where nothing measures its round trips.

    ``spans`` are those of the window and of the thirty days before its end.
    """

    seen: SeenEndpoint
    profile: Profile | None
    link: WindowFigures | None
    worked: Availability
    objective: ObjectiveFigures | None
    spans: Sequence[TimeSpan] = ()
    learning: Learning | None = None
    """What is still to be learned of its link's normal, now and whatever the window is."""


class FiguresReader:
    """Reads one window of a store, endpoint by endpoint."""

    def __init__(self, store: ReadStore, view: SiteView, window: Window) -> None:
        """Read what all endpoints have in common."""
        self._store, self._view, self._window = store, view, window
        self._facts = ConditionFacts.of(store)

    def endpoint(
        self, seen: SeenEndpoint, probe_name: str | None = None, profile: Profile | None = None
    ) -> EndpointFigures:
        """Read one endpoint, by the probe of a name or the one that tells; ``profile`` replaces its own."""
        window, probe = self._window, measuring_probe(seen, probe_name)
        profile = profile or self._view.profile_of(seen)
        range_utc_s = window.since_utc_s, window.until_utc_s
        link = None if probe is None else window_figures(self._store, seen, probe, profile, *range_utc_s)
        since_utc_s = min(window.since_utc_s, window.until_utc_s - PERIOD_S)
        spans = spans_of(self._store, seen.id, since_utc_s, window.until_utc_s, self._facts)
        objective = None
        if seen.objective is not None:
            objective = objective_figures(seen.objective, spans, window.until_utc_s)
        learning = learning_of(self._store, seen)
        return EndpointFigures(seen, profile, link, window.worked(spans), objective, spans, learning)

    def blind_s(self) -> float:
        """Return how long in the window nothing at all could be measured."""
        blind = (
            TimeSpan(Spent.BLIND, each.from_utc_s, each.until_utc_s)
            for each in self._facts.blind_until(self._window.until_utc_s)
        )
        return self._window.worked(joined(blind)).time_s(Spent.BLIND)


def measuring_probe(seen: SeenEndpoint, name: str | None = None) -> SeenProbe | None:
    """Return the probe of a name where it measures round trips; without a name the one that tells."""
    if name is None:
        return telling_probe(seen)
    named = tuple(each for each in seen.probes if each.name == name)
    return telling_probe(seen.model_copy(update={"probes": named}))


def worst_first(found: Iterable[EndpointFigures]) -> list[EndpointFigures]:
    """Sort by rule 1; those that are alike keep their order."""
    return sorted(found, key=_goodness)


def _goodness(found: EndpointFigures) -> tuple[float, int, float, float]:
    link = found.link
    if link is None:
        return -found.worked.bad_ratio, 0, 0.0, 0.0
    grade = link.quality.graded.grade if link.quality is not None else None
    rank = WORSENING.index(grade) if grade in WORSENING else 0
    p95_s = link.told.latency.p95_s
    slowest_s = math.inf if p95_s is None else -p95_s
    return -found.worked.bad_ratio, -rank, -(link.loss.ratio or 0.0), slowest_s
