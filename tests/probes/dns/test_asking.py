"""Asking a name server: a real one, and scripted ones that lie, stay silent or cut the answer short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import dns.flags
import dns.message
import dns.rrset
import pytest

from controlroom.reading import Outcome, Reading, Reason
from probes.dns import DNS
from probes.dns.parameters import DnsParameters
from tests.lab import dnsmasq
from tests.lab.scripted import datagram_server, stream_server
from tests.lab.snmpd import free_port
from tests.probes.asking import ask


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a running name server, or a skip that says why there is none."""
    reason = dnsmasq.why_not()
    if reason is not None:
        pytest.skip(reason)
    with dnsmasq.running_server(tmp_path_factory.mktemp("dnsmasq")) as port:
        yield port


def wanted(port: int, name: str = "dispatch.lab.test", **given: object) -> DnsParameters:
    """Parameters for a server on that port."""
    return DnsParameters.model_validate({"query_name": name, "port": port, **given})


def reading(port: int, name: str = "dispatch.lab.test", **given: object) -> Reading:
    """Ask once."""
    return ask(DNS, wanted(port, name, **given)).only()


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("dispatch.lab.test", "A", ["192.0.2.10", "192.0.2.11"]),
        ("alias.lab.test", "A", ["192.0.2.10", "192.0.2.11"]),
        ("dispatch.lab.test", "AAAA", ["2001:db8::10"]),
        ("alias.lab.test", "CNAME", ["dispatch.lab.test"]),
        ("lab.test", "MX", ["10 mail.lab.test"]),
        ("text.lab.test", "TXT", ["first half second half"]),
        ("_sip._udp.lab.test", "SRV", ["5 20 5060 trunk.lab.test"]),
        ("192.0.2.10", "PTR", ["dispatch.lab.test"]),
    ],
)
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_real_server_answers(
    server: int, name: str, kind: str, expected: list[str], transport: str
) -> None:
    """With what its configuration says, and in a time that was measured."""
    read = reading(server, name, record_type=kind, expected=expected, transport=transport)
    assert (read.outcome, read.reason) == (Outcome.REPLIED, Reason.NONE), read.detail
    assert 0.0 < read.values["rtt_s"] < 0.5
    assert read.values["answers_count"] == len(expected)
    assert read.values["ttl_s"] >= 0.0
    assert read.values["authentic_ratio"] == 0.0


def test_a_real_server_says_what_is_not_there(server: int) -> None:
    """A name that is not, a record that is not, and one that is another."""
    assert reading(server, "nobody.lab.test").reason is Reason.DNS_NO_SUCH_NAME
    assert reading(server, "text.lab.test", record_type="AAAA").reason is Reason.DNS_NO_RECORDS
    assert reading(server, expected=["192.0.2.99"]).reason is Reason.DNS_OTHER_ANSWER
    assert reading(server, require_dnssec=True).reason is Reason.DNS_NOT_AUTHENTIC
    assert reading(server, "elsewhere.example").reason is Reason.DNS_REFUSED


def test_a_long_answer_of_a_real_server_comes_by_tcp(server: int) -> None:
    """UDP cuts it short, and both ways take part in the time."""
    asked = ask(DNS, wanted(server, "long.lab.test", record_type="TXT", expected=dnsmasq.LONG_TEXTS))
    assert asked.only().outcome is Outcome.REPLIED, asked.only().detail
    assert asked.only().values["answers_count"] == len(dnsmasq.LONG_TEXTS)
    assert asked.health["dns_truncated"] == 1.0


def answered(data: bytes, address: str = "192.0.2.1", flags: int = 0) -> bytes:
    """A right reply to a question."""
    made = dns.message.make_response(dns.message.from_wire(data))
    made.flags |= flags
    made.answer.append(dns.rrset.from_text(made.question[0].name, 60, "IN", "A", address))
    return made.to_wire()


def forged(data: bytes) -> list[bytes]:
    """Replies that somebody guessed: number, question or form is wrong."""
    other = dns.message.make_query("evil.example", "A", id=int.from_bytes(data[:2], "big"))
    return [
        bytes([data[0] ^ 0xFF]) + answered(data, "203.0.113.66")[1:],
        answered(other.to_wire()),
        data,
        b"x",
    ]


def test_forged_replies_are_counted_and_the_right_one_is_taken() -> None:
    """However many come first."""
    with datagram_server(lambda data, _number: [*forged(data), answered(data)]) as lying:
        asked = ask(DNS, wanted(lying.port, expected=["192.0.2.1"]))
    assert asked.only().outcome is Outcome.REPLIED
    assert asked.health["dns_forged"] == 4.0


def test_forged_replies_alone_are_no_reply() -> None:
    """The wait goes on to the deadline."""
    with datagram_server(lambda data, _number: forged(data)) as lying:
        asked = ask(DNS, wanted(lying.port), timeout_s=0.2)
    assert (asked.only().outcome, asked.only().reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
    assert asked.took_s < 0.5


def test_a_reply_that_cannot_be_read_is_told() -> None:
    """With its first bytes as evidence."""
    with datagram_server(lambda data, _number: [answered(data)[:-2]]) as broken:
        asked = ask(DNS, wanted(broken.port), timeout_s=0.2)
    assert (asked.only().outcome, asked.only().reason) == (Outcome.NO_REPLY, Reason.UNDECODABLE)
    assert asked.only().detail.startswith("0x")
    assert asked.health["dns_malformed"] == 1.0


def test_a_number_is_new_with_every_question() -> None:
    """Or a guess would be right once and for all."""
    with datagram_server(lambda data, _number: [answered(data)]) as scripted:
        asked = ask(DNS, *[wanted(scripted.port)] * 30)
    assert {read.outcome for read in asked.readings} == {Outcome.REPLIED}
    assert len({data[:2] for data in scripted.received}) > 25


def test_silence_and_a_closed_port() -> None:
    """Each is what it is."""
    with datagram_server(lambda _data, _number: []) as silent:
        read = ask(DNS, wanted(silent.port), timeout_s=0.1).only()
    assert (read.outcome, read.reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
    closed = ask(DNS, wanted(free_port())).only()
    assert (closed.outcome, closed.reason) == (Outcome.REFUSED, Reason.PORT_UNREACHABLE)


def framed(reply: bytes) -> bytes:
    """A message as TCP carries it."""
    return len(reply).to_bytes(2, "big") + reply


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (lambda data: [framed(answered(data[2:]))], Reason.NONE),
        (
            lambda data: [framed(each) for each in forged(data[2:])] + [framed(answered(data[2:]))],
            Reason.NONE,
        ),
        (lambda data: [framed(answered(data[2:]))[:9], 0.05, framed(answered(data[2:]))[9:]], Reason.NONE),
        (lambda data: [framed(answered(data[2:]))[:9], b""], Reason.ANSWER_CUT),
        (lambda _data: [b"\xff\xff" + bytes(10)], Reason.DEADLINE),
        (lambda _data: [], Reason.DEADLINE),
    ],
)
def test_by_tcp(script: object, reason: Reason) -> None:
    """Whole, in pieces, behind forged ones, cut short, or never."""

    def answer(data: bytes, _number: int) -> Sequence[bytes | float]:
        assert callable(script)
        pieces: Sequence[bytes | float] = script(data)
        return pieces

    with stream_server(answer) as scripted:
        read = ask(DNS, wanted(scripted.port, transport="tcp"), timeout_s=0.3).only()
    assert read.reason is reason


def test_a_cut_answer_and_no_tcp() -> None:
    """The server says that there is more, and does not give it."""
    with datagram_server(lambda data, _number: [answered(data, flags=dns.flags.TC)]) as scripted:
        read = ask(DNS, wanted(scripted.port)).only()
    assert (read.outcome, read.reason) == (Outcome.REFUSED, Reason.PORT_UNREACHABLE)
