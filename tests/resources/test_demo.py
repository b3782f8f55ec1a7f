"""The demonstration's site: a whole room, made up throughout, and a story that happens as it is told."""

from __future__ import annotations

import ipaddress
import re

import pytest

import resources
from controlroom.engine.profile_files import read_profiles
from controlroom.reading import ProbeKey
from controlroom.site.load import load_site
from controlroom.site.model import Endpoint, EndpointKind
from controlroom.site.simulation import is_simulated
from probes.registry import PROBE_TYPES
from probes.simulated import SimulatedParameters
from probes.simulated.link import Link
from probes.simulated.service import Service
from probes.simulated.story import Fault, FaultKind, story_of
from tests.resources.test_examples import DOCUMENTATION

TEXT = resources.path("demo/site.toml").read_text(encoding="utf-8")
PROFILES = read_profiles(resources.path("profiles"))
SITE = load_site(TEXT, "site.toml", PROBE_TYPES, PROFILES)
CUT = {"wan-borealis", "sip-borealis", "cad-north", "mast-wharram", "coastguard", "westmarch"}


def parameters(endpoint: Endpoint) -> SimulatedParameters:
    """What stands at its one probe."""
    (probe,) = endpoint.probes
    assert isinstance(probe.parameters, SimulatedParameters)
    return probe.parameters


def story(endpoint_id: str) -> tuple[Fault, ...]:
    """The faults of one endpoint."""
    endpoint = SITE.endpoint(endpoint_id)
    assert endpoint is not None, endpoint_id
    return story_of(parameters(endpoint).faults)


def test_it_is_a_whole_room_and_simulated() -> None:
    """A dozen services, sixty endpoints of all kinds over all links, and a word for the operator at each."""
    assert is_simulated(SITE, PROBE_TYPES)
    assert "SIMULATED" in TEXT.splitlines()[0]
    assert len(SITE.services) >= 12
    assert len(SITE.endpoints) == 60
    assert {endpoint.kind for endpoint in SITE.endpoints} == set(EndpointKind)
    assert {parameters(endpoint).link for endpoint in SITE.endpoints} == set(Link)
    assert {parameters(endpoint).service for endpoint in SITE.endpoints} == set(Service)
    for endpoint in SITE.endpoints:
        assert endpoint.contact
        assert endpoint.consequence
        assert endpoint.what_to_do
        assert endpoint.location
    assert len(SITE.own_connectivity.anchors) >= 2
    named = {name for endpoint in SITE.endpoints for name in endpoint.risk_groups}
    named |= {name for group in SITE.risk_groups for name in group.member_of}
    assert {group.id for group in SITE.risk_groups} == named


def test_nothing_in_it_is_anybodys() -> None:
    """Addresses and names kept for documentation, telephone numbers kept for drama."""
    for endpoint in SITE.endpoints:
        if not endpoint.address.endswith((".example.com", ".example.net")):
            literal = ipaddress.ip_address(endpoint.address)
            assert any(literal in block for block in DOCUMENTATION), endpoint.address
    numbers = re.findall(r"\b0\d{4} ?\d{6}\b", TEXT)
    assert numbers
    assert all(number.startswith("01632 960") for number in numbers)


def test_it_is_calm_first_and_last() -> None:
    """Time to learn where things stand; and it has settled before it begins anew."""
    faults = [fault for endpoint in SITE.endpoints for fault in story_of(parameters(endpoint).faults)]
    assert 80 <= min(fault.from_s for fault in faults) <= 90
    assert 780 <= max(fault.until_s for fault in faults) <= 840
    assert {fault.kind for fault in faults} == set(FaultKind)


def test_most_of_it_is_well_most_of_the_time() -> None:
    """Never more than a sixth of the endpoints is in trouble at once."""
    worst = 0
    for at_s in range(90, 820, 5):
        troubled = [
            endpoint.id
            for endpoint in SITE.endpoints
            if any(fault.from_s <= at_s < fault.until_s for fault in story_of(parameters(endpoint).faults))
        ]
        worst = max(worst, len(troubled))
    assert 6 <= worst <= 10


def test_the_cut_takes_what_lies_in_the_duct_at_one_moment() -> None:
    """Those of the risk group and no others, so that the risk group explains it."""
    in_duct = {endpoint.id for endpoint in SITE.endpoints if "duct-mill-lane" in endpoint.risk_groups}
    assert in_duct == CUT
    for endpoint_id in CUT:
        (fault,) = story(endpoint_id)
        assert fault.kind in (FaultKind.SILENT, FaultKind.UNREACHABLE)
        assert fault.from_s == 190
        assert 445 <= fault.until_s <= 455


@pytest.mark.parametrize("line", re.findall(r"^#\s+(\d{1,2}:\d\d) {2}(.+)$", TEXT, re.MULTILINE))
def test_the_story_at_the_top_is_the_story_below(line: tuple[str, str]) -> None:
    """What the file tells at a time begins, or ends, at that time somewhere in it; but for the calm."""
    minutes, seconds = line[0].split(":")
    at_s = 60 * int(minutes) + int(seconds)
    moments = {
        moment
        for endpoint in SITE.endpoints
        for fault in story_of(parameters(endpoint).faults)
        for moment in (fault.from_s, fault.until_s)
    }
    assert at_s in moments or "calm" in line[1].lower()


def test_its_probes_are_known_by_their_type() -> None:
    """So that a series names itself as simulated wherever it is written."""
    keys = [endpoint.key(probe) for endpoint in SITE.endpoints for probe in endpoint.probes]
    assert keys == [ProbeKey(endpoint.id, "simulated") for endpoint in SITE.endpoints]
