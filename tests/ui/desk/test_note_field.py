"""The keys of the desk work while a note is being written, and are not written into it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.desk.note_field import NoteField

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_the_desks_keys_pass_and_escape_leaves(qtbot: QtBot) -> None:
    """Ctrl+E reaches the window's shortcut; letters are written; Escape says that the field is left."""
    window = QWidget()
    qtbot.addWidget(window)
    field = NoteField(QFont(), 100)
    QVBoxLayout(window).addWidget(field)
    pressed: list[str] = []
    QShortcut(QKeySequence("Ctrl+E"), window).activated.connect(lambda: pressed.append("export"))
    field.left.connect(lambda: pressed.append("left"))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    field.setFocus()
    QTest.keyClicks(field, "note")
    QTest.keyClick(field, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert pressed == ["export", "left"]
    assert field.text() == "note"
