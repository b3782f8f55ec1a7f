"""Decides what a packet says about an open question. No sockets, no timer; readings are lined up, not sent.

What the kernel knows of our own surroundings is asked of the ``Vicinity`` that it is given.

What is believed
1. A reply counts when it comes from the address asked, to our identifier, with the sequence, the
   number and the token of an open question. Any other is counted and changes nothing.
2. The deadline is judged by the kernel's receive stamp: a reply that came in time counts, however late
   it is read. So questions may fall due only after a read that left nothing waiting.
3. Across a step of the wall clock no round-trip time can be told: ``not_run`` / ``clock_stepped``.
4. Where our own buffer dropped packets, silence proves nothing: ``not_run`` / ``own_buffer_full``.
5. An ICMP error counts when it quotes an open question: by number and token where the quote reaches so
   far, else by sequence; by identifier and destination always.
6. A reply that comes after that to a younger question, asked of the same target in the same way, is counted
   as reordered, and is a reply like any other.
7. Whose word an error is decides what it means (``word.py``). Silence of an address that our own link knows
   nobody for is that.
8. A refusal from the network waits for the deadline: a true reply in time proves it wrong. A word of this
   very machine counts at once, for then nothing has left that could be answered.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from controlroom.reading import PATH_MTU_BYTES, Outcome, Reading, Reason
from probes.icmp.arrival import Arrival, Intake, QueuedError
from probes.icmp.burst import Burst, Echo
from probes.icmp.clock import StepWatch
from probes.icmp.flight import Flight, Flights, Refusal
from probes.icmp.packet import (
    EchoReply,
    IcmpError,
    QuotedRequest,
    Version,
    parse_message,
    parse_quoted_request,
    reply_at,
    without_ipv4_header,
)
from probes.icmp.target import Target, Targets
from probes.icmp.word import IcmpWord, Surroundings, meaning
from probes.strays import DUPLICATE, FORGED, LATE, REORDERED, Strays
from probes.vicinity import Vicinity

_HALF_OF_ALL: Final = 0x8000_0000
_PLAIN_HEADER: Final = b"\x45"  # IPv4 without options
_PLAIN_HEADER_BYTES: Final = 20

_COUNTERS: Final = (
    "replies",
    "refusals",
    "deadlines_missed",
    "forged_replies",
    "late_replies",
    "duplicate_replies",
    "reordered_replies",
    "unmatched_errors",
    "malformed_packets",
    "untimed_replies",
)


class Judge:
    """Matches packets to the questions in flight and words the outcome as readings.

    ``ready`` holds the readings not yet handed on; ``counts`` what was believed and what was not.
    """

    def __init__(
        self, flights: Flights, targets: Targets, watch: StepWatch, vicinity: Vicinity, strays: Strays
    ) -> None:
        """Judge the packets for ``flights``; ``watch`` must be looked at between reading and judging."""
        self._strays = strays
        self._vicinity = vicinity
        self._around = Surroundings(vicinity.is_ours, vicinity.missing_hop)
        self._flights = flights
        self._targets = targets
        self._watch = watch
        self.ready: deque[Reading] = deque()
        self.counts = dict.fromkeys(_COUNTERS, 0)

    def cloud(self, version: Version) -> None:
        """Mark every open question of a family whose buffer ran over."""
        for flight in self._flights:
            if flight.target.version == version:
                flight.clouded = True

    def let_fall_due(self, until_s: float) -> None:
        """Answer the questions whose deadline has passed by ``until_s`` of the monotonic clock."""
        for flight in self._flights.take_due(until_s):
            if flight.refusal is not None:
                self._answer_refused(flight, flight.refusal)
            elif flight.clouded:
                self._answer(flight, Outcome.NOT_RUN, Reason.OWN_BUFFER_FULL)
            else:
                self.counts["deadlines_missed"] += 1
                self._answer(flight, Outcome.NO_REPLY, self._why_silent(flight.target))

    def _why_silent(self, target: Target) -> Reason:
        """Say why no answer came; whoever answered a moment ago has simply lost one."""
        quiet, target.quiet = target.quiet, True
        return self._vicinity.why_silent(target.host) if quiet else Reason.DEADLINE

    def give_up(self) -> None:
        """Answer every open question as one that the prober's stop cut short."""
        for flight in self._flights.take_all():
            if flight.refusal is not None:
                self._answer_refused(flight, flight.refusal)
            else:
                self._answer(flight, Outcome.NOT_RUN, Reason.STOPPED)

    def not_sent(self, burst: Burst, reason: Reason, detail: str = "") -> None:
        """Count a ping of a burst that could not leave."""
        burst.sent += 1
        self._note(burst, Echo(burst.sent - 1, Outcome.NOT_RUN, reason, detail, None))

    def judge(self, arrival: Arrival) -> None:
        """Match a packet to its question.

        Nearly all are replies behind a header without options, if any: those are read where they lie.
        """
        intake, data = arrival.intake, arrival.data
        strips = intake.raw and intake.version == 4
        if not strips or data[:1] == _PLAIN_HEADER:
            reply = reply_at(intake.version, data, _PLAIN_HEADER_BYTES if strips else 0)
            if reply is not None:
                self._judge_reply(arrival, reply)
                return
        message = without_ipv4_header(data) if strips else data
        parsed = None if message is None else parse_message(intake.version, message)
        if parsed is None:
            self.counts["malformed_packets"] += 1
        elif isinstance(parsed, EchoReply):
            self._judge_reply(arrival, parsed)
        else:
            self._judge_error(intake, parsed, arrival.host, arrival.stamp_ns)

    def _judge_reply(self, arrival: Arrival, reply: EchoReply) -> None:
        """Believe a reply or count why not."""
        if reply.identifier != arrival.intake.identifier or reply.sequence != reply.number & 0xFFFF:
            self._note_stray(FORGED, self._targets.at(arrival.host))
            return
        flight = self._flights.get(reply.number)
        if flight is None:
            self._judge_without_question(arrival.host, reply)
        elif flight.target.host != arrival.host or flight.target.token != reply.token:
            self._note_stray(FORGED, flight.target)
        else:
            self._believe(flight, arrival.stamp_ns)

    def _judge_without_question(self, host: str, reply: EchoReply) -> None:
        """Count a reply whose number is not open: a second one, a late one, or a forgery."""
        target = self._targets.at(host)
        if target is None or target.token != reply.token:
            self._note_stray(FORGED, target)
        elif self._flights.was_answered(reply.number):
            self._note_stray(DUPLICATE, target)
        else:
            self._note_stray(LATE, target)

    def _note_stray(self, kind: str, target: Target | None) -> None:
        """Count a reply that changes nothing, or that came out of its turn."""
        self.counts[kind] += 1
        self._strays.note(kind, () if target is None else target.endpoint_ids)

    def _believe(self, flight: Flight, stamp_ns: int | None) -> None:
        """Answer a question with the reply to it, in the light of when it came."""
        flight.target.quiet = False
        if stamp_ns is None:
            self._believe_untimed(flight)
            return
        rtt_s = (stamp_ns - flight.sent_ns) / 1e9
        if flight.epoch != self._watch.epoch or rtt_s < 0:
            self._close(flight, Outcome.NOT_RUN, Reason.CLOCK_STEPPED)
        elif rtt_s > flight.due_s - flight.sent_monotonic_s:
            # It stays open and falls due, as not answered in time.
            self._note_stray(LATE, flight.target)
        elif flight.vague:
            self._believe_untimed(flight)
        else:
            self.counts["replies"] += 1
            self._note_order(flight)
            self._close(flight, Outcome.REPLIED, rtt_s=rtt_s)

    def _note_order(self, flight: Flight) -> None:
        """Count a reply that came after that to a younger question of the same sequel (rule 6)."""
        sequel = flight.sequel
        if sequel is None:
            return
        newest = sequel.newest
        if newest is not None and (newest - flight.number) & 0xFFFF_FFFF < _HALF_OF_ALL:
            self._note_stray(REORDERED, flight.target)
        else:
            sequel.newest = flight.number

    def _believe_untimed(self, flight: Flight) -> None:
        """Answer a question by a reply that came, though nothing can be told of how long it took."""
        self.counts["replies"] += 1
        self.counts["untimed_replies"] += 1
        self._close(flight, Outcome.REPLIED)

    def judge_queued(self, error: QueuedError) -> None:
        """Match an error from the error queue, which quotes the request without its IP header."""
        target = self._targets.at(error.destination)
        packed = b"" if target is None else target.packed
        quoted = parse_quoted_request(error.intake.version, packed, error.data)
        if quoted is None:
            self.counts["malformed_packets"] += 1
            return
        told = IcmpError(error.icmp_type, error.code, quoted, error.mtu)
        self._judge_error(error.intake, told, error.offender, error.stamp_ns)

    def _judge_error(self, intake: Intake, error: IcmpError, sender: str, stamp_ns: int | None) -> None:
        """Note what an ICMP error says of its question (rule 8), or count that there is none."""
        flight = self._asked(intake, error.quoted)
        if flight is None or (stamp_ns is not None and self._came_late(flight, stamp_ns)):
            self.counts["unmatched_errors"] += 1
            return
        word = IcmpWord(intake.version, error.icmp_type, error.code, sender, error.mtu)
        outcome, reason = meaning(word, flight.target.host, self._around)
        if outcome is Outcome.REFUSED:  # the first counts
            flight.refusal = flight.refusal or Refusal(reason, str(word), error.mtu)
            return
        self.counts["refusals"] += 1
        self._close(flight, outcome, reason, detail=str(word))

    def _answer_refused(self, flight: Flight, refusal: Refusal) -> None:
        """Answer a question with what the network said of it."""
        self.counts["refusals"] += 1
        self._answer(flight, Outcome.REFUSED, refusal.reason, detail=refusal.detail, mtu=refusal.mtu)

    def _asked(self, intake: Intake, quoted: QuotedRequest) -> Flight | None:
        """Return the open question that an error quotes."""
        if quoted.number is None:
            flight = self._flights.with_sequence(quoted.sequence)
        else:
            flight = self._flights.get(quoted.number)
            if flight is not None and flight.target.token != quoted.token:
                return None
        if flight is None or flight.number & 0xFFFF != quoted.sequence:
            return None
        ours = quoted.identifier == intake.identifier and quoted.destination == flight.target.packed
        return flight if ours and flight.target.version == intake.version else None

    def _came_late(self, flight: Flight, stamp_ns: int) -> bool:
        """Whether a packet came after the deadline, as far as one clock can tell."""
        same_clock = flight.epoch == self._watch.epoch
        allowed_s = flight.due_s - flight.sent_monotonic_s
        return same_clock and stamp_ns - flight.sent_ns > allowed_s * 1e9

    def _close(
        self,
        flight: Flight,
        outcome: Outcome,
        reason: Reason = Reason.NONE,
        *,
        rtt_s: float | None = None,
        detail: str = "",
    ) -> None:
        """Take a question out of flight and answer it."""
        self._flights.close(flight)
        self._answer(flight, outcome, reason, rtt_s=rtt_s, detail=detail)

    def _answer(
        self,
        flight: Flight,
        outcome: Outcome,
        reason: Reason = Reason.NONE,
        *,
        rtt_s: float | None = None,
        detail: str = "",
        mtu: int = 0,
    ) -> None:
        """Line up the reading of a question that is out of flight already."""
        if flight.burst is not None:
            self._note(flight.burst, Echo(flight.place, outcome, reason, detail, rtt_s, mtu))
            return
        values = {} if rtt_s is None else {"rtt_s": rtt_s}
        if mtu:
            values = {PATH_MTU_BYTES: float(mtu)}
        question = flight.question
        self.ready.append(
            Reading(
                question.probe,
                flight.sent_ns / 1e9,
                flight.sent_monotonic_s,
                outcome,
                reason,
                values,
                question.beat,
                detail,
            )
        )

    def _note(self, burst: Burst, echo: Echo) -> None:
        """Note the end of one ping of a burst, and line up its reading with the last of them."""
        burst.echoes.append(echo)
        if burst.over:
            self.ready.append(burst.reading())
