"""Sets TLS up on a connection and writes down what it shows, whether it holds or not. It judges no figure."""

from __future__ import annotations

import ssl
from typing import Final

from controlroom.probe import Metric, UsualLimit
from probes.connection.certificate import days_left
from probes.connection.measured import Measured
from probes.connection.tls import TlsWire
from probes.connection.wire import Wire

TLS_S: Final = "tls_s"
CERTIFICATE_DAYS: Final = "certificate_days"
TLS_VERSION: Final = "tls_version"

TLS_METRICS: Final = (
    Metric(TLS_S, "s", "TLS set-up time"),
    Metric(CERTIFICATE_DAYS, "days", "Certificate holds for"),
    Metric(TLS_VERSION, "version", "TLS"),
)
"""The first certificate of the chain to expire counts; below zero it has."""

TLS_USUAL_LIMITS: Final = (
    UsualLimit(CERTIFICATE_DAYS, raise_below=21, clear_above=22, window_readings=1, minimum_readings=1),
)
"""Three weeks are enough to have a certificate renewed."""


async def secure(wire: Wire, context: ssl.SSLContext, server_name: str, measured: Measured) -> TlsWire:
    """Return the wire with TLS on it; what a certificate that does not hold tells is written down too."""
    secured = TlsWire(wire, context, server_name)
    try:
        with measured.phase(TLS_S, "setting up TLS"):
            await secured.handshake()
    finally:
        _write_down(secured, context, measured)
    return secured


def _write_down(secured: TlsWire, context: ssl.SSLContext, measured: Measured) -> None:
    version = secured.version()
    if version is not None:
        measured.values[TLS_VERSION] = version
    chain = secured.chain(verified=context.verify_mode is ssl.CERT_REQUIRED)
    days = days_left(chain, measured.now_utc_s())
    if days is not None:
        measured.values[CERTIFICATE_DAYS] = days
    measured.notes.extend(str(certificate) for certificate in chain[:4])
