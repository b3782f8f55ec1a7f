"""A simulated service: the figures that its declaration promises, and that they fit each other."""

from __future__ import annotations

import pytest

from controlroom.probe import ProbeType
from controlroom.reading import Outcome, ProbeKey
from probes.registry import PROBE_TYPES
from probes.simulated import SIMULATED, SimulatedParameters
from probes.simulated.chance import Chance
from probes.simulated.model import answer_at
from probes.simulated.service import METRICS, Asked, Service, service_values

REAL: dict[Service, tuple[ProbeType, dict[str, object]]] = {
    Service.TLS: (PROBE_TYPES["tcp"], {"port": 443, "tls": True}),
    Service.WEB: (PROBE_TYPES["http"], {}),
    Service.DNS: (PROBE_TYPES["dns"], {"query_name": "dispatch.example.org"}),
    Service.NTP: (PROBE_TYPES["ntp"], {}),
    Service.SIP: (PROBE_TYPES["sip"], {}),
    Service.UDP_ECHO: (PROBE_TYPES["udp-echo"], {}),
}


@pytest.mark.parametrize("service", Service)
def test_every_figure_that_is_promised(service: Service) -> None:
    """And no other; the whole request is the sum of its phases."""
    parameters = SimulatedParameters(service=service, certificate_days=33)
    answer = answer_at(ProbeKey("cad", "simulated"), parameters, 0.0, 5.0, (1, 0))
    assert answer.outcome is Outcome.REPLIED
    assert set(answer.values) == {metric.name for metric in SIMULATED.metrics(parameters)}
    if service in (Service.TLS, Service.WEB):
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


def test_every_service_has_figures_of_its_own_type() -> None:
    """Each probe type that asks a service of the network can be practised."""
    assert {*REAL} == {*Service} - {Service.NONE}


def test_a_burst_loses_what_its_link_loses() -> None:
    """On the average; a burst of which nothing comes back would be lost as a whole."""
    ratios = [
        service_values(Asked(Service.UDP_ECHO, 0.02, 0.25), Chance("burst", turn))["burst_loss_ratio"]
        for turn in range(500)
    ]
    assert sum(ratios) / len(ratios) == pytest.approx(0.25, abs=0.02)
    whole = service_values(Asked(Service.UDP_ECHO, 0.02, 1.0), Chance("burst"))
    assert whole["burst_loss_ratio"] == 0.9


def test_a_late_answer_was_asked_for_again() -> None:
    """As SIP has it, after half a second."""
    soon, late = (
        service_values(Asked(Service.SIP, rtt_s), Chance("trunk"))["retransmissions_count"]
        for rtt_s in (0.1, 0.7)
    )
    assert (soon, late) == (0.0, 1.0)
