"""What is asked and which values are right, read into the message library's own types. It asks nobody."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.reversename
from dns.rdtypes.ANY.TXT import TXT

from probes.dns.parameters import DnsParameters, RecordType

Data = dns.rdata.Rdata


class QuestionError(ValueError):
    """A name or a value is none; the message says which."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it goes into a message, and the values expected, in a form that compares."""

    name: dns.name.Name
    kind: dns.rdatatype.RdataType
    expected: frozenset[Data | bytes]


def question_of(parameters: DnsParameters) -> Asked:
    """Read the parameters; ``QuestionError`` names what cannot be read."""
    kind = dns.rdatatype.from_text(parameters.record_type.value)
    expected = frozenset(_expected(kind, value) for value in parameters.expected)
    return Asked(_name(parameters), kind, expected)


def comparable(data: Data) -> Data | bytes:
    """Return a value as it is compared: names without regard to capitals, a text in one piece."""
    return b"".join(data.strings) if isinstance(data, TXT) else data


def _name(parameters: DnsParameters) -> dns.name.Name:
    text = parameters.query_name
    if parameters.record_type is RecordType.PTR and _is_address(text):
        return dns.reversename.from_address(text)
    try:
        return dns.name.from_text(text)
    except (dns.exception.DNSException, UnicodeError) as error:
        message = f"query_name: is no name: {error}"
        raise QuestionError(message) from None


def _expected(kind: dns.rdatatype.RdataType, value: str) -> Data | bytes:
    if kind == dns.rdatatype.TXT:
        return value.encode()
    try:
        return dns.rdata.from_text(dns.rdataclass.IN, kind, value, origin=dns.name.root, relativize=False)
    except (dns.exception.DNSException, ValueError) as error:
        message = f'expected: "{value}" is no value of type {dns.rdatatype.to_text(kind)}: {error}'
        raise QuestionError(message) from None


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
