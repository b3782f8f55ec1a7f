"""What is on this machine, what is beyond a way out of it, and whose names matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from controlroom.engine.address_book import AddressBook
from controlroom.engine.monitor import Monitor
from controlroom.engine.parts import EngineParts
from controlroom.engine.surroundings import LOOK_OUT_EVERY_S, Surroundings, addressed
from controlroom.engine.time_watch import Clocks
from controlroom.probe import ProbeType
from controlroom.site.model import Site
from tests.controlroom.engine.test_engine import TYPE
from tests.controlroom.engine.troubled_store import TroubledStore
from tests.stories.world import START_UTC_S, site_of

FIGURES = replace(TYPE, addressed=False, reaches=False)
"""A type that asks nobody else."""


class Place:
    """This machine, with the address 192.0.2.7, and a site around it."""

    def __init__(self, store: TroubledStore, probe_type: ProbeType, addresses: dict[str, str]) -> None:
        """Give each endpoint its address."""
        plain = site_of(list(addresses))
        ends = tuple(end.model_copy(update={"address": addresses[end.id]}) for end in plain.endpoints)
        self.site = plain.model_copy(update={"endpoints": ends})
        self.types = {"icmp": probe_type}
        self.monitor = Monitor(self.site, {"icmp": probe_type.reaches}, START_UTC_S)
        self.looks = 0
        self.now = Clocks(START_UTC_S, 0.0, 0.0)
        self.surroundings = Surroundings(
            self._parts(store), AddressBook(addressed(self.site, self.types)), self.monitor
        )

    def _parts(self, store: TroubledStore) -> EngineParts:
        return EngineParts(
            site=self.site,
            site_digest="",
            probe_types=self.types,
            store=store,
            resolve_secret=str,
            own_addresses=lambda: frozenset({"192.0.2.7"}),
            ways_out=self._look_out,
            clocks=lambda: self.now,
            version="1",
        )

    def _look_out(self) -> frozenset[int]:
        self.looks += 1
        return frozenset()

    def outside(self) -> list[str]:
        """Look around, and return what is not on this machine."""
        self.surroundings.look_around(self.site)
        return [end.id for end in self.site.endpoints if self.monitor.is_outside(end.id)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TroubledStore]:
    """Open a store, which nothing is written to."""
    opened = TroubledStore(tmp_path)
    yield opened
    opened.close()


def test_this_machines_own_addresses_are_on_it(store: TroubledStore) -> None:
    """And what loops back; a neighbour is outside."""
    addresses = {"me": "192.0.2.7", "loop": "127.0.0.9", "mast": "192.0.2.8"}
    assert Place(store, TYPE, addresses).outside() == ["mast"]


def test_what_asks_nobody_else_is_on_this_machine_unless_it_plays_at_it(store: TroubledStore) -> None:
    """No name of it is looked up."""
    addresses = {"me": "192.0.2.8"}
    real, played = (Place(store, kind, addresses) for kind in (FIGURES, replace(FIGURES, simulated=True)))
    assert (real.outside(), played.outside()) == ([], ["me"])
    site: Site = real.site
    assert addressed(site, real.types) == {}
    assert addressed(site, {"icmp": TYPE}) == addresses


def test_ways_out_are_looked_for_now_and_then(store: TroubledStore) -> None:
    """However many questions find no route."""
    place = Place(store, TYPE, {"mast": "192.0.2.8"})
    for at_s in (0.0, 0.1, LOOK_OUT_EVERY_S, LOOK_OUT_EVERY_S + 0.1):
        place.now = Clocks(START_UTC_S + at_s, at_s, at_s)
        place.surroundings.look_for_ways_out()
    assert place.looks == 2
