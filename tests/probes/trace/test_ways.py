"""What arrives is believed only where it fits what was sent; anything else is passed over."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controlroom.reading import Reason
from probes.icmp.packet import build_request
from probes.icmp.target import read_target
from probes.trace.echo_way import EchoWay
from probes.trace.udp_way import FIRST_PORT, UdpWay
from probes.trace.wire import QueuedError

TARGET = read_target("127.0.0.1", b"k" * 16)
ROUTER = "10.0.0.1"


@pytest.fixture
def way() -> Iterator[EchoWay]:
    """A raw way that has sent three packets, none of which we wait for."""
    if os.geteuid() != 0:
        pytest.skip("a raw socket needs root")
    with closing(EchoWay(TARGET, lambda: 5.0, raw=True)) as opened:
        for number in range(3):
            opened.send(number, 1)
        yield opened


def ip(payload: bytes, destination: str = "127.0.0.1") -> bytes:
    """An IPv4 packet with a header of twenty bytes that carries ICMP."""
    head = bytes([0x45, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0]) + socket.inet_aton("10.0.0.9")
    return head + socket.inet_aton(destination) + payload


def request(way: EchoWay, number: int, *, token: bytes | None = None, identifier: int | None = None) -> bytes:
    """The echo request of that number as it was sent, or one that differs."""
    return build_request(
        4,
        way._identifier if identifier is None else identifier,
        way._first + number,
        way._token if token is None else token,
        56,
    )


def error(quoted: bytes, icmp_type: int = 11, code: int = 0) -> bytes:
    """An ICMP error that quotes a packet."""
    message = bytes([icmp_type, code, 0, 0, 0, 0, 0, 0]) + quoted
    checksum = ~(int.from_bytes(message + bytes(len(message) % 2), "big") % 0xFFFF) & 0xFFFF
    return ip(message[:2] + checksum.to_bytes(2, "big") + message[4:])


def test_an_error_that_quotes_our_packet_is_believed(way: EchoWay) -> None:
    """Whole, or no more than the first eight bytes of it."""
    whole = way._of_packet(error(ip(request(way, 2))), ROUTER, 7.0)
    short = way._of_packet(error(ip(request(way, 2)[:8])), ROUTER, 7.0)
    assert whole == short == (2, ROUTER, Reason.TTL_EXCEEDED, 7.0)
    refused = way._of_packet(error(ip(request(way, 1)), 3, 13), ROUTER, 7.0)
    assert refused is not None
    assert refused.reason is Reason.PROHIBITED


def test_a_reply_is_believed_of_the_target_alone(way: EchoWay) -> None:
    """With our secret."""
    reply = b"\0" + request(way, 1)[1:]
    assert way._of_packet(ip(reply), TARGET.host, 7.0) == (1, TARGET.host, Reason.NONE, 7.0)
    assert way._of_packet(ip(reply), ROUTER, 7.0) is None
    forged = b"\0" + request(way, 1, token=b"x" * 8)[1:]
    assert way._of_packet(ip(forged), TARGET.host, 7.0) is None


def test_what_does_not_fit_is_passed_over(way: EchoWay) -> None:
    """Another's packet, another secret, a number that was not sent, another destination."""
    assert way._of_packet(error(ip(request(way, 0, identifier=way._identifier ^ 1))), ROUTER, 7.0) is None
    assert way._of_packet(error(ip(request(way, 0, token=b"x" * 8))), ROUTER, 7.0) is None
    assert way._of_packet(error(ip(request(way, 3))), ROUTER, 7.0) is None
    assert way._of_packet(error(ip(request(way, 3)[:8])), ROUTER, 7.0) is None
    assert way._of_packet(error(ip(request(way, 0), "127.0.0.2")), ROUTER, 7.0) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200), cut=st.integers(0, 120), flip=st.integers(0, 119))
def test_no_bytes_break_it(way: EchoWay, data: bytes, cut: int, flip: int) -> None:
    """Neither anything at all, nor a true error that was cut or spoilt; and no number is invented."""
    true = bytearray(error(ip(request(way, 1))))
    true[flip % len(true)] ^= 0x55
    for packet in (data, bytes(true), bytes(true[:cut])):
        found = way._of_packet(packet, ROUTER, 7.0)
        assert found is None or found.number in range(3)


@pytest.fixture
def udp() -> Iterator[UdpWay]:
    """A way by UDP that has sent three packets."""
    with closing(UdpWay(TARGET, lambda: 5.0)) as opened:
        opened._sent = 3
        yield opened


def queued(
    port: int, data: bytes, *, code: int = 0, icmp_type: int = 11, offender: str = ROUTER
) -> QueuedError:
    """An error from the kernel's queue about a packet to the target."""
    return QueuedError(icmp_type, code, (TARGET.host, port), offender, data, 7.0)


def test_the_port_tells_the_packet_and_the_secret_proves_it(udp: UdpWay) -> None:
    """Where enough is quoted to tell."""
    assert udp._of_error(queued(FIRST_PORT + 2, udp._secret)) == (2, ROUTER, Reason.TTL_EXCEEDED, 7.0)
    assert udp._of_error(queued(FIRST_PORT + 2, b"")) is not None
    assert udp._of_error(queued(FIRST_PORT + 2, secrets.token_bytes(16))) is None
    assert udp._of_error(queued(FIRST_PORT + 3, udp._secret)) is None
    assert udp._of_error(queued(FIRST_PORT - 1, udp._secret)) is None


def test_a_port_without_a_listener_is_the_target_only_where_the_target_says_so(udp: UdpWay) -> None:
    """A router that says it for the target refuses."""
    target = udp._of_error(queued(FIRST_PORT, udp._secret, icmp_type=3, code=3, offender=TARGET.host))
    router = udp._of_error(queued(FIRST_PORT, udp._secret, icmp_type=3, code=3))
    assert target is not None
    assert router is not None
    assert (target.reason, router.reason) == (Reason.NONE, Reason.PORT_UNREACHABLE)
