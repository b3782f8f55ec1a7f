"""Ways out of a real network namespace: none, one whose gateway answers, one whose gateway does not."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.lab.namespace import LabNetwork, lab_available

pytestmark = pytest.mark.lab

LOOK = (
    "import json; from probes.host.way_out import measure_way_out as look; found = look(); "
    "print(json.dumps([dict(found.values), list(found.notes)]))"
)


@pytest.fixture
def net() -> Iterator[LabNetwork]:
    """A namespace of this test's own with a cable between two ends, of which only one has an address."""
    missing = lab_available()
    if missing is not None:
        pytest.skip(missing)
    with LabNetwork() as net:
        net.run(["ip", "link", "add", "near", "type", "veth", "peer", "name", "far"])
        net.run(["ip", "address", "add", "10.97.0.1/24", "dev", "near"])
        net.run(["ip", "link", "set", "far", "up"])
        net.run(["ip", "link", "set", "near", "up"])
        yield net


def look(net: LabNetwork) -> tuple[dict[str, float], list[str]]:
    """Measure within the namespace."""
    found: Any = json.loads(net.run([sys.executable, "-c", LOOK]).stdout)
    return found[0], found[1]


def test_no_way_out(net: LabNetwork) -> None:
    """Said for both families, and no gateway is spoken of."""
    values, notes = look(net)
    assert values == {"default_route_v4_ratio": 0.0, "default_route_v6_ratio": 0.0}
    assert notes == []


@pytest.mark.parametrize(("state", "level"), [("reachable", 2.0), ("stale", 1.0), ("failed", 0.0)])
def test_a_gateway_as_the_kernel_knows_it(net: LabNetwork, state: str, level: float) -> None:
    """Through which interface, and how it stands."""
    net.run(["ip", "route", "add", "default", "via", "10.97.0.254"])
    link = [] if state == "failed" else ["lladdr", "02:00:00:00:00:fe"]
    net.run(["ip", "neigh", "replace", "10.97.0.254", "dev", "near", *link, "nud", state])
    values, notes = look(net)
    assert values["default_route_v4_ratio"] == 1.0
    assert values["gateway_v4_level"] == values["gateway_level"] == level
    assert notes == [f"IPv4 leaves through near by 10.97.0.254, which is {state}"]


def test_a_gateway_that_does_not_answer(net: LabNetwork) -> None:
    """Nobody is at the other end of the cable: asking it once shows it."""
    net.run(["ip", "route", "add", "default", "via", "10.97.0.254"])
    say = "import socket; socket.socket(2, 2).sendto(b'x', ('10.97.0.254', 9)); import time; time.sleep(4)"
    net.run([sys.executable, "-c", say])
    assert look(net)[0]["gateway_v4_level"] == 0.0


def test_a_link_that_needs_no_gateway(net: LabNetwork) -> None:
    """As of a modem or a tunnel: there is a way out, and nothing to say of a gateway."""
    net.run(["ip", "route", "add", "default", "dev", "near"])
    values, notes = look(net)
    assert values["default_route_v4_ratio"] == 1.0
    assert "gateway_level" not in values
    assert notes == ["IPv4 leaves through near"]


def test_a_gateway_by_ipv6(net: LabNetwork) -> None:
    """A link-local one is known by its interface."""
    net.run(["ip", "-6", "route", "add", "default", "via", "fe80::fe", "dev", "near"])
    net.run(
        ["ip", "neigh", "replace", "fe80::fe", "dev", "near", "lladdr", "02:00:00:00:00:fe", "nud", "stale"]
    )
    values, _ = look(net)
    assert values["default_route_v6_ratio"] == 1.0
    assert values["gateway_v6_level"] == values["gateway_level"] == 1.0
