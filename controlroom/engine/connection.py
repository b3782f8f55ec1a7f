"""Our own connection: in doubt when an endpoint falls silent, lost, and back. It asks nothing itself.

Rules:
1. Where the first witnesses (``witnesses.py``) have no route either others are asked, until one answers or
   none is left. Where all lost so little that it may be chance, they are asked again.
2. Cut off, one alarm says so, and the time counts as blind, from the first question on that was lost to it.
   What is lost meanwhile is *not run*; what was lost before we knew is told again as blind (``doubt.py``).
3. What only follows from a lost network has no alarm of its own (``own_network.py``).
4. The first answer from outside to a question sent after that ends it; then nothing that was learnt
   of silence counts, and every endpoint is asked afresh.
5. When the clock is set, blind time that was growing ends as it was stamped, and goes on from now: so it is
   as long as it was.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from controlroom.alarms.alarm import ENGINE, Cause
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.rules import own_fault
from controlroom.condition.answering import Answering
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
from controlroom.condition.state import Condition
from controlroom.condition.tracker import EndpointTracker, ProbeTracker
from controlroom.engine.asking_again import AskingAgain
from controlroom.engine.effects import Effects
from controlroom.engine.own_network import OwnNetwork
from controlroom.engine.watched import Watched
from controlroom.engine.witnesses import MOST_UNSENT, Witnesses
from controlroom.logbook.entry import Draft, Fact, LogKind
from controlroom.reading import Outcome, Reading, Reason, shows_loss
from controlroom.store.interface import BlindTime


class OwnConnection:
    """What is known of our own connection, and since when it is lost."""

    def __init__(self, watched: Watched, alarms: AlarmRegister, anchors: Sequence[str]) -> None:
        """Go on as the alarms tell: an earlier engine may have been cut off."""
        self._watched = watched
        self._alarms = alarms
        self._evidence = Evidence()
        self.witnesses = Witnesses(self._evidence, anchors)
        self.asking = AskingAgain(watched, self.witnesses)
        self.network = OwnNetwork()
        lost = [one for one in alarms.alarms() if one.cause is Cause.OWN_CONNECTION_LOST and one.active]
        self._cut_off_since: tuple[float, float] | None = (0.0, lost[0].since_utc_s) if lost else None
        self._blind_from_utc_s = lost[0].since_utc_s if lost else 0.0
        self._doubt = Doubt(cut_off=bool(lost))

    @property
    def cut_off(self) -> bool:
        """Whether we know that we cannot reach anything outside."""
        return self._cut_off_since is not None

    def blind_now(self, now_utc_s: float) -> BlindTime | None:
        """Return the blind time that is still growing, or ``None`` while we can reach something."""
        return self._blind(now_utc_s) if self.cut_off else None

    def is_heard(self, endpoint_id: str, since_s: float) -> bool:
        """Whether an endpoint outside answered a question that was sent since a time."""
        return self._evidence.answered_sent_s.get(endpoint_id, -math.inf) >= since_s

    def forget(self, endpoint_id: str) -> None:
        """Drop an endpoint that is watched no longer."""
        self._evidence.forget(endpoint_id)
        self.witnesses.forget(endpoint_id)

    def clock_stepped(self, step_s: float, now_utc_s: float, effects: Effects) -> None:
        """Tell the blind time by a clock that was set by so much and shows ``now_utc_s`` since (rule 5)."""
        if self._cut_off_since is not None:
            effects.blind.append(self._blind(now_utc_s - step_s))
            self._cut_off_since = (self._cut_off_since[0], self._cut_off_since[1] + step_s)
            self._blind_from_utc_s = now_utc_s

    # -- what a reading tells of it ---------------------------------------------------------------

    def believed(self, reading: Reading) -> Reading:
        """Return a reading as it is to be kept and judged: a loss that is our own fault was not run.

        To be called once with each reading that is kept, before it is judged: a loss may be taken back later.
        """
        if not shows_loss(reading.outcome, reading.reason) or shows_reach(reading):
            return reading
        found = self._watched.find(reading.probe)
        if found is None or not self._watched.tells_of_us(*found):
            return reading
        probe = found[1]
        if self._doubt.is_ours(reading.sent_monotonic_s, partial(_under_way_s, probe)):
            return replace(reading, outcome=Outcome.NOT_RUN, reason=Reason.BLIND, values={})
        silent = probe.status.answering is Answering.SILENT
        self._doubt.lost(reading, _under_way_s(probe), known_silent=silent)
        return reading

    def is_ours(self, reading: Reading, tracker: EndpointTracker, probe: ProbeTracker) -> bool:
        """Whether a loss says nothing of its endpoint; also one that is told before its time has run out."""
        if reading.reason is Reason.BLIND:
            return True
        lost = shows_loss(reading.outcome, reading.reason) and not shows_reach(reading)
        if not (lost and self._watched.tells_of_us(tracker, probe)):
            return False
        return self._doubt.is_ours(reading.sent_monotonic_s, partial(_under_way_s, probe))

    def note(self, reading: Reading, now_s: float, now_utc_s: float, effects: Effects) -> None:
        """Take what a reading of an endpoint outside shows: an answer may show that we are back (rule 4)."""
        sent_s = reading.sent_monotonic_s
        if self._evidence.take(reading):
            self._doubt.answered(sent_s)
            if self._cut_off_since is not None and sent_s >= self._cut_off_since[0]:
                self._back(self._cut_off_since[1], now_s, now_utc_s, effects)

    def pass_over(self, tracker: EndpointTracker) -> bool:
        """Drop what an endpoint's figures say of a network that is lost; return whether there was any."""
        return self.cut_off and self.network.pass_over(tracker, self._blind_from_utc_s)

    # -- in doubt ---------------------------------------------------------------------------------

    def may_lack_name(self, combined: Combined, now_s: float) -> bool:
        """Whether an endpoint may have no address for want of a network (``own_network.py`` rule 1)."""
        nothing = not self._evidence.answered_sent_s
        return self.network.may_lack_name(combined, now_s, nothing_answered=nothing)

    def judge(self, tracker: EndpointTracker, combined: Combined, now_s: float, effects: Effects) -> Verdict:
        """Judge whether what an endpoint outside lost is our own fault (rule 1)."""
        suspect = tracker.endpoint.id
        witnesses = self.witnesses.about(suspect)
        if witnesses is None:
            chosen = self.witnesses.choose(self._watched.trackers, self._watched.local, suspect, now_s)
            witnesses = tuple(witness.endpoint.id for witness in chosen)
        found = self._verdict(tracker, combined, witnesses)
        unrouted = combined.reason == Reason.NO_ROUTE and self._evidence.unrouted.issuperset(witnesses)
        if found is not Verdict.CONNECTED and unrouted:
            witnesses = self.asking.witnesses(suspect, MOST_UNSENT, now_s, effects)
            found = self._verdict(tracker, combined, witnesses)
        if found is Verdict.CUT_OFF and self.witnesses.may_be_chance(witnesses):
            self.asking.insist(suspect, witnesses, effects)
            return Verdict.UNDECIDED
        return found

    def _verdict(self, tracker: EndpointTracker, combined: Combined, witnesses: Sequence[str]) -> Verdict:
        suspect, watched, newest = tracker.endpoint.id, self._watched, self._evidence.newest
        answered_s = self._evidence.answered_sent_s.get(newest, -math.inf)
        if newest != suspect and watched.is_outside(newest) and answered_s >= tracker.suspicion_arose_s():
            return Verdict.CONNECTED  # as ``verdict`` would find, which looks at everybody
        nameless = not witnesses and self.witnesses.lack_names(watched.trackers, suspect)
        return verdict(
            self._evidence,
            suspect=suspect,
            suspected_s=tracker.suspicion_arose_s(),
            witnesses=witnesses,
            others=(other for other in watched.trackers if other not in watched.local),
            unsent=nameless or combined.reason in NOT_SENT,
        )

    # -- lost, and back ---------------------------------------------------------------------------

    def lose(self, first: EndpointTracker, now_s: float, now_utc_s: float, effects: Effects) -> Combined:
        """Take it that we are cut off (rules 2 and 3); return what that makes of every endpoint outside.

        ``first`` is the endpoint whose silence made it certain.
        """
        effects.disbelieved += self._doubt.begin()
        lost_s = min((reading.sent_monotonic_s for reading in effects.disbelieved), default=now_s)
        since_utc_s = min(first.combined().since_utc_s, now_utc_s - (now_s - lost_s))
        self._cut_off_since = (now_s, since_utc_s)
        self._blind_from_utc_s = since_utc_s
        facts: dict[str, Fact] = {
            "anchors": ", ".join(self.witnesses.anchors),
            "endpoints": len(self._watched.outside()),
        }
        effects.entries.append(Draft(now_utc_s, LogKind.OWN_CONNECTION_LOST, ENGINE, facts=facts))
        fault = own_fault(Cause.OWN_CONNECTION_LOST, OWN_CONNECTION_LOST, since_utc_s)
        effects.moved(self._alarms.fault(fault, now_utc_s))
        self._withdraw_followers(now_utc_s, effects)
        return Combined(Condition.UNKNOWN, since_utc_s, OWN_CONNECTION_LOST)

    def _withdraw_followers(self, now_utc_s: float, effects: Effects) -> None:
        """End the alarms that only follow from a lost network (``own_network.py`` rules 2 and 3)."""
        for alarm in self._alarms.alarms():
            tracker = self._watched.trackers.get(alarm.subject)
            if tracker is not None and self.network.explains(alarm, tracker, self._blind_from_utc_s):
                effects.moved(self._alarms.withdraw(alarm.subject, OWN_CONNECTION_LOST, now_utc_s))

    def _back(self, since_utc_s: float, now_s: float, now_utc_s: float, effects: Effects) -> None:
        self._cut_off_since = None
        self._doubt.end(now_s)
        self.network.back(now_s)
        self.network.settle(self._watched.trackers.values())
        effects.blind.append(self._blind(now_utc_s))
        facts: dict[str, Fact] = {"anchors": ", ".join(self.witnesses.anchors), "since_utc_s": since_utc_s}
        effects.entries.append(Draft(now_utc_s, LogKind.OWN_CONNECTION_BACK, ENGINE, facts=facts))
        effects.moved(self._alarms.no_fault(ENGINE, Cause.OWN_CONNECTION_LOST, now_utc_s))
        for tracker in self._watched.outside():
            tracker.forget(OWN_CONNECTION_LOST, now_s, now_utc_s)
            self.asking.once(tracker, tracker.probes.values(), effects)

    def _blind(self, until_utc_s: float) -> BlindTime:
        return BlindTime(min(self._blind_from_utc_s, until_utc_s), until_utc_s, OWN_CONNECTION_LOST)


def _under_way_s(probe: ProbeTracker) -> float:
    """How long an answer may have been under way: as long as the slowest of late."""
    slowest_s = probe.window.highest("rtt_s")
    return probe.probe.timeout_s if slowest_s is None else min(slowest_s, probe.probe.timeout_s)
