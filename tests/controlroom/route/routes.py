"""Traces in short, for tests."""

from __future__ import annotations

from controlroom.reading import Reason
from controlroom.route.kept import KeptRoute, RouteKind, TraceCause
from controlroom.route.trace import Hop, HopAddress, Trace, TraceEnd

TARGET = "10.9.9.9"


def hop_address(address: str, reason: Reason = Reason.TTL_EXCEEDED) -> HopAddress:
    """An address that answered once in 10 ms."""
    return HopAddress(address, 1, 0.01, 0.01, 0.01, reason)


def route(*places: str, end: TraceEnd = TraceEnd.REACHED, at_utc_s: float = 1000.0) -> Trace:
    """A trace over places: ``"a"``, ``"a/b"`` for two addresses, ``""`` for a silent hop.

    Where it reached its target, that is the last place of its own.
    """
    hops = [
        Hop(distance, 3, tuple(hop_address(each) for each in place.split("/") if each))
        for distance, place in enumerate(places, start=1)
    ]
    if end is TraceEnd.REACHED:
        hops.append(Hop(len(hops) + 1, 3, (hop_address(TARGET, Reason.NONE),)))
    return Trace(TARGET, at_utc_s, end, tuple(hops))


def kept(endpoint_id: str, kind: RouteKind, trace: Trace | None = None, *, operator: str = "") -> KeptRoute:
    """A kept trace, for an operator where one is named."""
    cause = TraceCause.OPERATOR if operator else TraceCause.WELL
    return KeptRoute(endpoint_id, kind, trace or route("a", "b"), cause, operator)
