"""The icon in the tray: its badge, its words, what comes up, and a system that has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from controlroom.alarms.alarm import Priority
from controlroom.alarms.message import MessageKind
from tests.controlroom.store.outbox_contract import message
from ui.desk.liveness import Liveness
from ui.desk.notices.tray import Tray, badge, tray_words
from ui.desk.theme import Theme, load_fonts

# The platform that draws into memory has no tray; the icon is made all the same.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")

NONE = {1: 0, 2: 0, 3: 0, 4: 0}


@dataclass
class Room:
    """A window with a tray that notes what came up."""

    tray: Tray
    window: QWidget
    counts: dict[int, int]
    came_up: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def make_room(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Room]:
    """Make a room whose system has a tray, or none."""

    def make(*, has_tray: bool = True, simulated: bool = False) -> Room:
        monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: has_tray)
        window = QWidget()
        qtbot.addWidget(window)
        counts = dict(NONE)
        tray = Tray(
            Theme("dark", load_fonts()),
            window,
            lambda: (counts, Liveness.LIVE),
            lambda subject: subject.title(),
            lambda: simulated,
        )
        room = Room(tray, window, counts)

        def note(_: QSystemTrayIcon, title: str, words: str, icon: QIcon, for_ms: int) -> None:
            room.came_up.append((title, words))

        monkeypatch.setattr(QSystemTrayIcon, "showMessage", note)
        tray.start()
        return room

    return make


def pixels(icon: QIcon) -> bytes:
    """The icon as it is painted."""
    return bytes(icon.pixmap(64, 64).toImage().constBits())


def test_the_badge_is_that_of_the_worst_that_waits(make_room: Callable[..., Room]) -> None:
    """By shape and colour: each urgency, none, and a monitoring that is stopped look different."""
    room = make_room()
    theme = Theme("dark", load_fonts())
    looks = [pixels(badge(theme, worst, stopped=False)) for worst in range(5)]
    looks.append(pixels(badge(theme, 1, stopped=True)))
    assert len(set(looks)) == 6
    assert room.tray.icon is not None
    room.counts.update({2: 3, 4: 1})
    room.tray.show()
    assert pixels(room.tray.icon.icon()) == looks[2]
    assert room.tray.icon.toolTip() == "Controlroom – not acknowledged: 3 high, 1 low"
    room.tray.end()
    assert room.tray.icon is None


def test_what_is_urgent_comes_up_in_words_once(make_room: Callable[..., Room]) -> None:
    """The worst first, the rest counted; what is over or can wait does not come up."""
    room = make_room(simulated=True)
    low = replace(message(1), priority=Priority.LOW, calling=(0, 0, 0, 1))
    over = replace(message(2), kind=MessageKind.RETURNED, calling=(0, 0, 0, 0), easing=1)
    room.tray.take([low, over])
    assert room.came_up == []
    critical = replace(message(4), priority=Priority.CRITICAL, calling=(1, 0, 0, 0))
    room.tray.take([message(3), critical, message(5), message(6), low])
    assert room.came_up == [("SIMULATED. Alarm, critical", "E4 is down. E3 is down. And 2 more.")]


def test_a_click_brings_the_desk_to_the_front(make_room: Callable[..., Room]) -> None:
    """Also where it was made small."""
    room = make_room()
    room.window.showMinimized()
    assert room.tray.icon is not None
    room.tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert not room.window.isMinimized()
    assert room.window.isVisible()


def test_a_system_without_a_tray_has_no_icon(make_room: Callable[..., Room]) -> None:
    """And nothing that could fail."""
    room = make_room(has_tray=False)
    room.tray.take([message(1)])
    room.tray.show()
    room.tray.end()
    assert (room.tray.icon, room.came_up) == (None, [])


def test_the_words_say_what_waits() -> None:
    """Nothing, something, and that the monitoring is stopped."""
    assert tray_words(NONE, stopped=False) == "Controlroom – no alarm waits"
    assert (
        tray_words({1: 2}, stopped=True) == "Controlroom – MONITORING STOPPED, not acknowledged: 2 critical"
    )
