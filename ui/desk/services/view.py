"""The services' tiles as a Qt view: lays out, paints what changed, moves by keys. It decides no state."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView

from ui.desk.board.plan import Box
from ui.desk.services.model import ServiceModel
from ui.desk.services.plan import Fullness, ServicePlan, plan_services
from ui.desk.services.tile import ServicePainter
from ui.desk.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_MARGIN: Final = 2
_OPEN: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ServiceView(QAbstractItemView):
    """Shows each service of a ``ServiceModel`` in its fixed place; ``opened`` asks for all about one."""

    opened = Signal(str)
    sight_changed = Signal()
    """Other tiles are in sight than before, or their places are new."""

    def __init__(self, model: ServiceModel, theme: Theme) -> None:
        """Show a model in a theme."""
        super().__init__()
        self._services, self._theme = model, theme
        self._tiles = ServicePainter(theme)
        self._plan = ServicePlan(Fullness.WHOLE)
        self.setModel(model)
        self.setFrameShape(QAbstractItemView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Services")
        self.setAccessibleDescription("Arrow keys go from one to the next, Enter tells all about one.")
        self.viewport().setAutoFillBackground(False)
        model.modelReset.connect(self.lay_out)
        theme.changed.connect(self.viewport().update)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.sight_changed.emit())

    @property
    def fullness(self) -> Fullness:
        """How much is told of each service in the room there is."""
        return self._plan.fullness

    @property
    def current_id(self) -> str:
        """The service that the keys stand on; empty before any."""
        row = self.currentIndex().row()
        return self._services.faces[row].service_id if 0 <= row < len(self._services.faces) else ""

    def height_for(self, width: int, most: int) -> int:
        """The height the tiles want at a width, given the most they can have."""
        count = self._services.rowCount()
        plan = plan_services(count, width - 2 * _MARGIN, most - 2 * _MARGIN, self._theme.em())
        return min(most, plan.height + 2 * _MARGIN)

    def unwell_out_of_sight(self) -> tuple[int, int]:
        """Return how many services that are not well stand further up than is seen, and further down."""
        above = below = 0
        for cell, face in zip(self._plan.cells, self._services.faces, strict=False):
            if face.attention:
                middle = self._on_screen(cell).center().y()
                above += middle < 0
                below += middle > self.viewport().height()
        return above, below

    def go_to_next_unwell(self) -> None:
        """Stand on the next service that is not well, and after the last on the first."""
        unwell = [row for row, face in enumerate(self._services.faces) if face.attention]
        if not unwell:
            return
        current = self.currentIndex().row()
        row = next((each for each in unwell if each > current), unwell[0])
        self.setFocus()
        self.setCurrentIndex(self._services.index(row, 0))
        self.scrollTo(self._services.index(row, 0))

    def lay_out(self) -> None:
        """Place everything anew for the size there is now."""
        room = self.viewport()
        width, height = room.width() - 2 * _MARGIN, room.height() - 2 * _MARGIN
        self._plan = plan_services(self._services.rowCount(), width, height, self._theme.em())
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._plan.height + 2 * _MARGIN - room.height()))
        bar.setPageStep(max(1, room.height()))
        bar.setSingleStep(self._theme.em(1.5))
        room.update()
        self.sight_changed.emit()

    def focusInEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Stand on the first service, where the keys stand on none."""
        if not self.currentIndex().isValid() and self._services.rowCount():
            self.setCurrentIndex(self._services.index(0, 0))
        super().focusInEvent(event)  # type: ignore[arg-type]  # Qt hands on its own event
        self.viewport().update()

    def focusOutEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Take the frame away: the keys stand elsewhere."""
        super().focusOutEvent(event)  # type: ignore[arg-type]  # Qt hands on its own event
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Open the current service by Enter."""
        if event.key() in _OPEN and self.current_id:
            self.opened.emit(self.current_id)
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Open the service that was clicked."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid() and index == self.currentIndex():
            self.opened.emit(self.current_id)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay out anew."""
        super().resizeEvent(event)
        self.lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the services that lie in the region to be painted."""
        painter, dirty = QPainter(self.viewport()), event.rect()
        current = self.currentIndex().row() if self.hasFocus() else -1
        for row, (cell, face) in enumerate(zip(self._plan.cells, self._services.faces, strict=False)):
            box = self._on_screen(cell)
            if box.intersects(dirty):
                self._tiles.paint(painter, QRectF(box), face, self._plan.fullness, row == current)

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 - Qt's name
        """Return the place of a service on screen."""
        cells = self._plan.cells
        return self._on_screen(cells[index.row()]) if 0 <= index.row() < len(cells) else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802 - Qt's name
        """Return the service at a point of the viewport."""
        for row, cell in enumerate(self._plan.cells):
            if self._on_screen(cell).contains(point):
                return self._services.index(row, 0)
        return QModelIndex()

    def scrollTo(  # noqa: N802 - Qt's name
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a service into view."""
        box, bar = self.visualRect(index), self.verticalScrollBar()
        if box.top() < 0:
            bar.setValue(bar.value() + box.top() - _MARGIN)
        elif box.bottom() > self.viewport().height():
            bar.setValue(bar.value() + box.bottom() - self.viewport().height() + _MARGIN)

    def moveCursor(  # noqa: N802 - Qt's name
        self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Go to the neighbour in the direction of the key; the edge holds."""
        count = self._services.rowCount()
        if count == 0:
            return QModelIndex()
        current, columns = max(0, self.currentIndex().row()), self._plan.columns
        ways = QAbstractItemView.CursorAction
        to = {
            ways.MoveHome: 0,
            ways.MoveEnd: count - 1,
            ways.MoveUp: current - columns,
            ways.MoveDown: current + columns,
            ways.MoveLeft: current - 1,
            ways.MoveRight: current + 1,
        }.get(action, current)
        return self._services.index(to if 0 <= to < count else current, 0)

    def horizontalOffset(self) -> int:  # noqa: N802 - Qt's name
        """Return nought: the tiles never scroll sideways."""
        return 0

    def verticalOffset(self) -> int:  # noqa: N802 - Qt's name
        """Return how far the tiles are scrolled."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, _index: Index) -> bool:  # noqa: N802 - Qt's name
        """Return false: no service is ever hidden."""
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:  # noqa: N802 - Qt's name
        """Select the service under a rectangle's centre."""
        index = self.indexAt(rect.center())
        if index.isValid():
            self.selectionModel().select(index, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802 - Qt's name
        """Return the places of the selected services."""
        region = QRegion()
        for index in selection.indexes():
            region += self.visualRect(index)
        return region

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        """Repaint the frame."""
        super().currentChanged(current, previous)
        for index in (current, previous):
            self.viewport().update(self.visualRect(index).adjusted(-3, -3, 3, 3))

    def _on_screen(self, box: Box) -> QRect:
        return QRect(box.x + _MARGIN, box.y + _MARGIN - self.verticalOffset(), box.width, box.height)
