"""The declaration of the ping probe: all that forms, help and engine know of it. It sends nothing."""

from __future__ import annotations

from typing import Final

from controlroom.probe import Metric, ProbeParameters, Prober, ProberContext, ProbeType, UsualLimit
from probes.icmp.parameters import IcmpParameters
from probes.icmp.privilege import check_privilege
from probes.icmp.prober import IcmpProber

_METRICS: Final = (Metric(name="rtt_s", unit="s", title="Round-trip time"),)
_BURST_METRICS: Final = (
    Metric(name="burst_loss_ratio", unit="ratio", title="Loss within a burst"),
    Metric(name="burst_jitter_s", unit="s", title="Jitter within a burst"),
    Metric(name="burst_spread_s", unit="s", title="Spread within a burst"),
)

_USUAL_LIMITS: Final = (UsualLimit("burst_loss_ratio", raise_above=0.03, clear_below=0.01),)
"""What voice bears, over a minute of beats: bursts are sent to see what it would meet."""


def _metrics(parameters: ProbeParameters) -> tuple[Metric, ...]:
    """A ping yields the round-trip time, a burst of them what several can tell besides."""
    several = isinstance(parameters, IcmpParameters) and parameters.burst_count > 1
    return _METRICS + _BURST_METRICS if several else _METRICS


def _create(context: ProberContext) -> Prober:
    """Make the prober that serves all ping probes of an engine."""
    return IcmpProber(context)


ICMP: Final = ProbeType(
    name="icmp",
    title="Ping (ICMP echo)",
    help=(
        "Sends an ICMP echo request and waits for its echo; shows whether the endpoint can be reached and "
        "how long the round trip takes. Needs the right to open raw sockets (CAP_NET_RAW) or a group that "
        "net.ipv4.ping_group_range allows. Some devices answer pings late, or not at all, while busy."
    ),
    parameters=IcmpParameters,
    metrics=_metrics,
    create=_create,
    default_period_s=1.0,
    default_timeout_s=1.0,
    reaches=True,
    usual_limits=_USUAL_LIMITS,
    needs=check_privilege,
)
