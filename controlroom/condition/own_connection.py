"""Whether we can reach anything at all, asked before an endpoint is blamed. It asks nothing itself.

Rules of ``verdict``, the first that fits; only endpoints outside this machine count, and only
questions sent at or after the suspicion arose (not the first loss: a neighbour's answer may have
left just before the cable was pulled):
1. Some other endpoint answered: connected.
2. Every anchor failed: cut off. Where the site names no anchor, or no other than the suspect, all
   other endpoints stand in for anchors.
3. There is nobody else to ask: connected, for one alarm too many is better than a silent outage.
4. Otherwise undecided: wait for the anchors' answers.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

OWN_CONNECTION_LOST = "own_connection_lost"
"""The reason of every unknown while we are cut off."""


class Verdict(enum.StrEnum):
    """Whether the fault may be our own."""

    CONNECTED = "connected"
    CUT_OFF = "cut_off"
    UNDECIDED = "undecided"


@dataclass(slots=True)
class Evidence:
    """When each endpoint outside this machine was last asked with and without an answer.

    Times are the monotonic sending times of the questions, in seconds.
    """

    answered_sent_s: dict[str, float] = field(default_factory=dict)
    failed_sent_s: dict[str, float] = field(default_factory=dict)

    def answered(self, endpoint_id: str, sent_s: float) -> None:
        """Note that a question sent at this time was answered."""
        self.answered_sent_s[endpoint_id] = max(sent_s, self.answered_sent_s.get(endpoint_id, -math.inf))

    def failed(self, endpoint_id: str, sent_s: float) -> None:
        """Note that a question sent at this time was lost, refused or could not be sent."""
        self.failed_sent_s[endpoint_id] = max(sent_s, self.failed_sent_s.get(endpoint_id, -math.inf))


def verdict(
    evidence: Evidence, *, suspect: str, suspected_s: float, anchors: Iterable[str], others: Iterable[str]
) -> Verdict:
    """Judge whether we are cut off, given a suspect and when the suspicion arose (monotonic)."""
    witnesses = [endpoint_id for endpoint_id in others if endpoint_id != suspect]
    answered = evidence.answered_sent_s
    if any(answered.get(witness, -math.inf) >= suspected_s for witness in witnesses):
        return Verdict.CONNECTED
    asked = [anchor for anchor in anchors if anchor != suspect] or witnesses
    if not asked:
        return Verdict.CONNECTED
    failed = evidence.failed_sent_s
    if all(failed.get(anchor, -math.inf) >= suspected_s for anchor in asked):
        return Verdict.CUT_OFF
    return Verdict.UNDECIDED
