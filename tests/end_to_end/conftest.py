"""Rooms for the end-to-end tests: fifty targets, or a few; every engine is ended afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.end_to_end.room import Room
from tests.lab.namespace import LabNetwork
from tests.lab.script import TargetScript


@pytest.fixture
def make_room(lab: LabNetwork, tmp_path: Path) -> Iterator[Callable[[int], Room]]:
    """Make rooms of so many targets that answer after ten milliseconds."""
    rooms: list[Room] = []

    def make(targets: int) -> Room:
        lab.script_all(TargetScript(delay_s=0.01, jitter_s=0.002))
        room = Room(lab, tmp_path / f"room{len(rooms)}", targets)
        rooms.append(room)
        return room

    yield make
    for room in rooms:
        if room.engine is not None and room.engine.poll() is None:
            room.end()
