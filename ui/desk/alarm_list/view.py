"""The list of alarms itself: several can be selected, Enter opens, and markers flash without a row of text.

It decides nothing about alarms.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView

from ui.desk.alarm_list.delegate import AlarmDelegate
from ui.desk.alarm_list.flash import Flash
from ui.desk.alarm_list.model import AlarmModel

_SIDES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class AlarmView(QListView):
    """``opened`` tells that Enter or a double click asks for more; ``turned`` that another list is wanted."""

    opened = Signal()
    turned = Signal(int)

    def __init__(self, model: AlarmModel, delegate: AlarmDelegate, flash: Flash) -> None:
        """Show a model by a delegate, repainting what flashes."""
        super().__init__()
        self._faces = model
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("Alarms")
        self.doubleClicked.connect(lambda _index: self.opened.emit())
        flash.changed.connect(self._repaint_flashing)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take Enter and the keys to the sides; everything else moves or widens the selection."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        side = _SIDES.get(Qt.Key(event.key())) if plain else None
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif side is not None:
            self.turned.emit(side)
        else:
            super().keyPressEvent(event)

    def rows_in_sight(self) -> range:
        """Return the rows of which something is seen."""
        count = self._faces.rowCount()
        height = self.sizeHintForRow(0) if count else 0
        if height <= 0:
            return range(0)
        top = self.verticalScrollBar().value()
        first = max(0, top // height)
        return range(first, min(count, (top + self.viewport().height()) // height + 1))

    def _repaint_flashing(self) -> None:
        faces = self._faces.faces
        for row in self.rows_in_sight():
            if row < len(faces) and faces[row].flashes:
                box = self.visualRect(self._faces.index(row, 0))
                self.viewport().update(QRect(box.left(), box.top(), 6, box.height()))
                self.viewport().update(QRect(box.right() - 120, box.top(), 121, box.height()))
