"""A password made into a key, as RFC 3414, A.2 has it: before an agent's engine is known. Pure."""

from __future__ import annotations

import hashlib
from typing import Final

from probes.snmp.client import AuthProtocol

_STRETCHED_OCTETS: Final = 2**20


def master_key(password: str, protocol: AuthProtocol) -> bytes:
    """Return the digest of a megabyte of the password, one after the other; some milliseconds of CPU.

    Encryption takes the digest of the signing protocol as well. A password is at least one octet.
    """
    octets = password.encode()
    stretched = (octets * (_STRETCHED_OCTETS // len(octets) + 1))[:_STRETCHED_OCTETS]
    return hashlib.new(protocol.value.lower(), stretched, usedforsecurity=True).digest()
