"""A simulated service: the figures that its declaration promises, and that they fit each other."""

from __future__ import annotations

import pytest

from controlroom.probe import ProbeType
from controlroom.reading import Outcome, ProbeKey
from probes.registry import PROBE_TYPES
from probes.simulated import SIMULATED, SimulatedParameters
from probes.simulated.model import answer_at
from probes.simulated.service import METRICS, Service

REAL: dict[Service, tuple[ProbeType, dict[str, object]]] = {
    Service.TLS: (PROBE_TYPES["tcp"], {"port": 443, "tls": True}),
    Service.WEB: (PROBE_TYPES["http"], {}),
}


@pytest.mark.parametrize("service", Service)
def test_every_figure_that_is_promised(service: Service) -> None:
    """And no other; the whole request is the sum of its phases."""
    parameters = SimulatedParameters(service=service, certificate_days=33)
    answer = answer_at(ProbeKey("cad", "simulated"), parameters, 0.0, 5.0, (1, 0))
    assert answer.outcome is Outcome.REPLIED
    assert set(answer.values) == {metric.name for metric in SIMULATED.metrics(parameters)}
    if service is not Service.NONE:
        assert answer.values["certificate_days"] == 33
    if service is Service.WEB:
        phases = sum(answer.values[name] for name in ("connect_s", "tls_s", "first_byte_s"))
        assert answer.values["total_s"] == pytest.approx(phases)


@pytest.mark.parametrize("service", REAL)
def test_the_names_are_those_of_the_real_probes(service: Service) -> None:
    """So that what is practised here is what is met there."""
    probe_type, given = REAL[service]
    real = {metric.name: metric for metric in probe_type.metrics(probe_type.parameters.model_validate(given))}
    for metric in METRICS[service]:
        assert real[metric.name] == metric
