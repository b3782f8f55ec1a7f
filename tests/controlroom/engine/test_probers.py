"""Who is made, started and stopped, and in which order."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from controlroom.engine.probers import Probers
from controlroom.probe import ProbeParameters, Prober, ProberContext, ProbeType, Question
from controlroom.site.model import Site
from tests.stories.world import site_of


class Told:
    """A prober that tells what is done with it."""

    def __init__(self, name: str, told: list[str]) -> None:
        """Tell into this list."""
        self._name, self._told = name, told

    async def start(self) -> None:
        """Tell it."""
        self._told.append(f"{self._name} started")

    def ask(self, question: Question) -> None:
        """Never answer."""

    async def stop(self) -> None:
        """Tell it."""
        self._told.append(f"{self._name} stopped")

    def health(self) -> Mapping[str, float]:
        """Have one figure."""
        return {"open": 1.0}


def site_with(*types: str) -> Site:
    """Return a site of one endpoint with a probe of each type."""
    plain = site_of(["mast"])
    (end,) = plain.endpoints
    probes = tuple(end.probes[0].model_copy(update={"type": name, "name": name}) for name in types)
    return plain.model_copy(update={"endpoints": (end.model_copy(update={"probes": probes}),)})


def test_each_type_that_is_used_has_one_in_order_of_their_names() -> None:
    """What comes with a changed site is started then; who is not needed any more stays until the end."""
    told: list[str] = []

    def kind(name: str) -> ProbeType:
        def create(_context: ProberContext) -> Prober:
            return Told(name, told)

        return ProbeType(name, name, "", ProbeParameters, lambda _: (), create, 1.0, 1.0)

    types = {name: kind(name) for name in ("tcp", "icmp", "dns", "http")}
    context = ProberContext(lambda _: None, lambda: 0.0, lambda: 0.0, str)

    async def live() -> None:
        probers = Probers(site_with("tcp", "icmp"), types, context)
        assert (list(probers.all), told) == (["icmp", "tcp"], [])
        await probers.start()
        await probers.adopt(site_with("tcp", "dns"))
        assert probers.health() == {"icmp_open": 1.0, "tcp_open": 1.0, "dns_open": 1.0}
        await probers.stop()

    asyncio.run(live())
    assert told == [
        *("icmp started", "tcp started", "dns started"),
        *("dns stopped", "tcp stopped", "icmp stopped"),
    ]
