"""The header: which room, what waits, whether it is being watched, who is on duty, what time it is."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from controlroom.report.wording import priority_words
from ui.desk import time_text
from ui.desk.liveness import Liveness
from ui.desk.panel import ElidedText, Text
from ui.desk.symbols import paint_urgency
from ui.desk.theme import Theme
from ui.desk.tokens import URGENCIES

_WIDE_EMS = 90
_WIDEST_VALUE_EMS = 10
_NARROW_EMS = 76
"""Below this the room's name would have no place: zone and UTC are then a tool tip."""


class Header(QWidget):
    """The strip at the top that never changes its order."""

    def __init__(self, theme: Theme, operator: str) -> None:
        """Build it without a site."""
        super().__init__()
        self._theme = theme
        self.site = ElidedText(theme, "text.strong", 1.3, strong=True)
        self.summary = ElidedText(theme, "text.muted", 0.92)
        self._counts = {urgency: _Count(theme, urgency) for urgency in URGENCIES}
        self._counts_label = Text(theme, "text.muted", 0.92)
        self._counts_label.say("not acknowledged")
        self.monitoring = _Fact(theme, "Monitoring", "Starting     00:00:00")
        self.blind = _Fact(theme, "Blind in 24 h", "00 h 00 min")
        self.sound = _Fact(theme, "Sound", "Silenced 0:00")
        self.sound.hide()
        self.operator = _Fact(theme, "Operator", "")
        self._duty = (operator, "", operator)
        self._say_duty()
        self.clock = Text(theme, "text.strong", 2.1, strong=True)
        self.date = Text(theme, "text.muted", 0.92)
        for text in (self.clock, self.date):
            text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._say_duty)
        self._lay_out(theme)
        theme.changed.connect(self.update)

    def _lay_out(self, theme: Theme) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.em(1.0), theme.em(0.45), theme.em(1.0), theme.em(0.45))
        row.setSpacing(theme.em(0.5))
        row.addLayout(_stack(self.site, self.summary), 5)
        row.addSpacing(theme.em(0.5))
        for count in self._counts.values():
            row.addWidget(count)
        row.addWidget(self._counts_label)
        self._gap = row.count()
        row.addStretch(3)
        row.addSpacing(theme.em(0.8))
        for fact in (self.monitoring, self.blind, self.sound, self.operator):
            row.addWidget(fact)
        row.addLayout(_stack(self.clock, self.date))

    def show_site(self, name: str, summary: str) -> None:
        """Show the room's name and a line about it."""
        self.site.say(name)
        self.summary.say(summary)

    def show_operator(self, name: str, label: str, role: str) -> None:
        """Show who is on duty and what they may do."""
        self._duty = (name, role, label)
        self._say_duty()

    def show_sound(self, value: str, whole: str) -> None:
        """Show how loud the desk is, or why it is silent; ``whole`` says all of it."""
        self.sound.setVisible(bool(value))
        self.sound.say(value, "Sound", whole)

    def show_counts(self, unacknowledged: Mapping[int, int]) -> None:
        """Show how many alarms wait for somebody, by urgency."""
        for urgency, count in self._counts.items():
            count.show_number(unacknowledged.get(urgency, 0))

    def show_time(self, utc_s: float, zone: ZoneInfo) -> None:
        """Show the time of this workstation."""
        self.clock.say(time_text.clock(utc_s, zone))
        name = time_text.zone_name(utc_s, zone)
        utc = "" if name == "UTC" else f", {time_text.utc_clock(utc_s)}"
        whole = f"{time_text.day(utc_s, zone)} {name}{utc}"
        self.date.say(time_text.day(utc_s, zone) if self._narrow() else whole)
        self.date.setToolTip(whole)

    def _narrow(self) -> bool:
        return self.width() < self._theme.em(_NARROW_EMS)

    def _say_duty(self) -> None:
        name, role, label = self._duty
        title = f"Operator, may {role}" if role else "Operator"
        self.operator.say(name, "Operator" if self._narrow() else title, label)
        self.operator.setToolTip(f"{label}, may {role}" if role else label)
        self.operator.setAccessibleName(f"{title}: {label}")

    def show_monitoring(self, liveness: Liveness, beat: str) -> None:
        """Show whether the heartbeat moves, and when it last did."""
        words = {Liveness.LIVE: "Running", Liveness.STARTING: "Starting", Liveness.STOPPED: "STOPPED"}
        self.monitoring.say(f"{words[liveness]}  {beat}".strip())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave out what a narrow window has no room for."""
        super().resizeEvent(event)
        wide = self.width() > self._theme.em(_WIDE_EMS)
        self._counts_label.setVisible(wide)
        row = self.layout()
        if isinstance(row, QHBoxLayout):
            row.setStretch(self._gap, 3 if wide else 0)
        for count in self._counts.values():
            count.show_word(wide)
        # A text that changes while the layout places its parts would not move them any more.
        self._later.start()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground and the line under it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("surface.header"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.colour("line.tile"))


class _Fact(QWidget):
    """A small title over a value, as wide as its widest value; a press on it is told."""

    clicked = Signal()

    def __init__(self, theme: Theme, title: str, widest: str) -> None:
        super().__init__()
        self._title, self._value = Text(theme, "text.muted", 0.92), Text(theme, "text.strong", strong=True)
        self._title.say(title)
        layout = _stack(self._title, self._value)
        layout.setContentsMargins(0, 0, theme.em(0.7), 0)
        self.setLayout(layout)
        self._widest = theme.em(_WIDEST_VALUE_EMS)
        self.setMinimumWidth(QFontMetrics(theme.strong()).horizontalAdvance(widest) + theme.em(0.7))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell the press."""
        self.clicked.emit()
        event.accept()

    def say(self, value: str, title: str = "", whole: str = "") -> None:
        """Show a value, shortened where it is too long; ``whole`` says it in full."""
        self._title.say(title or self._title.text())
        self._value.say(
            self._value.fontMetrics().elidedText(value, Qt.TextElideMode.ElideRight, self._widest)
        )
        self.setToolTip(whole)
        self.setAccessibleName(f"{self._title.text()}: {whole or value}")


class _Count(QWidget):
    """How many alarms of one urgency wait: shape, number and word."""

    def __init__(self, theme: Theme, urgency: int) -> None:
        super().__init__()
        self._theme, self._urgency, self._number, self._with_word = theme, urgency, 0, True
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_number(0)

    def show_number(self, number: int) -> None:
        self._number = number
        self.setAccessibleName(f"{number} {priority_words(self._urgency)}, not acknowledged")
        self.update()

    def show_word(self, with_word: bool) -> None:
        self._with_word = with_word
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        theme = self._theme
        word = QFontMetrics(theme.font(0.92)).horizontalAdvance(priority_words(self._urgency) + "  ")
        return QSize(theme.em(4.4) + (word if self._with_word else 0), theme.em(2.3))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        theme, waiting = self._theme, self._number > 0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = theme.colour(f"urgency.{self._urgency}.line" if waiting else "line.tile")
        painter.setPen(QPen(edge, 1))
        painter.setBrush(theme.colour(f"urgency.{self._urgency}.tint" if waiting else "surface.panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        side = theme.em(1.15)
        badge = QRectF(theme.em(0.6), (self.height() - side) / 2, side, side)
        paint_urgency(painter, theme, badge, self._urgency, filled=waiting)
        painter.setFont(theme.strong(1.35) if waiting else theme.font(1.35))
        painter.setPen(theme.colour("text.strong" if waiting else "text.dim"))
        number = QRectF(badge.right(), 0, theme.em(2.3), self.height())
        painter.drawText(number, Qt.AlignmentFlag.AlignCenter, str(self._number))
        if self._with_word:
            painter.setFont(theme.font(0.92))
            painter.setPen(theme.colour("text.main" if waiting else "text.dim"))
            words = QRectF(number.right(), 0, self.width() - number.right(), self.height())
            align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(words, align, priority_words(self._urgency))


def _stack(*texts: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addStretch(1)
    for text in texts:
        column.addWidget(text)
    column.addStretch(1)
    return column
