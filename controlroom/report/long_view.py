"""What the services of a site can be expected to do, by what a store tells of components. It words nothing.

The samples behind the intervals are drawn from a fixed seed, so that the same store gives the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from controlroom.report.site_spans import YEAR_S, SiteSpans, site_spans
from controlroom.resilience.bdd_of import TooLargeError
from controlroom.resilience.component_history import component_histories
from controlroom.resilience.component_model import ComponentModel, component_models
from controlroom.resilience.cut_sets import cut_sets
from controlroom.resilience.diagram import Diagram
from controlroom.resilience.expected import CutSetLoss, Expectation, expectation
from controlroom.resilience.structure import ServiceStructure
from controlroom.site.view import SiteView
from controlroom.store.interface import ReadStore

SEED: Final = 20_260_101
MOST_NODES: Final = 10_000
"""Beyond that so many samples take too long, and more memory than a report may, and cut sets stand for it."""


@dataclass(frozen=True, slots=True)
class LongView:
    """The models of components, and of each service what is expected; ``None`` where nothing is known."""

    since_utc_s: float
    until_utc_s: float
    models: Mapping[str, ComponentModel]
    services: Mapping[str, Expectation | None]


def year_of(store: ReadStore, view: SiteView, now_utc_s: float) -> SiteSpans:
    """Read the conditions of a year, or what there is of it."""
    return site_spans(store, view, now_utc_s - YEAR_S, now_utc_s)


def long_view(
    view: SiteView, spans: SiteSpans, structures: Mapping[str, ServiceStructure], now_utc_s: float
) -> LongView:
    """Reckon by the conditions of a year."""
    models = component_models(component_histories(view, spans).values(), np.random.default_rng(SEED))
    services = {name: _expected(structure, models) for name, structure in structures.items()}
    begun = (each[0].since_utc_s for each in spans.values() if each)
    return LongView(min(begun, default=now_utc_s), now_utc_s, models, services)


def _expected(structure: ServiceStructure, models: Mapping[str, ComponentModel]) -> Expectation | None:
    if not any(name in models for name in structure.components):
        return None
    try:
        return expectation(structure.lost, Diagram.of(structure.lost, MOST_NODES), models)
    except TooLargeError:
        return expectation(structure.lost, CutSetLoss(cut_sets(structure.lost)), models, exact=False)
