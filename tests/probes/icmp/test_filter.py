"""The kernel filters, run by the kernel itself on a pair of local sockets."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.icmp.filter import assemble
from probes.icmp.packet import Version, build_request
from probes.icmp.sockets import attach_filter
from tests.lab.echo import echo_reply, icmp_error
from tests.probes.icmp.test_packet import as_received, message_of

OURS, OTHER = 0x1234, 0x1235
KINDS: dict[Version, list[tuple[int, int]]] = {
    4: [(3, 1), (11, 0), (12, 0)],
    6: [(1, 3), (2, 0), (3, 0), (4, 0)],
}


def passes(version: Version, packet: bytes) -> bool:
    """Tell whether the filter for our identifier lets a packet through, as a raw socket receives it."""
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with near, far:
        far.setblocking(False)
        attach_filter(far, assemble(version, OURS))
        received = packet if version == 4 else message_of(6, packet)
        try:
            near.send(received)
            whole = far.recv(4096) == received
        except OSError:
            return False
        return whole


def request_packet(version: Version, identifier: int) -> bytes:
    """Return an echo request with its IP header."""
    return as_received(version, build_request(version, identifier, 9, b"12345678", 56)).packet


@pytest.mark.parametrize("version", [4, 6])
def test_only_our_replies_pass(version: Version) -> None:
    """A reply to our identifier passes; one to another and a request do not."""
    for identifier, wanted in ((OURS, True), (OTHER, False)):
        request = as_received(version, build_request(version, identifier, 9, b"12345678", 56))
        reply = echo_reply(request, spoil=False, other_source=False, echo_bytes=None)
        assert passes(version, reply) is wanted
    assert not passes(version, request_packet(version, OURS))


@pytest.mark.parametrize("version", [4, 6])
def test_only_errors_about_our_requests_pass(version: Version) -> None:
    """Each error type passes when it quotes our identifier, also where the quote is short."""
    for kind in KINDS[version]:
        for quote_bytes in (None, 8):
            for identifier, wanted in ((OURS, True), (OTHER, False)):
                request = as_received(version, build_request(version, identifier, 9, b"12345678", 56))
                assert passes(version, icmp_error(request, kind, quote_bytes)) is wanted


@pytest.mark.parametrize("version", [4, 6])
def test_errors_about_other_protocols_do_not_pass(version: Version) -> None:
    """An error that quotes a UDP packet is not ours, whatever its bytes are."""
    request = as_received(version, build_request(version, OURS, 9, b"12345678", 56))
    packet = bytearray(icmp_error(request, KINDS[version][0], None))
    packet[20 + 8 + 9 if version == 4 else 40 + 8 + 6] = 17
    assert not passes(version, bytes(packet))


def test_options_in_either_header_are_skipped() -> None:
    """IPv4 options before the message and in the quoted packet move what the filter looks at."""
    request = as_received(4, build_request(4, OURS, 9, b"12345678", 56))
    error = icmp_error(request, (11, 0), None)
    outer = bytes([0x46]) + error[1:20] + bytes(4) + error[20:]
    assert passes(4, outer)
    inner = error[:28] + bytes([0x47]) + error[29:48] + bytes(8) + error[48:]
    assert passes(4, inner)
    reply = echo_reply(request, spoil=False, other_source=False, echo_bytes=None)
    assert passes(4, bytes([0x4F]) + reply[1:20] + bytes(40) + reply[20:])


@given(st.sampled_from((4, 6)), st.integers(1, 90))
def test_cut_packets_never_pass_as_whole(version: Version, kept: int) -> None:
    """A packet that ends before the identifier is dropped, not taken on trust."""
    request = as_received(version, build_request(version, OURS, 9, b"12345678", 56))
    header = 20 if version == 4 else 40
    reply = echo_reply(request, spoil=False, other_source=False, echo_bytes=None)[: header + kept]
    assert passes(version, reply) == (kept >= 6)
