"""The declaration of the simulated probe: all that forms, help and engine know of it. It answers nothing."""

from __future__ import annotations

from typing import Final

from controlroom.probe import Metric, ProbeParameters, Prober, ProberContext, ProbeType
from probes.simulated.link import CHARACTERS
from probes.simulated.parameters import SimulatedParameters
from probes.simulated.prober import SimulatedProber
from probes.simulated.service import METRICS

_ROUND_TRIP: Final = Metric("rtt_s", "s", "Round-trip time")


def _metrics(parameters: ProbeParameters) -> tuple[Metric, ...]:
    """The round trip, the reception where the link has any, and what the service shows."""
    if not isinstance(parameters, SimulatedParameters):
        raise TypeError("these are not the parameters of a simulated probe")
    signals = (signal.metric for signal in CHARACTERS[parameters.link].signals)
    return (_ROUND_TRIP, *signals, *METRICS[parameters.service])


def _create(context: ProberContext) -> Prober:
    """Make the prober that answers for all simulated endpoints of an engine."""
    return SimulatedProber(context)


SIMULATED: Final = ProbeType(
    name="simulated",
    title="Simulated link",
    help=(
        "Invents the answers of an endpoint that is not there, for demonstration and practice: plausible "
        "round trips and a story of faults that begins with the engine and lasts 15 minutes. It asks nobody "
        "and needs no network. A site with such probes has no others, and is marked SIMULATED everywhere."
    ),
    parameters=SimulatedParameters,
    metrics=_metrics,
    create=_create,
    default_period_s=1.0,
    default_timeout_s=1.0,
    addressed=False,
    simulated=True,
)
