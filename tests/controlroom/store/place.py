"""Where a store is, for the tests of its contract: how it is opened, and how it is read whole."""

from __future__ import annotations

import math
from typing import Protocol

import pytest

from controlroom.errors import StoreError
from controlroom.reading import SeriesKey
from controlroom.store.interface import ActInbox, EngineStore, ReadStore, Retention
from tests.controlroom.store.examples import RTT


class Place(Protocol):
    """Where one store is, for a test; everything it opens is closed when the test ends."""

    def engine(self) -> EngineStore:
        """Open the writing side."""

    def reader(self) -> ReadStore:
        """Open a reading side."""

    def inbox(self, desk_id: str) -> ActInbox:
        """Open a desk's inbox."""


class OnePlace:
    """What every part of the contract begins with; override the fixture ``place``."""

    @pytest.fixture
    def place(self) -> Place:
        """Name a store that does not exist yet."""
        raise NotImplementedError

    @pytest.fixture
    def engine(self, place: Place) -> EngineStore:
        """Open the writing side of a new store."""
        return place.engine()

    @pytest.fixture
    def reader(self, place: Place, engine: EngineStore) -> ReadStore:
        """Open a reading side beside a live engine."""
        return place.reader()


def series_of(reader: ReadStore, series: SeriesKey = RTT) -> tuple[list[float], list[float]]:
    """Read a whole series as plain lists of times and values."""
    samples = reader.samples(series, -math.inf, math.inf)
    return samples.at_utc_s.tolist(), samples.value.tolist()


def told_by(engine: EngineStore) -> list[StoreError]:
    """Tend a store until nothing is waiting; return what it told meanwhile."""
    told: list[StoreError] = []
    for _ in range(20_000):
        try:
            if not engine.tend(Retention()):
                return told
        except StoreError as error:
            told.append(error)
    raise AssertionError(f"the store never comes to rest: {told[-3:]}")


def until_calm(engine: EngineStore) -> None:
    """Tend a store until nothing is waiting."""
    for _ in range(20_000):
        if not engine.tend(Retention()):
            return
    raise AssertionError("the store never comes to rest")
