"""What is asked again because of what was lost, how soon and how often. It asks nothing itself.

Rules:
1. A first loss asks the endpoint again at once by every probe that reaches it, and the witnesses with
   it, so that silence is certain within two seconds of the first lost probe and blame falls on the
   right side. A question that found no route does the same.
2. A first answer of what was silent is followed by others, by every probe and spread over seconds.
3. A re-probe is told as lost after twice the link's own slowest round-trip time of late; one that is asked
   because of another's loss has a second at most, and goes before all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from controlroom.condition.answering import Answering, ProbeStatus
from controlroom.condition.own_connection import NOT_SENT
from controlroom.condition.tracker import EndpointTracker, ProbeTracker
from controlroom.engine.effects import Effects, Reprobe
from controlroom.engine.watched import Watched
from controlroom.engine.witnesses import MOST_WITNESSES, Witnesses, telling_probe
from controlroom.site.model import Criticality

CROSS_CHECK_TIMEOUT_S: Final = 1.0
"""The longest that a question to a witness, or to another probe of the suspect, may take."""

REPROBE_SPACING_S: Final = 0.08
"""Attempts after a first loss overlap: each is sent this long after the one before."""

RETURN_SPACING_S: Final = 1.0
"""Attempts after a first answer are spread over seconds: a recovery must last to count."""

SHORTEST_PATIENCE_S: Final = 0.25
"""No re-probe is told as lost sooner, so that a link's ordinary spread is not taken for silence."""

_URGENCY = {criticality: place for place, criticality in enumerate(Criticality, start=1)}


class AskingAgain:
    """Wishes re-probes of the endpoints that are watched, and of the witnesses to our own connection."""

    def __init__(self, watched: Watched, witnesses: Witnesses) -> None:
        """Wish nothing yet."""
        self._watched = watched
        self._witnesses = witnesses

    def urgency(self, endpoint_id: str) -> int:
        """How soon an endpoint's turn is where not all can have one: 0 for anchors, then by criticality."""
        tracker = self._watched.trackers.get(endpoint_id)
        if tracker is None:
            return len(_URGENCY) + 1
        return 0 if endpoint_id in self._witnesses.anchors else _URGENCY[tracker.endpoint.criticality]

    def once(self, tracker: EndpointTracker, probes: Iterable[ProbeTracker], effects: Effects) -> None:
        """Ask probes of an endpoint once, without waiting for their beats."""
        effects.reprobes += [_reprobe(tracker, probe, 1, 0.0) for probe in probes]

    def after(
        self,
        tracker: EndpointTracker,
        probe: ProbeTracker,
        before: ProbeStatus,
        now_s: float,
        effects: Effects,
    ) -> None:
        """Ask again where a reading made a probe suspect, which was ``before`` it (rules 1 and 2)."""
        if not probe.reaches:
            return
        status, settings = probe.status, probe.probe
        first = status.attempts == 1 != before.attempts
        if first and status.suspect is Answering.SILENT:
            attempts = settings.confirm_attempts - 1
            effects.reprobes.append(_reprobe(tracker, probe, attempts, REPROBE_SPACING_S))
            self._cross_check(tracker, probe, now_s, effects)
        elif first and status.suspect is Answering.ANSWERS:
            for other in tracker.probes.values():
                if other.reaches:
                    wish = _reprobe(tracker, other, settings.return_attempts - 1, RETURN_SPACING_S)
                    effects.reprobes.append(replace(wish, first_s=RETURN_SPACING_S))
        elif _newly_not_sent(before, status):
            effects.reprobes.append(_reprobe(tracker, probe, 2, REPROBE_SPACING_S))
            self._cross_check(tracker, probe, now_s, effects)

    def witnesses(self, suspect: str, most: int, now_s: float, effects: Effects) -> tuple[str, ...]:
        """Ask so many witnesses because of a suspect, and return who they are."""
        watched = self._watched
        chosen = self._witnesses.choose(watched.trackers, watched.local, suspect, now_s, most)
        for witness in chosen:
            wait_s = self._witnesses.wait_s(witness.endpoint.id, now_s)
            probe = telling_probe(witness)
            if wait_s is not None and probe is not None:
                effects.reprobes.append(_on_suspicion(witness, probe, 1, wait_s))
        return self._witnesses.asked(suspect, (witness.endpoint.id for witness in chosen))

    def insist(self, suspect: str, witnesses: Sequence[str], effects: Effects) -> None:
        """Ask witnesses again who lost so little that it may be chance."""
        if not self._witnesses.insist(suspect):
            return
        trackers = self._watched.trackers
        for witness in (trackers[each] for each in witnesses if each in trackers):
            probe = telling_probe(witness)
            if probe is not None:
                effects.reprobes.append(_on_suspicion(witness, probe, 3, 0.0))

    def _cross_check(
        self, tracker: EndpointTracker, probe: ProbeTracker, now_s: float, effects: Effects
    ) -> None:
        """Ask the witnesses to our own connection, and the endpoint's other probes (rule 1)."""
        if tracker.endpoint.id not in self._watched.local:
            self.witnesses(tracker.endpoint.id, MOST_WITNESSES, now_s, effects)
        for other in tracker.probes.values():
            if other is not probe and other.reaches:
                effects.reprobes.append(_on_suspicion(tracker, other, 3, 0.0))


def _on_suspicion(tracker: EndpointTracker, probe: ProbeTracker, attempts: int, first_s: float) -> Reprobe:
    wish = _reprobe(tracker, probe, attempts, REPROBE_SPACING_S)
    timeout_s = min(wish.timeout_s, CROSS_CHECK_TIMEOUT_S)
    return replace(wish, timeout_s=timeout_s, urgency=0, first_s=first_s)


def _reprobe(tracker: EndpointTracker, probe: ProbeTracker, attempts: int, spacing_s: float) -> Reprobe:
    slowest_s = probe.window.highest("rtt_s")
    timeout_s = probe.probe.timeout_s
    usual_s = timeout_s if slowest_s is None else 2 * slowest_s
    return Reprobe(
        probe=tracker.endpoint.key(probe.probe),
        attempts=attempts,
        spacing_s=spacing_s,
        patience_s=min(timeout_s, max(SHORTEST_PATIENCE_S, usual_s)),
        timeout_s=timeout_s,
        urgency=_URGENCY[tracker.endpoint.criticality],
    )


def _newly_not_sent(before: ProbeStatus, status: ProbeStatus) -> bool:
    """Whether this is the first of a row of questions that could not be sent."""
    return status.not_run == 1 != before.not_run and status.newest_reason in NOT_SENT
