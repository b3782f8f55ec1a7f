"""Everything that the terminal views show, at one moment. It prints nothing.

Rules:
1. The engine is alive when a process holds the store and its heartbeat is at most ``STALE_AFTER_S``
   away from now, in either direction: a clock that was set back must not make old figures look fresh.
2. While the engine is not alive every condition is *stale*; what was known last is kept beside it.
3. An endpoint without a state is unknown and not measured yet. Nothing is up until it was measured.
4. The time since the last heartbeat of an engine that is not alive is blind time too, though no engine
   has written it down yet.
5. All is well when the engine is alive, every endpoint is up, there is at least one, and no alarm is
   active. An alarm that is hidden does not count; the condition of its endpoint does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from controlroom.alarms.alarm import Alarm
from controlroom.condition.state import Condition, EndpointState
from controlroom.reading import ProbeKey, Reading, SeriesKey
from controlroom.report.chief_figure import chief_figure, figures_of
from controlroom.report.export_table import site_view
from controlroom.site.view import SeenEndpoint, SeenMetric, SeenProbe, SiteView
from controlroom.store.interface import BlindTime, Heartbeat, ReadStore

STALE_AFTER_S = 5.0
"""The heartbeat comes once a second; what is older than this says nothing of now."""

STALE = "stale"
"""Stands where a condition stands while the engine is not alive."""

BLIND_REACH_S = 86400.0

SEVERITY = {
    Condition.DOWN.value: 0,
    Condition.UNREACHABLE.value: 1,
    Condition.DEGRADED.value: 2,
    Condition.UNKNOWN.value: 3,
    STALE: 4,
    Condition.MAINTENANCE.value: 5,
    Condition.UP.value: 6,
}
"""The worst first. *Maintenance* is wanted, so it comes just before *up*."""


@dataclass(frozen=True, slots=True)
class NewestReading:
    """A probe's newest reading, or ``None`` where there is none.

    ``told`` are the names of all metrics that it has ever told, ``figures`` those to show, first what stands
    for it; ``unknown`` is why its newest answer did not tell some, by their names.
    """

    probe: SeenProbe
    reading: Reading | None
    figures: tuple[SeenMetric, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)
    told: Set[str] = frozenset()
    stands: bool = False
    """Whether its first figure stands for the endpoint."""


@dataclass(frozen=True, slots=True)
class EndpointPicture:
    """One endpoint. ``condition`` is a ``Condition`` or ``STALE``; ``state`` is what was known last."""

    endpoint: SeenEndpoint
    condition: str
    state: EndpointState | None
    newest: tuple[NewestReading, ...]

    @property
    def severity(self) -> int:
        """The place in a list with the worst first."""
        return SEVERITY[self.condition]


@dataclass(frozen=True, slots=True)
class EnginePicture:
    """The engine: whether it is alive, who it is, and how old its newest sign of life is."""

    alive: bool
    pid: int | None
    heartbeat: Heartbeat | None
    heartbeat_age_s: float | None
    starting: bool = False
    """Whether it was started a moment ago by whoever looks, so that it has said nothing yet."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole site at one moment. ``blind_s`` is the time without measurement in the last 24 hours."""

    at_utc_s: float
    view: SiteView
    engine: EnginePicture
    endpoints: tuple[EndpointPicture, ...]
    alarms: tuple[Alarm, ...]
    hidden_alarms: tuple[Alarm, ...]
    """Those that are shelved, suppressed or out of service, and so call nobody."""
    blind_s: float
    blind_spans: int

    @property
    def well(self) -> bool:
        """Whether all is well (rule 5)."""
        all_up = bool(self.endpoints) and all(seen.condition == Condition.UP for seen in self.endpoints)
        return self.engine.alive and all_up and not any(alarm.active for alarm in self.alarms)


def take_picture(store: ReadStore, utc_s: float, moved_s_ago: float | None = None) -> Picture:
    """Read the store once.

    ``moved_s_ago`` is how long ago the heartbeat was seen to move, on the reader's own monotonic clock;
    a reader that looks only once has none.
    """
    view = site_view(store) or SiteView(name="")
    engine = engine_of(store.heartbeat(), utc_s, moved_s_ago)
    states = {state.endpoint_id: state for state in store.states()}
    known = _Known(
        newest=store.latest(_horizon_s(view), off_beat=True),
        told=_told(store.series()),
        unknown={remark.probe: remark.unknown for remark in store.remarks()},
    )
    alarms = sorted(store.alarms(), key=urgency)
    since_utc_s = utc_s - BLIND_REACH_S
    blind = [*store.blind_time(since_utc_s, utc_s), *_open_blind_time(engine, utc_s)]
    return Picture(
        at_utc_s=utc_s,
        view=view,
        engine=engine,
        endpoints=tuple(
            _endpoint(endpoint, states.get(endpoint.id), known, engine) for endpoint in _by_kind(view)
        ),
        alarms=tuple(alarm for alarm in alarms if not alarm.hidden),
        hidden_alarms=tuple(alarm for alarm in alarms if alarm.hidden),
        blind_s=sum(
            max(0.0, min(span.until_utc_s, utc_s) - max(span.from_utc_s, since_utc_s)) for span in blind
        ),
        blind_spans=len(blind),
    )


def worst_first(endpoints: Sequence[EndpointPicture]) -> list[EndpointPicture]:
    """Sort by trouble; among equals the places stay."""
    return sorted(endpoints, key=lambda seen: seen.severity)


def engine_of(heartbeat: Heartbeat | None, utc_s: float, moved_s_ago: float | None) -> EnginePicture:
    """Tell whether the engine lives, by its newest sign of life (rule 1)."""
    if heartbeat is None:
        return EnginePicture(alive=False, pid=None, heartbeat=None, heartbeat_age_s=None)
    age_s = utc_s - heartbeat.at_utc_s if moved_s_ago is None else moved_s_ago
    alive = heartbeat.engine_pid is not None and abs(age_s) <= STALE_AFTER_S
    return EnginePicture(alive, heartbeat.engine_pid, heartbeat, age_s)


def _open_blind_time(engine: EnginePicture, utc_s: float) -> list[BlindTime]:
    if engine.alive or engine.heartbeat is None or engine.heartbeat.at_utc_s >= utc_s:
        return []
    return [BlindTime(engine.heartbeat.at_utc_s, utc_s, "engine_stopped")]


def _horizon_s(view: SiteView) -> float:
    """Far enough back that the slowest probe has a reading."""
    periods_s = [probe.period_s for endpoint in view.endpoints for probe in endpoint.probes]
    return 60 + 2 * max(periods_s, default=0.0)


def _by_kind(view: SiteView) -> list[SeenEndpoint]:
    """Group by kind, in the order of the kinds; inside a kind as the site has them."""
    kinds = list(dict.fromkeys(type(view.endpoints[0].kind))) if view.endpoints else []
    return sorted(view.endpoints, key=lambda endpoint: kinds.index(endpoint.kind))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the probes: the newest reading, what was ever told, what the newest answer lacks."""

    newest: Mapping[ProbeKey, Reading]
    told: Mapping[ProbeKey, Set[str]]
    unknown: Mapping[ProbeKey, Mapping[str, str]]


def _told(series: Iterable[SeriesKey]) -> Mapping[ProbeKey, Set[str]]:
    told: dict[ProbeKey, set[str]] = {}
    for each in series:
        told.setdefault(each.probe, set()).add(each.metric)
    return told


def _endpoint(
    endpoint: SeenEndpoint, state: EndpointState | None, known: _Known, engine: EnginePicture
) -> EndpointPicture:
    condition = Condition.UNKNOWN.value if state is None else state.condition.value
    return EndpointPicture(
        endpoint=endpoint,
        condition=condition if engine.alive else STALE,
        state=state,
        newest=tuple(_newest(endpoint, state, known)),
    )


def _newest(endpoint: SeenEndpoint, state: EndpointState | None, known: _Known) -> Iterator[NewestReading]:
    """Tell of each probe, in the site's order."""
    told = {probe.name: known.told.get(endpoint.key(probe), frozenset()) for probe in endpoint.probes}
    chief = chief_figure(endpoint, told, "" if state is None else state.reason)
    for probe in endpoint.probes:
        metrics = figures_of(probe, told[probe.name])
        ordered = sorted(metrics, key=lambda metric: chief is None or metric != chief.metric)
        key = endpoint.key(probe)
        unknown = known.unknown.get(key, {})
        stands = chief is not None and chief.probe == probe
        yield NewestReading(probe, known.newest.get(key), tuple(ordered), unknown, told[probe.name], stands)


def urgency(alarm: Alarm) -> tuple[bool, int, float]:
    """Sort alarms: what stands before what is over, by priority, the newest first."""
    return (not alarm.active, int(alarm.priority), -alarm.raised_utc_s)
