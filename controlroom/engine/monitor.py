"""Judges every reading in order: conditions, our own connection, alarms. No clock and no I/O.

Rules:
1. A first loss asks the endpoint again at once, and the anchors with it, so that silence is certain
   within two seconds of the first lost probe and blame falls on the right side.
2. Before an endpoint outside this machine is called down, our own connection must be known good.
   While that is undecided the endpoint keeps its condition, for two seconds at most.
3. Cut off, every endpoint outside is unknown at once, one alarm says so, and the time counts as
   blind. Alarms that were there before stay as they are.
4. The first answer from outside to a question sent after that ends it; then nothing that was learnt
   of silence counts, and every endpoint is asked afresh.
5. A state is reported when its condition or reason changes, or what is suspected; the log tells of
   conditions only. It is spared the first answer of what was never measured, and what our own lost
   connection does to every endpoint, which one entry tells: two thousand would bury what matters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from controlroom.alarms.alarm import ENGINE, Alarm, Cause
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.rules import OWN_REASONS, fault_of, own_fault
from controlroom.condition.answering import NOT_MEASURED_YET, Answering
from controlroom.condition.endpoint import Combined
from controlroom.condition.own_connection import OWN_CONNECTION_LOST, Evidence, Verdict, verdict
from controlroom.condition.state import Condition, EndpointState
from controlroom.condition.tracker import EndpointTracker, ProbeTracker
from controlroom.engine.effects import Effects, Reprobe
from controlroom.logbook.entry import Draft, Fact, LogKind
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.site.model import Criticality, Site
from controlroom.store.interface import BlindTime

HOLD_S = 2.0
"""How long an undecided verdict on our own connection may hold back an endpoint's fault (rule 2)."""

REPROBE_SPACING_S = 0.08
"""Attempts after a first loss overlap: each is sent this long after the one before."""

RETURN_SPACING_S = 1.0
"""Attempts after a first answer are spread over seconds: a recovery must last to count."""

SHORTEST_TIMEOUT_S = 0.25
"""No re-probe waits less, so that a link's ordinary spread is not taken for silence."""

_NOT_SENT = frozenset({Reason.NO_ROUTE.value, Reason.SEND_FAILED.value})
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
        restored = {state.endpoint_id: state for state in states}
        self.trackers = {
            endpoint.id: EndpointTracker(endpoint, reaches, now_utc_s, restored.get(endpoint.id))
            for endpoint in site.endpoints
        }
        self.alarms = AlarmRegister(alarms, next_alarm_number)
        self._anchors = site.own_connectivity.anchors
        self._local: frozenset[str] = frozenset()
        self._evidence = Evidence()
        self._held_since_s: dict[str, float] = {}
        self._unprivileged: set[ProbeKey] = set()
        cut_off = [alarm for alarm in alarms if alarm.cause is Cause.OWN_CONNECTION_LOST and alarm.active]
        self._cut_off_since: tuple[float, float] | None = (0.0, cut_off[0].since_utc_s) if cut_off else None

    def set_local(self, endpoint_ids: frozenset[str]) -> None:
        """Tell which endpoints are on this machine: they prove nothing about our connection."""
        self._local = endpoint_ids

    @property
    def cut_off(self) -> bool:
        """Whether we know that we cannot reach anything outside."""
        return self._cut_off_since is not None

    def blind_now(self, now_utc_s: float) -> BlindTime | None:
        """Return the blind time that is still growing, or ``None`` while we can reach something."""
        if self._cut_off_since is None:
            return None
        return BlindTime(self._cut_off_since[1], now_utc_s, OWN_CONNECTION_LOST)

    def withdraw_missing(self, now_utc_s: float) -> Effects:
        """End the alarms of endpoints that the site no longer has."""
        effects = Effects()
        for alarm in self.alarms.alarms():
            if alarm.subject != ENGINE and alarm.subject not in self.trackers:
                effects.moved(self.alarms.withdraw(alarm.subject, "site_changed", now_utc_s))
        return effects

    def handle(self, reading: Reading, now_s: float, now_utc_s: float) -> Effects:
        """Fold in one reading; ``now_s`` is monotonic."""
        effects = Effects()
        tracker = self.trackers[reading.probe.endpoint_id]
        outside = tracker.endpoint.id not in self._local
        if outside and tracker.probes[reading.probe.probe_name].reaches:
            self._note_evidence(reading, now_s, now_utc_s, effects)
        self._note_privilege(reading, now_utc_s, effects)
        attempts = tracker.probes[reading.probe.probe_name].status.attempts
        probe = tracker.take(reading)
        if probe.status.attempts == 1 != attempts:
            self._ask_again(tracker, probe, outside, effects)
        self._evaluate(tracker, now_s, now_utc_s, effects)
        return effects

    def tick(self, now_s: float, now_utc_s: float) -> Effects:
        """Look again at what was held back."""
        effects = Effects()
        for endpoint_id in list(self._held_since_s):
            self._evaluate(self.trackers[endpoint_id], now_s, now_utc_s, effects)
        return effects

    def own_fault(self, cause: Cause, reason: str, now_utc_s: float) -> Effects:
        """Raise an alarm about the monitoring itself."""
        effects = Effects()
        effects.moved(self.alarms.fault(own_fault(cause, reason, now_utc_s), now_utc_s))
        return effects

    def own_fault_ended(self, cause: Cause, now_utc_s: float) -> Effects:
        """Return an alarm about the monitoring itself."""
        effects = Effects()
        effects.moved(self.alarms.no_fault(ENGINE, cause, now_utc_s))
        return effects

    def _note_evidence(self, reading: Reading, now_s: float, now_utc_s: float, effects: Effects) -> None:
        endpoint_id, sent_s = reading.probe.endpoint_id, reading.sent_monotonic_s
        if reading.outcome is Outcome.REPLIED:
            self._evidence.answered(endpoint_id, sent_s)
            if self._cut_off_since is not None and sent_s >= self._cut_off_since[0]:
                self._reconnect(now_s, now_utc_s, effects)
        else:
            self._evidence.failed(endpoint_id, sent_s)

    def _note_privilege(self, reading: Reading, now_utc_s: float, effects: Effects) -> None:
        if reading.reason is Reason.NO_PRIVILEGE:
            self._unprivileged.add(reading.probe)
            fault = own_fault(Cause.NO_PRIVILEGE, reading.reason.value, now_utc_s)
            effects.moved(self.alarms.fault(fault, now_utc_s))
            return
        self._unprivileged.discard(reading.probe)
        if not self._unprivileged and reading.outcome is Outcome.REPLIED:
            effects.moved(self.alarms.no_fault(ENGINE, Cause.NO_PRIVILEGE, now_utc_s))

    def _ask_again(
        self, tracker: EndpointTracker, probe: ProbeTracker, outside: bool, effects: Effects
    ) -> None:
        status, settings = probe.status, probe.probe
        if not probe.reaches:
            return
        if status.suspect is Answering.SILENT:
            wish = self._reprobe(tracker, probe, settings.confirm_attempts - 1, REPROBE_SPACING_S)
            effects.reprobes.append(wish)
            if outside:
                effects.reprobes.extend(self._ask_anchors(tracker.endpoint.id))
        elif status.suspect is Answering.ANSWERS:
            wish = self._reprobe(tracker, probe, settings.return_attempts - 1, RETURN_SPACING_S)
            effects.reprobes.append(replace(wish, first_s=RETURN_SPACING_S))

    def _ask_anchors(self, suspect: str) -> list[Reprobe]:
        return [
            replace(self._reprobe(witness, probe, 2, REPROBE_SPACING_S), urgency=0)
            for witness in self._witnesses(suspect)
            for probe in witness.probes.values()
            if probe.reaches
        ]

    def _witnesses(self, suspect: str) -> list[EndpointTracker]:
        """The anchors; where the site names none, the two endpoints that answered last."""
        others = [key for key in self.trackers if key not in self._local and key != suspect]
        anchors = [anchor for anchor in self._anchors if anchor in others]
        if not anchors:
            answered = self._evidence.answered_sent_s
            anchors = sorted(others, key=lambda key: answered.get(key, 0.0), reverse=True)[:2]
        return [self.trackers[anchor] for anchor in anchors]

    def _reprobe(
        self, tracker: EndpointTracker, probe: ProbeTracker, attempts: int, spacing_s: float
    ) -> Reprobe:
        slowest_s = probe.window.highest("rtt_s")
        usual_s = probe.probe.timeout_s if slowest_s is None else 2 * slowest_s
        return Reprobe(
            probe=tracker.endpoint.key(probe.probe),
            attempts=attempts,
            spacing_s=spacing_s,
            timeout_s=min(probe.probe.timeout_s, max(SHORTEST_TIMEOUT_S, usual_s)),
            urgency=_URGENCY[tracker.endpoint.criticality],
        )

    def _evaluate(self, tracker: EndpointTracker, now_s: float, now_utc_s: float, effects: Effects) -> None:
        endpoint_id = tracker.endpoint.id
        combined = tracker.combined()
        outside = endpoint_id not in self._local
        if outside and not self.cut_off and _may_be_ours(combined):
            self._doubt_ourselves(tracker, now_s, now_utc_s, effects)
            if endpoint_id in self._held_since_s:
                self._keep_suspicion(tracker, effects)
                return
        else:
            self._held_since_s.pop(endpoint_id, None)
        if outside and self.cut_off:
            combined = Combined(Condition.UNKNOWN, combined.since_utc_s, OWN_CONNECTION_LOST)
        self._apply(tracker, combined, now_utc_s, effects)

    def _doubt_ourselves(
        self, tracker: EndpointTracker, now_s: float, now_utc_s: float, effects: Effects
    ) -> None:
        endpoint_id = tracker.endpoint.id
        if _may_be_ours(Combined(tracker.state.condition, 0.0, tracker.state.reason)):
            self._held_since_s.pop(endpoint_id, None)
            return
        found = verdict(
            self._evidence,
            suspect=endpoint_id,
            suspected_s=tracker.suspicion_arose_s(),
            anchors=[anchor for anchor in self._anchors if anchor not in self._local],
            others=[other for other in self.trackers if other not in self._local],
        )
        held_since_s = self._held_since_s.setdefault(endpoint_id, now_s)
        if found is Verdict.CUT_OFF:
            self._cut_off(tracker, now_s, now_utc_s, effects)
        if found is not Verdict.UNDECIDED or now_s - held_since_s >= HOLD_S:
            self._held_since_s.pop(endpoint_id, None)

    def _cut_off(self, first: EndpointTracker, now_s: float, now_utc_s: float, effects: Effects) -> None:
        since_utc_s = first.combined().since_utc_s
        self._cut_off_since = (now_s, since_utc_s)
        self._held_since_s.clear()
        facts: dict[str, Fact] = {
            "anchors": ", ".join(self._anchors),
            "endpoints": len(self._outside()),
        }
        effects.entries.append(Draft(now_utc_s, LogKind.OWN_CONNECTION_LOST, ENGINE, facts=facts))
        fault = own_fault(Cause.OWN_CONNECTION_LOST, OWN_CONNECTION_LOST, since_utc_s)
        effects.moved(self.alarms.fault(fault, now_utc_s))
        lost = Combined(Condition.UNKNOWN, since_utc_s, OWN_CONNECTION_LOST)
        for tracker in self._outside():
            self._apply(tracker, lost, now_utc_s, effects)

    def _reconnect(self, now_s: float, now_utc_s: float, effects: Effects) -> None:
        if self._cut_off_since is None:
            return
        since_utc_s, self._cut_off_since = self._cut_off_since[1], None
        effects.blind.append(BlindTime(since_utc_s, now_utc_s, OWN_CONNECTION_LOST))
        facts: dict[str, Fact] = {"anchors": ", ".join(self._anchors), "since_utc_s": since_utc_s}
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
        tracker.state = state
        effects.states[state.endpoint_id] = state
        if not same and not _told_otherwise(before, state):
            effects.entries.append(_changed(before, state, now_utc_s))
        if not same or state.reason != before.reason:
            self._judge_alarm(tracker, now_utc_s, effects)

    def _judge_alarm(self, tracker: EndpointTracker, now_utc_s: float, effects: Effects) -> None:
        state = tracker.state
        fault = fault_of(state, tracker.endpoint.criticality)
        if fault is not None:
            effects.moved(self.alarms.fault(fault, now_utc_s))
        elif not (state.condition is Condition.UNKNOWN and state.reason in OWN_REASONS):
            effects.moved(self.alarms.no_fault(state.endpoint_id, None, now_utc_s))


def _may_be_ours(combined: Combined) -> bool:
    """Whether a condition could as well be a fault of our own connection."""
    if combined.condition is Condition.DOWN:
        return True
    return combined.condition is Condition.UNKNOWN and combined.reason in _NOT_SENT


def _told_otherwise(before: EndpointState, state: EndpointState) -> bool:
    """Whether a change needs no entry of its own (rule 5)."""
    if state.reason == OWN_CONNECTION_LOST:
        return True
    expected = before.reason in (NOT_MEASURED_YET, OWN_CONNECTION_LOST)
    return expected and state.condition is Condition.UP


def _changed(before: EndpointState, state: EndpointState, now_utc_s: float) -> Draft:
    return Draft(
        now_utc_s,
        LogKind.CONDITION_CHANGED,
        state.endpoint_id,
        facts={
            "from": before.condition.value,
            "to": state.condition.value,
            "reason": state.reason,
            "since_utc_s": state.since_utc_s,
        },
    )
