"""A small world in which every answer is written down as a letter, one a second and endpoint.

``R`` a reply after 20 ms, ``L`` a late one after 400 ms, ``T`` silence, ``N`` could not be asked (no
route), ``P`` no privilege, ``A`` the device refuses our credentials, ``S`` the service fails, ``H`` a router
says that it is unreachable, ``D`` could not be asked (no
name), ``Z`` was asked across a sleep of this machine, which says nothing of the endpoint, ``F`` a router
forbids it, and has no word to spare for our quick questions off the beat, ``.`` as the letter before.
Of this machine's own figures ``Y`` tells that all is well, ``G`` that its gateway does not answer, ``W``
that it has too much to do. ``K`` is a reply that tells a good signal, ``V`` one that tells a poor one; ``R``
tells none at all. Blanks are for the reader.
Beats are asked half a second into each letter, so that a letter holds for the asking and its like.
A probe with a slower beat is written ``endpoint/name@period``; all else is asked once a second.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from controlroom.engine.effects import Effects
from controlroom.engine.monitor import Monitor
from controlroom.engine.overdue import Overdue
from controlroom.engine.reprobes import ReprobeQueue
from controlroom.logbook.entry import LogKind
from controlroom.probe import ProbeParameters
from controlroom.reading import Outcome, ProbeKey, Reading, Reason, Telling
from controlroom.site.alarm_settings import AlarmSettings
from controlroom.site.model import (
    Criticality,
    Endpoint,
    EndpointKind,
    LimitWherePresent,
    OwnConnectivity,
    Probe,
    RiskGroup,
    Service,
    Site,
)
from controlroom.site.service import AtLeast, Path
from controlroom.site.view import SiteView, view_of

START_UTC_S = 1_790_000_000.0
RTT_S = 0.02
LOOK_S = 0.02

LATE_S = 0.4

TOLD_WITH_REASON = ("unstable", "group_lost")

BUDGET = 2000
"""Re-probes a second, as the engine allows them."""

_OUTCOMES = {
    "R": (Outcome.REPLIED, Reason.NONE),
    "L": (Outcome.REPLIED, Reason.NONE),
    "T": (Outcome.NO_REPLY, Reason.DEADLINE),
    "N": (Outcome.NOT_RUN, Reason.NO_ROUTE),
    "P": (Outcome.NOT_RUN, Reason.NO_PRIVILEGE),
    "D": (Outcome.NOT_RUN, Reason.NO_NAME),
    "Z": (Outcome.NOT_RUN, Reason.ASLEEP),
    **dict.fromkeys("YGWKV", (Outcome.REPLIED, Reason.NONE)),
    "A": (Outcome.REFUSED, Reason.AUTHENTICATION_FAILED),
    "S": (Outcome.REFUSED, Reason.STATUS_UNEXPECTED),
    "H": (Outcome.REFUSED, Reason.HOST_UNREACHABLE),
    "F": (Outcome.REFUSED, Reason.PROHIBITED),
}

_FIGURES = {
    "Y": {"gateway_level": 2.0, "load_per_core_1min": 0.1},
    "G": {"gateway_level": 0.0, "load_per_core_1min": 0.1},
    "W": {"gateway_level": 2.0, "load_per_core_1min": 9.0},
    "K": {"sinr_db": 15.0, "rtt_s": RTT_S},
    "V": {"sinr_db": -5.0, "rtt_s": RTT_S},
}

SIGNAL = LimitWherePresent(
    metric="sinr_db", raise_below=0.0, clear_above=2.0, window_readings=5, minimum_readings=3
)


@dataclass(frozen=True)
class Asked:
    """Whose answers a line of letters holds: which probe, and how often it is asked."""

    key: ProbeKey
    period_s: float

    @classmethod
    def of(cls, text: str) -> Asked:
        """Read ``endpoint`` or ``endpoint/name@period``."""
        endpoint_id, _, rest = text.partition("/")
        name, _, period = rest.partition("@")
        return cls(ProbeKey(endpoint_id, name or "icmp"), float(period or 1.0))


def site_of(lines: Sequence[str], anchors: Sequence[str] = ()) -> Site:
    """Build a site of critical endpoints with the probes that the lines name."""
    probes: dict[str, list[Probe]] = {}
    for asked in map(Asked.of, lines):
        probe = Probe(
            type="icmp",
            name=asked.key.probe_name,
            period_s=asked.period_s,
            timeout_s=1.0,
            limits=(SIGNAL,),
            parameters=ProbeParameters(),
        )
        probes.setdefault(asked.key.endpoint_id, []).append(probe)
    endpoints = tuple(
        Endpoint(
            id=endpoint_id,
            name=endpoint_id.title(),
            kind=EndpointKind.RADIO_GATEWAY,
            address=f"{endpoint_id}.example",
            criticality=Criticality.CRITICAL,
            probes=tuple(own),
        )
        for endpoint_id, own in probes.items()
    )
    return Site(name="Story", endpoints=endpoints, own_connectivity=OwnConnectivity(anchors=tuple(anchors)))


def with_causes(site: Site, causes: Mapping[str, Mapping[str, Any]]) -> Site:
    """Say of a story's site what its endpoints have in common.

    ``behind`` by endpoint; ``groups`` and ``locations`` by name, ``member_of`` by group. ``flapping`` and
    ``incidents`` are settings of the site's alarms.
    """
    settings = {key: causes[key] for key in ("flapping", "incidents") if key in causes}
    behind, groups, locations, above = (
        causes.get(key, {}) for key in ("behind", "groups", "locations", "member_of")
    )
    endpoints = tuple(
        endpoint.model_copy(
            update={
                "behind": tuple(behind.get(endpoint.id, ())),
                "risk_groups": tuple(name for name, own in groups.items() if endpoint.id in own),
                "location": next((name for name, own in locations.items() if endpoint.id in own), ""),
            }
        )
        for endpoint in site.endpoints
    )
    named = dict.fromkeys([*groups, *above, *(name for own in above.values() for name in own)])
    risk_groups = tuple(
        RiskGroup(id=name, name=name.title(), member_of=tuple(above.get(name, ()))) for name in named
    )
    alarms = AlarmSettings.model_validate(settings)
    return site.model_copy(update={"endpoints": endpoints, "risk_groups": risk_groups, "alarms": alarms})


def with_services(site: Site, services: Mapping[str, Mapping[str, Any]]) -> Site:
    """Give a story's site services: each says how many are needed (``least``) of its ways (``ways``).

    A way lists its endpoints with blanks between them. ``criticality`` is critical where nothing is said.
    """
    made = []
    for service_id, said in services.items():
        paths = tuple(
            Path(id=f"way-{number}", name=way, endpoints=tuple(way.split()))
            for number, way in enumerate(said["ways"], 1)
        )
        needs = AtLeast(at_least=said.get("least", 1), of=tuple(path.id for path in paths))
        criticality = Criticality(said.get("criticality", "critical"))
        made.append(
            Service(id=service_id, name=service_id.title(), criticality=criticality, paths=paths, needs=needs)
        )
    return site.model_copy(update={"services": tuple(made)})


def seen(site: Site) -> SiteView:
    """Show a story's site as desks see it, without its probes, which are of no type that there is."""
    bare = tuple(endpoint.model_copy(update={"probes": ()}) for endpoint in site.endpoints)
    return view_of(site.model_copy(update={"endpoints": bare}), {})


@dataclass
class World:
    """Lets the seconds of a story pass and tells what the monitor made of them."""

    monitor: Monitor
    letters: Mapping[str, str]
    told: list[str] = field(default_factory=list)
    asked: int = 0
    kept: list[Reading] = field(default_factory=list)
    """What the engine would have the store keep, as it was told first."""
    disbelieved: list[Reading] = field(default_factory=list)
    clock_steps: Mapping[float, float] = field(default_factory=dict)
    """By how many seconds the clock is set, and after how many of the story; ages are not touched by it."""
    asked_again_s: list[float] = field(default_factory=list)
    """When each re-probe left."""
    acts: Mapping[float, str] = field(default_factory=dict)
    """What operators do, and after how many seconds: ``acknowledge SUBJECT`` or ``split SUBJECT``."""
    restarts_s: Sequence[float] = ()
    """When the engine is killed and another begins at once with what was committed."""
    site: Site | None = None
    """What the next engine begins with."""
    view: SiteView | None = None
    """The same as desks see it, where it has services."""
    phase_s: Callable[[ProbeKey], float] = lambda key: 0.5
    """When in its period a probe is asked."""

    def __post_init__(self) -> None:
        """Write every letter out, so that a dot stands for the letter before it."""
        self._lines = {Asked.of(key): _spelt(text) for key, text in self.letters.items()}
        self._letters = {asked.key: text for asked, text in self._lines.items()}
        self._answers: list[tuple[float, int, Reading]] = []
        self._reprobes = ReprobeQueue(BUDGET)
        self._overdue = Overdue()
        self._now_s = 0.0
        self._steps = sorted(self.clock_steps.items())
        self._acts = sorted(self.acts.items())
        self._restarts_s = sorted(self.restarts_s)
        self._stepped_s = 0.0
        self.monitor.set_nameless(self._is_nameless)

    def run(self, seconds: float) -> None:
        """Let time pass in small looks."""
        beats = deque(
            sorted(
                (beat * asked.period_s + self.phase_s(asked.key), str(asked.key), asked.key)
                for asked in self._lines
                for beat in range(int((seconds - 0.5) / asked.period_s) + 1)
            )
        )
        looks = int(seconds / LOOK_S) + 1
        for look in range(looks):
            now_s = self._now_s = look * LOOK_S
            self._set_clock(now_s)
            self._act_and_restart(now_s)
            while beats and beats[0][0] <= now_s:
                at_s, _, key = beats.popleft()
                patience_s = self.monitor.patience_s(key)
                if patience_s is not None:
                    self._overdue.sent(key, at_s, patience_s, beat=True)
                self._ask(key, at_s, timeout_s=1.0, beat=True)
            for reprobe in self._reprobes.due(now_s):
                self._overdue.sent(reprobe.probe, now_s, reprobe.patience_s)
                self.asked_again_s.append(now_s)
                self._ask(reprobe.probe, now_s, timeout_s=reprobe.timeout_s, beat=False)
            self._deliver(now_s)
            for lost in self._overdue.due(now_s, self._utc_s(now_s)):
                self._tell(self.monitor.handle(lost, now_s, self._utc_s(now_s)), now_s)
            self._tell(self.monitor.tick(now_s, self._utc_s(now_s)), now_s)
            self._tell(self.monitor.look_at_services(now_s, self._utc_s(now_s)), now_s)

    def do(self, now_s: float, act: Callable[[float], Effects]) -> None:
        """Let an operator act at a moment of the story."""
        self._tell(act(self._utc_s(now_s)), now_s)

    def _act_and_restart(self, now_s: float) -> None:
        while self._acts and self._acts[0][0] <= now_s:
            what, _, subject = self._acts.pop(0)[1].partition(" ")
            self._tell(self._act(what, subject, self._utc_s(now_s)), now_s)
        while self._restarts_s and self._restarts_s[0] <= now_s:
            self._restarts_s.pop(0)
            self._restart(now_s)

    def _act(self, what: str, subject: str, now_utc_s: float) -> Effects:
        alarm = self.monitor.alarms.of(subject)
        assert alarm is not None, f"{subject} has no alarm"
        if what == "split":
            split = self.monitor.split(subject, "Operator", now_utc_s)
            assert split is not None
            return split
        effects = Effects()
        effects.moved(self.monitor.alarms.acknowledge(alarm.number, "Operator", "", now_utc_s))
        return effects

    def _restart(self, now_s: float) -> None:
        """Begin anew with what a store would hold; what is under way is lost."""
        assert self.site is not None
        before, self._overdue, self._answers = self.monitor, Overdue(), []
        self._reprobes = ReprobeQueue(BUDGET)
        states = [tracker.state for tracker in before.trackers.values()]
        alarms = before.alarms.alarms()
        number = max((alarm.number for alarm in alarms), default=0) + 1
        now_utc_s = self._utc_s(now_s)
        self.monitor = Monitor(
            *(self.site, {"icmp": True}, now_utc_s),
            states=states,
            alarms=alarms,
            next_alarm_number=number,
            view=self.view,
        )
        self._tell(self.monitor.begin(now_utc_s, now_s), now_s)

    def _utc_s(self, at_s: float) -> float:
        return START_UTC_S + at_s + self._stepped_s

    def _set_clock(self, now_s: float) -> None:
        while self._steps and self._steps[0][0] <= now_s:
            _, step_s = self._steps.pop(0)
            self._stepped_s += step_s
            self._tell(self.monitor.clock_stepped(step_s, self._utc_s(now_s)), now_s)

    def _is_nameless(self, endpoint_id: str) -> bool:
        own = (text for key, text in self._letters.items() if key.endpoint_id == endpoint_id)
        return any(text[min(int(self._now_s), len(text) - 1)] == "D" for text in own)

    def _ask(self, key: ProbeKey, at_s: float, *, timeout_s: float, beat: bool) -> None:
        text = self._letters[key]
        letter = text[min(int(at_s), len(text) - 1)]
        letter = "T" if letter == "F" and not beat else letter
        outcome, reason = _OUTCOMES[letter]
        takes_s = {"T": timeout_s, "R": RTT_S, "L": LATE_S}.get(letter, 0.0)
        values = _FIGURES.get(letter, {"rtt_s": takes_s} if outcome is Outcome.REPLIED else {})
        reading = Reading(key, self._utc_s(at_s), at_s, outcome, reason, values, beat)
        self.asked += 1
        heapq.heappush(self._answers, (at_s + takes_s, self.asked, reading))

    def _deliver(self, now_s: float) -> None:
        while self._answers and self._answers[0][0] <= now_s:
            at_s, _, reading = heapq.heappop(self._answers)
            first = self._overdue.closed(reading)
            reading = self.monitor.believed(reading)
            self.kept.append(reading)
            if not (first or reading.beat):
                continue
            reading = reading if first else replace(reading, telling=Telling.AGAIN)
            self._tell(self.monitor.handle(reading, at_s, self._utc_s(at_s)), at_s)

    def _tell(self, effects: Effects, now_s: float) -> None:
        self.monitor.saw(effects)
        self.disbelieved += effects.disbelieved
        for reprobe in effects.reprobes:
            self._reprobes.wish(reprobe, now_s)
        for entry in effects.entries:
            words = [f"{now_s:.1f}", entry.subject, entry.kind.value]
            if entry.kind is LogKind.CONDITION_CHANGED:
                words = [f"{now_s:.1f}", entry.subject, str(entry.facts["to"])]
            elif entry.kind is LogKind.SERVICE_CHANGED:
                words += [str(entry.facts["to"]), str(entry.facts["margin_most"])]
            elif "cause" in entry.facts:
                words.append(str(entry.facts["cause"]))
            if entry.kind is LogKind.ALARM_SUPPRESSED:
                words.append(str(entry.facts.get("suppressed_by", "as before")))
            elif entry.kind is LogKind.ALARM_REASON_CHANGED or entry.facts.get("cause") in TOLD_WITH_REASON:
                words.append(str(entry.facts["reason"]))
            self.told.append(" ".join(words))


def _spelt(text: str) -> str:
    spelt = ""
    for letter in text.replace(" ", ""):
        spelt += spelt[-1] if letter == "." else letter
    return spelt
