"""ICMP messages: what is built can be read by others, and nothing that arrives breaks the reading."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.reading import Reason
from probes.icmp.packet import (
    EchoReply,
    IcmpError,
    Version,
    build_request,
    parse_message,
    parse_quoted_request,
    reason_for,
    without_ipv4_header,
)
from tests.lab.echo import EchoRequest, echo_reply, icmp_error

VERSIONS = st.sampled_from((4, 6))
NUMBERS = st.integers(0, 0xFFFF_FFFF)
IDENTIFIERS = st.integers(0, 0xFFFF)
TOKENS = st.binary(min_size=8, max_size=8)


def as_received(version: Version, message: bytes) -> EchoRequest:
    """Return a request as the lab sees it, between two made-up addresses."""
    length = 4 if version == 4 else 16
    source, destination = bytes(range(1, 1 + length)), bytes(range(101, 101 + length))
    header = bytearray(20 if version == 4 else 40)
    if version == 4:
        header[0], header[9] = 0x45, 1
        header[12:16], header[16:20] = source, destination
    else:
        header[0], header[6] = 0x60, 58
        header[8:24], header[24:40] = source, destination
    identifier, sequence = struct.unpack_from("!HH", message, 4)
    return EchoRequest(
        version, source, destination, 64, 0, False, identifier, sequence, bytes(header) + message, message
    )


def message_of(version: Version, packet: bytes) -> bytes:
    """Return the ICMP message of an IP packet without options."""
    return packet[20 if version == 4 else 40 :]


@given(IDENTIFIERS, NUMBERS, TOKENS, st.integers(16, 1472))
def test_checksum_is_that_of_rfc_1071(identifier: int, number: int, token: bytes, payload_bytes: int) -> None:
    """Adding all words and the checksum in ones' complement gives all ones, as a receiver verifies."""
    message = build_request(4, identifier, number, token, payload_bytes)
    padded = message + bytes(len(message) % 2)
    total = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    assert total == 0xFFFF


@given(VERSIONS, IDENTIFIERS, NUMBERS, TOKENS, st.integers(16, 1472))
def test_reply_to_a_request_carries_its_mark(
    version: Version, identifier: int, number: int, token: bytes, payload_bytes: int
) -> None:
    """A host that follows the RFCs sends the identifier, sequence, number and token back."""
    message = build_request(version, identifier, number, token, payload_bytes)
    assert len(message) == 8 + payload_bytes
    reply = echo_reply(as_received(version, message), spoil=False, other_source=False, echo_bytes=None)
    expected = EchoReply(identifier, number & 0xFFFF, number, token)
    assert parse_message(version, message_of(version, reply)) == expected


@given(VERSIONS, IDENTIFIERS, NUMBERS, TOKENS, st.none() | st.integers(8, 60))
def test_error_quotes_the_request(
    version: Version, identifier: int, number: int, token: bytes, quote_bytes: int | None
) -> None:
    """The quote tells identifier, sequence and destination, and the mark when it reaches that far."""
    request = as_received(version, build_request(version, identifier, number, token, 56))
    kind = (3, 1) if version == 4 else (1, 3)
    error = parse_message(version, message_of(version, icmp_error(request, kind, quote_bytes)))
    assert isinstance(error, IcmpError)
    assert (error.icmp_type, error.code) == kind
    assert (error.quoted.identifier, error.quoted.sequence) == (identifier, number & 0xFFFF)
    assert error.quoted.destination == request.destination
    whole_mark = quote_bytes is None or quote_bytes >= 20
    assert (error.quoted.number, error.quoted.token) == ((number, token) if whole_mark else (None, None))


@given(VERSIONS, st.binary(max_size=120), st.sampled_from((0, 1, 2, 3, 4, 8, 11, 12, 128, 129)))
def test_no_bytes_break_the_reading(version: Version, data: bytes, first: int) -> None:
    """Anything at all is read as a reply, an error or nothing, without an exception."""
    for message in (data, bytes([first]) + data):
        parsed = parse_message(version, message)
        assert parsed is None or isinstance(parsed, EchoReply | IcmpError)
        parse_quoted_request(version, b"", message)
        stripped = without_ipv4_header(message)
        assert stripped is None or message.endswith(stripped)


@given(VERSIONS, NUMBERS, TOKENS, st.integers(0, 27))
def test_reply_too_short_for_the_mark_is_none(version: Version, number: int, token: bytes, kept: int) -> None:
    """A reply cut off before the end of the mark is not taken for one."""
    message = build_request(version, 7, number, token, 56)
    reply = echo_reply(as_received(version, message), spoil=False, other_source=False, echo_bytes=None)
    parsed = parse_message(version, message_of(version, reply)[:kept])
    assert (parsed is None) == (kept < 20)


def test_own_request_is_no_reply() -> None:
    """On the loopback a raw socket sees its own requests; they answer nothing."""
    assert parse_message(4, build_request(4, 1, 2, b"12345678", 56)) is None
    assert parse_message(6, build_request(6, 1, 2, b"12345678", 56)) is None


def test_ipv4_options_are_skipped() -> None:
    """A header with options ends where its length field says."""
    packet = bytes([0x46]) + bytes(19) + b"opts" + b"message"
    assert without_ipv4_header(packet) == b"message"
    assert without_ipv4_header(packet[:22]) is None
    assert without_ipv4_header(bytes([0x44]) + bytes(30)) is None
    assert without_ipv4_header(bytes([0x65]) + bytes(30)) is None


@pytest.mark.parametrize(
    ("version", "icmp_type", "code", "reason"),
    [
        (4, 3, 0, Reason.NETWORK_UNREACHABLE),
        (4, 3, 1, Reason.HOST_UNREACHABLE),
        (4, 3, 2, Reason.OTHER_ICMP_ERROR),
        (4, 3, 3, Reason.PORT_UNREACHABLE),
        (4, 3, 4, Reason.FRAGMENTATION_NEEDED),
        (4, 3, 13, Reason.PROHIBITED),
        (4, 11, 0, Reason.TTL_EXCEEDED),
        (4, 11, 1, Reason.OTHER_ICMP_ERROR),
        (4, 12, 0, Reason.OTHER_ICMP_ERROR),
        (6, 1, 0, Reason.NETWORK_UNREACHABLE),
        (6, 1, 1, Reason.PROHIBITED),
        (6, 1, 3, Reason.HOST_UNREACHABLE),
        (6, 1, 4, Reason.PORT_UNREACHABLE),
        (6, 2, 0, Reason.FRAGMENTATION_NEEDED),
        (6, 3, 0, Reason.TTL_EXCEEDED),
        (6, 4, 1, Reason.OTHER_ICMP_ERROR),
    ],
)
def test_errors_have_the_reasons_of_the_rfcs(
    version: Version, icmp_type: int, code: int, reason: Reason
) -> None:
    """Types and codes mean what RFC 792, RFC 1812 and RFC 4443 say."""
    assert reason_for(version, icmp_type, code) is reason
