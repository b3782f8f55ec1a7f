"""Traces over real routers, by each of the three ways to send."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time

import pytest

from controlroom.reading import Reason
from controlroom.route.comparison import Parting, ends_early, parting, together
from controlroom.route.trace import Trace, TraceEnd, TraceMeans, TraceOrder
from controlroom.route.words import route_text
from probes.trace import trace
from probes.trace.run import WAYS, OpenWay
from tests.lab.routers import RouterChain, far

pytestmark = pytest.mark.lab

RAW, PING, UDP = WAYS
STRAIGHT = {version: " > ".join(far(cable, version) for cable in (1, 2, 3, 4)) for version in (4, 6)}
WITHOUT_RIGHTS = ["setpriv", "--bounding-set", "-net_raw,-net_admin", "--inh-caps", "-net_raw,-net_admin"]


def traced(
    routers: RouterChain, version: int = 4, *, way: OpenWay | None = None, probes_per_hop: int = 3
) -> Trace:
    """Trace from here to the target."""
    order = TraceOrder(far(4, version), probes_per_hop=probes_per_hop)
    with routers.enter():
        return asyncio.run(trace(order, ways=WAYS if way is None else (way,)))


def become_neighbours(routers: RouterChain, version: int) -> None:
    """Send a packet there and back: until routers know their neighbours they may drop what they say."""
    program = "import sys; from icmplib import ping; print(ping(sys.argv[1], 2, interval=0.1).is_alive)"
    done = subprocess.run(
        routers.argv([sys.executable, "-c", program, far(4, version)]),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "True\n"


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize("way", WAYS, ids=["raw", "ping", "udp"])
def test_each_way_finds_every_router(routers: RouterChain, version: int, way: OpenWay) -> None:
    """In order, each with all its answers, and in much less than the longest time."""
    routers.allow_ping_groups()
    become_neighbours(routers, version)
    begun_s = time.monotonic()
    found = traced(routers, version, way=way)
    assert time.monotonic() - begun_s < 2
    assert (found.end, found.reason) == (TraceEnd.REACHED, Reason.NONE)
    assert route_text(found) == STRAIGHT[version]
    assert [(hop.sent, hop.answers) for hop in found.hops] == [(3, 3)] * 4
    times = [seen for hop in found.hops for seen in hop.seen]
    assert all(0 < seen.least_s <= seen.median_s <= seen.greatest_s < 0.2 for seen in times)
    assert found.means is (TraceMeans.UDP if way is UDP else TraceMeans.ECHO)


def test_an_account_without_any_right_traces_by_udp(routers: RouterChain) -> None:
    """Where neither raw nor ping sockets are allowed."""
    program = (
        "import asyncio, json, sys; from probes.trace import trace; "
        "from controlroom.route.trace import TraceOrder; from controlroom.route.words import route_text; "
        "t = asyncio.run(trace(TraceOrder(sys.argv[1]))); print(json.dumps([t.end, t.means, route_text(t)]))"
    )
    done = subprocess.run(
        routers.argv([*WITHOUT_RIGHTS, sys.executable, "-c", program, far(4)]),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    assert json.loads(done.stdout) == ["reached", "udp", STRAIGHT[4]]


@pytest.mark.parametrize("version", [4, 6])
def test_a_router_that_says_nothing_is_silent_and_no_end(routers: RouterChain, version: int) -> None:
    """What lies behind it is found all the same, and it is another route to nobody."""
    before = traced(routers, version)
    routers.silence("second")
    after = traced(routers, version)
    assert after.end is TraceEnd.REACHED
    assert [hop.loss_ratio for hop in after.hops] == [0, 1, 0, 0]
    assert parting(before, after) is None
    assert parting(after, before) is None


@pytest.mark.parametrize("version", [4, 6])
def test_loss_is_that_of_the_router_alone(routers: RouterChain, version: int) -> None:
    """A router that answers six of ten packets loses four tenths, and nobody behind it does."""
    become_neighbours(routers, version)
    routers.limit("second")
    found = traced(routers, version, probes_per_hop=10)
    assert [hop.answers for hop in found.hops] == [10, routers.burst, 10, 10]


@pytest.mark.parametrize("version", [4, 6])
def test_another_way_is_noticed_where_it_leaves(routers: RouterChain, version: int) -> None:
    """At the second hop; the routes before and after are told."""
    before = traced(routers, version)
    routers.take_detour()
    after = traced(routers, version)
    found = parting(before, after)
    assert found is not None
    assert found == Parting(2, frozenset({far(2, version)}), frozenset({far(5, version)}))


def test_packets_that_take_turns_are_no_change(routers: RouterChain) -> None:
    """Several addresses at one hop have one in common with what was known, or are asked again."""
    routers.balance()
    found = [traced(routers, way=UDP, probes_per_hop=10) for _ in range(2)]
    assert {far(2), far(5)} <= found[0].hops[1].known
    assert parting(*found) is None
    assert parting(found[0], together(traced(routers, way=UDP), found[1])) is None


@pytest.mark.parametrize("way", WAYS, ids=["raw", "ping", "udp"])
@pytest.mark.parametrize(
    ("kind", "reason"),
    [("unreachable", Reason.HOST_UNREACHABLE), ("prohibit", Reason.PROHIBITED), ("blackhole", None)],
)
def test_how_a_route_ends_is_told_apart(
    routers: RouterChain, way: OpenWay, kind: str, reason: Reason | None
) -> None:
    """A router that refuses is named with its word; one that swallows leaves silence."""
    routers.allow_ping_groups()
    before = traced(routers, way=way)
    routers.refuse("second", kind)
    after = traced(routers, way=way)
    assert after.end is (TraceEnd.REFUSED if reason else TraceEnd.SILENT)
    assert after.reason is (reason or Reason.NONE)
    assert ends_early(before, after) in (1, 2)
    assert parting(before, after) is None


def test_a_target_that_is_gone_costs_no_more_than_the_longest_time(routers: RouterChain) -> None:
    """Nobody answers beyond the last router."""
    with routers.enter():
        begun_s = time.monotonic()
        found = asyncio.run(trace(TraceOrder("10.101.4.99", longest_s=1.5)))
    assert time.monotonic() - begun_s < 1.7
    assert route_text(found).startswith(STRAIGHT[4].rpartition(" > ")[0])
    assert not found.reached


def test_where_there_is_no_route_nothing_was_run(routers: RouterChain) -> None:
    """It is about us, and says so."""
    with routers.enter():
        found = asyncio.run(trace(TraceOrder("203.0.113.9")))
        unnamed = asyncio.run(trace(TraceOrder("a name")))
    assert (found.end, found.reason) == (TraceEnd.NOT_RUN, Reason.NO_ROUTE)
    assert (unnamed.end, unnamed.reason) == (TraceEnd.NOT_RUN, Reason.NO_NAME)
