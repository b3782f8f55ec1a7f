"""The window: where each part of the desk stands, and which key leads where. It knows no data."""

from __future__ import annotations

import itertools

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.desk.alarm_list.panel import AlarmPanel
from ui.desk.band import Band
from ui.desk.board.model import BoardModel
from ui.desk.board.view import BoardView
from ui.desk.detail import DetailPanel
from ui.desk.graph.panel import GraphPanel
from ui.desk.header import Header
from ui.desk.key_binding import bind_keys
from ui.desk.keys import Command
from ui.desk.keys_sheet import KeysSheet
from ui.desk.left_side import LeftSide
from ui.desk.log_list.panel import LogPanel
from ui.desk.openings import Openings
from ui.desk.panel import Panel, Text
from ui.desk.reach import Reach
from ui.desk.services.panel import ServicePanel
from ui.desk.simulation_mark import SimulationMark
from ui.desk.status_line import StatusLine
from ui.desk.theme import Theme


class DeskWindow(QWidget):
    """Lays the parts out. ``close_wanted`` asks what closing is to mean; ``painted`` comes once."""

    close_wanted = Signal()
    painted = Signal()
    edit_wanted = Signal()
    new_wanted = Signal()
    sign_in_wanted = Signal()
    tour_wanted = Signal()
    silence_wanted = Signal()
    sound_wanted = Signal()
    route_wanted = Signal()
    health_wanted = Signal()
    maintenance_wanted = Signal()
    motion_wanted = Signal()
    services_wanted = Signal()
    what_if_wanted = Signal()

    def __init__(self, theme: Theme, operator: str) -> None:
        """Build all parts, empty."""
        super().__init__()
        self._theme = theme
        self._may_close = False
        self._was_painted = False
        self.header = Header(theme, operator)
        self.simulated = Band(theme, "simulated")
        self.openings = Openings(self)
        self._mark = SimulationMark(self, theme, self.openings)
        self.notice = Band(theme, "notice")
        self.site_notice = Band(theme, "notice")
        self.tour_notice = Band(theme, "notice")
        self.stopped = Band(theme, "stopped")
        self.warning = Band(theme, "warning")
        self.no_sound = Band(theme, "warning")
        self.services = ServicePanel(theme)
        self.board_model = BoardModel()
        self.board = BoardView(self.board_model, theme)
        self.board_panel = Panel(theme, "Endpoints")
        self.board_empty = Text(theme, "text.muted")
        self.first_endpoint = QPushButton("Add the first endpoint  Ctrl+N")
        self.graph = GraphPanel(theme)
        self.detail = DetailPanel(theme)
        self.alarms = AlarmPanel(theme)
        self.log = LogPanel(theme)
        self.status = StatusLine(theme)
        board = self.board_panel, self.board
        self.left = LeftSide(theme, self.services, board, self.graph, self.detail)
        self._lay_out()
        self._keys()
        self.services.count_changed.connect(self.share_height)
        self.services.what_if_wanted.connect(self.what_if_wanted)
        self.header.operator.clicked.connect(self.sign_in_wanted)
        self.header.sound.clicked.connect(self.sound_wanted)
        self._dress()
        theme.changed.connect(self._dress)

    def _lay_out(self) -> None:
        gap = self._theme.em(0.55)
        self.board_panel.body.addWidget(self.board, 1)
        self.board_empty.setWordWrap(True)
        self.board_panel.body.addWidget(self.board_empty, 1)
        self.board_panel.body.addWidget(
            self.first_endpoint, 1, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        )
        self.first_endpoint.clicked.connect(self.new_wanted)
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(gap)
        right.addWidget(self.alarms, 11)
        right.addWidget(self.log, 9)
        main = QHBoxLayout()
        main.setContentsMargins(gap, gap, gap, gap)
        main.setSpacing(gap)
        main.addLayout(self.left, 1)
        main.addWidget(self._right)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (
            self.simulated,
            self.header,
            self.notice,
            self.site_notice,
            self.tour_notice,
            self.stopped,
            self.warning,
            self.no_sound,
        ):
            column.addWidget(part)
        column.addLayout(main, 1)
        column.addWidget(self.status)
        self.setMinimumSize(self._theme.em(60), self._theme.em(40))
        self.say_no_endpoints("Waiting for the first readings.")

    def _keys(self) -> None:
        actions = {
            Command.SHOW_KEYS: self.show_keys,
            Command.TOUR: self.tour_wanted.emit,
            Command.SIGN_IN: self.sign_in_wanted.emit,
            Command.EDIT: self.edit_wanted.emit,
            Command.NEW_ENDPOINT: self.new_wanted.emit,
            Command.SILENCE: self.silence_wanted.emit,
            Command.SOUND: self.sound_wanted.emit,
            Command.ACKNOWLEDGE: self.alarms.acknowledge_wanted.emit,
            Command.ALARM_DETAIL: self.alarms.opened.emit,
            Command.SHELVE: self.alarms.second_wanted.emit,
            Command.NEXT_LIST: self.alarms.tabs.cycle,
            Command.MOTION: self.motion_wanted.emit,
            Command.LONGER_RANGE: self.graph.cycle_range,
            Command.ROUTE: self.route_wanted.emit,
            Command.ALARM_HEALTH: self.health_wanted.emit,
            Command.SERVICES: self.services_wanted.emit,
            Command.WHAT_IF: self.what_if_wanted.emit,
            Command.MAINTENANCE: self.maintenance_wanted.emit,
            Command.SHORTER_RANGE: lambda: self.graph.cycle_range(-1),
            Command.NOTE: lambda: self.log.note.setFocus(Qt.FocusReason.ShortcutFocusReason),
            Command.THEME: self._theme.toggle,
            Command.EXPORT: self.log.export.click,
            Command.CLOSE: self.close,
        }
        bind_keys(self, actions)
        self._reach = Reach(
            *(self, self.openings, self.show_keys, self.silence_wanted.emit),
            {command: actions[command] for command in (Command.ACKNOWLEDGE, Command.SIGN_IN, Command.CLOSE)},
        )
        order = (
            self.services.unwell,
            self.services.view,
            self.board,
            self.alarms.view,
            self.alarms.acknowledge,
            self.alarms.second,
            self.alarms.details,
            self.graph,
            self.log.view,
            self.log.note,
            self.log.export,
        )
        for before, after in itertools.pairwise(order):
            QWidget.setTabOrder(before, after)

    def mark_simulated(self) -> None:
        """Say for good, on the window and on every dialog over it, that nothing shown is real."""
        self.simulated.say("SIMULATED – nothing on this screen is real", "Every reading is invented.")
        self._mark.begin()

    def say_no_endpoints(self, words: str, may_add: bool = False) -> None:
        """Show words in the place of the board, and a way to add an endpoint; no words show the board."""
        upright = Qt.AlignmentFlag.AlignBottom if may_add else Qt.AlignmentFlag.AlignVCenter
        self.board_empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | upright)
        self.first_endpoint.setVisible(bool(words) and may_add)
        self.board_empty.say(words)
        self.board_empty.setVisible(bool(words))
        appears = self.board.isHidden() and not words
        self.board.setVisible(not words)
        if appears and not self.log.note.hasFocus():
            self.board.setFocus(Qt.FocusReason.OtherFocusReason)
        self.share_height()

    def forbid_adding(self, why: str) -> None:
        """Let no endpoint be added, for a reason; empty lets it. No part offers it then."""
        self.detail.may_edit = self.graph.may_edit = not why
        self.first_endpoint.setEnabled(not why)
        self.first_endpoint.setToolTip(why)
        self.first_endpoint.setAccessibleDescription(why)

    def show_keys(self, over: QWidget | None = None) -> None:
        """Show the sheet of keys over this window or one that lies over it; once is enough."""
        if isinstance(over, KeysSheet):
            return
        sheet = KeysSheet(self._theme, over or self, offers_tour=over is None)
        sheet.tour_wanted.connect(self.tour_wanted)
        sheet.open()

    def share_height(self) -> None:
        """Give services and endpoints the height they need, up to their shares, and the graph the rest.

        Bands take no part, so that no tile changes its place when one appears.
        """
        room = self.height() - self.header.height() - self.status.height() - 2 * self._theme.em(0.55)
        self.left.share_out(self.width() - self._right_width() - self._theme.em(1.65), room)

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
        if not self._may_close:
            self.close_wanted.emit()
        # It may have been decided at once.
        event.setAccepted(self._may_close)

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
