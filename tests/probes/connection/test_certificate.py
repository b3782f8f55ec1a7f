"""Certificates: days left, reasons, and that nothing a server sends as one breaks the reading."""

from __future__ import annotations

import time

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from controlroom.reading import Reason
from probes.connection.certificate import MOST_CERTIFICATES, days_left, read_chain, reason_of
from tests.probes.connection.authority import sign

GOOD = sign("good", days=10).certificate.public_bytes(Encoding.DER)


def test_the_first_to_expire_counts() -> None:
    """Be it the server's own or one above it; no chain has no days."""
    soon = sign("soon", days=2).certificate.public_bytes(Encoding.DER)
    chain = read_chain([GOOD, soon])
    assert days_left(chain, time.time()) == pytest.approx(2, abs=0.01)
    assert days_left([], time.time()) is None
    assert len(read_chain([GOOD] * 1000)) == MOST_CERTIFICATES


def test_what_openssl_says() -> None:
    """A verdict that we have no reason of its own for is told as a certificate that does not hold."""
    assert reason_of(10) is Reason.CERTIFICATE_EXPIRED
    assert reason_of(23) is Reason.CERTIFICATE_INVALID


@given(place=st.integers(0, len(GOOD) - 1), bytes_there=st.binary(max_size=8), cut=st.integers(0, len(GOOD)))
def test_no_certificate_breaks_the_reading(place: int, bytes_there: bytes, cut: int) -> None:
    """A damaged one is read or left out, never more."""
    damaged = (GOOD[:place] + bytes_there + GOOD[place + len(bytes_there) :])[:cut]
    for certificate in read_chain([damaged]):
        assert str(certificate)
