"""What the desk knows, folded from what its threads saw. No Qt, no clock: pure bookkeeping.

1. The age of a figure is the age it had when it was read, by the engine's own clock, and the time
   since then by the desk's monotonic clock. A clock of this machine that is set changes no age.
2. Loss counts readings on the beat that were asked and not answered; what could not be asked is left
   out, and re-probes are left out. A loss that turns out to be our own is taken back. A burst that was
   answered counts with the share of it that was lost.
3. A figure stays the one that is shown where a reading lacks it: what a probe has ever told is known from
   the store and from the readings since (``chief_figure.py``).
4. Endpoints keep the site's order within their kind, so that each keeps its place on screen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from controlroom.alarms.alarm import Alarm, Cause
from controlroom.condition.maintenance.window import MaintenanceWindow
from controlroom.condition.state import EndpointState
from controlroom.logbook.entry import Entry
from controlroom.measure.limits import BURST_LOSS_RATIO
from controlroom.measure.remark import Remark
from controlroom.reading import Outcome, ProbeKey, Reading, Reason, SeriesKey, shows_loss
from controlroom.report import wording
from controlroom.report.chief_figure import ChiefFigure, chief_figure, figures_of
from controlroom.site.alarm_settings import AlarmSettings
from controlroom.site.model import EndpointKind
from controlroom.site.view import SeenEndpoint, SeenMetric, SeenProbe, SiteView
from controlroom.store.codes import OUTCOMES, REASONS
from controlroom.store.interface import BlindTime, Heartbeat, Samples
from ui.desk.alarm_list.lists import AlarmLists, ListKind
from ui.desk.log_list.folding import LogInHand
from ui.desk.snapshot import Recent, Snapshot
from ui.desk.standings_reading import SeenStandings

LOSS_WINDOW_S = 300.0

_WHOLE = 1_000_000
"""Shares are kept in millionths, so that what was added up leaves nothing behind when it is taken away."""


def lost_share(outcome: Outcome, reason: Reason, burst_loss_ratio: float | None) -> float | None:
    """Return how much of what was asked was lost, 0 to 1; ``None`` where nothing can be said of that."""
    lost = shows_loss(outcome, reason)
    if lost is False and burst_loss_ratio is not None and isfinite(burst_loss_ratio):
        return burst_loss_ratio
    return None if lost is None else float(lost)


class RecentLoss:
    """The share of lost readings over the last minutes of one probe."""

    def __init__(self) -> None:
        """Begin without readings."""
        self._asked: deque[tuple[float, int]] = deque(maxlen=3600)
        self._lost = 0

    def add(self, at_utc_s: float, share: float | None) -> None:
        """Count a reading on the beat; ``None`` says nothing of loss and is passed over."""
        if share is not None:
            self._add(at_utc_s, round(share * _WHOLE))

    def _add(self, at_utc_s: float, lost: int) -> None:
        if len(self._asked) == self._asked.maxlen:
            self._lost -= self._asked.popleft()[1]
        self._asked.append((at_utc_s, lost))
        self._lost += lost
        while self._asked[0][0] < at_utc_s - LOSS_WINDOW_S:
            self._lost -= self._asked.popleft()[1]

    def take_back(self, at_utc_s: float) -> None:
        """Leave out a loss that was counted."""
        if (at_utc_s, _WHOLE) in self._asked:
            self._asked.remove((at_utc_s, _WHOLE))
            self._lost -= _WHOLE

    def begin_with(self, samples: Samples, *, of_bursts: bool) -> None:
        """Put readings of the past before those already counted; ``of_bursts``: their values are shares."""
        known = list(self._asked)
        first_s = known[0][0] if known else float("inf")
        self._asked.clear()
        self._lost = 0
        columns = samples.at_utc_s, samples.value, samples.outcome, samples.reason, samples.beat
        for at_s, value, outcome, reason, beat in zip(*columns, strict=True):
            if beat and at_s < first_s:
                share = float(value) if of_bursts else None
                self.add(float(at_s), lost_share(OUTCOMES[outcome], REASONS[reason], share))
        for at_s, lost in known:
            self._add(at_s, lost)

    def ratio(self) -> float | None:
        """The share lost, 0 to 1, or ``None`` where nothing was asked."""
        return self._lost / _WHOLE / len(self._asked) if self._asked else None


_OWN_CAUSES = (
    Cause.OWN_CONNECTION_LOST,
    Cause.NO_WAY_OUT_V4,
    Cause.NO_WAY_OUT_V6,
    Cause.STORE_FAILED,
    Cause.NO_PRIVILEGE,
)
"""Faults of our own, the one that blinds us most first."""


@dataclass(slots=True)
class EndpointPicture:
    """One endpoint as far as the desk knows it."""

    seen: SeenEndpoint
    state: EndpointState | None = None
    alarm: Alarm | None = None
    loss: RecentLoss = field(default_factory=RecentLoss)
    newest: dict[str, Reading] = field(default_factory=dict)
    """The newest reading on the beat of each of its probes, by the probe's name."""
    read: dict[str, tuple[float, float]] = field(default_factory=dict)
    """How old each of these was when it was read, and when that was by the desk's monotonic clock."""
    told: dict[str, set[str]] = field(default_factory=dict)
    """The metrics that each of its probes has ever told, by the probe's name."""
    unknown: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Why the newest answer of a probe did not tell a metric, by the names of the probe and the metric."""

    @property
    def probe(self) -> SeenProbe | None:
        """The probe whose loss stands for the endpoint: the first one."""
        return self.seen.probes[0] if self.seen.probes else None

    @property
    def chief(self) -> ChiefFigure | None:
        """The figure that stands for the endpoint; ``None`` where its first probe yields none."""
        return self.chief_of("")

    def chief_of(self, reason: str) -> ChiefFigure | None:
        """The figure that a reason is about; where it is about none, the one that stands for the endpoint."""
        of_state = "" if self.state is None else self.state.reason
        of_alarm = "" if self.alarm is None else self.alarm.reason
        return chief_figure(self.seen, self.told, reason, of_state, of_alarm)

    def figure_of(self, probe: SeenProbe) -> SeenMetric | None:
        """The metric whose figure stands for one of its probes."""
        chief = self.chief
        if chief is not None and chief.probe.name == probe.name:
            return chief.metric
        return next(figures_of(probe, self.told.get(probe.name, ())), None)

    @property
    def reading(self) -> Reading | None:
        """The newest reading of the probe whose figure stands for the endpoint."""
        probe = self.standing
        return None if probe is None else self.newest.get(probe.name)

    def age_s(self, now_monotonic_s: float) -> float | None:
        """How old that reading is, or ``None`` where there is none."""
        return self.age_of(self.standing, now_monotonic_s)

    def age_of(self, probe: SeenProbe | None, now_monotonic_s: float) -> float | None:
        """How old the newest reading of one of its probes is, or ``None`` where there is none."""
        if probe is None or probe.name not in self.read:
            return None
        age_s, read_monotonic_s = self.read[probe.name]
        return age_s + max(0.0, now_monotonic_s - read_monotonic_s)

    @property
    def standing(self) -> SeenProbe | None:
        """The probe whose figure stands for the endpoint."""
        chief = self.chief
        return self.probe if chief is None else chief.probe


class Picture:
    """Everything the desk shows, except what is drawn on request (history)."""

    def __init__(self) -> None:
        """Begin empty: no site, no heartbeat."""
        self.site: SiteView | None = None
        self.heartbeat: Heartbeat | None = None
        self.heartbeat_read_monotonic_s = 0.0
        self.endpoints: dict[str, EndpointPicture] = {}
        self.lists = AlarmLists()
        self.standings = SeenStandings()
        self._worst: dict[str, Alarm] = {}
        self._seen_alarms: tuple[Alarm, ...] | None = None
        self.log = LogInHand()
        self.maintenance: tuple[MaintenanceWindow, ...] = ()
        self.blind: tuple[BlindTime, ...] = ()

    @property
    def entries(self) -> Sequence[Entry]:
        """The entries of the log in hand that are told one by one, oldest first."""
        return self.log.plain

    def fold(self, snapshot: Snapshot) -> None:
        """Take what one look saw."""
        if snapshot.heartbeat is not None:
            if self.heartbeat is None or snapshot.heartbeat.sequence != self.heartbeat.sequence:
                self.heartbeat_read_monotonic_s = snapshot.read_monotonic_s
            self.heartbeat = snapshot.heartbeat
        if snapshot.site is not None:
            self._take_site(snapshot.site)
        for state in snapshot.states or ():
            if (endpoint := self.endpoints.get(state.endpoint_id)) is not None:
                endpoint.state = state
        self.standings = snapshot.standings or self.standings
        if snapshot.alarms is not None:
            self._take_alarms(snapshot.alarms)
        self.log.take(snapshot.entries)
        self._take_told(snapshot.series)
        if snapshot.remarks is not None:
            self._take_remarks(snapshot.remarks)
        self.maintenance = tuple(self.maintenance if snapshot.maintenance is None else snapshot.maintenance)
        if snapshot.latest is not None:
            self._take_readings(snapshot.latest.values(), snapshot)
        self._take_readings(snapshot.readings, snapshot)
        if snapshot.blind is not None:
            self.blind = tuple(snapshot.blind)

    def fold_recent(self, recent: Recent) -> None:
        """Take the last minutes of one probe."""
        series = recent.series
        endpoint = self.endpoints.get(series.endpoint_id)
        if endpoint is not None and _stands_for(endpoint, series.probe):
            endpoint.loss.begin_with(recent.samples, of_bursts=series.metric == BURST_LOSS_RATIO)

    def groups(self) -> Mapping[EndpointKind, Sequence[EndpointPicture]]:
        """The endpoints by kind, each in its fixed place; kinds without endpoints are left out."""
        groups: dict[EndpointKind, list[EndpointPicture]] = {kind: [] for kind in EndpointKind}
        for endpoint in self.endpoints.values():
            groups[endpoint.seen.kind].append(endpoint)
        return {kind: members for kind, members in groups.items() if members}

    def now_utc_s(self, now_monotonic_s: float) -> float | None:
        """The engine's time now: its last heartbeat, and what has passed since on the desk's clock."""
        if self.heartbeat is None:
            return None
        return self.heartbeat.at_utc_s + max(0.0, now_monotonic_s - self.heartbeat_read_monotonic_s)

    def name_of(self, subject: str) -> str:
        """The name of an alarm's or entry's subject, for people."""
        endpoint = self.endpoints.get(subject)
        return wording.subject_words(subject, self.site) if endpoint is None else endpoint.seen.name

    def alarm_about(self, subject: str) -> Alarm | None:
        """The worst alarm about a subject while its fault stands; ``None`` where there is none."""
        return self._worst.get(subject)

    def blind_s(self, now_utc_s: float, span_s: float) -> float:
        """Seconds of the last span in which nothing could be measured; overlaps count once."""
        total_s, reached_s = 0.0, now_utc_s - span_s
        for blind in sorted(self.blind, key=lambda blind: blind.from_utc_s):
            begin_s, end_s = max(blind.from_utc_s, reached_s), min(blind.until_utc_s, now_utc_s)
            total_s += max(0.0, end_s - begin_s)
            reached_s = max(reached_s, end_s)
        return total_s

    def unacknowledged(self) -> Mapping[int, int]:
        """How many alarms call for somebody, by urgency 1 to 4; what is hidden calls nobody."""
        counts = dict.fromkeys((1, 2, 3, 4), 0)
        for alarm in self.lists.active:
            if alarm.annunciated:
                counts[int(alarm.priority)] += 1
        return counts

    def longest_shelf_s(self) -> float:
        """For how long an alarm may be shelved without a justification; the usual until the site is known."""
        return AlarmSettings().longest_shelf_s if self.site is None else self.site.longest_shelf_s

    def worst_endpoint(self) -> str:
        """The endpoint that the worst alarm is about; empty where no alarm is about one."""
        return next((each for alarm in self.lists.active if (each := self.shown_for(alarm))), "")

    def shown_for(self, alarm: Alarm) -> str:
        """The endpoint that is shown for an alarm: its own, or the first that failed; empty for none."""
        if alarm.subject in self.endpoints:
            return alarm.subject
        incident = self.lists.led_by(alarm.number)
        members = () if incident is None else incident.members
        return next((each.subject for each in members if each.subject in self.endpoints), "")

    def own_fault(self) -> Alarm | None:
        """The alarm about the monitoring itself that matters most, while its fault stands."""
        own = [alarm for alarm in self.lists.active if alarm.active and alarm.cause in _OWN_CAUSES]
        return min(own, key=lambda alarm: _OWN_CAUSES.index(alarm.cause), default=None)

    def series_of(
        self, endpoint_id: str, *kept: SeriesKey | None
    ) -> Sequence[tuple[SeriesKey, SeenProbe, SeenMetric]]:
        """What can be drawn for an endpoint: the figures that were ever told, and those that are ``kept``."""
        endpoint = self.endpoints.get(endpoint_id)
        if endpoint is None:
            return ()
        all_of = (
            (SeriesKey(endpoint_id, probe.name, metric.name), probe, metric)
            for probe in endpoint.seen.probes
            for metric in probe.metrics
        )
        offered = {
            SeriesKey(endpoint_id, probe.name, metric.name)
            for probe in endpoint.seen.probes
            for metric in figures_of(probe, endpoint.told.get(probe.name, ()))
        }
        return [each for each in all_of if each[0] in offered or each[0] in kept]

    def _take_site(self, site: SiteView) -> None:
        known = self.endpoints
        self.site, self._seen_alarms = site, None
        self.endpoints = {}
        for seen in site.endpoints:
            endpoint = known.get(seen.id) or EndpointPicture(seen)
            endpoint.seen = seen
            self.endpoints[seen.id] = endpoint

    def _take_alarms(self, alarms: Iterable[Alarm]) -> None:
        """Sort the open alarms into their lists; each endpoint has the worst of its own."""
        seen = tuple(alarms)
        if seen == self._seen_alarms:
            return  # unchanged ones are the same objects, so that this costs nothing
        self._seen_alarms = seen
        self.lists = AlarmLists(seen)
        worst: dict[str, Alarm] = {}
        for kind in ListKind:
            for alarm in self.lists.of(kind):
                if alarm.active:
                    worst.setdefault(alarm.subject, alarm)
        self._worst = worst
        for endpoint_id, endpoint in self.endpoints.items():
            endpoint.alarm = worst.get(endpoint_id)

    def _take_told(self, series: Iterable[SeriesKey]) -> None:
        for each in series:
            if (endpoint := self.endpoints.get(each.endpoint_id)) is not None:
                endpoint.told.setdefault(each.probe_name, set()).add(each.metric)

    def _take_remarks(self, remarks: Iterable[Remark]) -> None:
        unknown: dict[str, dict[str, Mapping[str, str]]] = {}
        for remark in remarks:
            unknown.setdefault(remark.probe.endpoint_id, {})[remark.probe.probe_name] = remark.unknown
        for endpoint_id, endpoint in self.endpoints.items():
            endpoint.unknown = unknown.get(endpoint_id, {})

    def _take_readings(self, readings: Iterable[Reading], snapshot: Snapshot) -> None:
        at_utc_s = snapshot.heartbeat.at_utc_s if snapshot.heartbeat is not None else None
        for reading in readings:
            endpoint = self.endpoints.get(reading.probe.endpoint_id)
            if endpoint is None or not reading.beat:
                continue
            stands_for = _stands_for(endpoint, reading.probe)
            newest = endpoint.newest.get(reading.probe.probe_name)
            if reading.corrects and stands_for:
                endpoint.loss.take_back(reading.sent_utc_s)
            if reading.corrects and newest is not None and newest.sent_utc_s != reading.sent_utc_s:
                continue  # it is told again, and newer ones were told since
            endpoint.newest[reading.probe.probe_name] = reading
            age_s = max(0.0, (at_utc_s or reading.sent_utc_s) - reading.sent_utc_s)
            endpoint.read[reading.probe.probe_name] = age_s, snapshot.read_monotonic_s
            endpoint.told.setdefault(reading.probe.probe_name, set()).update(reading.values)
            if not stands_for:
                continue
            of_burst = reading.values.get(BURST_LOSS_RATIO)
            endpoint.loss.add(reading.sent_utc_s, lost_share(reading.outcome, reading.reason, of_burst))


def _stands_for(endpoint: EndpointPicture, probe: ProbeKey) -> bool:
    return endpoint.probe is not None and endpoint.probe.name == probe.probe_name
