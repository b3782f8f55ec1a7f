"""A control room's store for the desk's tests: real files, plausible readings, a fixed story.

One radio gateway is down with a new alarm, one link is degraded and acknowledged, one has returned and
waits to be acknowledged, one endpoint cannot be measured, a mobile link loses one probe in twenty, and
for forty seconds nothing was measured at all.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.alarms.handling import acknowledged
from controlroom.alarms.transitions import Fault, raised, returned
from controlroom.condition.state import Condition, EndpointState
from controlroom.logbook.act import ActKind
from controlroom.logbook.chain import Chain
from controlroom.logbook.entry import Draft, Entry, LogKind
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.route.kept import KeptRoute, RouteKind, TraceCause
from controlroom.route.trace import Hop, HopAddress, Trace, TraceEnd
from controlroom.site.model import Criticality, EndpointKind, Limit
from controlroom.site.view import SeenEndpoint, SeenMetric, SeenProbe, SiteView
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, BlindTime, EngineStore, Second, TakenAct
from controlroom.store.sqlite import open_engine_store

BEGIN_UTC_S = 1795352400.0
"""22 November 2026, 13:00 in London: no summer time anywhere near."""

DOWN = "hillcrest"
DEGRADED = "ashby-4g"
RETURNED = "police-link"
UNKNOWN = "stores-server"
LOSSY = "marine-4g"

_NAMES: Sequence[tuple[EndpointKind, Sequence[tuple[str, str]]]] = (
    (
        EndpointKind.RADIO_GATEWAY,
        (
            ("hillcrest", "Hillcrest radio gateway"),
            ("moorside", "Moorside radio gateway"),
            ("harbour", "Harbour radio gateway"),
            ("kestrel", "Kestrel Tower gateway"),
            ("north-fell", "North Fell gateway"),
            ("dispatch-a", "Dispatcher line A"),
            ("dispatch-b", "Dispatcher line B"),
            ("switch-west", "Radio switch west"),
            ("switch-east", "Radio switch east"),
            ("paging", "Paging transmitter"),
            ("marine-band", "Marine band base"),
            ("air-band", "Air band base"),
        ),
    ),
    (
        EndpointKind.MOBILE_LINK,
        (
            ("ashby-4g", "Ashby ambulance 4G"),
            ("marine-4g", "Marine unit 4G"),
            ("command-1", "Command vehicle 1"),
            ("command-2", "Command vehicle 2"),
            ("ladder-7", "Ladder 7 router"),
            ("mountain", "Mountain rescue sat"),
            ("drone", "Drone van 5G"),
            ("mobile-apn", "Mobile data APN"),
            ("apn-backup", "Mobile data APN 2"),
            ("patrol", "Patrol fleet hub"),
        ),
    ),
    (
        EndpointKind.CLOUD,
        (
            ("dispatch-cloud", "Dispatch cloud, west"),
            ("dispatch-cloud-2", "Dispatch cloud, north"),
            ("maps", "Map tiles"),
            ("sign-in", "Staff sign-in"),
            ("recordings", "Voice recordings"),
            ("sms", "Public text alerts"),
        ),
    ),
    (
        EndpointKind.PARTNER,
        (
            ("police-link", "Police control room"),
            ("coastguard", "Coastguard operations"),
            ("hospital-a", "St Anne’s emergency dept"),
            ("hospital-b", "City hospital bed desk"),
            ("neighbour", "Neighbour fire control"),
            ("highways", "Highways cameras"),
            ("water", "Water company duty desk"),
            ("council", "Council emergency centre"),
        ),
    ),
    (
        EndpointKind.INFRASTRUCTURE,
        (
            ("router-a", "Core router A"),
            ("router-b", "Core router B"),
            ("firewall", "Firewall pair"),
            ("resolver-1", "Name server 1"),
            ("resolver-2", "Name server 2"),
            ("time", "Time server"),
            ("voice-switch", "Telephone switch"),
            ("ups", "Power supply, room 2"),
            ("stores-server", "Stores server"),
        ),
    ),
)

_BASE_MS = {
    EndpointKind.RADIO_GATEWAY: 8.0,
    EndpointKind.MOBILE_LINK: 46.0,
    EndpointKind.CLOUD: 18.0,
    EndpointKind.PARTNER: 12.0,
    EndpointKind.INFRASTRUCTURE: 0.7,
}


def site_view(period_s: float = 1.0, endpoints: int | None = None) -> SiteView:
    """Return the room's site; a number of endpoints makes a site of that size instead."""
    named = [(kind, endpoint_id, name) for kind, members in _NAMES for endpoint_id, name in members]
    if endpoints is not None:
        kinds = list(EndpointKind)
        sizes = {kind: endpoints * share // 20 for kind, share in zip(kinds, (4, 5, 2, 3, 6), strict=True)}
        named = [
            (kind, f"{kind}-{place}", f"{kind} {place}") for kind in kinds for place in range(sizes[kind])
        ]
    return SiteView(
        name="Northern Fire and Rescue Control",
        time_zone="Europe/London",
        endpoints=tuple(_endpoint(*one, period_s) for one in named),
        anchors=("router-a", "resolver-1"),
    )


def _endpoint(kind: EndpointKind, endpoint_id: str, name: str, period_s: float) -> SeenEndpoint:
    limit = Limit(
        metric="rtt_s", raise_above=_BASE_MS[kind] * 2.5 / 1000, clear_below=_BASE_MS[kind] * 2 / 1000
    )
    probe = SeenProbe(
        name="icmp",
        type="icmp",
        title="Ping",
        period_s=period_s,
        timeout_s=1.0,
        limits=(limit,),
        metrics=(SeenMetric(name="rtt_s", unit="s", title="round-trip time"),),
    )
    return SeenEndpoint(
        id=endpoint_id,
        name=name,
        kind=kind,
        address=f"10.20.{len(endpoint_id)}.{sum(map(ord, endpoint_id)) % 250}",
        criticality=Criticality.HIGH,
        location="Hillcrest mast, cabinet 2; key at the fire station in Mill Road",
        contact="Radio duty engineer, extension 4410",
        consequence="Crews north of the river have no talk group to control; they fall back to direct mode.",
        what_to_do="1. Tell the watch manager.\n2. Move northern crews to talk group N2.\n3. Call 4410.",
        probes=(probe,),
    )


@dataclass(slots=True)
class Room:
    """A store with its story, and an engine's hand to go on with it second by second."""

    store: EngineStore
    site: SiteView
    now_utc_s: float
    chain: Chain = field(default_factory=Chain)
    states: dict[str, EndpointState] = field(default_factory=dict)
    alarms: dict[int, Alarm] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - not a secret
    no_room: bool = False
    """Whether readings wait because the disk is full."""
    health: dict[str, float] = field(default_factory=dict)
    """What the engine tells of itself besides."""
    refuse: str = ""
    """A code with which every act is refused; empty accepts them."""

    def entry(self, at_utc_s: float, kind: LogKind, subject: str = "engine", **facts: object) -> Entry:
        """Put an entry into the log's chain."""
        plain = {name: fact for name, fact in facts.items() if isinstance(fact, str | int | float)}
        return self.chain.append(Draft(at_utc_s, kind, subject, facts=plain))

    def second(self) -> None:
        """Go on by a second: readings of every endpoint, and the acts that wait."""
        self.now_utc_s += 1.0
        acts, alarms, entries = self._take_acts()
        health = {
            "lateness_p99_s": 0.0014,
            "missed_beats": 0.0,
            "probes": float(len(self.site.endpoints)),
        } | self.health
        second = Second(self.now_utc_s, () if self.no_room else tuple(self._readings()), health)
        self.store.commit(Batch(second=second, acts=acts, alarms=alarms, entries=entries))

    def _take_acts(self) -> tuple[list[TakenAct], list[Alarm], list[Entry]]:
        taken, alarms, entries = [], [], []
        for waiting in self.store.waiting_acts():
            act = waiting.act
            if self.refuse:
                taken.append(replace(waiting, accepted=False, answer=self.refuse))
                continue
            taken.append(waiting)
            if act.kind is ActKind.NOTE:
                draft = Draft(self.now_utc_s, LogKind.NOTE, act.subject, act.operator, {"note": act.note})
                entries.append(self.chain.append(draft))
            elif act.kind is ActKind.ACKNOWLEDGE and act.alarm_number in self.alarms:
                moved = acknowledged(self.alarms[act.alarm_number], act.operator, act.note, self.now_utc_s)
                if moved is not None:
                    self.alarms[act.alarm_number] = moved.alarm
                    alarms.append(moved.alarm)
                    entries.append(self.chain.append(moved.entry))
        return taken, alarms, entries

    def _readings(self) -> Iterator[Reading]:
        for place, endpoint in enumerate(self.site.endpoints):
            probe = endpoint.probes[0]
            if int(self.now_utc_s) % max(1, round(probe.period_s)) == 0:
                yield self._reading(place, endpoint)

    def _reading(self, place: int, endpoint: SeenEndpoint) -> Reading:
        key = ProbeKey(endpoint.id, "icmp")
        at_s = self.now_utc_s - 0.9 + (place % 50) * 0.015
        state = self.states.get(endpoint.id)
        if state is not None and state.condition is Condition.UNKNOWN:
            return Reading(key, at_s, math.nan, Outcome.NOT_RUN, Reason.NO_NAME)
        down = endpoint.id == DOWN and self.now_utc_s > self._down_since()
        if down or (endpoint.id == LOSSY and self.chance.random() < 0.05):
            return Reading(key, at_s, math.nan, Outcome.NO_REPLY, Reason.DEADLINE)
        base = _BASE_MS[endpoint.kind] * (1 + (place * 7 % 11) / 12)
        wander = 1 + 0.12 * math.sin(at_s / 400 + place)
        if endpoint.id == DEGRADED and self.now_utc_s > BEGIN_UTC_S + 0.62 * 3600:
            wander *= 2.9
        spike = self.chance.expovariate(1 / 6.0) if self.chance.random() < 0.01 else 0.0
        rtt_s = base * wander * (1 + 0.05 * self.chance.gammavariate(2, 1) + spike / 4) / 1000
        return Reading(key, at_s, math.nan, Outcome.REPLIED, values={"rtt_s": rtt_s})

    def _down_since(self) -> float:
        state = self.states.get(DOWN)
        return state.since_utc_s if state is not None and state.condition is Condition.DOWN else math.inf


def make_room(
    folder: Path,
    *,
    seconds: int = 60,
    period_s: float = 1.0,
    endpoints: int | None = None,
    story: bool = True,
) -> Room:
    """Write a store of some seconds; the story's alarms and log come with it unless not wanted."""
    store = open_engine_store(DataFolder(folder))
    room = Room(store, site_view(period_s, endpoints), BEGIN_UTC_S + 3600 - seconds)
    room.states = {
        endpoint.id: EndpointState(endpoint.id, Condition.UP, BEGIN_UTC_S, Reason.NONE)
        for endpoint in room.site.endpoints
    }
    begun = [
        room.entry(BEGIN_UTC_S - 600, LogKind.ENGINE_STARTED, pid=4410, version="0.1.0", site=room.site.name)
    ]
    store.commit(Batch(site_json=room.site.model_dump_json(), entries=begun))
    if story:
        _tell_story(room)
    store.commit(Batch(states=tuple(room.states.values())))
    gap = range(int(seconds * 0.6), int(seconds * 0.6) + 40) if story and seconds > 300 else range(0)
    for place in range(seconds):
        if place in gap:
            room.now_utc_s += 1.0
        else:
            room.second()
    return room


def _tell_story(room: Room) -> None:
    end = BEGIN_UTC_S + 3600
    blind = BlindTime(BEGIN_UTC_S + 2160, BEGIN_UTC_S + 2200, "engine_stopped")
    entries: list[Entry] = []
    alarms: list[Alarm] = []

    def condition(
        at_s: float, subject: str, now: Condition, reason: str, was: Condition = Condition.UP
    ) -> None:
        room.states[subject] = EndpointState(subject, now, at_s - 2, reason)
        entries.append(
            room.entry(
                at_s,
                LogKind.CONDITION_CHANGED,
                subject,
                **{"from": was, "to": now, "reason": reason, "since_utc_s": at_s - 2},
            )
        )

    def fault(at_s: float, number: int, subject: str, cause: Cause, reason: str, priority: Priority) -> Alarm:
        moved = raised(number, Fault(subject, cause, reason, priority, at_s - 2), at_s)
        entries.append(room.chain.append(moved.entry))
        return moved.alarm

    condition(end - 2880, RETURNED, Condition.DOWN, Reason.DEADLINE)
    back = returned(fault(end - 2880, 1, RETURNED, Cause.DOWN, Reason.DEADLINE, Priority.MEDIUM), end - 2790)
    condition(end - 2790, RETURNED, Condition.UP, Reason.NONE, Condition.DOWN)
    assert back is not None
    entries.append(room.chain.append(back.entry))
    alarms.append(back.alarm)
    entries.append(
        room.entry(
            blind.until_utc_s,
            LogKind.BLIND_TIME,
            from_utc_s=blind.from_utc_s,
            until_utc_s=blind.until_utc_s,
            cause=blind.cause,
        )
    )
    condition(end - 1366, DEGRADED, Condition.DEGRADED, "limit:rtt_s")
    slow = fault(end - 1366, 2, DEGRADED, Cause.DEGRADED, "limit:rtt_s", Priority.MEDIUM)
    taken = acknowledged(slow, "m.kowalska", "Carrier told, ticket 48213, next news at 15:00.", end - 1290)
    assert taken is not None
    entries.append(room.chain.append(taken.entry))
    alarms.append(taken.alarm)
    condition(end - 1100, UNKNOWN, Condition.UNKNOWN, Reason.NO_NAME)
    alarms.append(fault(end - 1100, 3, UNKNOWN, Cause.NOT_MEASURED, Reason.NO_NAME, Priority.LOW))
    note = Draft(
        end - 900,
        LogKind.NOTE,
        "engine",
        "j.silva",
        {"note": "Water company called: pumping test until 16:00."},
    )
    entries.append(room.chain.append(note))
    condition(end - 761, DOWN, Condition.DOWN, Reason.DEADLINE)
    alarms.append(fault(end - 760, 4, DOWN, Cause.DOWN, Reason.DEADLINE, Priority.CRITICAL))
    room.alarms = {alarm.number: alarm for alarm in alarms if alarm.state is not AlarmState.NORMAL}
    batch = Batch(alarms=alarms, entries=entries, blind=(blind,), routes=_routes(end))
    room.store.commit(batch)


def _routes(end_utc_s: float) -> list[KeptRoute]:
    """Routes of two endpoints: answers of one end early, the other goes another way and loses packets."""
    down = [_hop(distance, f"10.20.{distance}.1") for distance in range(1, 5)]
    down_good = [*down, _hop(5, "10.20.9.164", reason=Reason.NONE)]
    before = [_hop(1, "10.20.1.1"), _hop(2, "10.31.0.9", "10.31.0.13"), Hop(3, 3), _hop(4, "172.16.40.2")]
    after = [_hop(1, "10.20.1.1"), _hop(2, "10.32.0.5"), Hop(3, 3), _hop(4, "172.16.40.2", answers=2)]
    last = _hop(5, "10.20.9.106", reason=Reason.NONE)
    well, operator = TraceCause.WELL, "Eva Lindqvist (control1)"
    silent = Trace("10.20.9.164", end_utc_s - 757, TraceEnd.SILENT, tuple(down[:3]))
    asked = Trace("10.20.9.106", end_utc_s - 130, TraceEnd.REACHED, (*after, last))
    return [
        KeptRoute(DOWN, RouteKind.GOOD, _reached("10.20.9.164", end_utc_s - 2400, down_good), well),
        KeptRoute(DOWN, RouteKind.NEWEST, silent, TraceCause.TURNED_BAD),
        KeptRoute(LOSSY, RouteKind.GOOD, _reached("10.20.9.106", end_utc_s - 3100, [*before, last]), well),
        KeptRoute(LOSSY, RouteKind.NEWEST, asked, TraceCause.OPERATOR, operator),
    ]


def _reached(address: str, at_utc_s: float, hops: Sequence[Hop]) -> Trace:
    return Trace(address, at_utc_s, TraceEnd.REACHED, tuple(hops))


def _hop(distance: int, *addresses: str, answers: int = 3, reason: Reason = Reason.TTL_EXCEEDED) -> Hop:
    share = answers // len(addresses)
    times = [0.0011 * distance * (1 + 0.2 * place) for place in range(len(addresses))]
    seen = [
        HopAddress(address, share + (place == 0 and answers % len(addresses)), t * 0.9, t, t * 1.4, reason)
        for place, (address, t) in enumerate(zip(addresses, times, strict=True))
    ]
    return Hop(distance, 3, tuple(seen))
