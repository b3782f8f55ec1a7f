"""What is asked again because of what was lost, how soon and how often. It asks nothing itself.

Rules:
1. A first loss asks the endpoint again at once by every probe that reaches it, and the witnesses with
   it, so that silence is certain within two seconds of its beginning and blame falls on the
   right side. Where so many losses are usual on a link it is asked on, ever less often, until the silence
   is too long to be usual (``silence_test.py``). A question that found no route does the same.
2. A first answer of what was silent is followed by others, by every probe and spread over seconds.
3. What an endpoint stands behind, however far, is asked with it, each once in ``WITNESS_EVERY_S``: before the
   endpoint is blamed it must have answered since. What others stand behind goes before them.
4. Some of those who share a risk with a suspect are asked with it (``neighbours.py``), unless they were asked
   within ``WITNESS_EVERY_S``.
5. A re-probe is told as lost when it takes longer than the link's answers do (``patience.py``); one that is
   asked because of another's loss has a second at most, and goes before all others.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from controlroom.condition.answering import Answering, ProbeStatus
from controlroom.condition.own_connection import NOT_SENT
from controlroom.condition.reachability import Reachability
from controlroom.condition.silence_test import SPACING_S
from controlroom.condition.state import Condition
from controlroom.condition.tracker import EndpointTracker, ProbeTracker
from controlroom.engine.effects import Effects, Reprobe
from controlroom.engine.neighbours import Neighbours
from controlroom.engine.patience import reprobe_patience_s
from controlroom.engine.watched import Watched
from controlroom.engine.witnesses import (
    AFTER_THE_SUSPECT_S,
    MOST_WITNESSES,
    WITNESS_EVERY_S,
    Witnesses,
    telling_probe,
)
from controlroom.reading import Reading
from controlroom.site.model import Criticality

CROSS_CHECK_TIMEOUT_S: Final = 1.0
"""The longest that a question to a witness, or to another probe of the suspect, may take."""

RETURN_SPACING_S: Final = 1.0
"""Attempts after a first answer are spread over seconds: a recovery must last to count."""

_LOST = frozenset({Condition.DOWN, Condition.UNREACHABLE})
_URGENCY = {criticality: place for place, criticality in enumerate(Criticality, start=1)}


class AskingAgain:
    """Wishes re-probes of the endpoints that are watched, and of the witnesses to our own connection."""

    def __init__(self, watched: Watched, witnesses: Witnesses) -> None:
        """Wish nothing yet."""
        self._watched = watched
        self._witnesses = witnesses
        self._graph = Reachability({})
        self._neighbours = Neighbours()
        self._asked_s: dict[str, float] = {}

    def set_site(self, graph: Reachability, neighbours: Neighbours) -> None:
        """Tell what stands behind what, and who shares a risk."""
        self._graph, self._neighbours = graph, neighbours

    def urgency(self, endpoint_id: str) -> int:
        """How soon an endpoint's turn is where not all can have one: 0 for anchors, then by criticality."""
        tracker = self._watched.trackers.get(endpoint_id)
        if tracker is None:
            return len(_URGENCY) + 1
        first = endpoint_id in self._witnesses.anchors or self._graph.behind(endpoint_id)
        return 0 if first else _URGENCY[tracker.endpoint.criticality]

    def once(self, tracker: EndpointTracker, probes: Iterable[ProbeTracker], effects: Effects) -> None:
        """Ask probes of an endpoint once, without waiting for their beats."""
        effects.reprobes += [_reprobe(tracker, probe, 1, 0.0) for probe in probes]

    def after(
        self,
        tracker: EndpointTracker,
        probe: ProbeTracker,
        before: ProbeStatus,
        reading: Reading,
        now_s: float,
        effects: Effects,
    ) -> None:
        """Ask again where a reading made a probe suspect, which was ``before`` it (rules 1 and 2)."""
        if not probe.reaches:
            return
        status, settings = probe.status, probe.probe
        first = status.attempts == 1 != before.attempts
        if status.suspect is Answering.SILENT:
            if first:
                self._cross_check(tracker, probe, now_s, effects)
            wanted = probe.silences.wanted(status, reading, now_s)
            if wanted is not None:
                wish = _reprobe(tracker, probe, wanted.attempts, wanted.spacing_s)
                effects.reprobes.append(replace(wish, first_s=wanted.first_s))
        elif first and status.suspect is Answering.ANSWERS:
            for other in tracker.probes.values():
                if other.reaches:
                    wish = _reprobe(tracker, other, settings.return_attempts - 1, RETURN_SPACING_S)
                    effects.reprobes.append(replace(wish, first_s=RETURN_SPACING_S))
        elif _newly_not_sent(before, status):
            effects.reprobes.append(_reprobe(tracker, probe, 2, SPACING_S))
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
        for name in self._graph.all_before(tracker.endpoint.id):
            self._ask_with(name, now_s, effects)
        for name in self._neighbours.choose(tracker.endpoint.id, partial(self._is_unsure, now_s)):
            self._ask_with(name, now_s, effects)

    def _is_unsure(self, now_s: float, endpoint_id: str) -> bool:
        """Whether nobody has asked an endpoint of late that is not known to be lost (rule 4)."""
        tracker = self._watched.trackers.get(endpoint_id)
        probe = None if tracker is None else telling_probe(tracker)
        if tracker is None or probe is None or tracker.state.condition in _LOST:
            return False
        last_s = max(probe.status.newest_sent_s, self._asked_s.get(endpoint_id, -math.inf))
        return now_s - last_s >= WITNESS_EVERY_S

    def _ask_with(self, endpoint_id: str, now_s: float, effects: Effects) -> None:
        """Ask somebody because of a suspect, unless a question waits that serves it (rules 3 and 4)."""
        tracker, last_s = self._watched.trackers.get(endpoint_id), self._asked_s.get(endpoint_id, -math.inf)
        probe = None if tracker is None else telling_probe(tracker)
        if tracker is None or probe is None or last_s > now_s:
            return
        at_s = max(now_s + AFTER_THE_SUSPECT_S, last_s + WITNESS_EVERY_S)
        self._asked_s[endpoint_id] = at_s
        effects.reprobes.append(_on_suspicion(tracker, probe, 1, at_s - now_s))


def _on_suspicion(tracker: EndpointTracker, probe: ProbeTracker, attempts: int, first_s: float) -> Reprobe:
    wish = _reprobe(tracker, probe, attempts, SPACING_S)
    timeout_s = min(wish.timeout_s, CROSS_CHECK_TIMEOUT_S)
    return replace(wish, timeout_s=timeout_s, urgency=0, first_s=first_s)


def _reprobe(tracker: EndpointTracker, probe: ProbeTracker, attempts: int, spacing_s: float) -> Reprobe:
    return Reprobe(
        probe=tracker.endpoint.key(probe.probe),
        attempts=attempts,
        spacing_s=spacing_s,
        patience_s=reprobe_patience_s(probe),
        timeout_s=probe.probe.timeout_s,
        urgency=_URGENCY[tracker.endpoint.criticality],
    )


def _newly_not_sent(before: ProbeStatus, status: ProbeStatus) -> bool:
    """Whether this is the first of a row of questions that could not be sent."""
    return status.not_run == 1 != before.not_run and status.newest_reason in NOT_SENT
