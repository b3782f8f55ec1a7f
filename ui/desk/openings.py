"""Tells of every window that opens over the desk's, at any depth and whoever opens it. It opens none."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QChildEvent, QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

_KINDS: Final = (Qt.WindowType.Window, Qt.WindowType.Dialog, Qt.WindowType.Sheet)
_KNOWN: Final = "told-as-opening"


class Openings(QObject):
    """Watches one window. ``opened`` comes once for each dialog or window over it, before it is shown."""

    opened = Signal(QWidget)

    def __init__(self, window: QWidget) -> None:
        """Watch the window, over which nothing is open yet."""
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def open_now(self) -> list[QWidget]:
        """All that has opened over the window and was not deleted since, seen or hidden."""
        return [widget for widget in self._window.findChildren(QWidget) if widget.property(_KNOWN)]

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look at what opens; let everything pass."""
        if event.type() == QEvent.Type.ChildPolished and isinstance(event, QChildEvent):
            child = event.child()
            if isinstance(child, QWidget):
                self._take(child)
        return False

    def _take(self, widget: QWidget) -> None:
        if widget.windowType() not in _KINDS or widget.property(_KNOWN):
            return
        widget.setProperty(_KNOWN, True)
        widget.installEventFilter(self)
        self.opened.emit(widget)
