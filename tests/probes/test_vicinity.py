"""What the kernel of this machine knows of its surroundings, and that looking is bounded."""

from __future__ import annotations

import ipaddress
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.reading import Reason
from probes.vicinity import MOST_LOOKS_PER_SECOND, Route, Vicinity, is_ours, route_in, route_to, why_silent
from tests.lab.routers import RouterChain, far, near

NOBODY = "10.101.1.77"
ROUTE_HEADER_BYTES = 12


def test_this_machine_is_ours_and_nothing_else() -> None:
    """By both families; what is no address is nobody's."""
    assert is_ours("127.0.0.1")
    assert is_ours("::1")
    assert not is_ours("192.0.2.200")
    assert not is_ours("not an address")
    assert not is_ours("fe80::1%nosuchinterface")
    assert why_silent("not an address") is Reason.DEADLINE


@given(st.binary(max_size=80))
def test_no_bytes_break_it(noise: bytes) -> None:
    """Whatever the kernel may say is read or passed over: too short is no route, a router is an address."""
    route = route_in(noise)
    if len(noise) < ROUTE_HEADER_BYTES:
        assert route is None
    else:
        assert route is not None
        if route.router:
            ipaddress.ip_address(route.router)


@pytest.mark.parametrize("router", ["10.101.1.1", "fd00:101:1::1"])
def test_a_route_is_read_from_the_kernels_octets(router: str) -> None:
    """The interface and the router, whatever else stands between."""
    other, by_interface, by_router = 8, 4, 5
    address = ipaddress.ip_address(router).packed
    body = bytes(ROUTE_HEADER_BYTES) + b"".join(
        struct.pack("=HH", 4 + len(value), kind) + value
        for kind, value in [
            (other, bytes(8)),
            (by_interface, struct.pack("=i", 3)),
            (by_router, address),
        ]
    )
    assert route_in(body) == Route(to_ourselves=False, interface_index=3, router=router)


@pytest.mark.lab
def test_routes_as_they_are(routers: RouterChain) -> None:
    """On the link itself, by a router, and to ourselves."""
    for version in (4, 6):
        with routers.enter():
            on_link, beyond, own = (
                route_to(each) for each in (far(1, version), far(4, version), near(1, version))
            )
        assert on_link is not None
        assert beyond is not None
        assert own is not None
        assert (on_link.router, on_link.to_ourselves) == ("", False)
        assert (beyond.router, beyond.to_ourselves) == (far(1, version), False)
        assert own.to_ourselves


@pytest.mark.lab
def test_looking_is_bounded(routers: RouterChain) -> None:
    """So many looks a second, and then silence is told as such; in the next second it looks again."""
    clock = [10.0]
    vicinity = Vicinity(lambda: clock[0])
    with routers.enter():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as seeker:
            seeker.sendto(b"", (NOBODY, 9))
        told = [vicinity.why_silent(NOBODY) for _ in range(MOST_LOOKS_PER_SECOND + 3)]
        clock[0] = 11.0
        later = vicinity.why_silent(NOBODY)
    assert told == [Reason.NO_NEIGHBOUR] * MOST_LOOKS_PER_SECOND + [Reason.DEADLINE] * 3
    assert later is Reason.NO_NEIGHBOUR
