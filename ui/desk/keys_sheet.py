"""The sheet of keys and shapes, on F1. It holds no behaviour of the desk."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from controlroom.condition.state import Condition
from controlroom.report.wording import priority_words
from ui.desk.faces import STALE, condition_title
from ui.desk.panel import Text
from ui.desk.symbols import condition_colour, paint_condition, paint_urgency
from ui.desk.theme import Theme
from ui.desk.tokens import URGENCIES

_KEYS = (
    ("Tab, Shift+Tab", "from one part to the next"),
    ("Arrow keys", "from one endpoint, alarm or line to the next"),
    ("F2 or Enter", "acknowledge the selected alarm, with a note if you like"),
    ("F5, Shift+F5", "longer or shorter range of the graph"),
    ("← → + − End", "in the graph: back, forth, closer, wider, live"),
    ("F6", "write a note into the log"),
    ("F8", "dark or light"),
    ("Ctrl+E", "export the event log as CSV"),
    ("Ctrl+Q", "close the desk; it asks what is to go on"),
    ("Esc", "leave a note or a question without doing anything"),
)

_MEANINGS = {1: "at once", 2: "soon", 3: "in time", 4: "when there is time"}


class KeysSheet(QDialog):
    """Shows all keys, and what shape and colour mean."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        """Build the sheet over a window."""
        super().__init__(parent)
        self.setWindowTitle("Keys and signs")
        column = QVBoxLayout(self)
        margin = theme.em(1.4)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.em(0.8))
        both = QHBoxLayout()
        both.setSpacing(theme.em(3))
        both.addLayout(_keys(theme))
        both.addLayout(_signs(theme))
        column.addLayout(both)
        close = QPushButton("Close  Esc")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)


def _keys(theme: Theme) -> QGridLayout:
    grid = _grid(theme, "Keys")
    for row, (key, action) in enumerate(_KEYS, start=1):
        name, words = Text(theme, strong=True), Text(theme, "text.muted")
        name.say(key)
        words.say(action)
        grid.addWidget(name, row, 0)
        grid.addWidget(words, row, 1)
    grid.setRowStretch(len(_KEYS) + 1, 1)
    return grid


def _signs(theme: Theme) -> QGridLayout:
    grid = _grid(theme, "Shape is condition, colour is urgency")
    row = 1
    for shape in (*Condition, STALE):
        words = Text(theme, "text.muted")
        words.say("Stale: not measured now" if shape == STALE else condition_title(Condition(shape)))
        grid.addWidget(_Sign(theme, str(shape), 0), row, 0)
        grid.addWidget(words, row, 1)
        row += 1
    for urgency in URGENCIES:
        words = Text(theme, "text.muted")
        words.say(f"{priority_words(urgency).capitalize()}: act {_MEANINGS[urgency]}; filled while new")
        grid.addWidget(_Sign(theme, "", urgency), row, 0)
        grid.addWidget(words, row, 1)
        row += 1
    grid.setRowStretch(row, 1)
    return grid


def _grid(theme: Theme, title: str) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.em(1.2))
    grid.setVerticalSpacing(theme.em(0.35))
    heading = Text(theme, "text.strong", 1.15, strong=True)
    heading.say(title)
    grid.addWidget(heading, 0, 0, 1, 2)
    return grid


class _Sign(QWidget):
    """One shape, by itself."""

    def __init__(self, theme: Theme, shape: str, urgency: int) -> None:
        super().__init__()
        self._theme, self._shape, self._urgency = theme, shape, urgency
        self.setFixedSize(QSize(theme.em(1.4), theme.em(1.2)))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter, theme = QPainter(self), self._theme
        side = theme.em(1.0)
        box = QRectF(1, (self.height() - side) / 2, side, side)
        if self._urgency:
            paint_urgency(painter, theme, box, self._urgency, filled=True)
            return
        urgency = {"down": 1, "degraded": 3}.get(self._shape, 0)
        inner = box.adjusted(2, 2, -2, -2)
        paint_condition(painter, theme, inner, self._shape, condition_colour(theme, self._shape, urgency))
