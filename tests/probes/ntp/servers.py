"""What a time server on loopback says, made apart from the code it tests."""

from __future__ import annotations

import struct
import time

EPOCH_S = 2_208_988_800
LAYOUT = struct.Struct("!BBBbII4sIIIIIIII")


def stamp(unix_s: float) -> tuple[int, int]:
    """Split POSIX seconds into the two words of a time stamp."""
    seconds, fraction = divmod(unix_s + EPOCH_S, 1.0)
    return int(seconds) % 2**32, int(fraction * 2**32)


def reply(
    request: bytes,
    *,
    ahead_s: float = 0.0,
    held_s: float = 0.0,
    leap: int = 0,
    version: int = 4,
    mode: int = 4,
    stratum: int = 2,
    reference: bytes = b"\xc0\x00\x02\x01",
    origin: bytes | None = None,
    now_s: float | None = None,
) -> bytes:
    """Answer a request as a server whose clock is ``ahead_s`` ahead and that took ``held_s`` over it."""
    came_s = (time.time() if now_s is None else now_s) + ahead_s
    sent_back = request[40:48] if origin is None else origin
    return LAYOUT.pack(
        leap << 6 | version << 3 | mode,
        stratum,
        6,
        -23,
        round(0.015 * 65536),
        round(0.25 * 65536),
        reference,
        *stamp(came_s - 10.0),
        *struct.unpack("!II", sent_back),
        *stamp(came_s),
        *stamp(came_s + held_s),
    )
