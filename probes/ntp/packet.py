"""NTP messages as bytes (RFC 5905, RFC 4330): builds the request, reads the reply. No sockets, no clock.

Times stay as they are on the wire (``ntp_time.py``). What cannot be read is ``None``, never an exception.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

REPLY_BYTES: Final = 48
UNSYNCHRONISED_LEAP: Final = 3
UNSYNCHRONISED_STRATUM: Final = 16

_MESSAGE: Final = struct.Struct("!BBbbII4sQQQQ")  # all of RFC 5905, figure 8, up to the time stamps
_CLIENT_MODE: Final = 3
_SERVER_MODE: Final = 4
_SHORT_FRACTION: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server says. ``originated``, ``received`` and ``transmitted`` are times as on the wire."""

    leap: int
    version: int
    stratum: int
    precision: int
    root_delay_s: float
    root_dispersion_s: float
    reference: bytes
    originated: int
    received: int
    transmitted: int

    @property
    def kiss(self) -> str:
        """The code of a kiss-o'-death, ``""`` where the reply is none (RFC 5905, 7.4)."""
        return "" if self.stratum else self.reference.rstrip(b"\0").decode("ascii", "backslashreplace")


def build_request(version: int, token: int) -> bytes:
    """Build a request that tells nothing but ``token``, which stands in the place of our time.

    The server sends it back unread, and a chance number is harder to guess than a time.
    """
    first = version << 3 | _CLIENT_MODE
    return _MESSAGE.pack(first, 0, 0, 0, 0, 0, bytes(4), 0, 0, 0, token)


def parse_reply(data: bytes) -> Reply | None:
    """Read a server's message; ``None`` when it is none. What may follow (extensions) is passed over."""
    if len(data) < REPLY_BYTES:
        return None
    first, stratum, _poll, precision, delay, dispersion, reference, _set, *times = _MESSAGE.unpack_from(data)
    version = first >> 3 & 7
    if first & 7 != _SERVER_MODE or not 1 <= version <= 4:
        return None
    return Reply(
        leap=first >> 6,
        version=version,
        stratum=stratum,
        precision=precision,
        root_delay_s=delay / _SHORT_FRACTION,
        root_dispersion_s=dispersion / _SHORT_FRACTION,
        reference=reference,
        originated=times[0],
        received=times[1],
        transmitted=times[2],
    )
