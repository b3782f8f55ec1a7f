"""DNS messages as bytes: builds the question, knows its reply, and judges the answer. No sockets, no clock.

Rules
1. A reply has our number, the mark of a reply, and our question; all else is not for us (RFC 5452). A server
   that cannot read the question may leave it out of its error.
2. What is for us and cannot be read is undecodable, never an exception.
3. The first that fits is said: the server's error, no such record, another answer, not authentic.
"""

from __future__ import annotations

import importlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from controlroom.reading import Outcome, Reason
from probes.dns.parameters import Comparison, DnsParameters, RecordType
from probes.dns.question import Asked, comparable, question_of
from probes.errand import Answer

UDP_PAYLOAD_BYTES: Final = 1232
"""The largest answer that crosses every network unfragmented (DNS flag day 2020)."""

LARGEST_REPLY_BYTES: Final = 16_384
"""A larger one would hold up the loop while it is read."""

_HEADER: Final = struct.Struct("!HH")
_REPLY_FLAG: Final = 0x8000

_ERRORS: Final[Mapping[int, Reason]] = {
    dns.rcode.FORMERR: Reason.DNS_FORMAT_ERROR,
    dns.rcode.SERVFAIL: Reason.DNS_SERVER_FAILURE,
    dns.rcode.NXDOMAIN: Reason.DNS_NO_SUCH_NAME,
    dns.rcode.NOTIMP: Reason.DNS_NOT_IMPLEMENTED,
    dns.rcode.REFUSED: Reason.DNS_REFUSED,
}


Reply = dns.message.QueryMessage


class ForgedError(Exception):
    """A message that does not answer our question."""


class MalformedError(Exception):
    """A message for us that cannot be read."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question on its way: its message, its bytes, and what would be the right answer."""

    message: dns.message.QueryMessage
    wire: bytes
    asked: Asked
    parameters: DnsParameters


def build_query(parameters: DnsParameters, number: int) -> Query:
    """Build the question under a number that nobody can guess."""
    asked = question_of(parameters)
    # AD in a question asks for AD in the answer (RFC 6840, 5.7).
    flags = dns.flags.AD | (dns.flags.RD if parameters.recursion else 0)
    message = dns.message.make_query(
        asked.name, asked.kind, use_edns=0, payload=UDP_PAYLOAD_BYTES, flags=flags, id=number
    )
    return Query(message, message.to_wire(), asked, parameters)


def read_reply(query: Query, data: bytes) -> Reply:
    """Read a message; ``ForgedError`` where it is not for us, ``MalformedError`` where it cannot be read."""
    if len(data) < _HEADER.size:
        raise ForgedError
    number, flags = _HEADER.unpack_from(data)
    if number != query.message.id or not flags & _REPLY_FLAG:
        raise ForgedError
    if len(data) > LARGEST_REPLY_BYTES:
        raise MalformedError
    try:
        reply = dns.message.from_wire(data, ignore_trailing=True)
        ours = query.message.is_response(reply)
    except (dns.exception.DNSException, ValueError, struct.error, NotImplementedError):
        raise MalformedError from None
    if not ours:
        raise ForgedError
    if not isinstance(reply, dns.message.QueryMessage):
        raise MalformedError
    return reply


def is_truncated(reply: Reply) -> bool:
    """Whether the answer did not fit, so that it is asked for again by TCP."""
    return bool(reply.flags & dns.flags.TC)


def judge(query: Query, reply: Reply) -> Answer:
    """Say what the reply means. The time it took is for others to add."""
    code = reply.rcode()
    if code != dns.rcode.NOERROR:
        reason = _ERRORS.get(code, Reason.DNS_OTHER_ERROR)
        return Answer(Outcome.REFUSED, reason, text=f"{dns.rcode.to_text(code)} {_shown(query, None)}")
    try:
        chain = reply.resolve_chaining()
    except dns.exception.DNSException as error:
        return Answer(Outcome.REPLIED, Reason.UNDECODABLE, text=type(error).__name__)
    authentic = bool(reply.flags & dns.flags.AD)
    text = _shown(query, chain.answer, authentic=authentic)
    if chain.answer is None:
        return Answer(Outcome.REFUSED, Reason.DNS_NO_RECORDS, text=text)
    if not _is_expected(query, chain.answer):
        return Answer(Outcome.REFUSED, Reason.DNS_OTHER_ANSWER, text=text)
    if query.parameters.require_dnssec and not authentic:
        return Answer(Outcome.REFUSED, Reason.DNS_NOT_AUTHENTIC, text=text)
    values = {
        "answers_count": float(len(chain.answer)),
        "ttl_s": float(chain.minimum_ttl),
        "authentic_ratio": float(authentic),
    }
    return Answer(Outcome.REPLIED, values=values, text=text)


def _is_expected(query: Query, answer: dns.rrset.RRset) -> bool:
    expected = query.asked.expected
    if not expected:
        return True
    found = {comparable(data) for data in answer}
    comparison = query.parameters.comparison
    if comparison is Comparison.AT_LEAST:
        return found >= expected
    return found <= expected if comparison is Comparison.AMONG else found == expected


def _shown(query: Query, answer: dns.rrset.RRset | None, *, authentic: bool = False) -> str:
    """Write the answer as a zone file would, in an order that does not change with the server's."""
    asked = f"{query.asked.name} {dns.rdatatype.to_text(query.asked.kind)}"
    if answer is None:
        return f"{asked}: none"
    values = ", ".join(sorted(data.to_text() for data in answer))
    return f"{asked}: {values}{' (authentic)' if authentic else ''}"


def _load_types() -> None:
    """Load what the library knows of each type, which it would else do with the first record, on the loop."""
    for kind in RecordType:
        family = "IN" if kind in (RecordType.A, RecordType.AAAA, RecordType.SRV) else "ANY"
        importlib.import_module(f"dns.rdtypes.{family}.{kind.value}")


_load_types()
