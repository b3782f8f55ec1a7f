"""One socket for one errand: what comes, when it came, what the network says, and nothing left open."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest

from controlroom.reading import Outcome, Reason
from probes.datagram import Arrival, Datagram, destination
from probes.errand import UnansweredError
from tests.lab.scripted import datagram_server
from tests.lab.snmpd import free_port

LOCAL = "127.0.0.1"


def exchange(
    port: int, wanted: bytes, *, within_s: float = 0.5, host: str = LOCAL
) -> tuple[Arrival | None, float]:
    """Send ``hello`` and wait for one datagram; how long that took stands beside it."""

    async def go() -> tuple[Arrival | None, float]:
        with Datagram(host, port, time.monotonic) as datagram:
            sent_s = datagram.send(b"hello")
            met = await datagram.reply(
                lambda arrival: arrival if arrival.data == wanted else None, sent_s + within_s
            )
            return met, sent_s

    return asyncio.run(go())


@pytest.mark.parametrize("host", [LOCAL, "::1"])
def test_the_first_that_is_ours_counts_and_the_others_are_passed_over(host: str) -> None:
    """Whatever comes before it."""
    with datagram_server(lambda _data, _number: [b"noise", b"", b"ours"], host) as server:
        met, sent_s = exchange(server.port, b"ours", host=host)
    assert met is not None
    assert 0.0 < met.monotonic_s - sent_s < 0.4
    assert server.received == [b"hello"]


def test_silence_is_none_at_the_deadline() -> None:
    """And not later."""
    with datagram_server(lambda _data, _number: []) as server:
        began_s = time.monotonic()
        met, _ = exchange(server.port, b"ours", within_s=0.1)
    assert met is None
    assert 0.1 <= time.monotonic() - began_s < 0.4


def test_what_came_in_time_counts_where_the_loop_comes_late() -> None:
    """And its time is that of its arrival, not of its reading."""

    async def go() -> tuple[Arrival | None, float]:
        with Datagram(LOCAL, server.port, time.monotonic) as datagram:
            sent_s = datagram.send(b"hello")
            waiting = asyncio.ensure_future(datagram.reply(lambda arrival: arrival, sent_s + 0.2))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            time.sleep(0.5)  # noqa: ASYNC251 - a loop that is held up is the test
            return await waiting, sent_s

    with datagram_server(lambda _data, _number: [0.05, b"ours"]) as server:
        # The kernel needs a moment until it stamps what comes, so an earlier socket asks for that.
        exchange(server.port, b"ours")
        with Datagram(LOCAL, server.port, time.monotonic):
            met, sent_s = asyncio.run(go())
    assert met is not None
    assert 0.04 < met.monotonic_s - sent_s < 0.2


def test_what_came_too_late_does_not_count() -> None:
    """Although it is there when the loop looks."""

    async def go() -> Arrival | None:
        with Datagram(LOCAL, server.port, time.monotonic) as datagram:
            sent_s = datagram.send(b"hello")
            time.sleep(0.3)  # noqa: ASYNC251 - a loop that is held up is the test
            return await datagram.reply(lambda arrival: arrival, sent_s + 0.1)

    with datagram_server(lambda _data, _number: [0.2, b"ours"]) as server:
        exchange(server.port, b"ours")
        with Datagram(LOCAL, server.port, time.monotonic):
            assert asyncio.run(go()) is None


def test_a_closed_port_says_so_at_once() -> None:
    """By the network's own word, long before the deadline."""
    began_s = time.monotonic()
    with pytest.raises(UnansweredError) as caught:
        exchange(free_port(), b"ours", within_s=2.0)
    assert (caught.value.answer.outcome, caught.value.answer.reason) == (
        Outcome.REFUSED,
        Reason.PORT_UNREACHABLE,
    )
    assert "ICMP type 3 code 3" in caught.value.answer.text
    assert time.monotonic() - began_s < 1.0


def test_others_are_not_heard() -> None:
    """A datagram of another address or port never reaches the errand."""

    async def go() -> Arrival | None:
        with (
            Datagram(LOCAL, server.port, time.monotonic) as datagram,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger,
        ):
            stranger.sendto(b"ours", datagram.own_address)
            return await datagram.reply(lambda arrival: arrival, time.monotonic() + 0.1)

    with datagram_server(lambda _data, _number: []) as server:
        assert asyncio.run(go()) is None


def test_a_flood_ends_with_the_deadline_and_lets_others_work() -> None:
    """Nobody can hold up the loop by sending much."""
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.01)
            turns += 1

    async def go() -> Arrival | None:
        counting = asyncio.ensure_future(count())
        with Datagram(LOCAL, server.port, time.monotonic) as datagram:
            sent_s = datagram.send(b"hello")
            met: Arrival | None = await datagram.reply(lambda _arrival: None, sent_s + 0.3)
        counting.cancel()
        return met

    with datagram_server(lambda _data, _number: [b"noise"] * 50_000) as server:
        began_s = time.monotonic()
        assert asyncio.run(go()) is None
        assert time.monotonic() - began_s < 0.6
    assert turns > 5


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "224.0.0.1", "ff02::1", "no address", "", "127.1"])  # noqa: S104
def test_only_one_machine_is_asked(address: str) -> None:
    """No group, no name, nothing that stands for any address."""
    with pytest.raises(UnansweredError) as caught:
        destination(address, 1)
    assert (caught.value.answer.outcome, caught.value.answer.reason) == (Outcome.NOT_RUN, Reason.NO_NAME)


def test_broadcast_is_not_sent() -> None:
    """The system refuses, and that is ours."""
    with pytest.raises(UnansweredError) as caught:
        Datagram("255.255.255.255", 9, time.monotonic)
    assert caught.value.answer.outcome is Outcome.NOT_RUN


def test_the_traffic_class_is_set() -> None:
    """As voice is marked."""
    with (
        datagram_server(lambda _data, _number: []) as server,
        Datagram(LOCAL, server.port, time.monotonic, dscp=46) as datagram,
    ):
        assert datagram._socket.getsockopt(socket.IPPROTO_IP, socket.IP_TOS) == 46 << 2
