"""The declaration of the SIP probe: all that forms, help and engine know of it. It sends nothing."""

from __future__ import annotations

from typing import Final

from controlroom.probe import Metric, ProbeParameters, Prober, ProberContext, ProbeType, UsualLimit
from probes.errand import ErrandProber
from probes.sip.asking import COUNTED, SipAsker
from probes.sip.parameters import SipParameters, Transport

_COMMON: Final = (
    Metric("rtt_s", "s", "Response time"),
    Metric("status_code", "code", "Status of the answer"),
)
_BY_DATAGRAM: Final = (Metric("retransmissions_count", "count", "Requests sent again"),)
_BY_STREAM: Final = (Metric("connect_s", "s", "Time to connect"),)

_USUAL_LIMITS: Final = (
    UsualLimit("rtt_s", raise_above=0.5, clear_below=0.3, window_readings=12, minimum_readings=6),
)
"""Half a second is when a request has to be sent again (RFC 3261, T1)."""


def _metrics(parameters: ProbeParameters) -> tuple[Metric, ...]:
    """By UDP what had to be sent again, by a stream how long connecting took."""
    if not isinstance(parameters, SipParameters):
        raise TypeError("these are not the parameters of a SIP probe")
    return _COMMON + (_BY_DATAGRAM if parameters.transport is Transport.UDP else _BY_STREAM)


def _create(context: ProberContext) -> Prober:
    """Make the prober that serves all SIP probes of an engine."""
    asker = SipAsker()
    return ErrandProber(context, "sip", asker, counted=COUNTED, give_back=asker.stop)


SIP: Final = ProbeType(
    name="sip",
    title="Telephone server (SIP)",
    help=(
        "Asks a telephone server or a trunk for its options, as telephone systems do to see whether the "
        "other end lives; no call is made. Any final answer shows that it lives, but 408 and 503 say that it "
        "cannot serve. Servers that do not answer strangers need the name of somebody they know."
    ),
    parameters=SipParameters,
    metrics=_metrics,
    create=_create,
    default_period_s=10.0,
    default_timeout_s=4.0,
    reaches=True,
    usual_limits=_USUAL_LIMITS,
)
