"""Judges every reading in order: conditions, our own connection, alarms. No clock and no I/O.

Rules:
1. A first loss asks the endpoint again at once by every probe that reaches it, and the witnesses with
   it, so that silence is certain within two seconds of its beginning and blame falls on the
   right side. Where so many losses are usual on a link it is asked on, ever less often, until the silence
   is too long to be usual (``silence_test.py``). A question that found no route does the same. Where the
   first witnesses (``witnesses.py``) have no route either others are asked, until one answers or none is
   left.
2. Before an endpoint outside this machine is called down, our own connection must be known good, and
   its other probes must have been asked since. While that is undecided the endpoint keeps its
   condition, for ``HOLD_S`` at most.
3. Cut off, every endpoint outside is unknown at once, one alarm says so, and the time counts as
   blind, from the first question on that was lost to it. Alarms that were there before stay as they are.
   What is lost meanwhile is *not run*; what was lost before we knew is told again as blind (``doubt.py``).
4. The first answer from outside to a question sent after that ends it; then nothing that was learnt
   of silence counts, and every endpoint is asked afresh.
5. A state is reported when its condition or reason changes, or what is suspected; the log tells of
   conditions only. It is spared the first answer of what was never measured, and what our own lost
   connection does to every endpoint, which one entry tells: two thousand would bury what matters.
6. When the site changes under way, what did not change keeps everything it knows. A probe that asks anew
   begins without evidence, and its endpoint keeps its condition and its alarm until there is some. What
   is watched no longer is withdrawn, what is new is asked at once.
7. When the clock is set, conditions and alarms of this run are told in the time of the clock as it is now.
   Blind time that was growing ends as it was stamped, and goes on from now: so it is as long as it was.
8. Endpoints that lack a route because this machine has no way out have one alarm for all (``way_out.py``);
   what else follows from a lost network has none of its own (``own_network.py``).
9. At the start every alarm is brought in line with the state it belongs to, whatever the site or the
   store went through in between, and every probe is asked once without waiting for its beat.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from controlroom.alarms.alarm import ENGINE, Alarm, Cause
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.rules import OWN_REASONS, fault_of, own_event, own_fault
from controlroom.condition.answering import Answering, ProbeStatus
from controlroom.condition.doubt import Doubt
from controlroom.condition.endpoint import Combined
from controlroom.condition.own_connection import (
    NOT_SENT,
    OWN_CONNECTION_LOST,
    Evidence,
    Verdict,
    shows_reach,
    verdict,
)
from controlroom.condition.silence_test import SPACING_S
from controlroom.condition.state import Condition, EndpointState
from controlroom.condition.tracker import EndpointTracker, ProbeTracker
from controlroom.engine.condition_entry import condition_entry, is_told_otherwise
from controlroom.engine.effects import Effects, Reprobe
from controlroom.engine.own_network import SETTLES_S, OwnNetwork
from controlroom.engine.patience import beat_patience_s, reprobe_patience_s
from controlroom.engine.way_out import CAUSES, NO_DEFAULT_ROUTE, WayOut
from controlroom.engine.witnesses import MOST_UNSENT, MOST_WITNESSES, Witnesses, telling_probe
from controlroom.logbook.entry import Draft, Fact, LogKind
from controlroom.reading import Outcome, ProbeKey, Reading, Reason, shows_loss
from controlroom.site.model import Criticality, Site
from controlroom.store.interface import BlindTime

HOLD_S = 2.0
"""How long an undecided verdict may hold back an endpoint's fault (rule 2)."""

CROSS_CHECK_TIMEOUT_S = 1.0
"""The longest that a question to a witness, or to another probe of the suspect, may take."""

RETURN_SPACING_S = 1.0
"""Attempts after a first answer are spread over seconds: a recovery must last to count."""

SITE_CHANGED = "site_changed"
"""The reason of a state whose endpoint is not in the site."""

_SHOWS_SILENCE = frozenset({Condition.DOWN, Condition.DEGRADED})
_URGENCY = {criticality: place for place, criticality in enumerate(Criticality, start=1)}


class Monitor:
    """All that the engine knows of the site's endpoints; every call says what it brought about."""

    def __init__(
        self,
        site: Site,
        reaches: Mapping[str, bool],
        now_utc_s: float,
        *,
        states: Sequence[EndpointState] = (),
        alarms: Sequence[Alarm] = (),
        next_alarm_number: int = 1,
    ) -> None:
        """Start where the last engine stopped. ``reaches`` is told per probe type."""
        restored = {state.endpoint_id: state for state in states if state.reason != SITE_CHANGED}
        self._restored = restored
        self.trackers = {
            endpoint.id: EndpointTracker(endpoint, reaches, now_utc_s, restored.get(endpoint.id))
            for endpoint in site.endpoints
        }
        self.alarms = AlarmRegister(alarms, next_alarm_number)
        self._local: frozenset[str] = frozenset()
        self._evidence = Evidence()
        self._witnesses = Witnesses(self._evidence, site.own_connectivity.anchors)
        self._own_network = OwnNetwork()
        self._held_since_s: dict[str, float] = {}
        unprivileged = any(alarm.cause is Cause.NO_PRIVILEGE and alarm.active for alarm in alarms)
        reaching = {
            endpoint.key(probe)
            for endpoint in site.endpoints
            for probe in endpoint.probes
            if reaches[probe.type]
        }
        self._unprivileged: set[ProbeKey] = reaching if unprivileged else set()
        cut_off = [alarm for alarm in alarms if alarm.cause is Cause.OWN_CONNECTION_LOST and alarm.active]
        self._cut_off_since: tuple[float, float] | None = (0.0, cut_off[0].since_utc_s) if cut_off else None
        self._blind_from_utc_s = cut_off[0].since_utc_s if cut_off else 0.0
        self._doubt = Doubt(cut_off=bool(cut_off))
        no_way_out = any(alarm.cause in CAUSES.values() and alarm.active for alarm in alarms)
        self._way_out = WayOut(states if no_way_out else ())

    def set_local(self, endpoint_ids: frozenset[str]) -> None:
        """Tell which endpoints are on this machine: they prove nothing about our connection."""
        self._local = endpoint_ids

    def set_network_metrics(self, metrics: frozenset[str]) -> None:
        """Tell which figures of this machine are of its own network."""
        self._own_network.set_metrics(metrics)

    def set_nameless(self, nameless: Callable[[str], bool]) -> None:
        """Give what tells which endpoints go by a name that is not resolved: they cannot be asked."""
        self._witnesses.nameless = nameless

    def set_beyond(self, versions: Mapping[str, int]) -> None:
        """Tell to which endpoints there is no way out, should they have no route, and by which IP version."""
        self._way_out.set_beyond(versions)

    def is_outside(self, endpoint_id: str) -> bool:
        """Whether an endpoint is watched and not on this machine."""
        return endpoint_id in self.trackers and endpoint_id not in self._local

    def urgency(self, endpoint_id: str) -> int:
        """How soon an endpoint's turn is where not all can have one: 0 for anchors, then by criticality."""
        tracker = self.trackers.get(endpoint_id)
        if tracker is None:
            return len(_URGENCY) + 1
        return 0 if endpoint_id in self._witnesses.anchors else _URGENCY[tracker.endpoint.criticality]

    def patience_s(self, key: ProbeKey) -> float | None:
        """After how long an answer to a beat is overdue; ``None`` at its deadline, as in silence."""
        tracker = self.trackers.get(key.endpoint_id)
        probe = tracker.probes.get(key.probe_name) if tracker is not None else None
        return None if probe is None else beat_patience_s(probe)

    @property
    def cut_off(self) -> bool:
        """Whether we know that we cannot reach anything outside."""
        return self._cut_off_since is not None

    def blind_now(self, now_utc_s: float) -> BlindTime | None:
        """Return the blind time that is still growing, or ``None`` while we can reach something."""
        if self._cut_off_since is None:
            return None
        return self._blind(now_utc_s)

    def _blind(self, until_utc_s: float) -> BlindTime:
        return BlindTime(min(self._blind_from_utc_s, until_utc_s), until_utc_s, OWN_CONNECTION_LOST)

    def begin(self, now_utc_s: float) -> Effects:
        """Bring alarms and states in line with the site as it is now, and ask everything once."""
        effects = Effects()
        for alarm in self.alarms.alarms():
            if alarm.subject != ENGINE and alarm.subject not in self.trackers:
                effects.moved(self.alarms.withdraw(alarm.subject, SITE_CHANGED, now_utc_s))
        for endpoint_id in self._restored.keys() - self.trackers.keys():
            gone = EndpointState(endpoint_id, Condition.UNKNOWN, now_utc_s, SITE_CHANGED)
            effects.states[endpoint_id] = gone
        self._way_out.keep(self.trackers)
        for tracker in self.trackers.values():
            effects.states[tracker.endpoint.id] = tracker.state
            self._judge_alarm(tracker, now_utc_s, effects)
            effects.reprobes += [self._reprobe(tracker, probe, 1, 0.0) for probe in tracker.probes.values()]
        self._restored = {}
        self._judge_way_out(now_utc_s, now_utc_s, effects)
        return effects

    def adopt(self, site: Site, reaches: Mapping[str, bool], now_s: float, now_utc_s: float) -> Effects:
        """Go on with a changed site (rule 6); ``set_local`` must be called anew after it."""
        effects, before = Effects(), self.trackers
        self.trackers, changed = {}, []
        for endpoint in site.endpoints:
            tracker = before.pop(endpoint.id, None)
            anew: list[ProbeTracker] = []
            if tracker is None:
                tracker = EndpointTracker(endpoint, reaches, now_utc_s)
                anew = list(tracker.probes.values())
                effects.states[endpoint.id] = tracker.state
                changed.append(tracker)
            elif tracker.endpoint != endpoint:
                anew = tracker.adopt(endpoint, reaches)
                changed.append(tracker)
            self.trackers[endpoint.id] = tracker
            effects.reprobes += [self._reprobe(tracker, probe, 1, 0.0) for probe in anew]
        self._witnesses.anchors = site.own_connectivity.anchors
        for endpoint_id in before:
            self._forget(endpoint_id, now_utc_s, effects)
        self._way_out.keep(self.trackers)
        self._judge_way_out(now_utc_s, now_utc_s, effects)
        self._keep_privilege_of(site, now_utc_s, effects)
        for tracker in changed:
            self._evaluate(tracker, now_s, now_utc_s, effects)
            self._judge_alarm(tracker, now_utc_s, effects)
        return effects

    def _forget(self, endpoint_id: str, now_utc_s: float, effects: Effects) -> None:
        effects.moved(self.alarms.withdraw(endpoint_id, SITE_CHANGED, now_utc_s))
        gone = EndpointState(endpoint_id, Condition.UNKNOWN, now_utc_s, SITE_CHANGED)
        effects.states[endpoint_id] = gone
        self._held_since_s.pop(endpoint_id, None)
        self._evidence.forget(endpoint_id)
        self._witnesses.forget(endpoint_id)

    def _keep_privilege_of(self, site: Site, now_utc_s: float, effects: Effects) -> None:
        """Let the alarm of a missing right end with the last probe that lacked it."""
        if self._unprivileged:
            self._unprivileged &= {end.key(probe) for end in site.endpoints for probe in end.probes}
            if not self._unprivileged:
                effects.moved(self.alarms.no_fault(ENGINE, Cause.NO_PRIVILEGE, now_utc_s))

    def believed(self, reading: Reading) -> Reading:
        """Return a reading as it is to be kept and judged: a loss that is our own fault was not run.

        To be called once with each reading that is kept, before it is judged: a loss may be taken back later.
        """
        if not shows_loss(reading.outcome, reading.reason) or shows_reach(reading):
            return reading
        tracker = self.trackers.get(reading.probe.endpoint_id)
        probe = tracker.probes.get(reading.probe.probe_name) if tracker is not None else None
        if tracker is None or probe is None or not self._tells_of_us(tracker, probe):
            return reading
        if self._doubt.is_ours(reading.sent_monotonic_s, partial(_under_way_s, probe)):
            return replace(reading, outcome=Outcome.NOT_RUN, reason=Reason.BLIND, values={})
        silent = probe.status.answering is Answering.SILENT
        self._doubt.lost(reading, _under_way_s(probe), known_silent=silent)
        return reading

    def handle(self, reading: Reading, now_s: float, now_utc_s: float) -> Effects:
        """Fold in one reading; ``now_s`` is monotonic."""
        effects = Effects()
        tracker = self.trackers.get(reading.probe.endpoint_id)
        probe = tracker.probes.get(reading.probe.probe_name) if tracker is not None else None
        if tracker is None or probe is None:
            return effects  # the site had it when it was asked, and has it no longer
        if self._is_ours(reading, tracker, probe):
            self._evaluate(tracker, now_s, now_utc_s, effects)
            return effects  # it says nothing, and what was known before will be asked afresh
        if self._tells_of_us(tracker, probe):
            self._note_evidence(reading, now_s, now_utc_s, effects)
        self._note_privilege(reading, now_utc_s, effects)
        before = probe.status
        telling = tracker.take(reading, now_s - reading.sent_monotonic_s)
        if not telling and tracker.state.condition is Condition.UP and tracker.state.suspected is None:
            return effects  # as before: what nearly every reading says
        if self.cut_off:
            self._own_network.pass_over(tracker, self._blind_from_utc_s)
        self._ask_again(tracker, probe, before, reading, now_s, effects)
        self._evaluate(tracker, now_s, now_utc_s, effects)
        if reading.reason is Reason.NO_ROUTE and self._way_out.shows_anew(tracker.endpoint.id):
            self._judge_alarm(tracker, now_utc_s, effects)
        return effects

    def tick(self, now_s: float, now_utc_s: float) -> Effects:
        """Look again at what was held back."""
        effects = Effects()
        for endpoint_id in list(self._held_since_s):
            self._evaluate(self.trackers[endpoint_id], now_s, now_utc_s, effects)
        return effects

    def clock_stepped(self, step_s: float, now_utc_s: float) -> Effects:
        """Tell all times by a clock that was set by so much and shows ``now_utc_s`` since (rule 7)."""
        effects = Effects()
        for tracker in self.trackers.values():
            if tracker.clock_stepped(step_s):
                effects.states[tracker.endpoint.id] = tracker.state
        effects.alarms = {alarm.number: alarm for alarm in self.alarms.clock_stepped(step_s)}
        if self._cut_off_since is not None:
            effects.blind.append(self._blind(now_utc_s - step_s))
            self._cut_off_since = (self._cut_off_since[0], self._cut_off_since[1] + step_s)
            self._blind_from_utc_s = now_utc_s
        return effects

    def own_fault(self, cause: Cause, reason: str, now_utc_s: float) -> Effects:
        """Raise an alarm about the monitoring itself."""
        effects = Effects()
        effects.moved(self.alarms.fault(own_fault(cause, reason, now_utc_s), now_utc_s))
        return effects

    def own_event(self, cause: Cause, reason: str, now_utc_s: float) -> Effects:
        """Raise an alarm about what happened to the monitoring itself and is over: somebody is to see it."""
        effects = Effects()
        effects.moved(self.alarms.fault(own_event(cause, reason, now_utc_s), now_utc_s))
        effects.moved(self.alarms.no_fault(ENGINE, cause, now_utc_s))
        return effects

    def own_fault_ended(self, cause: Cause, now_utc_s: float) -> Effects:
        """Return an alarm about the monitoring itself."""
        effects = Effects()
        effects.moved(self.alarms.no_fault(ENGINE, cause, now_utc_s))
        return effects

    def _tells_of_us(self, tracker: EndpointTracker, probe: ProbeTracker) -> bool:
        """Whether a probe's silence may come from our own connection."""
        return probe.reaches and tracker.endpoint.id not in self._local

    def _is_ours(self, reading: Reading, tracker: EndpointTracker, probe: ProbeTracker) -> bool:
        """Whether a loss says nothing of its endpoint; also one that is told before its time has run out."""
        if reading.reason is Reason.BLIND:
            return True
        lost = shows_loss(reading.outcome, reading.reason) and not shows_reach(reading)
        if not (lost and self._tells_of_us(tracker, probe)):
            return False
        return self._doubt.is_ours(reading.sent_monotonic_s, partial(_under_way_s, probe))

    def _note_evidence(self, reading: Reading, now_s: float, now_utc_s: float, effects: Effects) -> None:
        sent_s = reading.sent_monotonic_s
        if self._evidence.take(reading):
            self._doubt.answered(sent_s)
            if self._cut_off_since is not None and sent_s >= self._cut_off_since[0]:
                self._reconnect(now_s, now_utc_s, effects)

    def _note_privilege(self, reading: Reading, now_utc_s: float, effects: Effects) -> None:
        if reading.reason is Reason.NO_PRIVILEGE:
            self._unprivileged.add(reading.probe)
            fault = own_fault(Cause.NO_PRIVILEGE, reading.reason.value, now_utc_s)
            effects.moved(self.alarms.fault(fault, now_utc_s))
        elif reading.outcome is not Outcome.NOT_RUN and self._unprivileged:
            self._unprivileged.discard(reading.probe)
            if not self._unprivileged:
                effects.moved(self.alarms.no_fault(ENGINE, Cause.NO_PRIVILEGE, now_utc_s))

    def _ask_again(
        self,
        tracker: EndpointTracker,
        probe: ProbeTracker,
        before: ProbeStatus,
        reading: Reading,
        now_s: float,
        effects: Effects,
    ) -> None:
        if not probe.reaches:
            return
        status, settings = probe.status, probe.probe
        first = status.attempts == 1 != before.attempts
        if status.suspect is Answering.SILENT:
            if first:
                self._cross_check(tracker, probe, now_s, effects)
            wanted = probe.silences.wanted(status, reading, now_s)
            if wanted is not None:
                wish = self._reprobe(tracker, probe, wanted.attempts, wanted.spacing_s)
                effects.reprobes.append(replace(wish, first_s=wanted.first_s))
        elif first and status.suspect is Answering.ANSWERS:
            for other in tracker.probes.values():
                if other.reaches:
                    wish = self._reprobe(tracker, other, settings.return_attempts - 1, RETURN_SPACING_S)
                    effects.reprobes.append(replace(wish, first_s=RETURN_SPACING_S))
        elif _newly_not_sent(before, status):
            effects.reprobes.append(self._reprobe(tracker, probe, 2, SPACING_S))
            self._cross_check(tracker, probe, now_s, effects)

    def _cross_check(
        self, tracker: EndpointTracker, probe: ProbeTracker, now_s: float, effects: Effects
    ) -> None:
        """Ask the endpoint's other probes, and the witnesses to our own connection (rule 1)."""
        if tracker.endpoint.id not in self._local:
            self._ask_witnesses(tracker.endpoint.id, MOST_WITNESSES, now_s, effects)
        for other in tracker.probes.values():
            if other is not probe and other.reaches:
                effects.reprobes.append(self._on_suspicion(tracker, other, 3, 0.0))

    def _ask_witnesses(self, suspect: str, most: int, now_s: float, effects: Effects) -> tuple[str, ...]:
        witnesses = self._witnesses.choose(self.trackers, self._local, suspect, now_s, most)
        for witness in witnesses:
            wait_s = self._witnesses.wait_s(witness.endpoint.id, now_s)
            probe = telling_probe(witness)
            if wait_s is not None and probe is not None:
                effects.reprobes.append(self._on_suspicion(witness, probe, 1, wait_s))
        return self._witnesses.asked(suspect, (witness.endpoint.id for witness in witnesses))

    def _insist(self, suspect: str, witnesses: Sequence[str], effects: Effects) -> None:
        """Ask witnesses again who lost so little that it may be chance."""
        if not self._witnesses.insist(suspect):
            return
        for witness in (self.trackers[each] for each in witnesses if each in self.trackers):
            probe = telling_probe(witness)
            if probe is not None:
                effects.reprobes.append(self._on_suspicion(witness, probe, 3, 0.0))

    def _on_suspicion(
        self, tracker: EndpointTracker, probe: ProbeTracker, attempts: int, first_s: float
    ) -> Reprobe:
        wish = self._reprobe(tracker, probe, attempts, SPACING_S)
        timeout_s = min(wish.timeout_s, CROSS_CHECK_TIMEOUT_S)
        return replace(wish, timeout_s=timeout_s, urgency=0, first_s=first_s)

    def _reprobe(
        self, tracker: EndpointTracker, probe: ProbeTracker, attempts: int, spacing_s: float
    ) -> Reprobe:
        return Reprobe(
            probe=tracker.endpoint.key(probe.probe),
            attempts=attempts,
            spacing_s=spacing_s,
            patience_s=reprobe_patience_s(probe),
            timeout_s=probe.probe.timeout_s,
            urgency=_URGENCY[tracker.endpoint.criticality],
        )

    def _evaluate(self, tracker: EndpointTracker, now_s: float, now_utc_s: float, effects: Effects) -> None:
        endpoint_id = tracker.endpoint.id
        combined = tracker.combined()
        outside = endpoint_id not in self._local
        if not (outside and self.cut_off):
            hold = combined.condition in _SHOWS_SILENCE and tracker.undecided()
            if not hold and outside and self._may_be_ours(tracker, combined):
                found = self._doubt_ourselves(tracker, combined, now_s, effects)
                if found is Verdict.CUT_OFF:
                    self._cut_off(tracker, now_s, now_utc_s, effects)
                hold = found is Verdict.UNDECIDED
            if outside and combined.reason == Reason.NO_NAME and self._may_lack_name(combined, now_s):
                if now_s - self._held_since_s.setdefault(endpoint_id, now_s) < SETTLES_S:
                    return
            elif hold and now_s - self._held_since_s.setdefault(endpoint_id, now_s) < HOLD_S:
                self._keep_suspicion(tracker, effects)
                return
        self._held_since_s.pop(endpoint_id, None)
        if outside and self.cut_off:
            combined = Combined(Condition.UNKNOWN, combined.since_utc_s, OWN_CONNECTION_LOST)
        self._apply(tracker, combined, now_utc_s, effects)

    def _may_lack_name(self, combined: Combined, now_s: float) -> bool:
        """Whether an endpoint may have no address for want of a network (``own_network.py`` rule 1)."""
        nothing = not self._evidence.answered_sent_s
        return self._own_network.may_lack_name(combined, now_s, nothing_answered=nothing)

    def _may_be_ours(self, tracker: EndpointTracker, combined: Combined) -> bool:
        """Whether a fault is new and could as well be a fault of our own connection."""
        state = tracker.state
        return _looks_lost(combined.condition, combined.reason) and not _looks_lost(
            state.condition, state.reason
        )

    def _doubt_ourselves(
        self, tracker: EndpointTracker, combined: Combined, now_s: float, effects: Effects
    ) -> Verdict:
        suspect = tracker.endpoint.id
        witnesses = self._witnesses.about(suspect)
        if witnesses is None:
            chosen = self._witnesses.choose(self.trackers, self._local, suspect, now_s)
            witnesses = tuple(witness.endpoint.id for witness in chosen)
        found = self._verdict(tracker, combined, witnesses)
        unrouted = combined.reason == Reason.NO_ROUTE and self._evidence.unrouted.issuperset(witnesses)
        if found is not Verdict.CONNECTED and unrouted:
            witnesses = self._ask_witnesses(suspect, MOST_UNSENT, now_s, effects)
            found = self._verdict(tracker, combined, witnesses)
        if found is Verdict.CUT_OFF and self._witnesses.may_be_chance(witnesses):
            self._insist(suspect, witnesses, effects)
            return Verdict.UNDECIDED
        return found

    def _verdict(self, tracker: EndpointTracker, combined: Combined, witnesses: Sequence[str]) -> Verdict:
        suspect = tracker.endpoint.id
        nameless = not witnesses and self._witnesses.lack_names(self.trackers, suspect)
        return verdict(
            self._evidence,
            suspect=suspect,
            suspected_s=tracker.suspicion_arose_s(),
            witnesses=witnesses,
            others=[other for other in self.trackers if other not in self._local],
            unsent=nameless or combined.reason in NOT_SENT,
        )

    def _cut_off(self, first: EndpointTracker, now_s: float, now_utc_s: float, effects: Effects) -> None:
        effects.disbelieved += self._doubt.begin()
        lost_s = min((reading.sent_monotonic_s for reading in effects.disbelieved), default=now_s)
        since_utc_s = min(first.combined().since_utc_s, now_utc_s - (now_s - lost_s))
        self._cut_off_since = (now_s, since_utc_s)
        self._blind_from_utc_s = since_utc_s
        self._held_since_s.clear()
        facts: dict[str, Fact] = {
            "anchors": ", ".join(self._witnesses.anchors),
            "endpoints": len(self._outside()),
        }
        effects.entries.append(Draft(now_utc_s, LogKind.OWN_CONNECTION_LOST, ENGINE, facts=facts))
        fault = own_fault(Cause.OWN_CONNECTION_LOST, OWN_CONNECTION_LOST, since_utc_s)
        effects.moved(self.alarms.fault(fault, now_utc_s))
        self._withdraw_followers(now_s, now_utc_s, effects)
        lost = Combined(Condition.UNKNOWN, since_utc_s, OWN_CONNECTION_LOST)
        for tracker in self._outside():
            self._apply(tracker, lost, now_utc_s, effects)

    def _withdraw_followers(self, now_s: float, now_utc_s: float, effects: Effects) -> None:
        """End the alarms that only follow from a lost network (``own_network.py`` rules 2 and 3)."""
        from_utc_s = self._blind_from_utc_s
        for alarm in self.alarms.alarms():
            tracker = self.trackers.get(alarm.subject)
            if tracker is not None and self._own_network.explains(alarm, tracker, from_utc_s):
                effects.moved(self.alarms.withdraw(alarm.subject, OWN_CONNECTION_LOST, now_utc_s))
        for tracker in self.trackers.values():
            if self._own_network.pass_over(tracker, from_utc_s):
                self._evaluate(tracker, now_s, now_utc_s, effects)

    def _reconnect(self, now_s: float, now_utc_s: float, effects: Effects) -> None:
        if self._cut_off_since is None:
            return
        since_utc_s, self._cut_off_since = self._cut_off_since[1], None
        self._doubt.end(now_s)
        self._own_network.back(now_s)
        self._own_network.settle(self.trackers.values())
        effects.blind.append(self._blind(now_utc_s))
        facts: dict[str, Fact] = {"anchors": ", ".join(self._witnesses.anchors), "since_utc_s": since_utc_s}
        effects.entries.append(Draft(now_utc_s, LogKind.OWN_CONNECTION_BACK, ENGINE, facts=facts))
        effects.moved(self.alarms.no_fault(ENGINE, Cause.OWN_CONNECTION_LOST, now_utc_s))
        for tracker in self._outside():
            tracker.forget(OWN_CONNECTION_LOST, now_s, now_utc_s)
            for probe in tracker.probes.values():
                effects.reprobes.append(self._reprobe(tracker, probe, 1, 0.0))

    def _outside(self) -> list[EndpointTracker]:
        return [tracker for key, tracker in self.trackers.items() if key not in self._local]

    def _keep_suspicion(self, tracker: EndpointTracker, effects: Effects) -> None:
        suspecting = replace(tracker.state, suspected=Condition.DOWN)
        if suspecting != tracker.state:
            tracker.state = suspecting
            effects.states[tracker.endpoint.id] = suspecting

    def _apply(
        self, tracker: EndpointTracker, combined: Combined, now_utc_s: float, effects: Effects
    ) -> None:
        before = tracker.state
        same = combined.condition is before.condition
        state = EndpointState(
            endpoint_id=tracker.endpoint.id,
            condition=combined.condition,
            since_utc_s=before.since_utc_s if same else combined.since_utc_s or now_utc_s,
            reason=combined.reason,
            suspected=tracker.suspected() if same else None,
        )
        if state == before:
            return
        if state.condition is Condition.UP:
            self._witnesses.end(state.endpoint_id)
        tracker.state = state
        effects.states[state.endpoint_id] = state
        if not same and not is_told_otherwise(before, state):
            effects.entries.append(condition_entry(before, state, now_utc_s))
        if not same or state.reason != before.reason:
            self._judge_alarm(tracker, now_utc_s, effects)

    def _judge_alarm(self, tracker: EndpointTracker, now_utc_s: float, effects: Effects) -> None:
        state = tracker.state
        fault = fault_of(state, tracker.endpoint.criticality)
        ours = self._way_out.takes(state)
        self._judge_way_out(state.since_utc_s, now_utc_s, effects)
        if ours:
            return
        if fault is not None:
            effects.moved(self.alarms.fault(fault, now_utc_s))
        elif not (state.condition is Condition.UNKNOWN and state.reason in OWN_REASONS):
            effects.moved(self.alarms.no_fault(state.endpoint_id, None, now_utc_s))

    def _judge_way_out(self, since_utc_s: float, now_utc_s: float, effects: Effects) -> None:
        for version, cause in CAUSES.items():
            missing = self._way_out.is_missing(version)
            if missing:
                fault = own_fault(cause, NO_DEFAULT_ROUTE, since_utc_s)
                effects.moved(self.alarms.fault(fault, now_utc_s))
            elif missing is False:
                effects.moved(self.alarms.no_fault(ENGINE, cause, now_utc_s))


def _under_way_s(probe: ProbeTracker) -> float:
    """How long an answer may have been under way: as long as the slowest of late."""
    slowest_s = probe.window.highest("rtt_s")
    return probe.probe.timeout_s if slowest_s is None else min(slowest_s, probe.probe.timeout_s)


def _looks_lost(condition: Condition, reason: str) -> bool:
    if condition is Condition.DOWN:
        return True
    return condition is Condition.UNKNOWN and reason in NOT_SENT


def _newly_not_sent(before: ProbeStatus, status: ProbeStatus) -> bool:
    """Whether this is the first of a row of questions that could not be sent."""
    return status.not_run == 1 != before.not_run and status.newest_reason in NOT_SENT
