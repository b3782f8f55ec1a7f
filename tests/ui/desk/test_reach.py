"""The desk's keys while other windows lie over it: what works, and what waits."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from controlroom.operators.roster import Roster
from ui.desk.duty import OnDuty
from ui.desk.keys import Command
from ui.desk.openings import Openings
from ui.desk.reach import Reach
from ui.desk.sign_in.sign_in_dialog import SignInDialog
from ui.desk.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@dataclass
class Room:
    """A window, and what was done by keys."""

    window: QWidget
    qtbot: QtBot
    done: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        """Press keys in the window that is active."""
        for key in keys:
            active = QApplication.activeWindow()
            assert active is not None
            QTest.keySequence(active, QKeySequence(key))

    def over(self, parent: QWidget) -> QWidget:
        """Open a window of its own, such as the form."""
        form = QWidget(parent, Qt.WindowType.Window)
        QVBoxLayout(form).addWidget(QLineEdit())
        with self.qtbot.waitExposed(form):
            form.show()
        form.activateWindow()
        return form

    def question(self, parent: QWidget) -> QDialog:
        """Open a question."""
        box = QDialog(parent)
        with self.qtbot.waitExposed(box):
            box.open()
        box.activateWindow()
        return box


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    """A window that is shown, with its keys' reach."""
    window = QWidget()
    qtbot.addWidget(window)
    made = Room(window, qtbot)
    Reach(
        window,
        Openings(window),
        lambda over: made.done.append(f"keys over {type(over).__name__}"),
        lambda: made.done.append("silence"),
        {
            Command.ACKNOWLEDGE: lambda: made.done.append("acknowledge"),
            Command.SIGN_IN: lambda: made.done.append("sign in"),
        },
    )
    with qtbot.waitExposed(window):
        window.show()
    return made


def test_everything_works_from_a_window_that_asks_nothing(room: Room) -> None:
    """F2 and F9 have it step aside; it keeps what is in it."""
    form = room.over(room.window)
    room.press("F1", "F3")
    assert room.done == ["keys over QWidget", "silence"]
    assert form.isVisible()
    room.press("F2")
    assert room.done[2:] == ["acknowledge"]
    assert form.isHidden()
    with room.qtbot.waitExposed(form):
        form.show()
    form.activateWindow()
    room.qtbot.waitUntil(form.isActiveWindow)
    room.press("F9")
    assert room.done[3:] == ["sign in"]
    assert form.isHidden()


def test_a_question_is_left_undecided_for_the_desk(room: Room) -> None:
    """Whether it lies over the desk or over the form; silencing leaves it open."""
    for parent in (room.window, room.over(room.window)):
        room.done.clear()
        box = room.question(parent)
        room.press("F1", "F3")
        assert box.isVisible()
        room.press("F2")
        assert room.done == ["keys over QDialog", "silence", "acknowledge"]
        assert (box.isVisible(), box.result()) == (False, QDialog.DialogCode.Rejected)
        assert parent is room.window or parent.isHidden()


def test_what_is_typed_into_is_not_passed_over(room: Room) -> None:
    """A PIN that is half typed stays."""
    dialog = SignInDialog(Theme("dark", ""), room.window, Roster(), OnDuty("ops1"), "")
    with room.qtbot.waitExposed(dialog):
        dialog.open()
    dialog.activateWindow()
    room.press("F2", "F9", "F3")
    assert room.done == ["silence"]
    assert dialog.isVisible()
    dialog.reject()


def test_a_dialog_that_lies_open_beside_is_closed_as_by_escape(room: Room) -> None:
    """Its owner hears of it."""
    dialog = QDialog(room.window)
    ends: list[int] = []
    dialog.finished.connect(ends.append)
    with room.qtbot.waitExposed(dialog):
        dialog.show()
    dialog.activateWindow()
    room.press("F2")
    assert (room.done, ends) == (["acknowledge"], [0])


def test_each_window_is_told_of_once_however_often_it_is_shown(qtbot: QtBot) -> None:
    """Also one that opens over another."""
    window = QWidget()
    qtbot.addWidget(window)
    openings, told = Openings(window), list[QWidget]()
    openings.opened.connect(told.append)
    window.show()
    form = QWidget(window, Qt.WindowType.Window)
    form.show()
    box = QDialog(form)
    QWidget(window).show()
    for _ in range(2):
        for each in (form, box):
            each.show()
            QApplication.processEvents()
            each.hide()
    assert told == openings.open_now() == [form, box]
