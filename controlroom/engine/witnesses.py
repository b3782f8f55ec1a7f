"""Who is asked about our own connection, by which probe, and how often. It asks nobody itself.

Rules:
1. Witnesses are the anchors that are not known to be down; without any, the endpoints that answered last. Who
   has no route is none, for it tells nothing of the way to those that have one.
2. A witness is asked by one probe, the one that was answered last: it is about the way there, not about it.
3. However often others are suspected, a witness is asked once in ``WITNESS_EVERY_S``: a question that waits
   serves all who wish to know. It leaves after the suspect's own, so that its answer counts.
4. Fewer than ``LOSSES_THAT_COUNT`` losses of all witnesses together may be chance; so few are asked again.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
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

LOSSES_THAT_COUNT: Final = 3
"""Losses of all witnesses together that are no chance."""


class Witnesses:
    """The witnesses of each suspicion, and when each was asked last (monotonic seconds)."""

    def __init__(self, evidence: Evidence, anchors: Sequence[str]) -> None:
        """Start with nobody asked."""
        self.anchors = anchors
        self._evidence = evidence
        self._asked: dict[str, tuple[str, ...]] = {}
        self._asked_s: dict[str, float] = {}
        self._insisted: set[str] = set()

    def choose(
        self,
        trackers: Mapping[str, EndpointTracker],
        local: frozenset[str],
        suspect: str,
        most: int = MOST_WITNESSES,
    ) -> list[EndpointTracker]:
        """Choose who can tell (rule 1)."""
        none = local | self._evidence.unrouted | {suspect}
        anchors = [trackers[key] for key in self.anchors if _may_witness(key, trackers, none)]
        if anchors:
            return anchors
        answered = self._evidence.answered_sent_s
        others = (key for key in trackers if _may_witness(key, trackers, none))
        latest = heapq.nlargest(most, others, key=lambda key: answered.get(key, 0.0))
        return [trackers[key] for key in latest]

    def about(self, suspect: str) -> tuple[str, ...] | None:
        """Return who was asked because of a suspect."""
        return self._asked.get(suspect)

    def asked(self, suspect: str, witnesses: Iterable[str]) -> tuple[str, ...]:
        """Note who is asked because of a suspect, and return it."""
        self._asked[suspect] = names = tuple(witnesses)
        self._insisted.discard(suspect)
        return names

    def wait_s(self, witness: str, now_s: float, spacing_s: float) -> float | None:
        """Return after how many seconds to ask a witness, or ``None`` where a question waits (rule 3)."""
        last_s = self._asked_s.get(witness, -math.inf)
        if last_s > now_s:
            return None
        at_s = max(now_s + spacing_s, last_s + WITNESS_EVERY_S)
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


def telling_probe(witness: EndpointTracker) -> ProbeTracker | None:
    """Return the probe to ask a witness by (rule 2)."""
    reaching = (probe for probe in witness.probes.values() if probe.reaches)
    return max(reaching, key=lambda probe: probe.status.newest_answer_sent_s, default=None)


def _may_witness(endpoint_id: str, trackers: Mapping[str, EndpointTracker], none: frozenset[str]) -> bool:
    tracker = trackers.get(endpoint_id)
    return (
        endpoint_id not in none
        and tracker is not None
        and tracker.state.condition is not Condition.DOWN
        and telling_probe(tracker) is not None
    )
