"""A box to choose from: by a press and by keys, never by the wheel that scrolls past it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.desk.choice import Choice


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
