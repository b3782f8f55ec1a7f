"""ICMP and ICMPv6 messages as bytes: builds echo requests, reads replies and errors. No sockets, no clock.

The data of an echo request begins with our own mark: a 32-bit number that grows by one for every
request, and a token of eight bytes that only we and the asked target know. Formats: RFC 792 (ICMP),
RFC 4443 (ICMPv6), RFC 1071 (checksum). What cannot be read is ``None``, never an exception.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from controlroom.reading import Reason

Version = Literal[4, 6]

TOKEN_BYTES: Final = 8
_ICMP_HEADER_BYTES: Final = 8
_MARK_BYTES: Final = 4 + TOKEN_BYTES
_ECHO: Final = struct.Struct("!BBHHH")
_MARKED_ECHO: Final = struct.Struct(f"!BBHHHI{TOKEN_BYTES}s")
_MARK_OF_REPLY: Final = struct.Struct(f"!4xHHI{TOKEN_BYTES}s")
_MARK: Final = struct.Struct(f"!I{TOKEN_BYTES}s")

_REQUEST: Final[dict[Version, int]] = {4: 8, 6: 128}
_REPLY: Final[dict[Version, int]] = {4: 0, 6: 129}
ERROR_TYPES: Final[dict[Version, tuple[int, ...]]] = {4: (3, 11, 12), 6: (1, 2, 3, 4)}

_IPV4_HEADER_BYTES: Final = 20
_IPV6_HEADER_BYTES: Final = 40
_PROTOCOL: Final[dict[Version, int]] = {4: 1, 6: 58}

_REASONS_V4: Final[dict[tuple[int, int], Reason]] = {
    (3, 0): Reason.NETWORK_UNREACHABLE,
    (3, 1): Reason.HOST_UNREACHABLE,
    (3, 3): Reason.PORT_UNREACHABLE,
    (3, 4): Reason.FRAGMENTATION_NEEDED,
    (3, 6): Reason.NETWORK_UNREACHABLE,
    (3, 7): Reason.HOST_UNREACHABLE,
    (3, 8): Reason.HOST_UNREACHABLE,
    (3, 9): Reason.PROHIBITED,
    (3, 10): Reason.PROHIBITED,
    (3, 11): Reason.NETWORK_UNREACHABLE,
    (3, 12): Reason.HOST_UNREACHABLE,
    (3, 13): Reason.PROHIBITED,
    (3, 14): Reason.PROHIBITED,
    (3, 15): Reason.PROHIBITED,
    (11, 0): Reason.TTL_EXCEEDED,
}
_REASONS_V6: Final[dict[tuple[int, int], Reason]] = {
    (1, 0): Reason.NETWORK_UNREACHABLE,
    (1, 1): Reason.PROHIBITED,
    (1, 2): Reason.NETWORK_UNREACHABLE,
    (1, 3): Reason.HOST_UNREACHABLE,
    (1, 4): Reason.PORT_UNREACHABLE,
    (1, 5): Reason.PROHIBITED,
    (1, 6): Reason.PROHIBITED,
    (2, 0): Reason.FRAGMENTATION_NEEDED,
    (3, 0): Reason.TTL_EXCEEDED,
}


class EchoReply(NamedTuple):
    """An echo reply that is long enough to carry our mark; whether the mark is ours, others judge.

    A tuple, because one is made for every reply and a frozen dataclass costs four times as much.
    """

    identifier: int
    sequence: int
    number: int
    token: bytes


@dataclass(frozen=True, slots=True)
class QuotedRequest:
    """The part of an echo request that an ICMP error quotes.

    Routers need to quote only the first eight bytes (RFC 792), so ``number`` and ``token`` are None
    when the quote ends before them.
    """

    destination: bytes
    identifier: int
    sequence: int
    number: int | None
    token: bytes | None


@dataclass(frozen=True, slots=True)
class IcmpError:
    """An ICMP error about an echo request. ``icmp_type`` and ``code`` are as on the wire.

    ``mtu`` is the size of packet that a router says it can pass on whole; 0 where it says nothing of that.
    """

    icmp_type: int
    code: int
    quoted: QuotedRequest
    mtu: int = 0


class RequestTemplate:
    """The echo requests for one target: all but the number and the checksum, which ``request`` adds."""

    __slots__ = ("_identifier", "_padding", "_sum", "_token", "_type")

    def __init__(self, version: Version, identifier: int, token: bytes, payload_bytes: int) -> None:
        """Sum up what stays the same in every request (RFC 1071)."""
        self._type = _REQUEST[version]
        self._identifier = identifier
        self._token = token
        self._padding = bytes(payload_bytes - _MARK_BYTES)
        self._sum = (self._type << 8) + identifier + int.from_bytes(token, "big") % 0xFFFF

    def request(self, number: int) -> bytes:
        """Return the request of that number, from the ICMP header on.

        The sequence is the low half of ``number``. For ICMPv6 the kernel puts its own checksum in place.
        """
        sequence = number & 0xFFFF
        checksum = ~((self._sum + 2 * sequence + (number >> 16)) % 0xFFFF) & 0xFFFF
        marked = _MARKED_ECHO.pack(self._type, 0, checksum, self._identifier, sequence, number, self._token)
        return marked + self._padding


def build_request(version: Version, identifier: int, number: int, token: bytes, payload_bytes: int) -> bytes:
    """Return a single echo request, from the ICMP header on."""
    return RequestTemplate(version, identifier, token, payload_bytes).request(number)


def without_ipv4_header(packet: bytes) -> bytes | None:
    """Return what follows the IPv4 header with its options, or None when there is no whole header."""
    if len(packet) < _IPV4_HEADER_BYTES or packet[0] >> 4 != 4:
        return None
    header_bytes = (packet[0] & 0x0F) * 4
    if not _IPV4_HEADER_BYTES <= header_bytes <= len(packet):
        return None
    return packet[header_bytes:]


def parse_message(version: Version, message: bytes) -> EchoReply | IcmpError | None:
    """Read a message from the ICMP header on; None when it is neither a marked reply nor an error of ours."""
    if len(message) < _ICMP_HEADER_BYTES:
        return None
    if message[0] == _REPLY[version]:
        return reply_at(version, message, 0)
    if message[0] in ERROR_TYPES[version]:
        quoted = _parse_quote(version, message[_ICMP_HEADER_BYTES:])
        return None if quoted is None else IcmpError(message[0], message[1], quoted, _mtu(version, message))
    return None


def reply_at(version: Version, packet: bytes, start: int) -> EchoReply | None:
    """Read an echo reply that begins at byte ``start``; None when there is none with room for our mark."""
    if len(packet) < start + _MARKED_ECHO.size or packet[start] != _REPLY[version]:
        return None
    return EchoReply._make(_MARK_OF_REPLY.unpack_from(packet, start))


def parse_quoted_request(version: Version, destination: bytes, message: bytes) -> QuotedRequest | None:
    """Read a quoted echo request from its ICMP header on; None when it is none."""
    if len(message) < _ICMP_HEADER_BYTES:
        return None
    icmp_type, _code, _checksum, identifier, sequence = _ECHO.unpack_from(message)
    if icmp_type != _REQUEST[version]:
        return None
    number, token = None, None
    if len(message) >= _ICMP_HEADER_BYTES + _MARK_BYTES:
        number, token = _MARK.unpack_from(message, _ICMP_HEADER_BYTES)
    return QuotedRequest(destination, identifier, sequence, number, token)


def reason_for(version: Version, icmp_type: int, code: int) -> Reason:
    """Return the reason that an ICMP error stands for (RFC 792, RFC 1812 section 5.2.7.1, RFC 4443)."""
    reasons = _REASONS_V4 if version == 4 else _REASONS_V6
    return reasons.get((icmp_type, code), Reason.OTHER_ICMP_ERROR)


def _mtu(version: Version, message: bytes) -> int:
    """Return what a router tells of its MTU (RFC 1191, RFC 4443); 0 where it tells nothing."""
    reason = reason_for(version, message[0], message[1])
    if reason is not Reason.FRAGMENTATION_NEEDED:
        return 0
    return int.from_bytes(message[6:8] if version == 4 else message[4:8], "big")


def _parse_quote(version: Version, packet: bytes) -> QuotedRequest | None:
    """Read the quoted packet of an error, from its IP header on."""
    if version == 4:
        message = without_ipv4_header(packet)
        if message is None or packet[9] != _PROTOCOL[4]:
            return None
        return parse_quoted_request(4, packet[16:20], message)
    if len(packet) < _IPV6_HEADER_BYTES or packet[0] >> 4 != 6 or packet[6] != _PROTOCOL[6]:
        return None
    return parse_quoted_request(6, packet[24:40], packet[_IPV6_HEADER_BYTES:])
