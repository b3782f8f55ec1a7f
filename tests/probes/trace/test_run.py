"""The course of a trace, over a way that a script plays."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Callable

import pytest

from controlroom.reading import Reason
from controlroom.route.trace import Trace, TraceEnd, TraceMeans, TraceOrder
from probes.icmp.target import Target
from probes.trace.run import OpenWay, trace
from probes.trace.sighting import Sighting

HOST = "192.0.2.9"


class Played:
    """Answers at once as many hops away as it is told; counts what was sent."""

    means = TraceMeans.ECHO

    def __init__(self, monotonic_s: Callable[[], float], target_at: int, failing: int = 0) -> None:
        """``failing`` is the error that sending gives."""
        self._monotonic_s, self._target_at, self._failing = monotonic_s, target_at, failing
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._waiting: list[Sighting] = []
        self.distances: list[int] = []

    def fileno(self) -> int:
        """Readable when an answer waits."""
        return self._ours.fileno()

    def send(self, number: int, hops: int) -> None:
        """Note the distance, and have the answer ready."""
        if self._failing:
            raise OSError(self._failing, os.strerror(self._failing))
        self.distances.append(hops)
        if hops < self._target_at:
            self._waiting.append(Sighting(number, f"10.0.0.{hops}", Reason.TTL_EXCEEDED, self._monotonic_s()))
        else:
            self._waiting.append(Sighting(number, HOST, Reason.NONE, self._monotonic_s()))
        self._theirs.send(b".")

    def take(self, limit: int) -> list[Sighting]:
        """Hand over what waits."""
        try:
            self._ours.recv(limit)
        except BlockingIOError:
            return []
        waiting, self._waiting = self._waiting, []
        return waiting

    def close(self) -> None:
        """Close both ends."""
        self._ours.close()
        self._theirs.close()


def played(order: TraceOrder, *ways: OpenWay) -> Trace:
    """Trace over these ways."""
    return asyncio.run(trace(order, utc_s=lambda: 5.0, ways=ways))


def test_nothing_is_sent_beyond_the_target() -> None:
    """Once it has answered; the rounds ask each hop alike."""
    made: list[Played] = []

    def way(_target: Target, monotonic_s: Callable[[], float]) -> Played:
        made.append(Played(monotonic_s, 3))
        return made[-1]

    found = played(TraceOrder(HOST, probes_per_hop=2, longest_s=1.0), way)
    assert found.at_utc_s == 5.0
    assert found.reached
    assert [hop.sent for hop in found.hops] == [2, 2, 2]
    assert max(made[0].distances) <= 4


def test_a_right_that_is_missing_leads_to_the_next_way() -> None:
    """Any other trouble does not."""

    def refused(_target: Target, _monotonic_s: Callable[[], float]) -> Played:
        raise PermissionError(errno.EPERM, "no")

    def missing(_target: Target, _monotonic_s: Callable[[], float]) -> Played:
        raise OSError(errno.EAFNOSUPPORT, "no IPv6")

    order = TraceOrder(HOST, probes_per_hop=1, longest_s=0.5)
    assert played(order, refused, lambda _target, clock: Played(clock, 1)).reached
    assert played(order, missing, lambda _target, clock: Played(clock, 1)).reason is Reason.UNSUPPORTED
    assert played(order, refused).reason is Reason.NO_PRIVILEGE


@pytest.mark.parametrize(
    ("number", "reason"), [(errno.ENETUNREACH, Reason.NO_ROUTE), (errno.ENOBUFS, Reason.OWN_BUFFER_FULL)]
)
def test_what_cannot_be_sent_was_not_run(number: int, reason: Reason) -> None:
    """With the reason, and no hops."""
    found = played(TraceOrder(HOST), lambda _target, clock: Played(clock, 1, failing=number))
    assert (found.end, found.reason, found.hops) == (TraceEnd.NOT_RUN, reason, ())
