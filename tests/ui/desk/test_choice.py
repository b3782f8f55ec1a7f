"""A box to choose from: by a press and by keys, never by the wheel that scrolls past it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QStyleOptionComboBox, QWidget
from pytestqt.qtbot import QtBot

from ui.desk.choice import Choice
from ui.desk.theme import NAMES, Theme, load_fonts


def test_the_wheel_chooses_nothing(qtbot: QtBot) -> None:
    """With the keyboard in it or not; the event goes on to whatever scrolls. Keys choose."""
    box = Choice()
    qtbot.addWidget(box)
    box.addItems(["icmp", "snmp", "host"])
    box.show()
    for focused in (False, True):
        if focused:
            box.setFocus()
        event = QWheelEvent(
            QPointF(5, 5),
            QPointF(box.mapToGlobal(QPoint(5, 5))),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(box, event)
        assert not event.isAccepted()
        assert box.currentIndex() == 0
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentIndex() == 1


@pytest.mark.parametrize("name", NAMES)
def test_what_can_only_be_looked_at_is_flat(qtbot: QtBot, name: str) -> None:
    """On the window's own ground, and without the arrow that invites to choose."""
    theme = Theme(name, load_fonts())
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.setPalette(theme.palette())
    parent.setStyleSheet(theme.style_sheet())
    box, line = Choice(), QLineEdit("words")
    box.addItem("icmp")
    for place, field in enumerate((box, line)):
        field.setParent(parent)
        field.setGeometry(0, 40 * place, 200, 28)
    parent.resize(200, 70)

    def looks() -> list[set[str]]:
        picture = parent.grab().toImage()
        return [{picture.pixelColor(x, 40 * place + 14).name() for x in range(150, 196)} for place in (0, 1)]

    assert len(looks()[0]) > 1
    for field in (box, line):
        field.setEnabled(False)
    ground = theme.colour("surface.window").name()
    assert looks() == [{ground}, {ground}]


def test_words_without_room_end_in_an_ellipsis(qtbot: QtBot) -> None:
    """They are not cut in the middle of a letter; with room for them they stand whole."""
    box = Choice()
    qtbot.addWidget(box)
    box.addItem("Received signal strength of the second modem")
    box.resize(2 * box.sizeHint().width(), box.sizeHint().height())
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    assert box.shown_text(option) == box.currentText()
    box.resize(120, box.height())
    box.initStyleOption(option)
    shown = box.shown_text(option)
    assert shown.startswith("Received")
    assert shown.endswith("…")
    assert box.fontMetrics().horizontalAdvance(shown) < 120
