"""Paints the ticks of a tree in the theme's colours, in boxes that are easy to hit. It decides nothing."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ui.desk.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_TICK = ((0.22, 0.52), (0.42, 0.72), (0.78, 0.3))
"""The tick's three points, as shares of the box."""


class TickDelegate(QStyledItemDelegate):
    """Where an item has a check state, the whole cell is its box."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        """Take the theme to paint in."""
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Return rows that are high enough to be hit."""
        size = super().sizeHint(option, index)
        return QSize(size.width(), self._theme.em(1.55))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a box with its tick, or whatever else stands in a cell."""
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None:
            super().paint(painter, option, index)
            return
        theme, side = self._theme, self._theme.em(0.95)
        cell = QRectF(option.rect)
        box = QRectF(0, 0, side, side)
        box.moveCenter(cell.center())
        ticked = Qt.CheckState(state) is Qt.CheckState.Checked
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line.focus" if ticked else "line.button"), 1))
        painter.setBrush(theme.colour("line.focus" if ticked else "surface.panel"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if ticked:
            painter.setPen(QPen(theme.colour("surface.window"), 2.0))
            painter.drawPolyline([QPointF(box.x() + x * side, box.y() + y * side) for x, y in _TICK])
        painter.restore()

    def editorEvent(  # noqa: N802 - Qt's name
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Tick by a click anywhere in the cell."""
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None or event.type() != QEvent.Type.MouseButtonRelease:
            return False
        if isinstance(event, QMouseEvent) and event.button() is not Qt.MouseButton.LeftButton:
            return False
        ticked = Qt.CheckState(state) is Qt.CheckState.Checked
        now = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
        return model.setData(index, now, Qt.ItemDataRole.CheckStateRole)
