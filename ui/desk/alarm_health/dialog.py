"""Alarm health on the desk: figures beside targets, a chart of the hours, what to do. It reads nothing."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from controlroom.report.alarm_health import HealthRead
from controlroom.report.alarm_health_words import PUBLISHED, count_words, doubts_of_range, range_words
from controlroom.site.view import SiteView
from ui.desk.alarm_health.figures_table import FiguresTable
from ui.desk.alarm_health.findings import Findings
from ui.desk.alarm_health.hour_chart import HourChart
from ui.desk.panel import Text, segment
from ui.desk.theme import Theme

DAYS: Final = (1, 7, 30)
POSITIONS: Final = (1, 2, 3, 4)
READING: Final = "Reading the log…"


class AlarmHealthDialog(QDialog):
    """``chosen`` comes with another range, in days, or number of positions."""

    chosen = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget, days: int, positions: int) -> None:
        """Build it empty; what is chosen is marked."""
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle("Alarm health")
        self.title = Text(theme, "text.strong", 1.25, strong=True)
        self.title.say("Alarm health")
        self.range, self.count, self.doubt = Text(theme), Text(theme), Text(theme, "text.muted")
        for text in (self.range, self.count, self.doubt):
            text.setWordWrap(True)
            text.setMinimumWidth(1)
        self.table, self.chart, self.findings = FiguresTable(theme), HourChart(theme), Findings(theme)
        self.foot = Text(theme, "text.dim", 0.92)
        self.foot.say(PUBLISHED)
        self.foot.setWordWrap(True)
        self._days = self._segments([(days, f"{days} d", f"The last {days} days") for days in DAYS], days)
        named = [(each, str(each), f"Alarms shared by {each} positions") for each in POSITIONS]
        self._positions = self._segments(named, positions)
        self.findings.copy_wanted.connect(self._copy)
        self.close_button = QPushButton("Close  Esc")
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.accept)
        self._lay_out()
        self.say_reading()
        self.close_button.setFocus()
        self.resize(self._room())

    def say_reading(self) -> None:
        """Say that the log is being read; what is shown meanwhile stays."""
        self.range.say(READING)

    def say_failure(self, words: str) -> None:
        """Say that the log could not be read, and why."""
        self.range.say(f"The log could not be read: {words}", "text.strong")

    def show_health(self, read: HealthRead, view: SiteView | None, zone: ZoneInfo) -> None:
        """Show all that was found of a range."""
        self.range.say(range_words(read, "UTC" if view is None else view.time_zone), "text.main")
        self.count.say(count_words(read))
        doubts = doubts_of_range(read)
        self.doubt.say(" ".join(doubts))
        self.doubt.setVisible(bool(doubts))
        self.table.show_figures(read.health.judged)
        self.chart.show_hours(read.health.rates.hourly, read.health.positions, zone)
        self.findings.show_findings(read, view)

    def _copy(self, command: str) -> None:
        QGuiApplication.clipboard().setText(command)
        self.foot.say("Copied. Run it in a terminal of this machine.")

    def _room(self) -> QSize:
        """Most of the window that it lies over, but for the alarms that are counted at its top."""
        over = self.parentWidget()
        room = over.size() if over is not None else QSize(1280, 720)
        wide = min(room.width() - self._theme.em(3), self._theme.em(104))
        return QSize(wide, min(room.height() - self._theme.em(9.4), self._theme.em(60)))

    def _segments(self, named: list[tuple[int, str, str]], chosen: int) -> QButtonGroup:
        group = QButtonGroup(self)
        for number, words, name in named:
            button = segment(words, name)
            button.setAutoDefault(False)
            button.setChecked(number == chosen)
            group.addButton(button, number)
        group.idClicked.connect(lambda _number: self.chosen.emit(*self._chosen()))
        return group

    def _chosen(self) -> tuple[int, int]:
        return self._days.checkedId(), self._positions.checkedId()

    def _lay_out(self) -> None:
        theme = self._theme
        column = QVBoxLayout(self)
        margin = theme.em(1.2)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.em(0.45))
        column.addLayout(self._head())
        for text in (self.range, self.count, self.doubt):
            column.addWidget(text)
        body = QHBoxLayout()
        body.setContentsMargins(0, theme.em(0.4), 0, 0)
        body.setSpacing(theme.em(2))
        body.addWidget(self.table, 0, Qt.AlignmentFlag.AlignTop)
        right = QVBoxLayout()
        right.setSpacing(theme.em(0.3))
        right.addWidget(self.chart)
        right.addWidget(self._scrolled(), 1)
        body.addLayout(right, 1)
        column.addLayout(body, 1)
        row = QHBoxLayout()
        row.addWidget(self.foot, 1)
        row.addWidget(self.close_button)
        column.addLayout(row)
        self.setMinimumSize(theme.em(56), theme.em(34))

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._theme.em(0.2))
        row.addWidget(self.title, 1)
        for title, group in (("Range", self._days), ("Positions", self._positions)):
            label = Text(self._theme, "text.muted")
            label.say(title)
            label.setContentsMargins(self._theme.em(1), 0, self._theme.em(0.3), 0)
            row.addWidget(label)
            for button in group.buttons():
                row.addWidget(button)
        return row

    def _scrolled(self) -> QScrollArea:
        area = QScrollArea()
        area.setWidget(self.findings)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("What to do, and what lies behind the figures")
        for part in (area, area.viewport(), self.findings):
            part.setAutoFillBackground(False)
        return area
