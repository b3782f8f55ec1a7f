"""A line for an operator's words that leaves the desk's own keys to the desk. It sends nothing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QLineEdit

_KEYS_OF_THE_DESK = frozenset({Qt.Key.Key_E, Qt.Key.Key_Q})


class NoteField(QLineEdit):
    """A note's line: Escape leaves it, and the keys of the desk work in it as everywhere.

    On X11 a line edit takes Ctrl+E for "end of line"; then no export dialog would open, and what the
    operator types into it would become a note in a log that nobody can change.
    """

    left = Signal()

    def __init__(self, font: QFont, limit: int) -> None:
        """Begin empty."""
        super().__init__()
        self.setMaxLength(limit)
        self.setFont(font)

    def event(self, event: QEvent) -> bool:
        """Refuse to override the shortcuts of the window."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if control and event.key() in _KEYS_OF_THE_DESK:
                event.ignore()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Leave on Escape, and pass the desk's keys on."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif control and event.key() in _KEYS_OF_THE_DESK:
            event.ignore()
        else:
            super().keyPressEvent(event)
