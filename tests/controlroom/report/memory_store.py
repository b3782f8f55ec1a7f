"""A reading side of the store that is nothing but the lists it was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from controlroom.alarms.alarm import Alarm
from controlroom.condition.assessment import Assessment
from controlroom.condition.maintenance.window import MaintenanceWindow
from controlroom.condition.state import EndpointState
from controlroom.logbook.chain import Chain
from controlroom.logbook.entry import Draft, Entry, Fact, LogKind
from controlroom.measure.learnt import Learnt
from controlroom.measure.log_histogram import LogHistogram
from controlroom.measure.remark import Remark
from controlroom.reading import Outcome, ProbeKey, Reading, Reason, SeriesKey
from controlroom.route.kept import KeptRoute, RouteKind
from controlroom.site.model import Criticality, EndpointKind
from controlroom.site.view import SeenEndpoint, SeenMetric, SeenProbe, SiteView
from controlroom.store.codes import OUTCOME_CODE, REASON_CODE
from controlroom.store.interface import (
    BlindTime,
    Curve,
    Heartbeat,
    PassedOver,
    Resolution,
    Samples,
    Stretch,
    Tail,
    TakenAct,
)
from controlroom.store.outbox import KeptMessage, MessageState, OutboxState

NOON_UTC_S = 1_800_000_000.0
"""The time at which the stories of these tests play: 2027-01-15 08:00:00 UTC."""

RTT = "rtt_s"


def view(*names: str, time_zone: str = "Europe/Berlin") -> SiteView:
    """A site whose endpoints have these ids, each asked by icmp once a second."""
    probe = SeenProbe(
        name="icmp",
        type="icmp",
        title="Ping",
        period_s=1.0,
        timeout_s=1.0,
        metrics=(SeenMetric(name=RTT, unit="s", title="Round-trip time"),),
    )
    kinds = list(EndpointKind)
    return SiteView(
        name="Leitstelle",
        time_zone=time_zone,
        endpoints=tuple(
            SeenEndpoint(
                id=name,
                name=name.replace("-", " ").title(),
                kind=kinds[place % len(kinds)],
                address=f"127.0.0.{place + 1}",
                criticality=Criticality.HIGH,
                probes=(probe,),
            )
            for place, name in enumerate(names)
        ),
    )


def reading(endpoint_id: str, at_utc_s: float, rtt_s: float | None, *, beat: bool = True) -> Reading:
    """A reply after a round-trip time, or a loss."""
    return Reading(
        probe=ProbeKey(endpoint_id, "icmp"),
        sent_utc_s=at_utc_s,
        sent_monotonic_s=at_utc_s,
        outcome=Outcome.NO_REPLY if rtt_s is None else Outcome.REPLIED,
        reason=Reason.DEADLINE if rtt_s is None else Reason.NONE,
        values={} if rtt_s is None else {RTT: rtt_s},
        beat=beat,
    )


@dataclass
class MemoryStore:
    """Answers every question of ``ReadStore`` from its own lists."""

    site: SiteView | None = None
    beat: Heartbeat | None = None
    endpoint_states: list[EndpointState] = field(default_factory=list)
    all_alarms: list[Alarm] = field(default_factory=list)
    log: list[Entry] = field(default_factory=list)
    blind: list[BlindTime] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    all_remarks: list[Remark] = field(default_factory=list)
    windows: list[MaintenanceWindow] = field(default_factory=list)
    all_learnt: list[Learnt] = field(default_factory=list)
    unreadable: list[PassedOver] = field(default_factory=list)
    outbox: list[KeptMessage] = field(default_factory=list)
    closed: bool = False
    chain: Chain = field(default_factory=Chain)

    def tell(
        self, kind: LogKind, subject: str, at_utc_s: float, operator: str = "", /, **facts: Fact
    ) -> Entry:
        """Append an entry to the log."""
        entry = self.chain.append(Draft(at_utc_s, kind, subject, operator, facts))
        self.log.append(entry)
        return entry

    def heartbeat(self) -> Heartbeat | None:
        """The heartbeat it was given."""
        return self.beat

    def site_json(self) -> str | None:
        """The site it was given."""
        return None if self.site is None else self.site.model_dump_json()

    def states(self) -> Sequence[EndpointState]:
        """The states it was given."""
        return self.endpoint_states

    def alarms(self, *, ended_since_utc_s: float | None = None) -> Sequence[Alarm]:
        """Newest first; ended ones only where they are asked for."""
        newest_first = sorted(self.all_alarms, key=lambda alarm: -alarm.number)
        return [alarm for alarm in newest_first if not alarm.ended or ended_since_utc_s is not None]

    def entries(
        self,
        *,
        after_number: int = 0,
        since_utc_s: float | None = None,
        until_utc_s: float | None = None,
        kinds: frozenset[LogKind] | None = None,
        newest: int | None = None,
    ) -> Sequence[Entry]:
        """The entries that fit, in order."""
        fits = [
            entry
            for entry in self.log
            if entry.number > after_number
            and (since_utc_s is None or entry.at_utc_s >= since_utc_s)
            and (until_utc_s is None or entry.at_utc_s <= until_utc_s)
            and (kinds is None or entry.kind in kinds)
        ]
        return fits if newest is None else fits[-newest:]

    def answers(self, act_ids: Sequence[str]) -> Mapping[str, TakenAct]:
        """No act was ever taken."""
        return {}

    def messages(
        self, *, after_number: int = 0, channel: str = "", waiting: bool = False
    ) -> Sequence[KeptMessage]:
        """Those that were given and fit."""
        return [
            kept
            for kept in self.outbox
            if kept.message.number > after_number
            and channel in ("", kept.message.channel)
            and (kept.delivery.state is MessageState.WAITING or not waiting)
        ]

    def outbox_state(self) -> OutboxState:
        """How those stand that were given."""
        waiting = [kept for kept in self.outbox if kept.delivery.state is MessageState.WAITING]
        newest = max((kept.message.number for kept in self.outbox), default=0)
        return OutboxState(len(waiting), newest_number=newest)

    def assessments(self) -> Sequence[Assessment]:
        """Return none: these stories are told without."""
        return ()

    def remarks(self) -> Sequence[Remark]:
        """Return those that were given."""
        return self.all_remarks

    def maintenance(self) -> Sequence[MaintenanceWindow]:
        """Return those that were given."""
        return self.windows

    def learnt(self, endpoint_id: str) -> Sequence[Learnt]:
        """Return those that were given."""
        return [each for each in self.all_learnt if each.probe.endpoint_id == endpoint_id]

    def routes(self, endpoint_id: str) -> Mapping[RouteKind, KeptRoute]:
        """None: no export has them."""
        return {}

    def blind_time(self, since_utc_s: float, until_utc_s: float) -> Sequence[BlindTime]:
        """The spans that touch the range."""
        return [
            blind
            for blind in self.blind
            if blind.until_utc_s >= since_utc_s and blind.from_utc_s <= until_utc_s
        ]

    def probes(self) -> Sequence[ProbeKey]:
        """Every probe that has a reading."""
        return list(dict.fromkeys(reading.probe for reading in self.readings))

    def series(self) -> Sequence[SeriesKey]:
        """Every series that has a value."""
        keys = (
            SeriesKey(reading.probe.endpoint_id, reading.probe.probe_name, metric)
            for reading in self.readings
            for metric in reading.values
        )
        return list(dict.fromkeys(keys))

    def samples(self, series: SeriesKey, since_utc_s: float, until_utc_s: float) -> Samples:
        """The readings of the series' probe in the range."""
        chosen = [
            reading
            for reading in self.readings
            if reading.probe == series.probe and since_utc_s <= reading.sent_utc_s <= until_utc_s
        ]
        return Samples(
            at_utc_s=np.array([reading.sent_utc_s for reading in chosen], np.float64),
            value=np.array([reading.values.get(series.metric, np.nan) for reading in chosen], np.float64),
            outcome=np.array([OUTCOME_CODE[reading.outcome] for reading in chosen], np.uint8),
            reason=np.array([REASON_CODE[reading.reason] for reading in chosen], np.uint8),
            beat=np.array([reading.beat for reading in chosen], np.bool_),
        )

    def stretches(
        self, series: SeriesKey, since_utc_s: float, until_utc_s: float, points: int
    ) -> Sequence[Stretch]:
        """Return no stretch: exports are made of samples."""
        return ()

    def histogram(self, series: SeriesKey, since_utc_s: float, until_utc_s: float) -> LogHistogram:
        """Return no values: exports are made of samples."""
        return LogHistogram.merged([])

    def curves(
        self, series: Sequence[SeriesKey], since_utc_s: float, until_utc_s: float, resolution: Resolution
    ) -> Mapping[SeriesKey, Curve]:
        """Return no curves: exports are made of samples."""
        raise NotImplementedError

    def latest(self, horizon_s: float, *, off_beat: bool = False) -> Mapping[ProbeKey, Reading]:
        """The newest reading of each probe on the beat, or of all."""
        return {reading.probe: reading for reading in self.readings if reading.beat or off_beat}

    def tail(self, cursor: int) -> Tail:
        """Nothing new."""
        return Tail(cursor, ())

    def passed_over(self) -> Sequence[PassedOver]:
        """What the test says could not be read."""
        return self.unreadable

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True
