"""Asks what closing the window is to mean, and says what each answer stops. It stops nothing itself."""

from __future__ import annotations

import enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.desk.panel import Text
from ui.desk.theme import Theme


class Closing(enum.Enum):
    """What the operator decided."""

    STOP = "stop"
    KEEP = "keep"
    CANCEL = "cancel"


class CloseDialog(QDialog):
    """Three answers; Enter keeps the monitoring running, Escape changes nothing."""

    decided = Signal(Closing)

    def __init__(
        self, theme: Theme, parent: QWidget, may_not_stop: str = "", *, simulated: bool = False
    ) -> None:
        """Build the dialog over a window; ``may_not_stop`` says why stopping is not allowed.

        Over a ``simulated`` room it speaks of a simulation: nothing real is monitored, or lost by stopping.
        """
        super().__init__(parent)
        self.setWindowTitle("Close the desk")
        what = "simulation" if simulated else "monitoring"
        self.stop = QPushButton(f"Stop {what} and close")
        self.keep = QPushButton(f"Close this window, {what} goes on")
        self.cancel = QPushButton("Cancel")
        self.stop.setEnabled(not may_not_stop)
        self.stop.setToolTip(may_not_stop)
        self.stop.setAccessibleDescription(may_not_stop)
        self.keep.setDefault(True)
        column = QVBoxLayout(self)
        margin = theme.em(1.4)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.em(0.7))
        question = Text(theme, "text.strong", 1.25, strong=True)
        question.say(f"Is {'the ' if simulated else ''}{what} to go on?")
        column.addWidget(question)
        meanings = _SIMULATED_MEANINGS if simulated else _MEANINGS
        for words in (*meanings, *([may_not_stop] if may_not_stop else [])):
            text = Text(theme)
            text.setWordWrap(True)
            text.say(words)
            column.addWidget(text)
        column.addSpacing(theme.em(0.6))
        row = QHBoxLayout()
        row.setSpacing(theme.em(0.6))
        row.addWidget(self.stop)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.keep)
        column.addLayout(row)
        self.setMinimumWidth(theme.em(38))
        self.stop.clicked.connect(lambda: self._decide(Closing.STOP))
        self.keep.clicked.connect(lambda: self._decide(Closing.KEEP))
        self.cancel.clicked.connect(lambda: self._decide(Closing.CANCEL))
        self.rejected.connect(lambda: self.decided.emit(Closing.CANCEL))
        self.keep.setFocus()

    def _decide(self, closing: Closing) -> None:
        if closing is Closing.CANCEL:
            self.reject()
            return
        self.accept()
        self.decided.emit(closing)


_MEANINGS = (
    "Closing this window only: the engine goes on measuring, raising alarms and keeping them, "
    "but nobody sees them on this screen.",
    "Stopping: nothing is measured and no alarm is raised until somebody starts it again. "
    "That time is logged as blind.",
)

_SIMULATED_MEANINGS = (
    "Closing this window only: invented readings go on being made and kept, with nobody looking at them.",
    "Stopping: the invented story ends. No real endpoint was measured, so nothing real is left unwatched.",
)
