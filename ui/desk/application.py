"""Opens the desk and keeps it open. It composes; what is shown and done stands elsewhere."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from types import FrameType

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from ui.desk.conductor import Conductor
from ui.desk.faults import Faults
from ui.desk.garbage import GarbageKeeper
from ui.desk.parts import DeskParts
from ui.desk.python_guard import refuse_broken_binding
from ui.desk.settings import DeskSettings
from ui.desk.theme import Theme, load_fonts
from ui.desk.window import DeskWindow

DEFAULT_THEME = "dark"


class Desk:
    """One desk: its window, its theme and who leads it. ``run_desk`` opens one; tests do likewise."""

    def __init__(self, parts: DeskParts) -> None:
        """Build everything; nothing runs before ``open``. Needs a ``QApplication``."""
        self.settings = DeskSettings(parts.settings_file)
        self.theme = Theme(parts.theme or self.settings.theme(DEFAULT_THEME), load_fonts())
        self.window = DeskWindow(self.theme, parts.operator)
        self.window.setWindowTitle("Controlroom")
        self.faults = Faults()
        self.conductor = Conductor(parts, self.theme, self.window, self.faults)
        self.theme.changed.connect(lambda: self.settings.keep_theme(self.theme.name))

    def open(self) -> None:
        """Show the window where it was last, or over the whole screen, and begin."""
        geometry = self.settings.geometry()
        if geometry is not None and self.window.restoreGeometry(geometry):
            self.window.show()
        else:
            self.window.setGeometry(self.window.screen().availableGeometry())
            self.window.showMaximized()
        self.conductor.start()

    def close(self) -> None:
        """End the threads and remember where the window was."""
        self.settings.keep_geometry(self.window.saveGeometry())
        self.conductor.end()


def run_desk(parts: DeskParts, arguments: Sequence[str] = ("controlroom",)) -> int:
    """Open the desk and return when it is closed; raise ``ControlroomError`` when Qt cannot serve."""
    refuse_broken_binding()
    application = QApplication(list(arguments))
    application.setApplicationName("Controlroom")
    application.setStyle("Fusion")
    desk = Desk(parts)
    application.setFont(QFont(desk.theme.font()))
    application.setPalette(desk.theme.palette())
    desk.theme.changed.connect(lambda: application.setPalette(desk.theme.palette()))
    garbage = GarbageKeeper()
    give_back = _close_on_signals(desk.window)
    stop_watching = desk.faults.watch()
    desk.open()
    try:
        return application.exec()
    finally:
        desk.close()
        garbage.end()
        stop_watching()
        give_back()


def _close_on_signals(window: DeskWindow) -> Callable[[], None]:
    """Let the system's asking to end close the window, and leave the monitoring running."""

    def close(_number: int, _frame: FrameType | None) -> None:
        window.close_now()

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, close) for number in numbers]

    def give_back() -> None:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)

    return give_back
