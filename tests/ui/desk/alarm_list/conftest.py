"""An open desk on a room with alarms in every state."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from controlroom.logbook.act import Act
from tests.ui.desk.alarm_list.hidden import hide_alarms
from tests.ui.desk.conftest import OpenDesk, open_desk
from tests.ui.desk.room import make_room


@pytest.fixture
def busy(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenDesk]:
    """A desk that has seen shelved, suppressed, held and other alarms."""
    room = make_room(tmp_path, seconds=5)
    hide_alarms(room)
    opened, desk = open_desk(qtbot, tmp_path, room)
    try:
        qtbot.waitUntil(opened.has_seen, timeout=5000)
        opened.go_on(2)
        opened.settle()
        yield opened
    finally:
        desk.close()
        room.store.close()


def acts_of(shift: OpenDesk, count: int = 1) -> list[Act]:
    """Wait for so many acts on their way to the engine, and return them."""
    shift.qtbot.waitUntil(lambda: len(shift.room.store.waiting_acts()) >= count, timeout=5000)
    return [taken.act for taken in shift.room.store.waiting_acts()]
