"""What the HTTP probe is: its help, its parameters and its metrics. It asks nobody."""

from __future__ import annotations

from typing import Final

from controlroom.probe import Metric, ProbeParameters, Prober, ProberContext, ProbeType
from probes.connection.phased import phased
from probes.connection.secured import TLS_METRICS, TLS_USUAL_LIMITS
from probes.errand import ErrandProber
from probes.http.asking import BODY_BYTES, CONNECT_S, RESOLVE_S, TOTAL_S, HttpAsking
from probes.http.exchange import FIRST_BYTE_S
from probes.http.parameters import HttpParameters

_PHASES: Final = (
    Metric(TOTAL_S, "s", "Whole request"),
    Metric(RESOLVE_S, "s", "Name look-up"),
    Metric(CONNECT_S, "s", "Connect time"),
    Metric(FIRST_BYTE_S, "s", "Wait for the first byte"),
    Metric(BODY_BYTES, "bytes", "Body read"),
)


def _metrics(parameters: ProbeParameters) -> tuple[Metric, ...]:
    """The phases of the request, and what TLS shows where it may be spoken."""
    if not isinstance(parameters, HttpParameters):
        raise TypeError("these are not the parameters of an HTTP probe")
    return (*_PHASES, *TLS_METRICS) if parameters.tls or parameters.redirects else _PHASES


def _create(context: ProberContext) -> Prober:
    """Make the prober that serves all HTTP probes of an engine."""
    asking = HttpAsking(context)
    return ErrandProber(context, "http", phased(asking), give_back=asking.stop)


HTTP: Final = ProbeType(
    name="http",
    title="HTTP and HTTPS",
    help=(
        "Asks a web service for a page and measures each phase: looking the name up, connecting, TLS, the "
        "wait for the first byte, and all of it. An answer with another status or content than expected, or "
        "with a certificate that does not hold, counts as no answer. Nothing is changed on the server."
    ),
    parameters=HttpParameters,
    metrics=_metrics,
    create=_create,
    default_period_s=10.0,
    default_timeout_s=5.0,
    reaches=True,
    usual_limits=TLS_USUAL_LIMITS,
)
