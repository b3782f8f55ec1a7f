"""Asks an agent which engine it has (RFC 3414, 4): one datagram, without user and key. It reads no value."""

from __future__ import annotations

import asyncio
from typing import Final

from probes.snmp.envelope import REPORT, MalformedError, read_envelope

_NUMBERS: Final = range(0x1000_0000, 0x7FFF_FFFF)
_SEQUENCE, _INTEGER, _OCTETS, _GET = 0x30, 0x02, 0x04, 0xA0
_LARGEST: Final = b"\x00\xff\xe3"
"""The largest message that is taken back: 65,507 octets."""
_REPORTABLE: Final = b"\x04"
_USER_BASED: Final = b"\x03"


async def names_its_engine(address: str, port: int, number: int) -> None:
    """Return as soon as an agent names its engine; the caller keeps the deadline.

    ``number`` tells the questions to one agent apart. Raises ``OSError`` where nothing can be sent, or the
    agent's port is closed.
    """
    named: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Listener(named), remote_addr=(address, port)
    )
    try:
        transport.sendto(_question(_NUMBERS[number % len(_NUMBERS)]))
        await named
    finally:
        transport.close()


class _Listener(asyncio.DatagramProtocol):
    """Waits for the report that names an engine."""

    def __init__(self, named: asyncio.Future[None]) -> None:
        self._named = named

    def datagram_received(self, data: bytes, addr: object) -> None:
        try:
            envelope = read_envelope(data)
        except MalformedError:
            return
        if envelope.pdu == REPORT and envelope.engine_id and not self._named.done():
            self._named.set_result(None)

    def error_received(self, error: Exception) -> None:
        if not self._named.done():
            self._named.set_exception(error)


def _question(number: int) -> bytes:
    """Make a GET of nothing, to an engine without a name, by a user without one."""
    octets, zero = number.to_bytes(4, "big"), _element(_INTEGER, b"\x00")
    header = _element(
        _SEQUENCE,
        _element(_INTEGER, octets)
        + _element(_INTEGER, _LARGEST)
        + _element(_OCTETS, _REPORTABLE)
        + _element(_INTEGER, _USER_BASED),
    )
    nothing = _element(_OCTETS, b"")
    user = _element(_OCTETS, _element(_SEQUENCE, nothing + zero + zero + nothing * 3))
    get = _element(_GET, _element(_INTEGER, octets) + zero + zero + _element(_SEQUENCE, b""))
    scoped = _element(_SEQUENCE, nothing * 2 + get)
    return _element(_SEQUENCE, _element(_INTEGER, b"\x03") + header + user + scoped)


def _element(tag: int, contents: bytes) -> bytes:
    """Encode one short element (X.690)."""
    return bytes([tag, len(contents)]) + contents
