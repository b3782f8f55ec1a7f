"""NTP messages: what is built can be read by others, and nothing that arrives breaks the reading."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.ntp.packet import REPLY_BYTES, build_request, parse_reply
from tests.probes.ntp.servers import EPOCH_S, reply

TOKEN = 0x0123_4567_89AB_CDEF


@pytest.mark.parametrize(("version", "first"), [(4, 0x23), (3, 0x1B)])
def test_a_request_tells_nothing_but_its_chance_number(version: int, first: int) -> None:
    """Version, mode client, zeros, and the number where a time would stand."""
    assert build_request(version, TOKEN) == bytes([first]) + bytes(39) + TOKEN.to_bytes(8, "big")


def test_a_reply_is_read() -> None:
    """Each field as it stands on the wire."""
    data = reply(build_request(4, TOKEN), leap=1, stratum=2, now_s=1_000_000_000.5)
    read = parse_reply(data)
    assert read is not None
    assert (read.leap, read.version, read.stratum, read.precision) == (1, 4, 2, -23)
    assert read.root_delay_s == pytest.approx(0.015, abs=2e-5)
    assert read.root_dispersion_s == pytest.approx(0.25)
    assert (read.reference, read.originated, read.kiss) == (b"\xc0\x00\x02\x01", TOKEN, "")
    assert read.received == ((1_000_000_000 + EPOCH_S) << 32) + (1 << 31)
    assert parse_reply(data + b"extension") == read


@pytest.mark.parametrize("mode", [0, 1, 2, 3, 5, 6, 7])
def test_only_a_servers_message_is_a_reply(mode: int) -> None:
    """Neither a client's, nor a broadcast, nor a control message, nor one that is too short."""
    request = build_request(4, TOKEN)
    assert parse_reply(reply(request, mode=mode)) is None
    assert parse_reply(reply(request, version=0)) is None
    assert parse_reply(reply(request)[: REPLY_BYTES - 1]) is None


@pytest.mark.parametrize(
    ("stratum", "reference", "kiss"),
    [
        (0, b"RATE", "RATE"),
        (0, b"X\0\0\0", "X"),
        (0, b"\xff\x1b[2", "\\xff\x1b[2"),
        (0, bytes(4), ""),
        (1, b"GPS\0", ""),
    ],
)
def test_a_kiss_is_a_reply_of_stratum_nought(stratum: int, reference: bytes, kiss: str) -> None:
    """With a code in the place of the source."""
    read = parse_reply(reply(build_request(4, TOKEN), stratum=stratum, reference=reference))
    assert read is not None
    assert read.kiss == kiss


@given(st.binary(max_size=80))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    """They are a reply or none."""
    read = parse_reply(data)
    if read is not None:
        assert len(data) >= REPLY_BYTES
        assert (read.originated,) == struct.unpack_from("!Q", data, 24)
