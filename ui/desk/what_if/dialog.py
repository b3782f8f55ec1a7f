"""What would be if: what is supposed at the left, the answer and the services then at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.desk.band import Band
from ui.desk.panel import FewLines, Text
from ui.desk.theme import Theme
from ui.desk.what_if.changes import ChangeList
from ui.desk.what_if.outcome import Outcome
from ui.desk.what_if.tree import SupposeTree

MARK = "What if: nothing is changed"


class WhatIfDialog(QDialog):
    """``typed`` comes with the words of the search, ``cleared`` when all ticks shall go."""

    typed = Signal(str)
    cleared = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        """Build the dialog over a window, with nothing supposed."""
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle("What if")
        self.mark = Band(theme, "notice")
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search by name or address")
        self.search.setAccessibleName("Search endpoints and risk groups by name or address")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.typed)
        self.tree = SupposeTree(theme)
        self.question = Text(theme, "text.muted")
        self.question.say("May I take this down tonight?")
        self.answer = FewLines(theme, "text.strong", 1.15, most_lines=4)
        self.heads = Text(theme, "text.dim", 0.92)
        self.changes = ChangeList(theme)
        self.unchanged = Text(theme, "text.muted")
        self.unchanged.setWordWrap(True)
        self.alarms = FewLines(theme, "text.main", most_lines=5)
        self.clear_button = QPushButton("Tick nothing")
        self.clear_button.clicked.connect(self.cleared)
        self.close_button = QPushButton("Close  Esc")
        for button in (self.clear_button, self.close_button):
            button.setAutoDefault(False)
        self.close_button.clicked.connect(self.accept)
        self._lay_out()
        self.mark.say(MARK, "Ticks are only tried here: no alarm, no log entry, no act.")
        self.search.setFocus()

    def _lay_out(self) -> None:
        theme = self._theme
        left = QVBoxLayout()
        left.setSpacing(theme.em(0.5))
        left.addWidget(self.search)
        left.addWidget(self.tree, 1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, theme.em(0.4), 0)
        for part in (self.changes, self.unchanged):
            column.addWidget(part)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("The services now and then")
        for each in (area, area.viewport(), inside):
            each.setAutoFillBackground(False)
        right = QVBoxLayout()
        right.setSpacing(theme.em(0.4))
        for text in (self.question, self.answer, self.heads):
            right.addWidget(text)
        right.addWidget(area, 1)
        right.addWidget(self.alarms)
        middle = QHBoxLayout()
        middle.setSpacing(theme.em(1.2))
        middle.addLayout(left, 9)
        middle.addLayout(right, 12)
        foot = QHBoxLayout()
        foot.addWidget(self.clear_button)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        self._frame(middle, foot)

    def _frame(self, middle: QHBoxLayout, foot: QHBoxLayout) -> None:
        theme = self._theme
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.mark)
        inner = QVBoxLayout()
        margin = theme.em(1.1)
        inner.setContentsMargins(margin, theme.em(0.5), margin, margin)
        inner.setSpacing(theme.em(0.8))
        inner.addLayout(middle, 1)
        inner.addLayout(foot)
        whole.addLayout(inner, 1)
        self.setMinimumSize(theme.em(66), theme.em(38))

    def show_outcome(self, outcome: Outcome) -> None:
        """Show what the ticks come to."""
        self.answer.say(outcome.answer)
        self.heads.say("Services now, and then" if outcome.changes else "")
        self.changes.show_changes(outcome.changes)
        self.unchanged.say(outcome.unchanged)
        self.alarms.say(outcome.alarms)
        self.alarms.setVisible(bool(outcome.alarms))
