"""What the lab's hosts say: IP packets in, IP packets out, as bytes. Written apart from the code it tests."""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass

_V4 = struct.Struct("!BBHHHBBH4s4s")
_V6 = struct.Struct("!IHBB16s16s")


@dataclass(frozen=True, slots=True)
class EchoRequest:
    """An echo request as it came out of the tunnel."""

    version: int
    source: bytes
    destination: bytes
    ttl: int
    traffic_class: int
    dont_fragment: bool
    identifier: int
    sequence: int
    packet: bytes
    message: bytes

    @property
    def address(self) -> str:
        """The address that was asked."""
        return str(ipaddress.ip_address(self.destination))


def read_echo_request(packet: bytes) -> EchoRequest | None:
    """Read an IP packet; None when it is no echo request."""
    if len(packet) >= 28 and packet[0] >> 4 == 4 and packet[9] == 1:
        header_bytes = (packet[0] & 15) * 4
        message, kind = packet[header_bytes:], 8
        around = (4, packet[12:16], packet[16:20], packet[8], packet[1], bool(packet[6] & 0x40))
    elif len(packet) >= 48 and packet[0] >> 4 == 6 and packet[6] == 58:
        message, kind = packet[40:], 128
        traffic_class = (packet[0] & 15) << 4 | packet[1] >> 4
        around = (6, packet[8:24], packet[24:40], packet[7], traffic_class, True)
    else:
        return None
    if len(message) < 8 or message[0] != kind:
        return None
    identifier, sequence = struct.unpack_from("!HH", message, 4)
    return EchoRequest(*around, identifier, sequence, packet, message)


def read_other_request(packet: bytes) -> EchoRequest | None:
    """Read an IP packet of TCP or UDP as far as an ICMP error about it needs; None when it is none."""
    if len(packet) >= 28 and packet[0] >> 4 == 4 and packet[9] in (6, 17):
        header_bytes = (packet[0] & 15) * 4
        around = (4, packet[12:16], packet[16:20], packet[8], packet[1], bool(packet[6] & 0x40))
    elif len(packet) >= 48 and packet[0] >> 4 == 6 and packet[6] in (6, 17):
        header_bytes = 40
        around = (6, packet[8:24], packet[24:40], packet[7], 0, True)
    else:
        return None
    return EchoRequest(*around, 0, 0, packet, packet[header_bytes:])


def echo_reply(request: EchoRequest, *, spoil: bool, other_source: bool, echo_bytes: int | None) -> bytes:
    """Return the reply to a request, as an IP packet."""
    data = request.message[8:][:echo_bytes]
    if spoil:
        data = bytes(byte ^ 0xFF for byte in data)
    kind = b"\x00\x00" if request.version == 4 else b"\x81\x00"
    source = _next(request.destination) if other_source else request.destination
    return _wrap(request, source, kind + b"\x00\x00" + request.message[4:8] + data)


def icmp_error(
    request: EchoRequest,
    kind: tuple[int, int],
    quote_bytes: int | None,
    *,
    mtu: int = 0,
    sender: str | None = None,
) -> bytes:
    """Return an ICMP error of type and code about a request, quoting its IP header and so many bytes more.

    It comes from the asked host unless there is another ``sender``; ``mtu`` is told where there is one.
    """
    header_bytes = len(request.packet) - len(request.message)
    end = len(request.packet) if quote_bytes is None else header_bytes + quote_bytes
    message = bytes(kind) + b"\x00\x00" + mtu.to_bytes(4, "big") + request.packet[:end]
    source = request.destination if sender is None else ipaddress.ip_address(sender).packed
    return _wrap(request, source, message)


def _wrap(request: EchoRequest, source: bytes, message: bytes) -> bytes:
    """Put the checksum into a message and an IP header in front of it, from ``source`` to the asker."""
    if request.version == 4:
        header = _V4.pack(0x45, 0, 20 + len(message), 0, 0, 64, 1, 0, source, request.source)
        return _summed(header, 10, b"") + _summed(message, 2, b"")
    pseudo = source + request.source + struct.pack("!II", len(message), 58)
    return _V6.pack(6 << 28, len(message), 58, 64, source, request.source) + _summed(message, 2, pseudo)


def _summed(part: bytes, at: int, before: bytes) -> bytes:
    """Return ``part`` with its checksum over ``before`` and itself at byte ``at``."""
    whole = before + part + (b"\x00" if len(part) % 2 else b"")
    total = sum(struct.unpack(f"!{len(whole) // 2}H", whole))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return part[:at] + struct.pack("!H", ~total & 0xFFFF) + part[at + 2 :]


def _next(address: bytes) -> bytes:
    """Return the address after this one."""
    return (int.from_bytes(address, "big") + 1).to_bytes(len(address), "big")
