"""Invented readings for demonstration and practice: no socket, no network, the same story each time."""

from probes.simulated.declaration import SIMULATED
from probes.simulated.parameters import SimulatedParameters
from probes.simulated.prober import SimulatedProber

__all__ = ["SIMULATED", "SimulatedParameters", "SimulatedProber"]
