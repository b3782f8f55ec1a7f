"""Which figure stands for an endpoint where there is room for one. It judges nothing and writes no figure.

Rules
1. Where the endpoint's condition is about a figure, that one stands for it, also where it is lacking: whoever
   reads *degraded* or *unknown* sees why.
2. Else it is the first figure of its first probe that was ever told. A device need not have all that its
   template knows, but where it tells one no longer, no other takes its place: it stays, as unknown.
3. A judgement of a state is no figure: the state stands for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from controlroom.condition.limit_reason import LimitReason
from controlroom.reading import lacking_of
from controlroom.site.view import SeenEndpoint, SeenMetric, SeenProbe

Told = Mapping[str, Collection[str]]
"""The names of the metrics that were ever told, by the name of the probe."""


@dataclass(frozen=True, slots=True)
class ChiefFigure:
    """A figure of one of an endpoint's probes."""

    probe: SeenProbe
    metric: SeenMetric


def chief_figure(seen: SeenEndpoint, told: Told, *reasons: str) -> ChiefFigure | None:
    """Return the figure that stands for an endpoint; ``None`` where its first probe yields none.

    ``reasons`` are the codes of why it is as it is, the first of which that names a figure counts.
    """
    names = (metric_of(reason) for reason in reasons)
    about = (_of_metric(seen, told, name) for name in names if name)
    return next((each for each in about if each is not None), None) or _first(seen, told)


def metric_of(reason: str) -> str:
    """Return the metric that a reason is about, or ``""``: that of ``limit:rsrp_dbm:-101``."""
    if lacking := lacking_of(reason):
        return lacking[0]
    told = LimitReason.read(reason)
    return "" if told is None else told.metric


def figures_of(probe: SeenProbe, told: Collection[str]) -> Iterator[SeenMetric]:
    """Return the figures of a probe that were ever told; all of them while none is known (rule 3)."""
    any_known = False
    for metric in probe.metrics:
        if metric.name in told and not metric.judges:
            any_known = True
            yield metric
    if not any_known:
        yield from (metric for metric in probe.metrics if not metric.judges)


def _of_metric(seen: SeenEndpoint, told: Told, name: str) -> ChiefFigure | None:
    """Return the figure of a name: that of a probe that limits it before those of others."""
    found = [ChiefFigure(probe, metric) for probe in seen.probes for metric in _named(probe.metrics, name)]
    best = sorted(
        found,
        key=lambda each: (
            all(limit.metric != name for limit in each.probe.limits),
            each.metric.name not in told.get(each.probe.name, ()),
        ),
    )
    return best[0] if best else None


def _named(metrics: Iterable[SeenMetric], name: str) -> list[SeenMetric]:
    """Return the metric of a name; of a judgement, the state that it judges."""
    metrics = tuple(metrics)
    wanted = {metric.judges or metric.name for metric in metrics if metric.name == name}
    return [metric for metric in metrics if metric.name in wanted]


def _first(seen: SeenEndpoint, told: Told) -> ChiefFigure | None:
    for probe in seen.probes[:1]:
        for metric in figures_of(probe, told.get(probe.name, ())):
            return ChiefFigure(probe, metric)
    return None
