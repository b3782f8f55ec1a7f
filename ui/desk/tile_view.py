"""A Qt view of tiles that keep their places: where each is, and scrolling. It lays out and paints none.

Whoever derives from it places the tiles (``place``), paints them and says where the keys lead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ui.desk.board.plan import Box

Index = QModelIndex | QPersistentModelIndex

MARGIN: Final = 2
"""Pixels around all tiles, for the frame of the current one."""

_FRAME: Final = 3


class TileView(QAbstractItemView):
    """The rows of a list as tiles, one row a tile."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Begin without a tile; ``name`` is what a screen reader calls it."""
        super().__init__(parent)
        self._cells: Sequence[Box] = ()
        self.setFrameShape(QAbstractItemView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.viewport().setAutoFillBackground(False)

    @property
    def room(self) -> tuple[int, int]:
        """The width and the height that tiles have."""
        return self.viewport().width() - 2 * MARGIN, self.viewport().height() - 2 * MARGIN

    def place(self, cells: Sequence[Box], height: int, step: int) -> None:
        """Take the places of all tiles: the height of them all, and how far a turn of the wheel goes."""
        self._cells = cells
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, height - self.room[1]))
        bar.setPageStep(max(1, self.viewport().height()))
        bar.setSingleStep(step)
        self.viewport().update()

    def lay_out(self) -> None:
        """Place everything anew for the size there is now."""
        raise NotImplementedError

    def on_screen(self, box: Box) -> QRect:
        """Return where a box is as it is scrolled now."""
        return QRect(box.x + MARGIN, box.y + MARGIN - self.verticalOffset(), box.width, box.height)

    def repaint_rows(self, rows: Sequence[int]) -> None:
        """Repaint the tiles of some rows."""
        for row in rows:
            if row < len(self._cells):
                self.viewport().update(self.on_screen(self._cells[row]))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay out anew."""
        super().resizeEvent(event)
        self.lay_out()

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 - Qt's name
        """Return the place of a tile on screen."""
        return self.on_screen(self._cells[index.row()]) if 0 <= index.row() < len(self._cells) else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802 - Qt's name
        """Return the row whose tile is at a point of the viewport."""
        for row, cell in enumerate(self._cells):
            if self.on_screen(cell).contains(point):
                return self.model().index(row, 0)
        return QModelIndex()

    def scrollTo(  # noqa: N802 - Qt's name
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a tile into view."""
        box, bar = self.visualRect(index), self.verticalScrollBar()
        if box.top() < 0:
            bar.setValue(bar.value() + box.top() - MARGIN)
        elif box.bottom() > self.viewport().height():
            bar.setValue(bar.value() + box.bottom() - self.viewport().height() + MARGIN)

    def horizontalOffset(self) -> int:  # noqa: N802 - Qt's name
        """Return nought: tiles never scroll sideways."""
        return 0

    def verticalOffset(self) -> int:  # noqa: N802 - Qt's name
        """Return how far the tiles are scrolled."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, _index: Index) -> bool:  # noqa: N802 - Qt's name
        """Return false: no tile is ever hidden."""
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:  # noqa: N802 - Qt's name
        """Select the tile under a rectangle's centre."""
        index = self.indexAt(rect.center())
        if index.isValid():
            self.selectionModel().select(index, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802 - Qt's name
        """Return the places of the selected tiles."""
        region = QRegion()
        for index in selection.indexes():
            region += self.visualRect(index)
        return region

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        """Repaint the frame."""
        super().currentChanged(current, previous)
        for index in (current, previous):
            self.viewport().update(self.visualRect(index).adjusted(-_FRAME, -_FRAME, _FRAME, _FRAME))
