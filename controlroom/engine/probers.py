"""The probers that the site needs: one for each type that some probe is of. It asks nothing.

Rules:
1. They are started in the order of their types' names, and stopped the other way round.
2. A changed site starts those that it needs besides. Who is needed no longer stays until the end.
"""

from __future__ import annotations

from collections.abc import Mapping

from controlroom.probe import Prober, ProberContext, ProbeTypes
from controlroom.site.model import Site


class Probers:
    """The probers by the names of their types, and what each is given."""

    def __init__(self, site: Site, probe_types: ProbeTypes, context: ProberContext) -> None:
        """Make those that a site needs; none takes a socket before it is started."""
        self._types = probe_types
        self._context = context
        self._probers = {name: probe_types[name].create(context) for name in sorted(_types_used(site))}

    @property
    def all(self) -> Mapping[str, Prober]:
        """The probers by the names of their types, also those that come later."""
        return self._probers

    async def start(self) -> None:
        """Let all take their sockets (rule 1)."""
        for prober in self._probers.values():
            await prober.start()

    async def adopt(self, site: Site) -> None:
        """Make and start those that a changed site needs besides (rule 2)."""
        for name in sorted(_types_used(site) - self._probers.keys()):
            prober = self._types[name].create(self._context)
            await prober.start()
            self._probers[name] = prober

    async def stop(self) -> None:
        """Let all give back what they took (rule 1)."""
        for prober in reversed(list(self._probers.values())):
            await prober.stop()

    def health(self) -> dict[str, float]:
        """Return the figures that all have of themselves, each named after its type."""
        figures: dict[str, float] = {}
        for name, prober in self._probers.items():
            figures.update({f"{name}_{key}": value for key, value in prober.health().items()})
        return figures


def _types_used(site: Site) -> set[str]:
    return {probe.type for endpoint in site.endpoints for probe in endpoint.probes}
