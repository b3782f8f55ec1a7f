"""What one path trace saw, hop by hop, and what a trace is asked to do. Values only: it asks nobody.

Rules
1. A hop without an answer is silent, which says nothing of the hops behind it: many routers forward well and
   answer little.
2. A time belongs to an address that answered; where several answer at one distance, packets take turns.
"""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from controlroom.reading import Reason


class TraceEnd(enum.StrEnum):
    """How a trace ended."""

    REACHED = "reached"
    """The target itself answered."""
    REFUSED = "refused"
    """A router, or the target, said that the packets go no further; the reason says how."""
    SILENT = "silent"
    """Beyond the last hop nobody answered."""
    NOT_RUN = "not_run"
    """This machine could not ask."""


class TraceMeans(enum.StrEnum):
    """What was sent: routers and firewalls treat these differently."""

    ECHO = "echo"
    UDP = "udp"


@dataclass(frozen=True, slots=True)
class TraceOrder:
    """What a trace is to do. ``longest_s`` bounds it as a whole; routes are invented by the endpoint."""

    address: str
    most_hops: int = 30
    probes_per_hop: int = 3
    longest_s: float = 3.0
    endpoint_id: str = ""


@dataclass(frozen=True, slots=True)
class HopAddress:
    """Who answered at a distance: how often, how fast, and what it said.

    ``reason`` is ``TTL_EXCEEDED`` for a router, ``NONE`` for the target, else why it refused.
    """

    address: str
    answers: int
    least_s: float
    median_s: float
    greatest_s: float
    reason: Reason = Reason.TTL_EXCEEDED


@dataclass(frozen=True, slots=True)
class Hop:
    """One distance from here, in routers. ``also`` are addresses of earlier traces of the same route."""

    distance: int
    sent: int
    seen: tuple[HopAddress, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def answers(self) -> int:
        """How many of the probes were answered, by whomever."""
        return sum(each.answers for each in self.seen)

    @property
    def loss_ratio(self) -> float | None:
        """The share of the probes without an answer, or ``None`` where none was sent."""
        return 1.0 - self.answers / self.sent if self.sent else None

    @property
    def passed(self) -> frozenset[str]:
        """The addresses through which packets went at this distance; who refused one is none of them."""
        forwarding = (Reason.TTL_EXCEEDED, Reason.NONE)
        return frozenset(each.address for each in self.seen if each.reason in forwarding)

    @property
    def known(self) -> frozenset[str]:
        """The addresses of this trace and of earlier ones of the same route."""
        return self.passed | frozenset(self.also)


@dataclass(frozen=True, slots=True)
class Trace:
    """One trace: the hops up to the target, or up to the last that answered.

    ``reason`` says why it was refused or could not be run.
    """

    address: str
    at_utc_s: float
    end: TraceEnd
    hops: tuple[Hop, ...] = ()
    reason: Reason = Reason.NONE
    means: TraceMeans = TraceMeans.ECHO

    @property
    def reached(self) -> bool:
        """Whether the target answered."""
        return self.end is TraceEnd.REACHED


Tracer = Callable[[TraceOrder], Awaitable[Trace]]
"""Traces once, within the order's time. What cannot be asked is a trace that was not run."""


@runtime_checkable
class RouteInventor(Protocol):
    """Invents the routes of a simulated site; its prober does, for it invents the readings too."""

    async def trace(self, order: TraceOrder) -> Trace:
        """Trace once, within the order's time."""
