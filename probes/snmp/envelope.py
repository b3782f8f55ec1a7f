"""The outside of an SNMP message: who signed it, what it is, and whether it is well formed.

A reply is read here before the decoder sees it, because the decoder (gufo-snmp 0.13) panics on
malformed lengths, passes over error-status, and does not check a v3 reply's signature. No value is
decoded here.

Sources: X.690 (encoding), RFC 1157 and RFC 3416 (PDUs), RFC 3412 and RFC 3414 (v3 header, USM).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

GET_RESPONSE = 0xA2
REPORT = 0xA8

_SEQUENCE = 0x30
_INTEGER = 0x02
_OCTETS = 0x04
_NAME = 0x06
_NO_VALUE = frozenset({0x05, 0x80, 0x81, 0x82})
"""Null, noSuchObject, noSuchInstance, endOfMibView (RFC 3416, 3)."""
_FLAG_AUTH = 0x01
_MAXIMUM_VARBINDS = 256


class MalformedError(ValueError):
    """These octets are no SNMP message."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What can be known of a message without any key.

    ``pdu``, ``error_status``, ``error_index`` and ``first_name`` (the first variable's name, in its
    encoding) are ``None`` where the message is encrypted. ``first_has_value`` tells that the first variable
    is an object, and not the word that there is none. ``signature`` is where the digest stands.
    """

    version: int
    community: bytes = b""
    user: bytes = b""
    engine_id: bytes = b""
    signed: bool = False
    signature: tuple[int, int] = (0, 0)
    pdu: int | None = None
    error_status: int | None = None
    error_index: int | None = None
    first_name: bytes | None = None
    first_has_value: bool = False


def read_envelope(message: bytes) -> Envelope:
    """Read a whole datagram; raise ``MalformedError`` at the first octet that does not fit."""
    whole = _Octets(message, 0, len(message)).inside(_SEQUENCE, last=True)
    version = whole.integer()
    if version in (0, 1):
        community = whole.octets()
        return _with_pdu(Envelope(version, community=community), whole)
    if version == 3:
        return _read_v3(whole)
    raise MalformedError("a version that is none")


def is_signed_by(message: bytes, envelope: Envelope, key: bytes, digest: str) -> bool:
    """Check the digest of a v3 message against a localised key (RFC 3414, 6.3.2; RFC 7860, 4.2.2)."""
    start, stop = envelope.signature
    if not envelope.signed or stop - start != SIGNATURE_OCTETS[digest]:
        return False
    blank = message[:start] + bytes(stop - start) + message[stop:]
    expected = hmac.new(key, blank, getattr(hashlib, digest)).digest()[: stop - start]
    return hmac.compare_digest(expected, message[start:stop])


SIGNATURE_OCTETS = {"md5": 12, "sha1": 12, "sha224": 16, "sha256": 24, "sha384": 32, "sha512": 48}
"""How long a digest is on the wire (RFC 3414, RFC 7860), by its name in ``hashlib``."""


class _Octets:
    """A span of a message, read element by element; every length must fit its parent."""

    __slots__ = ("at", "message", "stop")

    def __init__(self, message: bytes, at: int, stop: int) -> None:
        self.message, self.at, self.stop = message, at, stop

    def element(self) -> tuple[int, int, int]:
        """Take the next element: its tag, where its contents start, and where they stop."""
        message, at = self.message, self.at
        if at + 2 > self.stop:
            raise MalformedError("an element is cut short")
        tag, length, start = message[at], message[at + 1], at + 2
        if tag & 0x1F == 0x1F or length == 0x80:
            raise MalformedError("a long tag or an open length")
        if length > 0x80:
            count = length & 0x7F
            if count > 4 or start + count > self.stop:
                raise MalformedError("a length is cut short")
            length = int.from_bytes(message[start : start + count], "big")
            start += count
        if start + length > self.stop:
            raise MalformedError("an element is longer than what holds it")
        self.at = start + length
        return tag, start, self.at

    def expect(self, wanted: int) -> tuple[int, int]:
        """Take the next element, which must be of this tag."""
        tag, start, stop = self.element()
        if tag != wanted:
            raise MalformedError("another element than expected")
        return start, stop

    def inside(self, wanted: int, *, last: bool = False) -> _Octets:
        """Go into the next element; ``last`` says that nothing may follow it."""
        start, stop = self.expect(wanted)
        if last and self.at != self.stop:
            raise MalformedError("octets beyond the end")
        return _Octets(self.message, start, stop)

    def integer(self) -> int:
        start, stop = self.expect(_INTEGER)
        if not 1 <= stop - start <= 8:
            raise MalformedError("an integer of no or too many octets")
        return int.from_bytes(self.message[start:stop], "big", signed=True)

    def octets(self) -> bytes:
        start, stop = self.expect(_OCTETS)
        return self.message[start:stop]


def _read_v3(whole: _Octets) -> Envelope:
    header = whole.inside(_SEQUENCE)
    header.integer()
    header.integer()
    flags = header.octets()
    if len(flags) != 1 or header.integer() != 3:
        raise MalformedError("flags or security model that are none")
    start, stop = whole.expect(_OCTETS)
    usm = _Octets(whole.message, start, stop).inside(_SEQUENCE, last=True)
    engine_id = usm.octets()
    usm.integer()
    usm.integer()
    user = usm.octets()
    signature = usm.expect(_OCTETS)
    usm.octets()
    envelope = Envelope(
        3, user=user, engine_id=engine_id, signed=bool(flags[0] & _FLAG_AUTH), signature=signature
    )
    if whole.at < whole.stop and whole.message[whole.at] == _OCTETS:
        whole.expect(_OCTETS)
        return envelope
    scoped = whole.inside(_SEQUENCE, last=True)
    scoped.octets()
    scoped.octets()
    return _with_pdu(envelope, scoped)


def _with_pdu(envelope: Envelope, outside: _Octets) -> Envelope:
    tag, start, stop = outside.element()
    if outside.at != outside.stop or tag not in (GET_RESPONSE, REPORT):
        raise MalformedError("no response")
    pdu = _Octets(outside.message, start, stop)
    pdu.integer()
    status, index = pdu.integer(), pdu.integer()
    first_name, first_has_value = _first(pdu.inside(_SEQUENCE, last=True))
    return Envelope(
        envelope.version,
        envelope.community,
        envelope.user,
        envelope.engine_id,
        envelope.signed,
        envelope.signature,
        pdu=tag,
        error_status=status,
        error_index=index,
        first_name=first_name,
        first_has_value=first_has_value,
    )


def _first(variables: _Octets) -> tuple[bytes | None, bool]:
    """Return the first variable's name, and whether it has a value."""
    message = variables.message
    first: bytes | None = None
    has_value = False
    count = 0
    while variables.at < variables.stop:
        variable = _Octets(message, *variables.expect(_SEQUENCE))
        start, stop = variable.expect(_NAME)
        tag, _, _ = variable.element()
        count += 1
        if start == stop or variable.at != variable.stop or count > _MAXIMUM_VARBINDS:
            raise MalformedError("a variable that is none")
        if first is None:
            first, has_value = message[start:stop], tag not in _NO_VALUE
    return first, has_value


def name_in_numbers(name: bytes) -> str:
    """Write a variable's name as people do (X.690, 8.19)."""
    arcs, number = [], 0
    for octet in name:
        number = number << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(number)
            number = 0
    first = min(arcs[0] // 40, 2) if arcs else 0
    return ".".join(map(str, [first, arcs[0] - 40 * first, *arcs[1:]])) if arcs else ""
