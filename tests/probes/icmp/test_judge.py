"""What the judge believes, against packets made by other code: true, spoilt, replayed, late and noise."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.reading import Outcome, Reading, Reason
from probes.icmp.arrival import Arrival, Intake, QueuedError
from probes.icmp.clock import StepWatch
from probes.icmp.flight import Flight, Flights, Sequel
from probes.icmp.judge import Judge
from probes.icmp.packet import RequestTemplate, Version
from probes.icmp.target import Targets
from probes.strays import Strays
from probes.vicinity import Vicinity
from tests.lab.echo import EchoRequest, echo_reply, icmp_error, read_echo_request
from tests.probes.icmp.asking import question

IDENTIFIER = 0x4321
TIMEOUT_S = 0.5
SENT_NS = 1_700_000_000_000_000_000
ADDRESSES = ("10.99.0.1", "10.99.0.2", "fd99::1", "fd99::2")


class FarAway(Vicinity):
    """Nothing is near: no sender is this machine, no next hop is missing unless it is said so."""

    reason = Reason.DEADLINE

    def is_ours(self, address: str) -> bool:
        """Own no address."""
        del address
        return False

    def why_silent(self, address: str) -> Reason:
        """Know no more than is said."""
        del address
        return self.reason


@dataclass
class Bench:
    """A judge with its questions, clocks that stand still, and the requests as the targets saw them."""

    raw: bool = True
    wall_ns: int = SENT_NS
    requests: list[EchoRequest] = field(default_factory=list)
    open: list[Flight] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the judge."""
        self.flights = Flights(0xFFFF_FFFE)
        self.targets = Targets(b"key")
        self.watch = StepWatch(lambda: self.wall_ns, lambda: 5_000.0)
        self.around = FarAway(lambda: 0.0)
        self.judge = Judge(self.flights, self.targets, self.watch, self.around, Strays(lambda: 0.0))

    def ask(self, address: str, sequel: Sequel | None = None) -> int:
        """Open a question at time zero and return its place in ``requests``."""
        target = self.targets.of(address)
        number = self.flights.take_number()
        asked = question(address, timeout_s=TIMEOUT_S)
        flight = Flight(asked, target, number, 0.0, SENT_NS, TIMEOUT_S, self.watch.epoch, sequel=sequel)
        self.flights.open(flight)
        message = RequestTemplate(target.version, IDENTIFIER, target.token, 56).request(number)
        self.requests.append(_on_the_wire(target.version, target.packed, message))
        self.open.append(flight)
        return len(self.requests) - 1

    def intake(self, version: Version) -> Intake:
        """Return the socket of a family."""
        return Intake(version, self.raw, IDENTIFIER)

    def arrive(self, packet: bytes, after_s: float | None = 0.1) -> None:
        """Judge an IP packet whose kernel stamp is ``after_s`` after the sending; None: unstamped."""
        version: Version = 4 if packet[0] >> 4 == 4 else 6
        source = packet[12:16] if version == 4 else packet[8:24]
        header_bytes = 20 if version == 4 else 40
        data = packet if version == 4 and self.raw else packet[header_bytes:]
        stamp_ns = None if after_s is None else SENT_NS + round(after_s * 1e9)
        self.judge.judge(Arrival(self.intake(version), data, str(ipaddress.ip_address(source)), stamp_ns))

    def reply(self, place: int, *, spoil: bool = False, other_source: bool = False) -> bytes:
        """Return the reply to a request."""
        return echo_reply(self.requests[place], spoil=spoil, other_source=other_source, echo_bytes=None)

    def readings(self) -> list[Reading]:
        """Return the readings so far."""
        return list(self.judge.ready)

    def only(self) -> Reading:
        """Return the one reading there is."""
        (reading,) = self.judge.ready
        return reading


def _on_the_wire(version: Version, destination: bytes, message: bytes) -> EchoRequest:
    """Return a request of ours as the target sees it."""
    header = bytearray(20 if version == 4 else 40)
    if version == 4:
        header[0], header[9] = 0x45, 1
        header[12:16], header[16:20] = bytes([10, 98, 0, 1]), destination
    else:
        header[0], header[6] = 0x60, 58
        header[23], header[24:40] = 1, destination
    request = read_echo_request(bytes(header) + message)
    assert request is not None
    return request


Fate = Literal["true", "late", "spoilt", "elsewhere", "turned", "error", "short error", "noise"]
FATES: tuple[Fate, ...] = ("true", "late", "spoilt", "elsewhere", "turned", "error", "short error", "noise")
ENDINGS: dict[Fate, tuple[Outcome, Reason]] = {
    "true": (Outcome.REPLIED, Reason.NONE),
    "error": (Outcome.REFUSED, Reason.HOST_UNREACHABLE),
    "short error": (Outcome.REFUSED, Reason.HOST_UNREACHABLE),
}


def _turned(packet: bytes, bit: int) -> bytes:
    """Return a reply with one bit of its identifier, sequence, number or token turned."""
    start = (20 if packet[0] >> 4 == 4 else 40) + 4
    at = start + (bit // 8) % 16
    return packet[:at] + bytes([packet[at] ^ (1 << bit % 8)]) + packet[at + 1 :]


def _send(bench: Bench, place: int, fate: Fate, bit: int, noise: bytes) -> None:
    """Let one packet arrive about a question."""
    if fate in ("true", "late"):
        bench.arrive(bench.reply(place), after_s=TIMEOUT_S * (0.5 if fate == "true" else 1.5))
    elif fate in ("spoilt", "elsewhere"):
        bench.arrive(bench.reply(place, spoil=fate == "spoilt", other_source=fate == "elsewhere"))
    elif fate == "turned":
        bench.arrive(_turned(bench.reply(place), bit))
    elif fate == "noise":
        request = bench.requests[place]
        header = request.packet[: len(request.packet) - len(request.message)]
        bench.arrive(header + noise)
    else:
        kind = (3, 1) if bench.requests[place].version == 4 else (1, 3)
        bench.arrive(icmp_error(bench.requests[place], kind, 8 if fate == "short error" else None))


@settings(max_examples=150)
@given(
    st.lists(st.sampled_from(ADDRESSES), min_size=1, max_size=6),
    st.lists(
        st.tuples(
            st.integers(0, 5), st.sampled_from(FATES), st.integers(0, 127), st.binary(min_size=8, max_size=40)
        ),
        max_size=25,
    ),
    st.booleans(),
)
def test_each_question_ends_once_and_only_by_its_own_packets(
    addresses: list[str], packets: list[tuple[int, Fate, int, bytes]], raw: bool
) -> None:
    """Whatever arrives in whatever order, a true reply decides, else a true error, and nothing else does."""
    bench, expected = Bench(raw=raw), dict[int, tuple[Outcome, Reason]]()
    for address in addresses:
        bench.ask(address)
    for where, fate, bit, noise in packets:
        place = where % len(addresses)
        _send(bench, place, fate, bit, noise)
        if fate in ENDINGS and (fate == "true" or place not in expected):
            expected[place] = ENDINGS[fate]
    bench.judge.let_fall_due(TIMEOUT_S)
    for place in range(len(addresses)):
        expected.setdefault(place, (Outcome.NO_REPLY, Reason.DEADLINE))
    found = sorted((each.probe.endpoint_id, each.outcome, each.reason) for each in bench.readings())
    assert found == sorted((addresses[place], *ending) for place, ending in expected.items())


def test_a_reply_gives_the_time_between_the_stamps() -> None:
    """The round-trip time is the kernel's stamp less the moment before sending."""
    bench = Bench()
    bench.ask("10.99.0.1")
    bench.arrive(bench.reply(0), after_s=0.0123)
    assert bench.only().values == {"rtt_s": 0.0123}


def test_a_reply_on_the_deadline_counts_and_one_after_does_not() -> None:
    """The kernel's stamp decides, not when the packet was read."""
    for after_s, outcome in ((TIMEOUT_S, Outcome.REPLIED), (TIMEOUT_S + 1e-6, Outcome.NO_REPLY)):
        bench = Bench()
        bench.ask("fd99::1")
        bench.arrive(bench.reply(0), after_s=after_s)
        bench.judge.let_fall_due(TIMEOUT_S + 10.0)
        assert bench.only().outcome is outcome


def test_a_second_reply_is_a_duplicate_and_one_after_the_end_is_late() -> None:
    """Both are counted for what they are, and neither makes a reading."""
    bench = Bench()
    for _ in range(2):
        bench.ask("10.99.0.1")
    bench.arrive(bench.reply(0))
    bench.arrive(bench.reply(0))
    bench.judge.let_fall_due(TIMEOUT_S)
    bench.arrive(bench.reply(1))
    assert [each.outcome for each in bench.readings()] == [Outcome.REPLIED, Outcome.NO_REPLY]
    counts = bench.judge.counts
    assert (counts["duplicate_replies"], counts["late_replies"], counts["forged_replies"]) == (1, 1, 0)


def test_one_target_cannot_answer_for_another() -> None:
    """A target that learnt its own token and spoofs its neighbour's address is not believed."""
    bench = Bench()
    bench.ask("10.99.0.1")
    bench.ask("10.99.0.2")
    own = bench.requests[0].message
    neighbour = bench.requests[1]
    message = neighbour.message[:12] + own[12:20] + neighbour.message[20:]
    bench.requests.append(_on_the_wire(4, neighbour.destination, message))
    bench.arrive(bench.reply(2))
    assert bench.readings() == []
    assert bench.judge.counts["forged_replies"] == 1


def test_a_clock_step_makes_the_reading_not_run() -> None:
    """Across a step the difference of the stamps is no round-trip time, whatever it is."""
    for step_ns in (3_600_000_000_000, -50_000_000, 1_000_000):
        bench = Bench()
        bench.ask("10.99.0.1")
        bench.wall_ns += step_ns
        bench.watch.look()
        bench.arrive(bench.reply(0), after_s=0.1 + step_ns / 1e9)
        reading = bench.only()
        assert (reading.outcome, reading.reason) == (Outcome.NOT_RUN, Reason.CLOCK_STEPPED)
        assert reading.values == {}


def test_a_reply_before_its_question_is_no_round_trip() -> None:
    """A negative time can only be the clock's doing."""
    bench = Bench()
    bench.ask("10.99.0.1")
    bench.arrive(bench.reply(0), after_s=-0.001)
    assert bench.only().reason is Reason.CLOCK_STEPPED


def test_a_reply_without_a_stamp_has_no_round_trip_time() -> None:
    """It is a reply all the same; a time made up in user space would be wrong by the wait for the timer."""
    bench = Bench()
    bench.ask("10.99.0.1")
    bench.arrive(bench.reply(0), after_s=None)
    assert (bench.only().outcome, bench.only().values) == (Outcome.REPLIED, {})


def test_a_reply_to_a_request_that_we_were_kept_from_sending_has_no_round_trip_time() -> None:
    """Nobody can tell when it left; the endpoint answered all the same."""
    bench = Bench()
    bench.ask("fd99::1")
    bench.open[0].vague = True
    bench.arrive(bench.reply(0))
    assert (bench.only().outcome, bench.only().values) == (Outcome.REPLIED, {})


def test_silence_while_our_buffer_ran_over_proves_nothing() -> None:
    """Only the questions of that family that got no reply become not run."""
    bench = Bench()
    for address in ("10.99.0.1", "10.99.0.2", "fd99::1"):
        bench.ask(address)
    bench.judge.cloud(4)
    bench.arrive(bench.reply(1))
    bench.judge.let_fall_due(TIMEOUT_S)
    ends = {each.probe.endpoint_id: (each.outcome, each.reason) for each in bench.readings()}
    assert ends == {
        "10.99.0.1": (Outcome.NOT_RUN, Reason.OWN_BUFFER_FULL),
        "10.99.0.2": (Outcome.REPLIED, Reason.NONE),
        "fd99::1": (Outcome.NO_REPLY, Reason.DEADLINE),
    }


def test_an_error_about_someone_else_is_counted_only() -> None:
    """The destination, the identifier and, where quoted, the token must be those of the question."""
    bench = Bench()
    bench.ask("10.99.0.1")
    request = bench.requests[0]
    for start, end in ((16, 20), (24, 26), (26, 28), (28, 32), (32, 40)):
        packet = bytearray(request.packet)
        packet[start:end] = bytes(byte ^ 0x55 for byte in packet[start:end])
        wrong = _on_the_wire(4, bytes(packet[16:20]), bytes(packet[20:]))
        bench.arrive(icmp_error(wrong, (3, 1), None))
    assert bench.readings() == []
    assert bench.judge.counts["unmatched_errors"] == 5


def test_queued_errors_are_matched_like_others() -> None:
    """The error queue names the destination apart from the quote."""
    bench = Bench(raw=False)
    bench.ask("fd99::1")
    data = bench.requests[0].message
    intake = bench.intake(6)
    bench.judge.judge_queued(QueuedError(intake, 1, 1, "fd99::2", "fd99::9", data, SENT_NS))
    bench.judge.judge_queued(QueuedError(intake, 1, 1, "fd99::1", "fd99::9", b"", SENT_NS))
    bench.judge.judge_queued(QueuedError(intake, 1, 1, "fd99::1", "fd99::9", data, SENT_NS))
    assert bench.readings() == []
    bench.judge.let_fall_due(TIMEOUT_S)
    reading = bench.only()
    assert (reading.outcome, reading.reason) == (Outcome.REFUSED, Reason.PROHIBITED)
    assert reading.detail == "ICMP type 1 code 1 from fd99::9"


def test_the_link_is_looked_at_where_silence_lasts() -> None:
    """At once where nobody ever answered; a loss after an answer is first of all a loss."""
    bench = Bench()
    bench.around.reason = Reason.NO_NEIGHBOUR
    told = []
    for answered in (False, True, False, False, True, False):
        place = bench.ask(ADDRESSES[0])
        if answered:
            bench.arrive(bench.reply(place))
        bench.judge.let_fall_due(TIMEOUT_S)
        told.append(bench.judge.ready.pop().reason)
    silent, lost = Reason.NO_NEIGHBOUR, Reason.DEADLINE
    assert told == [silent, Reason.NONE, lost, silent, Reason.NONE, lost]


def test_a_true_reply_in_time_proves_an_error_wrong() -> None:
    """A router on one of two ways may say no while the endpoint answers by the other."""
    bench = Bench()
    place = bench.ask("10.99.0.1")
    bench.arrive(icmp_error(bench.requests[place], (3, 1), None), after_s=0.01)
    assert bench.readings() == []
    bench.arrive(bench.reply(place), after_s=0.03)
    bench.judge.let_fall_due(TIMEOUT_S)
    assert (bench.only().outcome, bench.only().values) == (Outcome.REPLIED, {"rtt_s": 0.03})
    assert (bench.judge.counts["refusals"], bench.judge.counts["duplicate_replies"]) == (0, 0)


def test_the_first_error_counts_where_no_reply_comes_in_time() -> None:
    """A later error, a late reply, a buffer that ran over and an early end of all change nothing of that."""
    for at_the_end in (False, True):
        bench = Bench()
        place = bench.ask("10.99.0.1")
        bench.arrive(icmp_error(bench.requests[place], (3, 13), None))
        bench.arrive(icmp_error(bench.requests[place], (3, 1), None))
        bench.arrive(bench.reply(place), after_s=TIMEOUT_S + 0.1)
        bench.judge.cloud(4)
        if at_the_end:
            bench.judge.give_up()
        else:
            bench.judge.let_fall_due(TIMEOUT_S)
        assert (bench.only().outcome, bench.only().reason) == (Outcome.REFUSED, Reason.PROHIBITED)
        assert bench.judge.counts["refusals"] == 1


def test_replies_out_of_turn_are_counted_among_questions_asked_in_one_way() -> None:
    """What is asked in another way, through a socket that is read later, has an order of its own."""
    for same, counted in ((True, 1), (False, 0)):
        bench = Bench()
        first = Sequel()
        bench.ask("10.99.0.1", first)
        bench.ask("10.99.0.1", first if same else Sequel())
        bench.arrive(bench.reply(1))
        bench.arrive(bench.reply(0))
        assert [each.outcome for each in bench.readings()] == [Outcome.REPLIED] * 2
        assert bench.judge.counts["reordered_replies"] == counted
