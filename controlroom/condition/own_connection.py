"""Whether we can reach anything at all, asked before an endpoint is blamed. It asks nothing itself.

Rules of ``verdict``, the first that fits; only endpoints outside this machine count, and only
questions sent at or after the suspicion arose (not the first loss: a neighbour's answer may have
left just before the cable was pulled):
1. Some other endpoint answered: connected.
2. Every witness failed, that is every one that was asked because of the suspicion: cut off.
3. There is nobody else to ask: cut off where the question itself found no way out, or where the others lack
   an address because no name is resolved; otherwise connected, for one alarm too many is better than a
   silent outage.
4. Otherwise undecided: wait for the witnesses' answers.
A witness without a route tells nothing of the way to those that have one: whoever asks leaves out the
``unrouted``, until nobody is left who is not.

Rules of ``shows_reach``, what a reading says of our own connection:
5. An answer, and a refusal that only the endpoint itself can send, show that we reached it.
6. Silence, a router's refusal, and a question that found no route or could not be sent, show nothing
   good.
7. All other troubles of our own (no secret, no name, no privilege, a full buffer) say nothing at all.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from controlroom.reading import ALIVE_BUT_UNMEASURED, SERVICE_FAILED, Outcome, Reading, Reason, Telling

OWN_CONNECTION_LOST = "own_connection_lost"
"""The reason of every unknown while we are cut off."""


NOT_SENT = frozenset({Reason.NO_ROUTE, Reason.SEND_FAILED})
"""Reasons of *not run* that may come from our own connection."""

_SENT_BY_THE_ENDPOINT = ALIVE_BUT_UNMEASURED | SERVICE_FAILED | {Reason.PORT_UNREACHABLE}


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
    unrouted: set[str] = field(default_factory=set)
    """The endpoints whose newest question found no route."""
    lost_in_a_row: dict[str, int] = field(default_factory=dict)
    """How many questions to an endpoint were in vain since its newest answer."""
    newest: str = ""
    """Who answered the question that was sent last of all that were answered."""

    def take(self, reading: Reading) -> bool | None:
        """Note what a reading of an endpoint outside shows (``shows_reach``), and return it.

        A loss that is told again was noted when it was overdue.
        """
        endpoint_id, reached = reading.probe.endpoint_id, shows_reach(reading)
        if reached is not None and (reached or reading.telling is not Telling.AGAIN):
            (self.answered if reached else self.failed)(endpoint_id, reading.sent_monotonic_s)
            if reading.reason is Reason.NO_ROUTE:
                self.unrouted.add(endpoint_id)
            else:
                self.unrouted.discard(endpoint_id)
        return reached

    def answered(self, endpoint_id: str, sent_s: float) -> None:
        """Note that a question sent at this time was answered."""
        self.lost_in_a_row.pop(endpoint_id, None)
        self.answered_sent_s[endpoint_id] = max(sent_s, self.answered_sent_s.get(endpoint_id, -math.inf))
        if sent_s >= self.answered_sent_s.get(self.newest, -math.inf):
            self.newest = endpoint_id

    def forget(self, endpoint_id: str) -> None:
        """Drop an endpoint that is watched no longer."""
        self.answered_sent_s.pop(endpoint_id, None)
        if self.newest == endpoint_id:
            self.newest = ""
        self.failed_sent_s.pop(endpoint_id, None)
        self.lost_in_a_row.pop(endpoint_id, None)
        self.unrouted.discard(endpoint_id)

    def failed(self, endpoint_id: str, sent_s: float) -> None:
        """Note that a question sent at this time was lost, refused or could not be sent."""
        self.lost_in_a_row[endpoint_id] = self.lost_in_a_row.get(endpoint_id, 0) + 1
        self.failed_sent_s[endpoint_id] = max(sent_s, self.failed_sent_s.get(endpoint_id, -math.inf))


def shows_reach(reading: Reading) -> bool | None:
    """Return whether a reading shows that we reached its endpoint, or ``None`` where it says nothing."""
    if reading.outcome is Outcome.REPLIED or reading.reason in _SENT_BY_THE_ENDPOINT:
        return True
    if reading.outcome is not Outcome.NOT_RUN or reading.reason in NOT_SENT:
        return False
    return None


def verdict(
    evidence: Evidence,
    *,
    suspect: str,
    suspected_s: float,
    witnesses: Iterable[str],
    others: Iterable[str],
    unsent: bool = False,
) -> Verdict:
    """Judge whether we are cut off, given a suspect and when the suspicion arose (monotonic).

    ``unsent`` tells that the suspect's own questions could not be sent, or that no name is resolved.
    """
    answered = evidence.answered_sent_s
    if any(answered.get(other, -math.inf) >= suspected_s for other in others if other != suspect):
        return Verdict.CONNECTED
    asked = [witness for witness in witnesses if witness != suspect]
    if not asked:
        return Verdict.CUT_OFF if unsent else Verdict.CONNECTED
    failed = evidence.failed_sent_s
    if all(failed.get(witness, -math.inf) >= suspected_s for witness in asked):
        return Verdict.CUT_OFF
    return Verdict.UNDECIDED
