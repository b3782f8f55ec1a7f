"""Who is asked about our own connection, by which probe, and how often. It asks nobody itself.

Rules:
1. Witnesses are the anchors that are not known to be down; without any, the endpoints that answered last. Who
   has no route is none, for it tells nothing of the way to those that have one; nor who has no address, for
   it cannot be asked. Where all others lack one, names are not resolved either: no less than silence.
2. A witness is asked by one probe, the one that was answered last: it is about the way there, not about it.
3. However often others are suspected, a witness is asked once in ``WITNESS_EVERY_S``: a question that waits
   serves all who wish to know. It leaves after the suspect's own, so that its answer counts. Only anchors,
   which are there for it, are asked for each suspicion.
4. Fewer than ``LOSSES_THAT_COUNT`` losses of all witnesses together may be chance; so few are asked again.
5. Who answered last is looked for every ``CHOICE_HOLDS_S`` at most: thousands may be suspected at once.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from controlroom.condition.own_connection import Evidence
from controlroom.condition.state import Condition
from controlroom.condition.tracker import EndpointTracker, ProbeTracker

MOST_WITNESSES: Final = 3
"""How many endpoints are asked about our own connection where no anchor can tell."""

MOST_UNSENT: Final = 64
"""How many are asked where the first had no route either: that costs nothing where there is none."""

WITNESS_EVERY_S: Final = 1.0
"""How far apart the questions to one witness are."""

AFTER_THE_SUSPECT_S: Final = 0.02
"""How long after the suspect's own question the first to a witness leaves."""

CHOICE_HOLDS_S: Final = 0.5
"""How long a choice of witnesses holds for other suspects."""

LOSSES_THAT_COUNT: Final = 3
"""Losses of all witnesses together that are no chance."""


class Witnesses:
    """The witnesses of each suspicion, and when each was asked last (monotonic seconds)."""

    def __init__(self, evidence: Evidence, anchors: Sequence[str]) -> None:
        """Start with nobody asked."""
        self.anchors = anchors
        self.nameless: Callable[[str], bool] = lambda endpoint_id: False
        """Whether an endpoint goes by a name that is not resolved."""
        self._evidence = evidence
        self._asked: dict[str, tuple[str, ...]] = {}
        self._asked_s: dict[str, float] = {}
        self._insisted: set[str] = set()
        self._newest: list[str] = []
        self._chosen_s = -math.inf

    def choose(
        self,
        trackers: Mapping[str, EndpointTracker],
        local: frozenset[str],
        suspect: str,
        now_s: float,
        most: int = MOST_WITNESSES,
    ) -> list[EndpointTracker]:
        """Choose who can tell (rules 1 and 5)."""

        def fits(key: str) -> bool:
            return key != suspect and key not in local and self._may_witness(key, trackers)

        anchors = [anchor for anchor in self.anchors if fits(anchor)]
        if anchors:
            return [trackers[key] for key in anchors]
        known = [key for key in self._newest if fits(key)]
        if len(known) < most or now_s - self._chosen_s >= CHOICE_HOLDS_S:
            answered = self._evidence.answered_sent_s
            others = (key for key in trackers if fits(key))
            known = heapq.nlargest(most + 1, others, key=lambda key: answered.get(key, 0.0))
            self._newest, self._chosen_s = known, now_s
        return [trackers[key] for key in known[:most]]

    def lack_names(self, trackers: Mapping[str, EndpointTracker], suspect: str) -> bool:
        """Whether another endpoint cannot be asked because its name is not resolved (rule 1)."""
        return any(self.nameless(key) for key in trackers if key != suspect)

    def about(self, suspect: str) -> tuple[str, ...] | None:
        """Return who was asked because of a suspect."""
        return self._asked.get(suspect)

    def asked(self, suspect: str, witnesses: Iterable[str]) -> tuple[str, ...]:
        """Note who is asked because of a suspect, and return it."""
        self._asked[suspect] = names = tuple(witnesses)
        self._insisted.discard(suspect)
        return names

    def wait_s(self, witness: str, now_s: float) -> float | None:
        """Return after how many seconds to ask a witness, or ``None`` where a question waits (rule 3)."""
        if witness in self.anchors:
            return AFTER_THE_SUSPECT_S
        last_s = self._asked_s.get(witness, -math.inf)
        if last_s > now_s:
            return None
        at_s = max(now_s + AFTER_THE_SUSPECT_S, last_s + WITNESS_EVERY_S)
        self._asked_s[witness] = at_s
        return at_s - now_s

    def may_be_chance(self, witnesses: Sequence[str]) -> bool:
        """Whether all that the witnesses lost is too little to believe (rule 4)."""
        lost = sum(self._evidence.lost_in_a_row.get(witness, 0) for witness in witnesses)
        return bool(witnesses) and lost < LOSSES_THAT_COUNT

    def insist(self, suspect: str) -> bool:
        """Note that the witnesses are asked again; return whether they were not yet."""
        first = suspect not in self._insisted
        self._insisted.add(suspect)
        return first

    def end(self, suspect: str) -> None:
        """Note that an endpoint is suspected no longer."""
        self._asked.pop(suspect, None)
        self._insisted.discard(suspect)

    def forget(self, endpoint_id: str) -> None:
        """Drop an endpoint that is watched no longer."""
        self.end(endpoint_id)
        self._asked_s.pop(endpoint_id, None)
        self._asked = {
            suspect: tuple(one for one in asked if one != endpoint_id)
            for suspect, asked in self._asked.items()
        }

    def _may_witness(self, endpoint_id: str, trackers: Mapping[str, EndpointTracker]) -> bool:
        if endpoint_id in self._evidence.unrouted or self.nameless(endpoint_id):
            return False
        tracker = trackers.get(endpoint_id)
        return tracker is not None and tracker.state.condition is not Condition.DOWN


def telling_probe(witness: EndpointTracker) -> ProbeTracker | None:
    """Return the probe to ask a witness by (rule 2)."""
    reaching = (probe for probe in witness.probes.values() if probe.reaches)
    return max(reaching, key=lambda probe: probe.status.newest_answer_sent_s, default=None)
