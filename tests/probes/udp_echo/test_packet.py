"""Echo and test packets: as the RFCs draw them, and nothing that arrives breaks the reading."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from probes.ntp_time import seconds_between, wire_time
from probes.udp_echo.packet import build_echo, build_stamp, chance_mark, parse_reflection
from tests.lab.reflector import SMALLEST_BYTES, ntp_stamp, reflect


def test_an_echo_packet_has_its_size_and_is_like_no_other() -> None:
    """Eight bytes of chance, its place in the burst, and nothing."""
    packets = {build_echo(index % 5, 60) for index in range(100)}
    assert len(packets) == 100
    assert {len(packet) for packet in packets} == {60}
    assert build_echo(3, 44)[8:] == b"\0\0\0\3" + bytes(32)


def test_a_test_packet_is_as_the_rfc_draws_it() -> None:
    """Number, time, error estimate that claims little, session, 28 empty bytes, and padding as such."""
    packet = build_stamp(7, 0x0102030405060708, 0xABCD, 64)
    assert packet[:16] == bytes.fromhex("00000007 0102030405060708 2001 abcd")
    assert packet[16:44] == bytes(28)
    assert packet[44:] == bytes.fromhex("80 01 0010") + bytes(16)
    assert len(build_stamp(7, 1, 1, 44)) == SMALLEST_BYTES
    assert build_stamp(7, 1, 1, 46)[44:] == bytes(2)


def test_a_mark_is_the_time_to_within_our_clock() -> None:
    """What is finer is of chance."""
    now = wire_time(1e9)
    marks = {chance_mark(now) for _ in range(100)}
    assert len(marks) > 50
    assert max(abs(seconds_between(now, mark)) for mark in marks) < 1e-6


def test_a_reflection_is_read_in_both_formats() -> None:
    """Fractions of 2**-32 or nanoseconds, as the reflector says."""
    packet = build_stamp(9, 77, 1, 172)
    for ptp in (False, True):
        data = reflect(packet, held_s=0.25, ptp=ptp)
        assert len(data) == len(packet)
        read = parse_reflection(data)
        assert read is not None
        assert (read.number, read.sent_mark) == (9, 77)
        assert abs(seconds_between(read.received, read.transmitted) - 0.25) < 1e-5
    assert parse_reflection(data[:40]) is None
    assert parse_reflection(data[:41]) == read


def test_a_reflector_without_a_clock_tells_no_time() -> None:
    """And one whose nanoseconds are none."""
    packet = build_stamp(9, 77, 1, 44)
    for data in (
        reflect(packet, stamps=False),
        struct.pack("!IQHHQIQHHB", 9, 0xFFFFFFFF, 0x4001, 1, 0xFFFFFFFF, 9, 77, 1, 0, 1),
    ):
        read = parse_reflection(data)
        assert read is not None
        assert (read.received, read.transmitted) == (0, 0)


def test_the_lab_writes_time_as_we_do() -> None:
    """Two ways to the same number."""
    assert abs(seconds_between(ntp_stamp(1e9 + 0.5), wire_time(1e9 + 0.5))) < 1e-5


@given(st.binary(max_size=80), st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1))
def test_no_bytes_break_the_reading(data: bytes, number: int, mark: int) -> None:
    """They are a reflection or none; and only with number and mark in their places are they of a packet."""
    read = parse_reflection(data)
    assert (read is not None) == (len(data) >= 41)
    if read is not None and (read.number, read.sent_mark) == (number, mark):
        assert data[24:36] == struct.pack("!IQ", number, mark)
