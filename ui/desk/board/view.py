"""The board as a Qt view: lays out, paints what changed, moves by arrow keys. It decides no condition."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ui.desk.board.model import BoardModel
from ui.desk.board.plan import Density, Plan, plan_board
from ui.desk.board.tile import TilePainter
from ui.desk.theme import Theme
from ui.desk.tile_view import MARGIN, Index, TileView


class BoardView(TileView):
    """Shows each endpoint of a ``BoardModel`` in its fixed place."""

    endpoint_chosen = Signal(str)

    def __init__(self, model: BoardModel, theme: Theme, parent: QWidget | None = None) -> None:
        """Show a model in a theme."""
        super().__init__("Endpoints", parent)
        self._silent = False
        self._board = model
        self._theme = theme
        self._tiles = TilePainter(theme)
        self._plan = Plan(Density.TILE)
        self._kept = ""
        self.setModel(model)
        model.rows_changed.connect(self.repaint_rows)
        model.groups_changed.connect(self._repaint_headings)
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._take_up)
        theme.changed.connect(self.viewport().update)

    @property
    def density(self) -> Density:
        """How much is told of each endpoint in the room there is."""
        return self._plan.density

    def height_for(self, width: int, most: int) -> int:
        """The height the board wants at a width, given the most it can have."""
        sizes = [group.size for group in self._board.groups]
        plan = plan_board(sizes, width - 2 * MARGIN, most - 2 * MARGIN, self._theme.em())
        return min(most, plan.height + 2 * MARGIN)

    def choose(self, endpoint_id: str) -> None:
        """Make an endpoint the current one without announcing it."""
        row = self._board.row_of(endpoint_id)
        if row is not None and row != self.currentIndex().row():
            self._silent = True
            self.setCurrentIndex(self._board.index(row, 0))
            self._silent = False

    def _keep(self) -> None:
        """Remember the current endpoint before all rows are taken away."""
        row = self.currentIndex().row()
        self._kept = self._board.faces[row].endpoint_id if 0 <= row < len(self._board.faces) else ""

    def _take_up(self) -> None:
        """Go on at the endpoint that was current, wherever it stands now, without scrolling to it."""
        bar, scrolled = self.verticalScrollBar(), self.verticalScrollBar().value()
        self.lay_out()
        self.choose(self._kept)
        bar.setValue(scrolled)

    def lay_out(self) -> None:
        """Place everything anew for the size there is now."""
        sizes = [group.size for group in self._board.groups]
        self._plan = plan_board(sizes, *self.room, self._theme.em())
        self.place(self._plan.cells, self._plan.height, self._theme.em(2))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the headings and endpoints that lie in the region to be painted."""
        painter = QPainter(self.viewport())
        dirty, brief = event.rect(), self._plan.brief
        for heading, group in zip(self._plan.headings, self._board.groups, strict=False):
            box = self.on_screen(heading)
            if box.intersects(dirty):
                self._heading(painter, QRectF(box), group.title, group.summary(brief), bool(group.abnormal))
        current = self.currentIndex().row()
        for row, (cell, face) in enumerate(zip(self._plan.cells, self._board.faces, strict=False)):
            box = self.on_screen(cell)
            if box.intersects(dirty):
                self._tiles.paint(painter, QRectF(box), face, self._plan.density, row == current)

    def moveCursor(  # noqa: N802 - Qt's name
        self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Go to the nearest endpoint in the direction of the key."""
        count = self._board.rowCount()
        if count == 0:
            return QModelIndex()
        current = max(0, self.currentIndex().row())
        ways = QAbstractItemView.CursorAction
        if action == ways.MoveHome:
            return self._board.index(0, 0)
        if action == ways.MoveEnd:
            return self._board.index(count - 1, 0)
        steps = {ways.MoveUp: (0, -1), ways.MoveDown: (0, 1), ways.MoveLeft: (-1, 0), ways.MoveRight: (1, 0)}
        direction = steps.get(action)
        return self._board.index(current if direction is None else self._nearest(current, *direction), 0)

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        """Tell who is chosen now."""
        super().currentChanged(current, previous)
        if not self._silent and current.isValid() and current.row() < len(self._board.faces):
            self.endpoint_chosen.emit(self._board.faces[current.row()].endpoint_id)

    def _nearest(self, row: int, right: int, down: int) -> int:
        """Return the row whose place is nearest in a direction; the row itself at the edge."""
        here = self._plan.cells[row]
        best, best_cost = row, float("inf")
        for other, cell in enumerate(self._plan.cells):
            dx = cell.x + cell.width / 2 - here.x - here.width / 2
            dy = cell.y + cell.height / 2 - here.y - here.height / 2
            ahead, aside = (dx * right, abs(dy)) if right else (dy * down, abs(dx))
            if ahead > 1 and ahead + 4 * aside < best_cost:
                best, best_cost = other, ahead + 4 * aside
        return best

    def _heading(self, painter: QPainter, box: QRectF, title: str, summary: str, abnormal: bool) -> None:
        theme = self._theme
        row = box.adjusted(0, 0, 0, -theme.em(0.25))
        metrics = QFontMetrics(theme.strong(0.92))
        if metrics.horizontalAdvance(f"{title}{summary}") + theme.em(0.6) > row.width():
            summary = summary.replace(" of ", "/")
        taken = metrics.horizontalAdvance(summary) + theme.em(0.6)
        title = metrics.elidedText(title, Qt.TextElideMode.ElideRight, int(row.width()) - taken)
        painter.setFont(theme.strong(0.92))
        painter.setPen(theme.colour("text.muted"))
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        painter.setFont(theme.strong(0.92) if abnormal else theme.font(0.92))
        painter.setPen(theme.colour("text.main" if abnormal else "text.dim"))
        painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, summary)

    def _repaint_headings(self) -> None:
        for heading in self._plan.headings:
            self.viewport().update(self.on_screen(heading))
