"""Marks a window and all that open over it as SIMULATED. It decides nothing.

A dialog or window is marked as soon as it is a child of the desk's or of one that is marked, whoever opens
it: so a new one cannot be forgotten. Its title says it, also when it is changed later, and so does a band at
its top, for which the layout moves down.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QChildEvent, QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from ui.desk.band import Band
from ui.desk.theme import Theme

MARK: Final = "SIMULATED"
_TITLED: Final = (QEvent.Type.WindowTitleChange, QEvent.Type.Show)
_KINDS: Final = (Qt.WindowType.Window, Qt.WindowType.Dialog, Qt.WindowType.Sheet)


class SimulationMark(QObject):
    """Keeps the mark on a window that has a band of its own, and on all over it, from ``begin`` on."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        """Know the window; nothing is marked yet."""
        super().__init__(window)
        self._window, self._theme = window, theme
        self._begun = False

    def begin(self) -> None:
        """Mark what is open, and whatever opens from now on."""
        if self._begun:
            return
        self._begun = True
        self._window.installEventFilter(self)
        _title(self._window)
        for widget in self._window.findChildren(QWidget):
            self._take(widget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look at what opens and at what is titled; let everything pass."""
        kind = event.type()
        if kind == QEvent.Type.ChildPolished and isinstance(event, QChildEvent):
            child = event.child()
            if isinstance(child, QWidget):
                self._take(child)
        elif kind in _TITLED and isinstance(watched, QWidget):
            _title(watched)
        elif kind == QEvent.Type.Resize and isinstance(watched, QWidget):
            self._fit(watched)
        return False

    def _take(self, widget: QWidget) -> None:
        if widget.windowType() not in _KINDS or _band_of(widget) is not None:
            return
        widget.installEventFilter(self)
        _title(widget)
        layout = widget.layout()
        if layout is None:
            return
        band = Band(self._theme, "simulated")
        band.setParent(widget)
        band.say(MARK)
        margins = layout.contentsMargins()
        margins.setTop(margins.top() + band.sizeHint().height())
        layout.setContentsMargins(margins)
        self._fit(widget)

    def _fit(self, widget: QWidget) -> None:
        band = _band_of(widget)
        if band is not None:
            band.setGeometry(0, 0, widget.width(), band.sizeHint().height())
            band.raise_()


def _band_of(widget: QWidget) -> Band | None:
    """Find a dialog's own band among its children: a list of dialogs would outlive those that have gone."""
    return next((child for child in widget.children() if isinstance(child, Band)), None)


def _title(widget: QWidget) -> None:
    title = widget.windowTitle()
    if not title.startswith(MARK):
        widget.setWindowTitle(f"{MARK} – {title}" if title else MARK)
