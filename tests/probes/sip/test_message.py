"""SIP messages: what is built is well-formed, and nothing that arrives breaks the reading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from probes.sip.message import Ticket, body_bytes, build_options, parse_response
from probes.sip.parameters import SipParameters
from tests.probes.sip.servers import header, respond

TICKET = Ticket("z9hG4bKbranch", "call", "tag", 7)


def request(
    address: str = "192.0.2.1", own: tuple[str, int] = ("192.0.2.9", 40_000), **given: object
) -> bytes:
    """A request with known marks."""
    return build_options(SipParameters.model_validate(given), TICKET, address, own)


def test_a_request_by_udp() -> None:
    """Every header that RFC 3261 (8.1.1) wants, and the end."""
    assert request().decode() == (
        "OPTIONS sip:192.0.2.1:5060 SIP/2.0\r\n"
        "Via: SIP/2.0/UDP 192.0.2.9:40000;branch=z9hG4bKbranch;rport\r\n"
        "Max-Forwards: 70\r\n"
        "From: <sip:controlroom@192.0.2.9>;tag=tag\r\n"
        "To: <sip:192.0.2.1>\r\n"
        "Call-ID: call\r\n"
        "CSeq: 7 OPTIONS\r\n"
        "Contact: <sip:controlroom@192.0.2.9:40000>\r\n"
        "Accept: application/sdp\r\n"
        "User-Agent: Controlroom\r\n"
        "Content-Length: 0\r\n\r\n"
    )


def test_names_ports_and_ways() -> None:
    """As the site says; an IPv6 address stands in brackets, without its zone."""
    named = request(
        user="112", domain="trunk.test", from_user="desk", from_domain="room.test", transport="tcp", port=5999
    )
    assert named.startswith(b"OPTIONS sip:112@trunk.test:5999;transport=tcp SIP/2.0\r\n")
    assert header(named, "From") == "<sip:desk@room.test>;tag=tag"
    assert header(named, "To") == "<sip:112@trunk.test>"
    assert header(named, "Via").startswith("SIP/2.0/TCP ")
    six = request("fe80::1%eth0", ("fe80::2%eth0", 1), transport="tls")
    assert six.startswith(b"OPTIONS sip:[fe80::1]:5061 SIP/2.0\r\n")
    assert header(six, "Via").startswith("SIP/2.0/TLS [fe80::2]:1;")


def test_marks_are_new_each_time() -> None:
    """Or they could be guessed."""
    tickets = [Ticket() for _ in range(50)]
    assert len({ticket.branch for ticket in tickets}) == len({ticket.call_id for ticket in tickets}) == 50
    assert all(ticket.branch.startswith("z9hG4bK") and ticket.sequence < 2**31 for ticket in tickets)


@pytest.mark.parametrize("key", ["user", "domain", "from_user", "from_domain", "server_name"])
@pytest.mark.parametrize("text", ["a\r\nEvil: 1", "a b", "<a>", 'a"', "a@b", "ü"])
def test_nothing_can_be_smuggled_into_a_request(key: str, text: str) -> None:
    """A name stays a name."""
    with pytest.raises(ValidationError):
        SipParameters.model_validate({key: text})


def test_a_response_is_read() -> None:
    """Status, phrase, headers by their long names, folded lines in one."""
    data = (
        b"SIP/2.0 486 Busy Here\r\nv: SIP/2.0/UDP a;rport=1;Branch = z9hG4bKbranch, SIP/2.0/UDP c\r\n"
        b"i:call\r\nCSEQ:  7 \t OPTIONS\r\nServer: A\r\n\t B\r\nl: 4\r\n\r\nbody"
    )
    read = parse_response(data)
    assert read is not None
    assert (read.status, read.phrase, read.final) == (486, "Busy Here", True)
    assert read.headers["server"] == "A B"
    assert body_bytes(read) == 4
    assert read.answers(TICKET)


@pytest.mark.parametrize(
    "changed",
    [
        {"Via": "SIP/2.0/UDP 192.0.2.9:40000;branch=z9hG4bKother"},
        {"Via": "SIP/2.0/UDP first;branch=x, SIP/2.0/UDP 192.0.2.9:40000;branch=z9hG4bKbranch"},
        {"Via": "SIP/2.0/UDP 192.0.2.9:40000"},
        {"Call-ID": "other"},
        {"CSeq": "8 OPTIONS"},
        {"CSeq": "7 INVITE"},
        {"CSeq": "7"},
        {"CSeq": "99999999999 OPTIONS"},
    ],
)
def test_another_response_is_not_ours(changed: dict[str, str]) -> None:
    """Each of the marks counts."""
    right, wrong = parse_response(respond(request())), parse_response(respond(request(), changed=changed))
    assert right is not None
    assert wrong is not None
    assert right.answers(TICKET)
    assert not wrong.answers(TICKET)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"SIP/2.0",
        b"SIP/2.0 20 OK\r\n\r\n",
        b"SIP/2.0 777 X\r\n\r\n",
        b"SIP/1.0 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"OPTIONS sip:a SIP/2.0\r\n\r\n",
        b"SIP/2.0 200 OK\r\nno header\r\n\r\n",
        b"SIP/2.0 200 OK\r\n" + b"A: b\r\n" * 500 + b"\r\n",
    ],
)
def test_what_is_no_response_is_none(data: bytes) -> None:
    """Neither a request, nor another protocol, nor too much of it."""
    assert parse_response(data) is None


@pytest.mark.parametrize("text", ["-1", "x", "1e3", "16385", "9999999", "²"])
def test_a_body_whose_length_cannot_be_right_is_none(text: str) -> None:
    """Nobody has us read on for ever."""
    read = parse_response(f"SIP/2.0 200 OK\r\nContent-Length: {text}\r\n\r\n".encode())
    assert read is not None
    assert body_bytes(read) is None


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    """Not even behind a right first line; and by chance nothing is ours."""
    for each in (data, b"SIP/2.0 200 OK\r\n" + data, b"SIP/2.0 200 OK\r\nVia: " + data + b"\r\n\r\n"):
        read = parse_response(each)
        if read is not None:
            body_bytes(read)
            assert not read.answers(Ticket())


@given(st.data())
def test_a_changed_response_is_ours_only_with_our_marks(data: st.DataObject) -> None:
    """Whatever single byte is changed."""
    wire = bytearray(respond(request()))
    wire[data.draw(st.integers(0, len(wire) - 1))] = data.draw(st.integers(0, 255))
    read = parse_response(bytes(wire))
    if read is not None and read.answers(TICKET):
        assert read.headers["call-id"] == "call"
        assert "z9hG4bKbranch" in read.headers["via"]
