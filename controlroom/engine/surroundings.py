"""Where endpoints are, seen from this machine: on it, or beyond any way out of it. It asks nobody else.

Rules:
1. An endpoint is on this machine whose address is this machine's own, or one of whose probes needs none,
   because it asks nobody else. A simulated one plays at asking others.
2. Only the names of endpoints that some probe asks by their address are ever looked up.
3. Ways out are looked for because a question found no route, every ``LOOK_OUT_EVERY_S`` at most.
"""

from __future__ import annotations

import ipaddress
import math
from typing import Final

from controlroom.engine.address_book import AddressBook
from controlroom.engine.monitor import Monitor
from controlroom.engine.own_network import metrics_of_own_network
from controlroom.engine.parts import EngineParts
from controlroom.probe import ProbeType, ProbeTypes
from controlroom.site.model import Site

LOOK_OUT_EVERY_S: Final = 0.5
"""How far apart two looks for ways out of this machine are."""


class Surroundings:
    """Tells the monitor what this machine's addresses and routes make of the endpoints."""

    def __init__(self, parts: EngineParts, addresses: AddressBook, monitor: Monitor) -> None:
        """Look at nothing yet."""
        self._parts = parts
        self._addresses = addresses
        self._monitor = monitor
        self._looked_out_s = -math.inf

    def look_around(self, site: Site) -> None:
        """Tell which endpoints are on this machine (rule 1), and which figures are of its network."""
        own, types = self._parts.own_addresses(), self._parts.probe_types
        found = self._addresses.found()
        local = {
            endpoint.id
            for endpoint in site.endpoints
            for probe in endpoint.probes
            if _on_this_machine(found.get(endpoint.id), own) or _measures_this_machine(types[probe.type])
        }
        self._monitor.set_local(frozenset(local))
        self._monitor.set_network_metrics(metrics_of_own_network(site, types))

    def look_for_ways_out(self) -> None:
        """Tell to which endpoints there is no way out (rule 3)."""
        now_s = self._parts.clocks().monotonic_s
        if now_s - self._looked_out_s >= LOOK_OUT_EVERY_S:
            self._looked_out_s = now_s
            self._monitor.set_beyond(self._addresses.beyond(self._parts.ways_out()))


def addressed(site: Site, probe_types: ProbeTypes) -> dict[str, str]:
    """Return the addresses that some probe asks, by endpoint (rule 2)."""
    return {
        item.id: item.address
        for item in site.endpoints
        if any(probe_types[probe.type].addressed for probe in item.probes)
    }


def _on_this_machine(address: str | None, own: frozenset[str]) -> bool:
    return address is not None and (address in own or ipaddress.ip_address(address).is_loopback)


def _measures_this_machine(probe_type: ProbeType) -> bool:
    return not probe_type.addressed and not probe_type.simulated
