"""Certificates as a server sends them: who they are of, until when they hold, and why one does not. Pure.

What OpenSSL says of a certificate counts, as it is what most programs of a control room go by. The first
trouble that it finds is told, although there may be others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from cryptography import x509

from controlroom.reading import Reason

MOST_CERTIFICATES: Final = 16
"""More are not read: no chain that holds is as long."""

_DAY_S: Final = 86400.0

_REASONS: Final[Mapping[int, Reason]] = MappingProxyType(
    {
        # Numbers of <openssl/x509_vfy.h>.
        9: Reason.CERTIFICATE_NOT_YET_VALID,
        10: Reason.CERTIFICATE_EXPIRED,
        2: Reason.CERTIFICATE_UNKNOWN_ISSUER,
        18: Reason.CERTIFICATE_SELF_SIGNED,
        19: Reason.CERTIFICATE_UNKNOWN_ISSUER,
        20: Reason.CERTIFICATE_UNKNOWN_ISSUER,
        21: Reason.CERTIFICATE_UNKNOWN_ISSUER,
        27: Reason.CERTIFICATE_UNKNOWN_ISSUER,
        62: Reason.CERTIFICATE_WRONG_NAME,
        64: Reason.CERTIFICATE_WRONG_NAME,
    }
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate of a chain; ``subject`` is untrusted text."""

    subject: str
    not_after_s: float

    def __str__(self) -> str:
        """Say whose it is and until when it holds."""
        until = datetime.fromtimestamp(self.not_after_s, UTC).isoformat(timespec="minutes")
        return f"certificate of {self.subject} until {until}"


def reason_of(verify_code: int) -> Reason:
    """Return the reason for OpenSSL's verdict on a chain."""
    return _REASONS.get(verify_code, Reason.CERTIFICATE_INVALID)


def read_chain(encoded: Sequence[bytes]) -> list[Certificate]:
    """Read a chain; what is no certificate is left out."""
    read = (_read(one) for one in encoded[:MOST_CERTIFICATES])
    return [one for one in read if one is not None]


def days_left(chain: Sequence[Certificate], now_utc_s: float) -> float | None:
    """Return the days until the first of the chain expires, negative where one has; ``None`` for none."""
    if not chain:
        return None
    return (min(one.not_after_s for one in chain) - now_utc_s) / _DAY_S


def _read(encoded: bytes) -> Certificate | None:
    try:
        parsed = x509.load_der_x509_certificate(encoded)
        subject = parsed.subject.rfc4514_string()[:200] or "nobody"
        return Certificate(subject, parsed.not_valid_after_utc.timestamp())
    except (ValueError, OverflowError):
        return None
