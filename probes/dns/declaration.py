"""The declaration of the DNS probe: all that forms, help and engine know of it. It sends nothing."""

from __future__ import annotations

from typing import Final

from controlroom.probe import Metric, ProbeParameters, Prober, ProberContext, ProbeType, UsualLimit
from probes.dns.asking import COUNTED, ask
from probes.dns.parameters import DnsParameters
from probes.errand import ErrandProber

_METRICS: Final = (
    Metric("rtt_s", "s", "Response time"),
    Metric("answers_count", "count", "Records in the answer"),
    Metric("ttl_s", "s", "Time that the answer may be kept"),
    Metric("authentic_ratio", "ratio", "Proven authentic (DNSSEC)"),
)

_USUAL_LIMITS: Final = (
    UsualLimit("rtt_s", raise_above=0.5, clear_below=0.3, window_readings=12, minimum_readings=6),
)


def _metrics(_parameters: ProbeParameters) -> tuple[Metric, ...]:
    """Every answer yields the same values."""
    return _METRICS


def _create(context: ProberContext) -> Prober:
    """Make the prober that serves all DNS probes of an engine."""
    return ErrandProber(context, "dns", ask, counted=COUNTED)


DNS: Final = ProbeType(
    name="dns",
    title="Name server (DNS)",
    help=(
        "Asks the endpoint, as a name server, for a name, and compares the answer with what is expected. An "
        "error of the server, a name that is not there and a wrong answer count like no answer, each with a "
        "reason of its own. It asks by UDP, and by TCP where the answer does not fit."
    ),
    parameters=DnsParameters,
    metrics=_metrics,
    create=_create,
    default_period_s=10.0,
    default_timeout_s=2.0,
    reaches=True,
    usual_limits=_USUAL_LIMITS,
)
