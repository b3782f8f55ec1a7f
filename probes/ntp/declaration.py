"""The declaration of the NTP probe: all that forms, help and engine know of it. It sends nothing."""

from __future__ import annotations

from typing import Final

from controlroom.probe import Metric, ProbeParameters, Prober, ProberContext, ProbeType, UsualLimit
from probes.errand import ErrandProber
from probes.ntp.asking import COUNTED, ask
from probes.ntp.parameters import NtpParameters

_METRICS: Final = (
    Metric("offset_s", "s", "Clock offset against this machine"),
    Metric("rtt_s", "s", "Response time"),
    Metric("delay_s", "s", "Delay of the network alone"),
    Metric("stratum_level", "level", "Stratum"),
    Metric("root_delay_s", "s", "Delay to the source of its time"),
    Metric("root_dispersion_s", "s", "Greatest error to the source of its time"),
    Metric("leap_code", "code", "Leap second announced (1 added, 2 left out)"),
)

_USUAL_LIMITS: Final = (
    UsualLimit("offset_s", raise_above=0.1, clear_below=0.05, window_readings=5, minimum_readings=3),
    UsualLimit("offset_s", raise_below=-0.1, clear_above=-0.05, window_readings=5, minimum_readings=3),
)
"""A tenth of a second puts the entries of two logs into the wrong order."""


def _metrics(_parameters: ProbeParameters) -> tuple[Metric, ...]:
    """Every reply yields the same values."""
    return _METRICS


def _create(context: ProberContext) -> Prober:
    """Make the prober that serves all NTP probes of an engine."""
    return ErrandProber(context, "ntp", ask, counted=COUNTED)


NTP: Final = ProbeType(
    name="ntp",
    title="Time server (NTP)",
    help=(
        "Asks the endpoint for the time. The offset is that of its clock against this machine's, positive "
        "where the server is ahead: when all servers are off by the same, it is this machine's clock that is "
        "wrong. Simulcast radio, recordings and logs depend on the time. No clock is set."
    ),
    parameters=NtpParameters,
    metrics=_metrics,
    create=_create,
    default_period_s=64.0,
    default_timeout_s=2.0,
    reaches=True,
    usual_limits=_USUAL_LIMITS,
)
