"""Collects garbage in the GUI thread alone: a widget freed by another thread ends the process."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 2000


class GarbageKeeper(QObject):
    """Switches the automatic collector off and runs it on a timer of the GUI thread."""

    def __init__(self) -> None:
        """Take over the collecting."""
        super().__init__()
        self._limits = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the generations that are due."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > self._limits[generation]:
                gc.collect(generation)
                return

    def end(self) -> None:
        """Give the collecting back."""
        self._timer.stop()
        gc.enable()
