"""The beat by which markers of alarms that wait for somebody flash. It paints nothing; no text follows it.

Once a second, half of it lit: well below the three flashes a second that can harm (WCAG 2.3.1). With reduced
motion, and in pictures, the markers stand lit.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

HALF_MS: Final = 500


class Flash(QObject):
    """``changed`` tells that the markers are to be painted anew; ``lit`` how."""

    changed = Signal()

    def __init__(self) -> None:
        """Begin lit, with nothing to flash."""
        super().__init__()
        self.lit = True
        self._needed = False
        self._still = False
        self._timer = QTimer(self)
        self._timer.setInterval(HALF_MS)
        self._timer.timeout.connect(self._turn)

    @property
    def running(self) -> bool:
        """Whether anything flashes."""
        return self._timer.isActive()

    def need(self, needed: bool) -> None:
        """Flash while there is something that waits for somebody."""
        self._needed = needed
        self._mind()

    def hold_still(self, still: bool) -> None:
        """Keep the markers lit, for who wants no motion."""
        self._still = still
        self._mind()

    def _mind(self) -> None:
        if self._needed and not self._still:
            if not self._timer.isActive():
                self._timer.start()
            return
        self._timer.stop()
        if not self.lit:
            self._turn()

    def _turn(self) -> None:
        self.lit = not self.lit
        self.changed.emit()
