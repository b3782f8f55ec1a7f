"""The window: where each part of the desk stands, and which key leads where. It knows no data."""

from __future__ import annotations

import itertools

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.desk.alarm_list.panel import AlarmPanel
from ui.desk.band import Band
from ui.desk.board.model import BoardModel
from ui.desk.board.view import BoardView
from ui.desk.detail import DetailPanel
from ui.desk.graph.panel import GraphPanel
from ui.desk.header import Header
from ui.desk.keys_sheet import KeysSheet
from ui.desk.log_list.panel import LogPanel
from ui.desk.panel import Panel, Text
from ui.desk.status_line import StatusLine
from ui.desk.theme import Theme

_BOARD_SHARE = 0.6
"""The most of the left side's height that the board takes; the graph has the rest."""


class DeskWindow(QWidget):
    """Lays the parts out. ``close_wanted`` asks what closing is to mean; ``painted`` comes once."""

    close_wanted = Signal()
    painted = Signal()

    def __init__(self, theme: Theme, operator: str) -> None:
        """Build all parts, empty."""
        super().__init__()
        self._theme = theme
        self._may_close = False
        self._was_painted = False
        self.header = Header(theme, operator)
        self.notice = Band(theme, "notice")
        self.stopped = Band(theme, "stopped")
        self.warning = Band(theme, "warning")
        self.board_model = BoardModel()
        self.board = BoardView(self.board_model, theme)
        self.board_panel = Panel(theme, "Endpoints")
        self.board_empty = Text(theme, "text.muted")
        self.graph = GraphPanel(theme)
        self.detail = DetailPanel(theme)
        self.alarms = AlarmPanel(theme)
        self.log = LogPanel(theme)
        self.status = StatusLine(theme)
        self._lay_out()
        self._keys()
        self._dress()
        theme.changed.connect(self._dress)

    def _lay_out(self) -> None:
        gap = self._theme.em(0.55)
        self.board_panel.body.addWidget(self.board, 1)
        self.board_empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.board_empty.setWordWrap(True)
        self.board_panel.body.addWidget(self.board_empty, 1)
        lower = QHBoxLayout()
        lower.setSpacing(gap)
        lower.addWidget(self.graph, 15)
        lower.addWidget(self.detail, 5)
        left = QVBoxLayout()
        left.setSpacing(gap)
        left.addWidget(self.board_panel)
        left.addLayout(lower, 1)
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(gap)
        right.addWidget(self.alarms, 11)
        right.addWidget(self.log, 9)
        main = QHBoxLayout()
        main.setContentsMargins(gap, gap, gap, gap)
        main.setSpacing(gap)
        main.addLayout(left, 1)
        main.addWidget(self._right)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.header, self.notice, self.stopped, self.warning):
            column.addWidget(part)
        column.addLayout(main, 1)
        column.addWidget(self.status)
        self.setMinimumSize(self._theme.em(60), self._theme.em(34))
        self.say_no_endpoints("Waiting for the first readings.")

    def _keys(self) -> None:
        keys = {
            "F1": self.show_keys,
            "F2": self.alarms.begin_acknowledging,
            "F5": self.graph.cycle_range,
            "Shift+F5": lambda: self.graph.cycle_range(-1),
            "F6": lambda: self.log.note.setFocus(Qt.FocusReason.ShortcutFocusReason),
            "F8": self._theme.toggle,
            "Ctrl+E": self.log.export.click,
            "Ctrl+Q": self.close,
        }
        for key, action in keys.items():
            QShortcut(QKeySequence(key), self).activated.connect(action)
        order = (
            self.board,
            self.alarms.view,
            self.alarms.acknowledge,
            self.graph,
            self.log.view,
            self.log.note,
            self.log.export,
        )
        for before, after in itertools.pairwise(order):
            QWidget.setTabOrder(before, after)

    def say_no_endpoints(self, words: str) -> None:
        """Show words in the place of the board; none shows the board."""
        self.board_empty.say(words)
        self.board_empty.setVisible(bool(words))
        self.board.setVisible(not words)
        self.share_height()

    def show_keys(self) -> None:
        """Show the sheet of keys."""
        KeysSheet(self._theme, self).open()

    def share_height(self) -> None:
        """Give the board the height it needs, up to its share, and the graph the rest.

        Bands take no part, so that no tile changes its place when one appears.
        """
        room = self.height() - self.header.height() - self.status.height() - 2 * self._theme.em(0.55)
        frame = self.board_panel.frame_height()
        most = int(room * _BOARD_SHARE) - frame
        width = self.width() - self._right_width() - self._theme.em(3.2)
        wanted = self.board.height_for(width, most) if self.board_model.rowCount() else self._theme.em(9)
        self.board_panel.setFixedHeight(max(self._theme.em(7), wanted + frame))

    def _right_width(self) -> int:
        return max(self._theme.em(26), min(int(self.width() * 0.305), self._theme.em(38)))

    def allow_closing(self) -> None:
        """Let the next closing happen without asking."""
        self._may_close = True

    def close_now(self) -> None:
        """Close without asking again."""
        self.allow_closing()
        self.close()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the room anew."""
        super().resizeEvent(event)
        self._right.setFixedWidth(self._right_width())
        self.share_height()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask first what closing is to mean."""
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.close_wanted.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground."""
        QPainter(self).fillRect(self.rect(), self._theme.colour("surface.window"))
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def _dress(self) -> None:
        self.setFont(self._theme.font())
        self.setPalette(self._theme.palette())
        self.setStyleSheet(self._theme.style_sheet())
        self.update()
