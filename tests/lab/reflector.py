"""A STAMP and TWAMP Light reflector (RFC 8762, RFC 5357) without state, made apart from what it tests."""

from __future__ import annotations

import struct
import time
from typing import Final

_EPOCH_S: Final = 2_208_988_800
_HEAD: Final = struct.Struct("!IQHH")
_REFLECTED: Final = struct.Struct("!IQHHQIQHHB3x")
SMALLEST_BYTES: Final = _REFLECTED.size


def ntp_stamp(unix_s: float) -> int:
    """Write a time in seconds and fractions of 2**-32."""
    return (int((unix_s + _EPOCH_S) * 2**20) << 12) % 2**64


def ptp_stamp(unix_s: float) -> int:
    """Write a time in seconds and nanoseconds."""
    return int(unix_s) << 32 | int(unix_s % 1 * 1e9)


def reflect(
    packet: bytes, *, ahead_s: float = 0.0, held_s: float = 0.0, ptp: bool = False, stamps: bool = True
) -> bytes:
    """Reflect a test packet, by a clock that is ``ahead_s`` ahead, after having held it for ``held_s``."""
    number, mark, error, session = _HEAD.unpack_from(packet)
    stamp = ptp_stamp if ptp else ntp_stamp
    came_s = time.time() + ahead_s
    received, transmitted = (stamp(came_s), stamp(came_s + held_s)) if stamps else (0, 0)
    own_error = 0xC001 if ptp else 0x8001
    body = _REFLECTED.pack(number, transmitted, own_error, session, received, number, mark, error, 0, 64)
    return body + packet[len(body) :]
