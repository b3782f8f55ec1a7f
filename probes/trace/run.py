"""Traces the way to one address: sends to all distances side by side, and waits no longer than it must.

Rules
1. In each round one packet goes to each distance, a few milliseconds apart; rounds follow each other at a
   distance too, because routers answer few packets a second. Beyond the target nothing more is sent.
2. It ends when all is answered; what is silent is waited for by the slowest answer seen, never beyond the
   order's time.
3. An account that may not send echo requests by a raw socket uses an unprivileged one; where that is
   refused too, it uses UDP.
4. A flood of packets costs a bounded piece of each look, and holds up nobody else.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from typing import Final, Protocol

from controlroom.reading import Reason
from controlroom.route.trace import Trace, TraceEnd, TraceMeans, TraceOrder
from probes.icmp.sockets import NO_PRIVILEGE_ERRORS, reason_of_open_error, reason_of_send_error
from probes.icmp.target import AddressError, Target, read_target
from probes.trace.echo_way import EchoWay
from probes.trace.sighting import Sighting
from probes.trace.tally import Tally
from probes.trace.udp_way import UdpWay

GAP_S: Final = 0.008
"""Between two packets of a round."""
ROUND_S: Final = 0.3
"""Between two rounds: routers answer a burst, and then about one packet a second."""
_LEAST_PATIENCE_S: Final = 0.4
_PATIENCE_UNREACHED_S: Final = 1.0
_SILENT_TRIED: Final = 3
"""Distances tried in later rounds beyond the last that answered."""
_MOST_AT_ONCE: Final = 200


class Way(Protocol):
    """One way to send packets with a limited life, and to learn who answers."""

    means: TraceMeans

    def fileno(self) -> int:
        """The socket, for a loop that waits for it."""

    def send(self, number: int, hops: int) -> None:
        """Send a packet; ``OSError`` where it did not leave."""

    def take(self, limit: int) -> list[Sighting]:
        """Take what has arrived."""

    def close(self) -> None:
        """Close the socket."""


OpenWay = Callable[[Target, Callable[[], float]], Way]
WAYS: Final[tuple[OpenWay, ...]] = (partial(EchoWay, raw=True), partial(EchoWay, raw=False), UdpWay)
"""In the order in which they are tried (rule 3)."""


async def trace(
    order: TraceOrder,
    *,
    utc_s: Callable[[], float] = time.time,
    monotonic_s: Callable[[], float] = time.monotonic,
    ways: tuple[OpenWay, ...] = WAYS,
) -> Trace:
    """Trace once, within the order's time; what cannot be asked is a trace that was not run."""
    begun_utc_s = utc_s()
    try:
        way = _open(read_target(order.address, secrets.token_bytes(16)), monotonic_s, ways)
    except AddressError:
        return Trace(order.address, begun_utc_s, TraceEnd.NOT_RUN, reason=Reason.NO_NAME)
    except OSError as error:
        return Trace(order.address, begun_utc_s, TraceEnd.NOT_RUN, reason=reason_of_open_error(error))
    with closing(way):
        run = _Run(order, way, monotonic_s)
        try:
            await run.through()
        except OSError as error:
            reason = reason_of_send_error(error)
            return Trace(order.address, begun_utc_s, TraceEnd.NOT_RUN, (), reason, way.means)
    end, reason = run.tally.end()
    return Trace(order.address, begun_utc_s, end, run.tally.hops(), reason, way.means)


def _open(target: Target, monotonic_s: Callable[[], float], ways: tuple[OpenWay, ...]) -> Way:
    for open_way in ways[:-1]:
        try:
            return open_way(target, monotonic_s)
        except OSError as error:
            if error.errno not in NO_PRIVILEGE_ERRORS:
                raise
    return ways[-1](target, monotonic_s)


class _Run:
    """One trace under way."""

    def __init__(self, order: TraceOrder, way: Way, monotonic_s: Callable[[], float]) -> None:
        self._order, self._way, self._monotonic_s = order, way, monotonic_s
        self._until_s = monotonic_s() + order.longest_s
        self._woken = asyncio.Event()
        self.tally = Tally()

    async def through(self) -> None:
        """Send all rounds and wait for the answers; ``OSError`` where nothing can be sent at all."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._way.fileno(), self._take)
        try:
            for round_number in range(self._order.probes_per_hop):
                next_s = self._monotonic_s() + self._round_s()
                await self._round(round_number)
                if round_number + 1 < self._order.probes_per_hop:
                    await asyncio.sleep(max(0.0, next_s - self._monotonic_s()))
            await self._settle()
        finally:
            loop.remove_reader(self._way.fileno())
        self._take()

    def _round_s(self) -> float:
        return min(ROUND_S, self._order.longest_s / 2 / self._order.probes_per_hop)

    async def _round(self, round_number: int) -> None:
        gap_s = min(GAP_S, self._round_s() / self._order.most_hops)
        for distance in range(1, self._order.most_hops + 1):
            if distance > self._farthest(round_number) or self._monotonic_s() >= self._until_s:
                return
            self._send(distance)
            await asyncio.sleep(gap_s)

    def _farthest(self, round_number: int) -> int:
        """How far this round is to go, as far as is known by now."""
        end = self.tally.end_distance
        if end is not None:
            return end
        return self._order.most_hops if round_number == 0 else self.tally.last_answering + _SILENT_TRIED

    def _send(self, distance: int) -> None:
        number = len(self.tally.packets)
        sent_s = self._monotonic_s()
        try:
            self._way.send(number, distance)
        except OSError:
            if number == 0:
                raise
            return  # this packet did not leave and is not counted; a full buffer empties
        self.tally.sent(distance, sent_s)

    def _take(self) -> None:
        for sighting in self._way.take(_MOST_AT_ONCE):
            self.tally.saw(sighting)
        self._woken.set()

    async def _settle(self) -> None:
        """Wait for what is still open (rule 2)."""
        last_sent_s = self._monotonic_s()
        while not self.tally.all_answered():
            left_s = min(self._until_s, last_sent_s + self._patience_s()) - self._monotonic_s()
            if left_s <= 0:
                return
            self._woken.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(left_s):
                    await self._woken.wait()

    def _patience_s(self) -> float:
        known = self.tally.end_distance is not None
        return max(_LEAST_PATIENCE_S if known else _PATIENCE_UNREACHED_S, 3 * self.tally.slowest_s)
