"""An open desk on a real store, with an engine's hand and a clock that the test can push."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from controlroom.errors import EngineError
from controlroom.operators.keeping import RosterKeeper
from controlroom.store.folder import DataFolder
from controlroom.store.inbox import DeskInbox
from controlroom.store.interface import NOTHING_LEFT, ActInbox, LeftOver
from controlroom.store.sqlite import open_read_store
from tests.ui.desk.room import Room, make_room
from ui.desk.application import Desk
from ui.desk.liveness import Liveness
from ui.desk.parts import DeskParts
from ui.desk.sound.station import SoundMeans


@dataclass(slots=True)
class Clock:
    """The desk's monotonic clock, which the test can push forward."""

    ahead_s: float = 0.0

    def monotonic_s(self) -> float:
        """Return the real clock and what it was pushed."""
        return time.monotonic() + self.ahead_s


@dataclass(slots=True)
class Engine:
    """An engine's control that counts what is asked of it."""

    running: bool = True
    starts: int = 0
    stops: int = 0
    fails: str = ""
    left_over: LeftOver | None = NOTHING_LEFT

    def pid(self) -> int | None:
        """Return a process while one runs."""
        return 4410 if self.running else None

    def start(self) -> int:
        """Start, or fail as told."""
        self.starts += 1
        if self.fails:
            raise EngineError("engine-failed", self.fails)
        self.running = True
        return 4411

    def stop(self) -> LeftOver | None:
        """End it."""
        self.stops += 1
        self.running = False
        return self.left_over


@dataclass(slots=True)
class OpenDesk:
    """A desk in the middle of its shift."""

    desk: Desk
    room: Room
    engine: Engine
    clock: Clock
    qtbot: QtBot
    folder: Path
    exported: list[Path] = field(default_factory=list)

    def go_on(self, seconds: int = 1) -> None:
        """Let the engine commit some seconds, each seen by the desk."""
        for _ in range(seconds):
            self.room.second()
            self.qtbot.waitUntil(self.has_seen, timeout=5000)

    def has_seen(self) -> bool:
        """Whether the desk knows the newest heartbeat."""
        heartbeat = self.desk.conductor.picture.heartbeat
        return heartbeat is not None and heartbeat.at_utc_s >= self.room.now_utc_s - 0.01

    def settle(self) -> None:
        """Let the desk judge and show everything now."""
        self.desk.conductor.drain()
        self.desk.conductor.tick()


def open_desk(
    qtbot: QtBot,
    folder: Path,
    room: Room,
    theme: str = "dark",
    notice: str = "",
    roster: RosterKeeper | None = None,
    sound: SoundMeans | None = None,
    asks_before_closing: bool = True,
    offers_tour: bool = False,
) -> tuple[OpenDesk, Desk]:
    """Open a desk on a room's store."""
    clock, engine = Clock(), Engine()
    exported: list[Path] = []

    def export_log(path: Path) -> int:
        exported.append(path)
        return len(exported)

    def open_inbox() -> ActInbox:
        return DeskInbox(DataFolder(folder), "desk-1")

    parts = DeskParts(
        open_store=lambda: open_read_store(DataFolder(folder)),
        open_inbox=open_inbox,
        engine=engine,
        export_log=export_log,
        operator="e.lindqvist",
        utc_s=lambda: room.now_utc_s,
        monotonic_s=clock.monotonic_s,
        settings_file=folder / "desk.ini",
        theme=theme,
        roster=roster,
        sound=sound,
        notice=notice,
        asks_before_closing=asks_before_closing,
        offers_tour=offers_tour,
    )
    desk = Desk(parts)
    qtbot.addWidget(desk.window, before_close_func=lambda window: desk.window.allow_closing())
    desk.open()
    return OpenDesk(desk, room, engine, clock, qtbot, folder, exported), desk


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """Dress the application once: again for each desk would dress every window that is left anew."""
    qapp.setStyle("Fusion")
    return qapp


@pytest.fixture
def shift(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenDesk]:
    """A desk that has seen the heartbeat of the room's story move."""
    room = make_room(tmp_path, seconds=20)
    opened, desk = open_desk(qtbot, tmp_path, room)
    try:
        qtbot.waitUntil(opened.has_seen, timeout=5000)
        opened.go_on(2)
        opened.settle()
        assert desk.window.stopped.isHidden()
        assert desk.conductor.liveness is Liveness.LIVE
        yield opened
    finally:
        desk.close()
        room.store.close()
