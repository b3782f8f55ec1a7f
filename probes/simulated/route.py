"""What a trace to a simulated endpoint would see. Pure: the same endpoint and moment, the same route.

1. The routers follow from the link, so that endpoints behind the same link share them. Their addresses are of
   the block kept for tests (RFC 2544), or for documentation (RFC 3849) where the endpoint's own is IPv6.
2. A fault of the story lies on the middle of the way: what is before it answers, and what is behind it shares
   the loss, the silence or the delay.
3. A name has an address of the same block: it is not looked up.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from controlroom.reading import ProbeKey, Reason
from controlroom.route.trace import Trace, TraceOrder
from probes.simulated.chance import Chance
from probes.simulated.link import CHARACTERS, Link
from probes.simulated.model import State, round_trip_s, state_at
from probes.simulated.parameters import SimulatedParameters
from probes.simulated.story import FaultKind
from probes.trace.sighting import Sighting
from probes.trace.tally import Tally


@dataclass(frozen=True, slots=True)
class Router:
    """A router on the way: at which share of the round trip it stands, and whether it answers anybody."""

    share: float
    answers: bool = True


_ROUTERS: Final[Mapping[Link, tuple[Router, ...]]] = MappingProxyType(
    {
        Link.LAN: (),
        Link.FIBRE: (Router(0.08), Router(0.6)),
        Link.MICROWAVE: (Router(0.05), Router(0.5)),
        Link.LTE: (Router(0.01), Router(0.07), Router(0.1, answers=False), Router(0.14)),
        Link.NR: (Router(0.02), Router(0.15), Router(0.2, answers=False), Router(0.28)),
        Link.VPN: (Router(0.02), Router(0.9)),
        Link.CLOUD: (Router(0.03), Router(0.2), Router(0.55), Router(0.8, answers=False), Router(0.95)),
        Link.SATELLITE: (Router(0.001), Router(0.01), Router(0.97)),
    }
)
_HASTE: Final = 0.5
"""How far the time of one packet spreads, in spreads of the link."""
_ALL_HAVE: Final = 1
"""The first router is the room's own, whatever comes after it."""


def route_at(
    key: ProbeKey, parameters: SimulatedParameters, story_s: float, order: TraceOrder, at_utc_s: float
) -> Trace:
    """Return what a trace sees that is made at a moment of the story."""
    way = _Way(key, parameters, story_s, order.address)
    tally = Tally()
    for _ in range(order.probes_per_hop):
        for distance in range(1, min(order.most_hops, way.length) + 1):
            number = len(tally.packets)
            tally.sent(distance, 0.0)
            sighting = way.answer(number, distance)
            if sighting is not None:
                tally.saw(sighting)
    end, reason = tally.end()
    return Trace(order.address, at_utc_s, end, tally.hops(), reason)


class _Way:
    """The way to one endpoint at one moment."""

    def __init__(self, key: ProbeKey, parameters: SimulatedParameters, story_s: float, address: str) -> None:
        self._name = (parameters.seed, key.endpoint_id, "route", math.floor(story_s))
        self._link = parameters.link
        self._routers = _ROUTERS[parameters.link]
        self._state: State = state_at(parameters, story_s)
        self._usual_s = round_trip_s(key, parameters, Chance(*self._name), story_s)
        self._target = _literal(address)
        self._broken_after = (len(self._routers) + 1) // 2
        self.length = len(self._routers) + 1

    def answer(self, number: int, distance: int) -> Sighting | None:
        """Return what answers a packet that lives so far, if anything does (rule 2)."""
        chance, state = Chance(*self._name, number), self._state
        behind = distance > self._broken_after
        if behind and state.off and state.kind is FaultKind.UNREACHABLE and self._broken_after:
            return self._seen(number, self._broken_after, Reason.HOST_UNREACHABLE, chance)
        lost = behind and (self._cut or chance.uniform(0) < state.loss_ratio)
        router = self._routers[distance - 1] if distance < self.length else None
        if lost or (router is not None and not router.answers):
            return None
        return self._seen(number, distance, Reason.TTL_EXCEEDED if router else Reason.NONE, chance)

    @property
    def _cut(self) -> bool:
        """Whether nothing comes through at all; who rejects us is reached all the same."""
        return self._state.off and self._state.kind is not FaultKind.REJECTS

    def _seen(self, number: int, distance: int, reason: Reason, chance: Chance) -> Sighting:
        share = self._routers[distance - 1].share if distance < self.length else 1.0
        at_s = share * self._usual_s * (1 + _HASTE * CHARACTERS[self._link].spread * chance.exponential(1))
        if distance > self._broken_after:
            at_s = self._state.slowed_s(at_s)
        return Sighting(number, self._host(distance), reason, at_s)

    def _host(self, distance: int) -> str:
        if distance == self.length:
            return self._target
        network = 0 if distance <= _ALL_HAVE else 1 + list(Link).index(self._link)
        return f"2001:db8:{network:x}::{distance}" if ":" in self._target else f"198.18.{network}.{distance}"


def _literal(address: str) -> str:
    """Return an address as it stands, or one for a name (rule 3)."""
    try:
        ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        chance = Chance("address", address)
        return f"198.19.{int(256 * chance.uniform(0))}.{1 + int(254 * chance.uniform(1))}"
    return address
