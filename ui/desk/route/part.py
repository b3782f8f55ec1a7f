"""The route in the panel of the selected endpoint: a sentence, and the way to all of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.desk.panel import Text
from ui.desk.theme import Theme


class RoutePart(QWidget):
    """``wanted`` asks for the whole route."""

    wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        """Begin hidden, for no endpoint is selected."""
        super().__init__()
        name = Text(theme, "text.dim", 0.92)
        name.say("Route")
        self.button = QPushButton("Show  F10")
        self.button.setAccessibleName("Show the route to the selected endpoint")
        self.button.clicked.connect(self.wanted)
        self.words = Text(theme, "text.main")
        self.words.setWordWrap(True)
        self.words.setMinimumWidth(1)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout()
        row.addWidget(name, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.em(0.45))
        column.setSpacing(theme.em(0.1))
        column.addLayout(row)
        column.addWidget(self.words)
        self.setVisible(False)

    def say(self, words: str) -> None:
        """Show what is known of the route; empty words hide the part."""
        self.words.say(words)
        self.setVisible(bool(words))
