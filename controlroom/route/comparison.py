"""Whether a trace took another route than the last good one, and where they part. Pure.

Rules
1. Two routes differ at a distance where both have addresses and none in common: a load balancer's packets
   take turns, and any one in common shows that it is the same place.
2. A silent hop differs from nothing, and neither does the end of a route that was cut short: that answers end
   earlier is a fault on the route, not another route.
3. Who refused a packet did not pass it on, and says nothing of the route behind it.
4. Routes to different addresses are not compared.
5. A good route learns the addresses of the traces before it that took the same route, a few at each distance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from controlroom.route.trace import Hop, Trace, TraceEnd

MOST_KNOWN: Final = 8
"""Addresses remembered at one distance."""


@dataclass(frozen=True, slots=True)
class Parting:
    """Where two routes part: the first distance at which they have no address in common."""

    distance: int
    before: frozenset[str]
    after: frozenset[str]


def parting(good: Trace, newer: Trace) -> Parting | None:
    """Return where a newer trace leaves the good route; ``None`` where it does not (rules 1 to 4)."""
    if good.address != newer.address or newer.end is TraceEnd.NOT_RUN:
        return None
    after_at = {hop.distance: hop.known for hop in newer.hops}
    for hop in good.hops:
        after = after_at.get(hop.distance, frozenset())
        if hop.known and after and not hop.known & after:
            return Parting(hop.distance, hop.known, after)
    return None


def ends_early(good: Trace, newer: Trace) -> int | None:
    """Return after how many hops answers end, where the good route reached its target and this does not."""
    cut_short = newer.end in (TraceEnd.SILENT, TraceEnd.REFUSED)
    if not (good.reached and cut_short and good.address == newer.address):
        return None
    return max((hop.distance for hop in newer.hops if hop.passed), default=0)


def together(one: Trace, other: Trace) -> Trace:
    """Return the newer of two traces of one moment, with the addresses of both at each distance."""
    return _knowing(other, one)


def renewed(good: Trace | None, newer: Trace) -> Trace:
    """Return the newer trace as the good one, with what is known of the same route (rule 5)."""
    same_route = good is not None and good.address == newer.address and parting(good, newer) is None
    return newer if good is None or not same_route else _knowing(newer, good)


def _knowing(newer: Trace, older: Trace) -> Trace:
    older_at = {hop.distance: hop for hop in older.hops}
    hops = tuple(_hop_knowing(hop, older_at.get(hop.distance)) for hop in newer.hops)
    return replace(newer, hops=hops)


def _hop_knowing(hop: Hop, older: Hop | None) -> Hop:
    if older is None:
        return hop
    learnt = (*hop.also, *sorted(older.passed), *older.also)
    also = tuple(dict.fromkeys(address for address in learnt if address not in hop.passed))
    return replace(hop, also=also[:MOST_KNOWN])
