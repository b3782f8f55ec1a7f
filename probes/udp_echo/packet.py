"""Echo and test packets as bytes: builds them and knows them again. No sockets, no clock.

Echo (RFC 862) comes back as it was sent, so a packet is known by all of its bytes, eight of them of chance.
STAMP without authentication (RFC 8762), whose packets a TWAMP Light reflector (RFC 5357) answers as well,
sends back number and time of the packet: the first number is of chance, and so are the bits of the time that
are finer than our clock. What cannot be read is ``None``, never an exception.
"""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass
from typing import Final

_ECHO: Final = struct.Struct("!8sI")

_SENT: Final = struct.Struct("!IQHH28x")
_REFLECTED: Final = struct.Struct("!IQHHQIQHHB")
_PADDING: Final = struct.Struct("!BBH")  # a TLV of RFC 8972, 4: flags, type, length
_UNRECOGNISED: Final = 0x80
_EXTRA_PADDING: Final = 1

_ONE_SECOND: Final = 0x2001
"""Our clock's error as it is told: not known to be synchronised, a second at most (RFC 4656, 4.1.2)."""

_PTP_FORMAT: Final = 0x4000
"""The reflector's times are seconds and nanoseconds, not seconds and fractions of 2**-32."""

_CHANCE_BITS: Final = 10


@dataclass(frozen=True, slots=True)
class Reflection:
    """What a reflector says: which packet it answers, when that came and when this left, by its own clock.

    The two times are 0 where it tells none.
    """

    number: int
    sent_mark: int
    received: int
    transmitted: int


def build_echo(index: int, payload_bytes: int) -> bytes:
    """Build a packet that nobody can guess and that differs from every other."""
    return _ECHO.pack(secrets.token_bytes(8), index).ljust(payload_bytes, b"\0")


def chance_mark(sent: int) -> int:
    """Return a time with chance in the bits that our clock does not fill."""
    return sent >> _CHANCE_BITS << _CHANCE_BITS | secrets.randbits(_CHANCE_BITS)


def build_stamp(number: int, sent_mark: int, session: int, payload_bytes: int) -> bytes:
    """Build a test packet; what is longer than the smallest one is padding."""
    packet = _SENT.pack(number, sent_mark, _ONE_SECOND, session)
    more = payload_bytes - len(packet)
    if more >= _PADDING.size:
        packet += _PADDING.pack(_UNRECOGNISED, _EXTRA_PADDING, more - _PADDING.size)
    return packet.ljust(payload_bytes, b"\0")


def parse_reflection(data: bytes) -> Reflection | None:
    """Read a reflected packet; ``None`` when it is none."""
    if len(data) < _REFLECTED.size:
        return None
    _own, transmitted, error, _session, received, number, mark, *_ = _REFLECTED.unpack_from(data)
    if error & _PTP_FORMAT:
        received, transmitted = _from_ptp(received), _from_ptp(transmitted)
    return Reflection(number, mark, received, transmitted)


def _from_ptp(stamp: int) -> int:
    """Write seconds and nanoseconds as seconds and fractions; more than a second of those is no time."""
    seconds, nanoseconds = stamp >> 32, stamp & 0xFFFF_FFFF
    return seconds << 32 | (nanoseconds << 32) // 1_000_000_000 if nanoseconds < 1_000_000_000 else 0
