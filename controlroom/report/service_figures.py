"""The figures of services and their paths over one window, from those of their endpoints. It reads no store.

Rules:
1. A path works while all its endpoints do, a service while as many of its paths do as it needs
   (``combined_time.py``). An endpoint that was left out is unknown.
2. Voice over a path is estimated where round trips of all its endpoints were measured reading by reading, and
   by the assumptions of the first of them that has a codec. Each endpoint is taken to be measured by itself:
   where one is reached through another, its delay and loss hold that one's already, and the estimate is too
   low.
3. An objective is the service's own: a path that others stand in for need not keep it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from controlroom.measure.availability import Availability, TimeSpan
from controlroom.measure.combined_time import needing
from controlroom.measure.figures import LinkFigures
from controlroom.measure.voice import (
    NoEstimate,
    NoEstimateReason,
    VoiceAssumptions,
    VoiceEstimate,
    assumptions_of,
    path_estimate,
)
from controlroom.report.endpoint_figures import EndpointFigures, Window
from controlroom.report.objective_figures import ObjectiveFigures, objective_figures
from controlroom.site.view import SeenNeed, SeenPath, SeenService

Members = Mapping[str, EndpointFigures]
Spans = Sequence[TimeSpan]


@dataclass(frozen=True, slots=True)
class PathFigures:
    """One path of a service; ``voice`` is ``None`` where not every endpoint was measured reading by reading.

    ``assumed_of`` is the endpoint whose assumptions the estimate is by.
    """

    path: SeenPath
    voice: VoiceEstimate | NoEstimate | None
    assumed_of: str
    worked: Availability


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """One service with its paths."""

    seen: SeenService
    paths: Sequence[PathFigures]
    worked: Availability
    objective: ObjectiveFigures | None


def service_figures(seen: SeenService, members: Members, window: Window) -> ServiceFigures:
    """Put a service together from the figures of its endpoints, by their ids."""
    spans = {path.id: _path_spans(path, members) for path in seen.paths}
    whole = _need_spans(seen.needs, spans)
    objective = None
    if seen.objective is not None:
        objective = objective_figures(seen.objective, whole, window.until_utc_s)
    paths = [
        PathFigures(path, *_path_voice(path, members), window.worked(spans[path.id])) for path in seen.paths
    ]
    return ServiceFigures(seen, paths, window.worked(whole), objective)


def _path_spans(path: SeenPath, members: Members) -> Spans:
    parts = [members[each].spans if each in members else () for each in path.endpoints]
    return needing(parts, len(parts))


def _need_spans(need: SeenNeed, paths: Mapping[str, Spans]) -> Spans:
    parts = [paths.get(part, ()) if isinstance(part, str) else _need_spans(part, paths) for part in need.of]
    return needing(parts, need.at_least)


def _path_voice(path: SeenPath, members: Members) -> tuple[VoiceEstimate | NoEstimate | None, str]:
    """Estimate voice over a path, and name whose assumptions it is by (rule 2)."""
    known = [members[each] for each in path.endpoints if each in members]
    assumed: VoiceAssumptions | NoEstimate = NoEstimate(NoEstimateReason.NO_CODEC)
    assumed_of = ""
    for each in known:
        found = assumptions_of(each.seen.voice)
        if isinstance(found, VoiceAssumptions) or found.reason is not NoEstimateReason.NO_CODEC:
            assumed, assumed_of = found, each.seen.id
            break
    if isinstance(assumed, NoEstimate):
        return assumed, assumed_of
    links = [each.link.told for each in known if each.link is not None]
    single = [link for link in links if isinstance(link, LinkFigures)]
    if len(single) < len(path.endpoints):
        return None, assumed_of
    return path_estimate(single, assumed), assumed_of
