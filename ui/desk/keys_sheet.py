"""The sheet of keys and shapes, on F1. It holds no behaviour of the desk."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from controlroom.condition.state import Condition
from controlroom.report.wording import priority_words
from ui.desk.faces import STALE, condition_title
from ui.desk.keys import KeyPart, keys_of
from ui.desk.panel import Text
from ui.desk.symbols import condition_colour, paint_condition, paint_urgency
from ui.desk.theme import Theme
from ui.desk.tokens import URGENCIES

_BESIDE = (KeyPart.MOVING, KeyPart.FORM)
"""The parts that stand under the signs, so that the sheet fits a low screen."""

_MEANINGS = {1: "at once", 2: "soon", 3: "in time", 4: "when there is time"}


class KeysSheet(QDialog):
    """Shows all keys, and what shape and colour mean; ``tour_wanted`` comes after closing for the tour."""

    tour_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget, *, offers_tour: bool = True) -> None:
        """Build the sheet over a window; the tour is for the desk's own."""
        super().__init__(parent)
        self.setWindowTitle("Keys and signs")
        column = QVBoxLayout(self)
        margin = theme.em(1.4)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.em(0.8))
        both = QHBoxLayout()
        both.setSpacing(theme.em(3))
        both.addLayout(_keys(theme, "Keys", [part for part in KeyPart if part not in _BESIDE]))
        right = QVBoxLayout()
        right.setSpacing(theme.em(0.8))
        right.addLayout(_signs(theme))
        right.addLayout(_keys(theme, "", _BESIDE))
        right.addStretch(1)
        both.addLayout(right)
        column.addLayout(both)
        close = QPushButton("Close  Esc")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        tour = QPushButton("Take the tour  Shift+F1")
        tour.clicked.connect(self.accept)
        tour.clicked.connect(self.tour_wanted)
        tour.setVisible(offers_tour)
        row = QHBoxLayout()
        row.addWidget(tour)
        row.addStretch(1)
        row.addWidget(close)
        column.addLayout(row)


def _keys(theme: Theme, title: str, parts: Sequence[KeyPart]) -> QGridLayout:
    grid = _grid(theme, title)
    row = 1
    for part in parts:
        heading = Text(theme, "text.dim", 0.92)
        heading.say(part.value)
        heading.setContentsMargins(0, theme.em(0.35), 0, 0)
        grid.addWidget(heading, row, 0, 1, 2)
        row += 1
        for key in keys_of(part):
            name, words = Text(theme, strong=True), Text(theme, "text.muted")
            name.say(key.name)
            words.say(key.words)
            grid.addWidget(name, row, 0)
            grid.addWidget(words, row, 1)
            row += 1
    grid.setRowStretch(row, 1)
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
    marks, words = Text(theme, strong=True), Text(theme, "text.muted")
    marks.say("L S")
    words.say("Held; shelved. SUP: suppressed. OOS: out of service")
    grid.addWidget(marks, row, 0)
    grid.addWidget(words, row, 1)
    row += 1
    grid.setRowStretch(row, 1)
    return grid


def _grid(theme: Theme, title: str) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.em(1.2))
    grid.setVerticalSpacing(theme.em(0.28))
    if title:
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
