"""The desk's icon in the system's tray: the worst that waits by shape and colour, and the urgent in words.

1. Where the system has no tray there is no icon, and nobody misses it: the desk sounds and shows as before.
2. The icon has the badge of the worst alarm that calls for somebody, a full square where none does, and a
   crossed one while the monitoring is stopped.
3. What is critical or high comes up in words, the same that are spoken; a click brings the desk to the front.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from controlroom.alarms.alarm import Priority
from controlroom.alarms.message import Message
from controlroom.report.message_words import message_words
from controlroom.report.wording import priority_words
from ui.desk.liveness import Liveness
from ui.desk.symbols import condition_colour, paint_condition, paint_urgency
from ui.desk.theme import Theme

SIDE_PX: Final = 64
SHOWN_FOR_MS: Final = 10_000
LOOK_EVERY_MS: Final = 1000
_MOST_AT_ONCE: Final = 2

Unacknowledged = Callable[[], tuple[Mapping[int, int], Liveness]]
"""How many alarms call for somebody, by urgency, and whether the monitoring lives."""


class Tray(QObject):
    """Keeps the icon in line with the picture."""

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        look: Unacknowledged,
        name_of: Callable[[str], str],
        simulated: Callable[[], bool],
    ) -> None:
        """Nothing is shown before ``start``."""
        super().__init__(window)
        self._theme, self._window, self._look = theme, window, look
        self._name_of, self._simulated = name_of, simulated
        self.icon: QSystemTrayIcon | None = None
        self._shown: tuple[int, bool] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.show)
        theme.changed.connect(self._paint_anew)

    def start(self) -> None:
        """Show the icon, where there is a tray (rule 1)."""
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        self.icon = QSystemTrayIcon(self)
        self.icon.activated.connect(self._to_front)
        self.icon.messageClicked.connect(self._to_front)
        self.show()
        self.icon.show()
        self._timer.start()

    def end(self) -> None:
        """Take the icon away."""
        self._timer.stop()
        if self.icon is not None:
            self.icon.hide()
            self.icon = None

    def show(self) -> None:
        """Show how things are now (rule 2)."""
        if self.icon is None:
            return
        counts, liveness = self._look()
        worst = next((urgency for urgency, count in sorted(counts.items()) if count), 0)
        stopped = liveness is Liveness.STOPPED
        if (worst, stopped) != self._shown:
            self._shown = (worst, stopped)
            self.icon.setIcon(badge(self._theme, worst, stopped))
        self.icon.setToolTip(self._marked(tray_words(counts, stopped)))

    def take(self, messages: Sequence[Message]) -> None:
        """Bring up what is urgent (rule 3); what the desk finds when it opens is one of them."""
        urgent = [each for each in messages if each.calls and each.priority <= Priority.HIGH]
        if self.icon is None or not urgent:
            return
        urgent.sort(key=lambda each: (each.priority, each.number))
        said = [
            message_words(each, self._name_of, more=at > 0) for at, each in enumerate(urgent[:_MOST_AT_ONCE])
        ]
        more = sum(sum(each.calling) for each in urgent[_MOST_AT_ONCE:])
        said += [f"And {more} more."] if more else []
        title = self._marked(f"Alarm, {priority_words(int(urgent[0].priority))}")
        icon = badge(self._theme, int(urgent[0].priority), stopped=False)
        self.icon.showMessage(title, " ".join(said), icon, SHOWN_FOR_MS)

    def _marked(self, words: str) -> str:
        return f"SIMULATED. {words}" if self._simulated() else words

    def _paint_anew(self) -> None:
        self._shown = None
        self.show()

    def _to_front(self) -> None:
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()


def tray_words(counts: Mapping[int, int], stopped: bool) -> str:
    """Say in a line how things are."""
    said = [f"{count} {priority_words(urgency)}" for urgency, count in sorted(counts.items()) if count]
    alarms = f"not acknowledged: {', '.join(said)}" if said else "no alarm waits"
    return f"Controlroom – {'MONITORING STOPPED, ' if stopped else ''}{alarms}"


def badge(theme: Theme, worst: int, stopped: bool) -> QIcon:
    """Paint the badge of the worst alarm, or of none."""
    pixmap = QPixmap(SIDE_PX, SIDE_PX)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    box = QRectF(2, 2, SIDE_PX - 4, SIDE_PX - 4)
    if stopped:
        paint_condition(painter, theme, box, "down", theme.colour("urgency.1.line"))
    elif worst:
        paint_urgency(painter, theme, box, worst, filled=True)
    else:
        paint_condition(painter, theme, box, "up", condition_colour(theme, "up", 0))
    painter.end()
    return QIcon(pixmap)
