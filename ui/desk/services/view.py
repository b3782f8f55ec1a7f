"""The services' tiles as a Qt view: lays out, paints what changed, moves by keys. It decides no state."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView

from ui.desk.services.model import ServiceModel
from ui.desk.services.plan import Fullness, ServicePlan, plan_services
from ui.desk.services.tile import ServicePainter
from ui.desk.theme import Theme
from ui.desk.tile_view import MARGIN, TileView

_OPEN: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ServiceView(TileView):
    """Shows each service of a ``ServiceModel`` in its fixed place; ``opened`` asks for all about one."""

    opened = Signal(str)
    sight_changed = Signal()
    """Other tiles are in sight than before, or their places are new."""

    def __init__(self, model: ServiceModel, theme: Theme) -> None:
        """Show a model in a theme."""
        super().__init__("Services")
        self._services, self._theme = model, theme
        self._tiles = ServicePainter(theme)
        self._plan = ServicePlan(Fullness.WHOLE)
        self.setModel(model)
        self.setAccessibleDescription("Arrow keys go from one to the next, Enter tells all about one.")
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
        plan = plan_services(count, width - 2 * MARGIN, most - 2 * MARGIN, self._theme.em())
        return min(most, plan.height + 2 * MARGIN)

    def unwell_out_of_sight(self) -> tuple[int, int]:
        """Return how many services that are not well stand further up than is seen, and further down."""
        above = below = 0
        for cell, face in zip(self._plan.cells, self._services.faces, strict=False):
            if face.attention:
                middle = self.on_screen(cell).center().y()
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
        self._plan = plan_services(self._services.rowCount(), *self.room, self._theme.em())
        self.place(self._plan.cells, self._plan.height, self._theme.em(1.5))
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

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the services that lie in the region to be painted."""
        painter, dirty = QPainter(self.viewport()), event.rect()
        current = self.currentIndex().row() if self.hasFocus() else -1
        for row, (cell, face) in enumerate(zip(self._plan.cells, self._services.faces, strict=False)):
            box = self.on_screen(cell)
            if box.intersects(dirty):
                self._tiles.paint(painter, QRectF(box), face, self._plan.fullness, row == current)

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
