"""The declaration of the UDP echo probe: all that forms, help and engine know of it. It sends nothing."""

from __future__ import annotations

from typing import Final

from controlroom.probe import Metric, ProbeParameters, Prober, ProberContext, ProbeType, UsualLimit
from probes.errand import ErrandProber
from probes.udp_echo.asking import COUNTED, ask
from probes.udp_echo.parameters import Mode, UdpEchoParameters

_COMMON: Final = (
    Metric("rtt_s", "s", "Round-trip time"),
    Metric("burst_loss_ratio", "ratio", "Loss within a burst"),
)
_JITTER: Final = (Metric("jitter_s", "s", "Variation of the round trip (jitter)"),)
_ONE_WAY: Final = (
    Metric("forward_jitter_s", "s", "Variation on the way there (jitter)"),
    Metric("backward_jitter_s", "s", "Variation on the way back (jitter)"),
)

_USUAL_LIMITS: Final = (
    UsualLimit(
        "burst_loss_ratio", raise_above=0.03, clear_below=0.01, window_readings=12, minimum_readings=6
    ),
    UsualLimit("jitter_s", raise_above=0.03, clear_below=0.02, window_readings=12, minimum_readings=6),
)
"""What voice bears: 3 % of loss, and 30 ms of variation, which is what its buffers even out."""


def _metrics(parameters: ProbeParameters) -> tuple[Metric, ...]:
    """Variation needs two packets, and telling the ways apart a reflector that stamps."""
    if not isinstance(parameters, UdpEchoParameters):
        raise TypeError("these are not the parameters of a UDP echo probe")
    if parameters.packets == 1:
        return _COMMON
    return _COMMON + _JITTER + (_ONE_WAY if parameters.mode is Mode.STAMP else ())


def _create(context: ProberContext) -> Prober:
    """Make the prober that serves all UDP echo probes of an engine."""
    return ErrandProber(context, "udp-echo", ask, counted=COUNTED)


UDP_ECHO: Final = ProbeType(
    name="udp-echo",
    title="UDP echo, STAMP and TWAMP Light",
    help=(
        "Sends a burst of UDP packets, as voice does, and measures how many come back, how fast and how "
        "evenly. The endpoint must answer such packets: an echo service, or a router with a STAMP or TWAMP "
        "Light reflector, which also tells the way there from the way back. One lost packet of a burst is a "
        "figure; only a burst of which nothing comes back counts as lost."
    ),
    parameters=UdpEchoParameters,
    metrics=_metrics,
    create=_create,
    default_period_s=5.0,
    default_timeout_s=1.0,
    reaches=True,
    usual_limits=_USUAL_LIMITS,
)
