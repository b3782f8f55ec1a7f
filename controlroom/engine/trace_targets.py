"""Which endpoints a route may be traced to, and where they are. It traces nothing.

Rules:
1. In a real site those outside this machine that some probe asks by their address, which is the one in use.
2. In a simulated site those that are not on this machine, at the address as the site has it: nobody looks
   the name of a simulated endpoint up.
"""

from __future__ import annotations

from collections.abc import Callable

from controlroom.engine.address_book import AddressBook
from controlroom.engine.monitor import Monitor
from controlroom.engine.surroundings import addressed
from controlroom.probe import ProbeTypes
from controlroom.site.model import Site
from controlroom.site.simulation import is_simulated


class TraceTargets:
    """The endpoints of the site that runs, as tracing sees them."""

    def __init__(
        self,
        site: Callable[[], Site],
        probe_types: ProbeTypes,
        addresses: AddressBook,
        monitor: Monitor,
    ) -> None:
        """``site`` gives the site as it is by then; simulated or real, it stays that for good."""
        self._site = site
        self._types = probe_types
        self._addresses = addresses
        self._monitor = monitor
        self.simulated = is_simulated(site(), probe_types)

    def address(self, endpoint_id: str) -> str | None:
        """Return where an endpoint is, or ``None`` where that is not known."""
        if not self.simulated:
            return self._addresses.address(endpoint_id)
        return next((item.address for item in self._site().endpoints if item.id == endpoint_id), None)

    def may_trace(self, endpoint_id: str) -> bool:
        """Whether an endpoint may be traced at all."""
        by_address = self.simulated or endpoint_id in addressed(self._site(), self._types)
        return by_address and self._monitor.is_outside(endpoint_id)
