"""Invented routes: the routers of a link, where a fault lies on the way, and the same each time."""

from __future__ import annotations

import ipaddress
import statistics

import pytest

from controlroom.reading import ProbeKey, Reason
from controlroom.route.comparison import ends_early, parting
from controlroom.route.trace import Trace, TraceEnd, TraceOrder
from probes.simulated import SimulatedParameters
from probes.simulated.link import Link
from probes.simulated.route import route_at

KEY = ProbeKey("mast", "simulated")


def seen(
    *faults: str,
    at_s: float = 60.0,
    address: str = "192.0.2.9",
    key: ProbeKey = KEY,
    link: Link = Link.FIBRE,
    probes: int = 3,
) -> Trace:
    """Trace at a moment of the story."""
    parameters = SimulatedParameters(link=link, faults=faults)
    return route_at(key, parameters, at_s, TraceOrder(address, probes_per_hop=probes), 1_000.0)


@pytest.mark.parametrize("link", Link)
def test_an_endpoint_that_is_well_is_reached(link: Link) -> None:
    """Last, and by its own address; the same moment sees the same, and no two routers are alike."""
    found = seen(link=link)
    assert found == seen(link=link)
    assert (found.end, found.reason, found.at_utc_s) == (TraceEnd.REACHED, Reason.NONE, 1_000.0)
    assert found.hops[-1].passed == {"192.0.2.9"}
    hosts = [each.address for hop in found.hops for each in hop.seen]
    assert len(hosts) == len({*hosts})
    assert all(each.greatest_s >= each.median_s >= each.least_s > 0 for each in found.hops[-1].seen)


def test_it_is_the_same_route_at_every_moment_that_is_well() -> None:
    """So no change is told; endpoints behind the same link share its routers, and not those of others."""
    good = seen(at_s=60.0)
    assert parting(good, seen(at_s=700.0)) is None
    other = seen(key=ProbeKey("hospital", "simulated"), address="192.0.2.77")
    assert [hop.passed for hop in other.hops[:-1]] == [hop.passed for hop in good.hops[:-1]]
    far = seen(link=Link.SATELLITE)
    assert far.hops[0].passed == good.hops[0].passed
    assert far.hops[1].passed != good.hops[1].passed


def test_silence_ends_the_answers_on_the_way() -> None:
    """The routers before the fault answer, those behind it and the endpoint do not."""
    good, cut = seen(), seen("0:30-2:00 silent")
    assert (cut.end, len(cut.hops)) == (TraceEnd.SILENT, 1)
    assert ends_early(good, cut) == 1
    assert parting(good, cut) is None
    assert seen("0:30-2:00 flaps 60 s").end is TraceEnd.SILENT
    assert seen("0:30-2:00 flaps 60 s", at_s=100.0).end is TraceEnd.REACHED
    assert seen("0:30-2:00 silent", link=Link.LAN).hops == ()


def test_a_router_says_that_it_cannot_reach_the_endpoint() -> None:
    """It is the last that passes anything on; who rejects our password is reached all the same."""
    refused = seen("0:30-2:00 unreachable")
    assert (refused.end, refused.reason) == (TraceEnd.REFUSED, Reason.HOST_UNREACHABLE)
    assert refused.hops[-1].seen[0].address in refused.hops[0].passed
    assert seen("0:30-2:00 rejects").end is TraceEnd.REACHED


def test_loss_and_delay_lie_behind_the_fault() -> None:
    """Before it all is as ever."""
    lossy = seen("0:30-2:00 loses 60 %", probes=200)
    ratios = [hop.loss_ratio for hop in lossy.hops]
    assert ratios[0] == 0.0
    assert ratios[1:] == pytest.approx([0.6, 0.6], abs=0.15)
    slow, usual = seen("0:30-2:00 slower 240 ms", probes=50), seen(probes=50)
    added = [
        statistics.median(each.median_s for each in hop.seen) - before.seen[0].median_s
        for hop, before in zip(slow.hops, usual.hops, strict=True)
    ]
    assert added == pytest.approx([0.0, 0.24, 0.24], abs=0.01)


def test_a_silent_router_passes_everything_on() -> None:
    """Networks have such ones."""
    found = seen(link=Link.CLOUD)
    silent = [hop for hop in found.hops if not hop.seen]
    assert [hop.loss_ratio for hop in silent] == [1.0]
    assert found.reached


def test_names_and_addresses() -> None:
    """A name has an invented address, always the same; IPv6 has routers of its own; nothing goes too far."""
    named = seen(address="west.cad.example.com")
    (host,) = named.hops[-1].passed
    assert ipaddress.ip_address(host) in ipaddress.ip_network("198.18.0.0/15")
    assert named.hops[-1].passed == seen(address="west.cad.example.com", at_s=70.0).hops[-1].passed
    newer = seen(address="2001:db8::9")
    assert all(ipaddress.ip_address(each).version == 6 for hop in newer.hops for each in hop.passed)
    order = TraceOrder("192.0.2.9", most_hops=2)
    assert len(route_at(KEY, SimulatedParameters(), 60.0, order, 0.0).hops) == 2
