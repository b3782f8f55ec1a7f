"""Marks a window and all that open over it as SIMULATED. It decides nothing.

A dialog or window is marked as soon as it is a child of the desk's or of one that is marked, whoever opens
it: so a new one cannot be forgotten. Its title says it, also when it is changed later, and so does a band at
its top, for which the layout moves down.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from ui.desk.band import Band
from ui.desk.openings import Openings
from ui.desk.theme import Theme

MARK: Final = "SIMULATED"
_TITLED: Final = (QEvent.Type.WindowTitleChange, QEvent.Type.Show)


class SimulationMark(QObject):
    """Keeps the mark on a window that has a band of its own, and on all over it, from ``begin`` on."""

    def __init__(self, window: QWidget, theme: Theme, openings: Openings) -> None:
        """Know the window, and hear of what opens over it; nothing is marked yet."""
        super().__init__(window)
        self._window, self._theme, self._openings = window, theme, openings
        self._begun = False

    def begin(self) -> None:
        """Mark what is open, and whatever opens from now on."""
        if self._begun:
            return
        self._begun = True
        self._window.installEventFilter(self)
        _title(self._window)
        for widget in self._openings.open_now():
            self._take(widget)
        self._openings.opened.connect(self._take)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look at what is titled and at what becomes another size; let everything pass."""
        if not isinstance(watched, QWidget):
            return False
        if event.type() in _TITLED:
            _title(watched)
        elif event.type() == QEvent.Type.Resize:
            self._fit(watched)
        return False

    def _take(self, widget: QWidget) -> None:
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
