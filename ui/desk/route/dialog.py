"""The route to one endpoint, hop by hop: the newest trace beside the last good route. It traces nobody."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.desk.panel import Text
from ui.desk.route.lines import ENDS, NO_ANSWER, Cell, Line
from ui.desk.theme import Theme

_COLUMNS = ("Hop", "Newest trace", "Loss", "Time", "", "Last good route", "Loss", "Time")
_FIGURES = ("Loss", "Time")
_FOOT = (
    "Loss at one hop alone is no loss on the way: many routers answer only a few packets a second. "
    "A hop without an answer may well pass everything on."
)


class RouteDialog(QDialog):
    """``trace_wanted`` asks for a trace."""

    trace_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget, name: str) -> None:
        """Build the dialog over a window, about an endpoint of that name."""
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[object, ...] = ()
        self.setWindowTitle("Route")
        self.title = Text(theme, "text.strong", 1.25, strong=True)
        self.title.say(f"Route to {name}")
        self.words = Text(theme)
        self.words.setWordWrap(True)
        self.table = _Table(theme)
        self.progress = Text(theme, "text.muted")
        self.progress.setWordWrap(True)
        self.trace = QPushButton("Trace now")
        self.trace.clicked.connect(self.trace_wanted)
        close = QPushButton("Close  Esc")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        self._lay_out(close)
        close.setFocus()

    def _lay_out(self, close: QPushButton) -> None:
        theme = self._theme
        foot = Text(theme, "text.dim", 0.92)
        foot.setWordWrap(True)
        foot.say(_FOOT)
        area = QScrollArea()
        area.setWidget(self.table)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName("The hops of both routes")
        for part in (area, area.viewport(), self.table):
            part.setAutoFillBackground(False)
        row = QHBoxLayout()
        row.setSpacing(theme.em(0.6))
        row.addWidget(self.trace)
        row.addWidget(self.progress, 1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        margin = theme.em(1.4)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.em(0.7))
        for part in (self.title, self.words):
            column.addWidget(part)
        column.addWidget(area, 1)
        column.addWidget(foot)
        column.addLayout(row)
        self.setMinimumSize(theme.em(58), theme.em(30))

    def show_routes(self, words: str, newest: str, good: str, lines: Sequence[Line]) -> None:
        """Show the sentence, when and why each was traced, and their hops."""
        self.words.say(words)
        shown = (newest, good, *lines)
        if shown != self._shown:
            self._shown = shown
            self.table.fill(newest, good, lines)

    def say_progress(self, words: str, why_not: str) -> None:
        """Say what is under way; ``why_not`` forbids the button and says why, empty lets it."""
        self.progress.say(why_not or words)
        self.trace.setEnabled(not why_not and not words.startswith(TRACING))
        self.trace.setToolTip(why_not)
        self.trace.setAccessibleDescription(why_not)


TRACING = "Tracing"
"""What the words of a trace under way begin with."""


class _Table(QWidget):
    """The hops, as labels in a grid; made anew when they change."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, theme.em(0.5), 0)
        self._grid.setHorizontalSpacing(theme.em(1.0))
        self._grid.setVerticalSpacing(theme.em(0.3))
        for column in (1, 5):
            self._grid.setColumnStretch(column, 1)

    def fill(self, newest: str, good: str, lines: Sequence[Line]) -> None:
        """Show these hops in the place of those before."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for column, heading in enumerate(_COLUMNS):
            self._put(heading, 0, column, "text.dim", 0.92, right=heading in _FIGURES)
        self._put(newest, 1, 1, "text.muted", 0.92)
        self._put(good, 1, 5, "text.muted", 0.92)
        for row, line in enumerate(lines, start=2):
            self._fill_row(row, line)
            self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(len(lines) + 2, 1)

    def _fill_row(self, row: int, line: Line) -> None:
        self._put(str(line.distance), row, 0, "text.muted")
        self._put_cell(line.newest, row, 1, strong=bool(line.mark))
        self._put_cell(line.good, row, 5, strong=bool(line.mark))
        if line.mark:
            role = "urgency.1.line" if line.mark == ENDS else "urgency.2.line"
            self._put(line.mark, row, 4, role, strong=True)

    def _put_cell(self, cell: Cell, row: int, column: int, *, strong: bool) -> None:
        role = "text.muted" if cell.address in ("", NO_ANSWER) else "text.main"
        self._put(cell.address, row, column, role, strong=strong and role == "text.main")
        for place, figure in enumerate((cell.loss, cell.time), start=1):
            self._put(figure, row, column + place, role, right=True)

    def _put(
        self,
        words: str,
        row: int,
        column: int,
        role: str,
        size: float = 1.0,
        *,
        strong: bool = False,
        right: bool = False,
    ) -> None:
        text = Text(self._theme, role, size, strong=strong)
        text.say(words)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        text.setAlignment(side | Qt.AlignmentFlag.AlignTop)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(text, row, column)
