"""What the kernel of this machine knows of its surroundings, and that looking is bounded."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.reading import Reason
from probes.vicinity import MOST_LOOKS_PER_SECOND, Vicinity, is_ours, route_in, route_to, why_silent
from tests.lab.routers import RouterChain, far, near

NOBODY = "10.101.1.77"


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
    """Whatever the kernel may say is read or passed over."""
    route_in(noise)


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
