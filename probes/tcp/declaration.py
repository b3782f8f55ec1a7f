"""What the TCP probe is: its help, its parameters and its metrics. It connects to nobody."""

from __future__ import annotations

from typing import Final

from controlroom.probe import Metric, ProbeParameters, Prober, ProberContext, ProbeType
from probes.connection.phased import phased
from probes.connection.secured import TLS_METRICS, TLS_USUAL_LIMITS
from probes.connection.trust import check_authorities
from probes.errand import ErrandProber
from probes.tcp.asking import CONNECT_S, TcpAsking
from probes.tcp.parameters import TcpParameters

_CONNECT: Final = Metric(CONNECT_S, "s", "Connect time")


def _metrics(parameters: ProbeParameters) -> tuple[Metric, ...]:
    """The time to connect, and what TLS shows where it is spoken."""
    if not isinstance(parameters, TcpParameters):
        raise TypeError("these are not the parameters of a TCP probe")
    return (_CONNECT, *TLS_METRICS) if parameters.tls else (_CONNECT,)


def _create(context: ProberContext) -> Prober:
    """Make the prober that serves all TCP probes of an engine."""
    asking = TcpAsking()
    return ErrandProber(context, "tcp", phased(asking), give_back=asking.stop)


TCP: Final = ProbeType(
    name="tcp",
    title="TCP and TLS",
    help=(
        "Opens a TCP connection and closes it; shows whether a service listens and how long that takes. "
        "With TLS it also checks the certificate and tells for how many days it holds. A service "
        "whose certificate does not hold counts as not answering, for its clients cannot use it."
    ),
    parameters=TcpParameters,
    metrics=_metrics,
    create=_create,
    default_period_s=10.0,
    default_timeout_s=3.0,
    reaches=True,
    usual_limits=TLS_USUAL_LIMITS,
    needs=check_authorities,
)
