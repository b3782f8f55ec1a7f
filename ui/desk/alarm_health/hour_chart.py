"""A small chart of the alarms in each hour, with the targets as lines. It counts nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from controlroom.alarms.health.rates import HOUR_LIMIT, Hourly
from controlroom.alarms.health.targets import TARGETS, Measure
from ui.desk import time_text
from ui.desk.alarm_health.hour_bars import HOUR_S, Bar, bars_of, labels_of
from ui.desk.figures import counted
from ui.desk.theme import Theme

_BAR_PX: Final = 4
_NO_HOURS: Final = Hourly(0.0, (), ())


class HourChart(QWidget):
    """Paints the hours of one range; what was not watched is hatched, and an hour with too many coloured."""

    def __init__(self, theme: Theme) -> None:
        """Begin with no hours."""
        super().__init__()
        self._theme = theme
        self._hourly, self._positions, self._zone = _NO_HOURS, 1, ZoneInfo("UTC")
        self._bars: list[Bar] = []
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_hours(self, hourly: Hourly, positions: int, zone: ZoneInfo) -> None:
        """Show the hours of a range; so many positions can take so many times as many alarms."""
        self._hourly, self._positions, self._zone = hourly, positions, zone
        most = max(hourly.counts, default=0)
        self.setAccessibleName("Alarms in each hour")
        self.setAccessibleDescription(f"{counted(sum(hourly.counts), 'alarm')}, {most:,} at most in one hour")
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Wide as there is room, and low."""
        return QSize(self._theme.em(24), self._theme.em(10))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint grid, bars, lines of the targets and times."""
        painter = QPainter(self)
        painter.setFont(self._theme.font(0.85))
        plot = self._plot()
        self._bars = bars_of(self._hourly, max(1, int(plot.width()) // _BAR_PX))
        top = self._top()
        self._paint_bars(painter, plot, top)
        for count, words in self._lines():
            self._paint_line(painter, plot, plot.bottom() - plot.height() * count / top, words)
        painter.setPen(QPen(self._theme.colour("plot.edge"), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        self._paint_times(painter, plot)
        self._paint_top(painter, plot, top)
        self._paint_title(painter)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Say what came in the hours below the pointer."""
        plot = self._plot()
        x = event.position().x() - plot.left()
        if not self._bars or not 0 <= x < plot.width():
            QToolTip.hideText()
            return
        bar = self._bars[min(int(x / plot.width() * len(self._bars)), len(self._bars) - 1)]
        QToolTip.showText(event.globalPosition().toPoint(), self.words_of(bar), self)

    def words_of(self, bar: Bar) -> str:
        """Tell a bar: from when until when, and how many."""
        since, until_utc_s = bar.from_utc_s, bar.from_utc_s + bar.hours * HOUR_S
        when = f"{time_text.day(since, self._zone)}, {time_text.clock(since, self._zone)[:5]}"
        span = f"{when} to {time_text.clock(until_utc_s, self._zone)[:5]}"
        if not bar.watched:
            return f"{span}: not monitored"
        most = "" if bar.hours == 1 else " in the worst hour"
        return f"{span}: {counted(bar.most, 'alarm')}{most}"

    def _plot(self) -> QRectF:
        line = self.fontMetrics().height()
        left, right = self._theme.em(2.2), self._theme.em(0.4)
        return QRectF(left, line * 1.9, self.width() - left - right, self.height() - 3.2 * line)

    def _top(self) -> float:
        """The count at the upper edge: the tallest bar, or what can be managed, with a little room."""
        managed = TARGETS[Measure.PER_HOUR].manageable or 0.0
        most = max(self._hourly.counts, default=0)
        return max(float(most), managed * self._positions) * 1.12

    def _lines(self) -> Sequence[tuple[float, str]]:
        target = TARGETS[Measure.PER_HOUR]
        most, managed = target.most * self._positions, (target.manageable or 0.0) * self._positions
        return ((most, f"target {most:.0f}"), (managed, f"{managed:.0f} can be managed"))

    def _paint_bars(self, painter: QPainter, plot: QRectF, top: float) -> None:
        width = plot.width() / max(1, len(self._bars))
        gap = 1.0 if width >= 3 else 0.0
        too_many = HOUR_LIMIT * self._positions
        painter.setPen(Qt.PenStyle.NoPen)
        for place, bar in enumerate(self._bars):
            left = plot.left() + place * width
            if not bar.watched:
                hatched = QBrush(self._theme.colour("plot.unmeasured"), Qt.BrushStyle.BDiagPattern)
                painter.fillRect(QRectF(left, plot.top(), width, plot.height()), hatched)
            height = plot.height() * bar.most / top
            colour = self._theme.colour("urgency.2.fill" if bar.most > too_many else "plot.axis")
            if bar.most:
                # Of few hours a bar as wide as its hour would be a slab.
                wide, high = min(width - gap, self._theme.em(1.6)), max(height, 2.0)
                box = QRectF(left + (width - gap - wide) / 2, plot.bottom() - high, wide, high)
                painter.fillRect(box, colour)

    def _paint_line(self, painter: QPainter, plot: QRectF, y: float, words: str) -> None:
        painter.setPen(QPen(self._theme.colour("plot.limit"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        metrics = painter.fontMetrics()
        box = QRectF(0, 0, metrics.horizontalAdvance(words) + 6, metrics.height())
        box.moveBottomRight(QPointF(plot.right(), y - 1))
        painter.fillRect(box, self._theme.colour("surface.window"))
        painter.setPen(self._theme.colour("text.muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_times(self, painter: QPainter, plot: QRectF) -> None:
        if not self._hourly.counts:
            return
        metrics = painter.fontMetrics()
        room = max(1, int(plot.width()) // (metrics.horizontalAdvance("Wed 22 Nov") + self._theme.em(1.2)))
        length_s = len(self._hourly.counts) * HOUR_S
        painter.setPen(self._theme.colour("text.muted"))
        for at_utc_s, words in labels_of(self._hourly, room, self._zone):
            x = plot.left() + plot.width() * (at_utc_s - self._hourly.first_utc_s) / length_s
            half = metrics.horizontalAdvance(words) / 2
            if plot.left() <= x - half and x + half <= plot.right() + 2:
                box = QRectF(x - half - 2, plot.bottom() + 3, 2 * half + 4, metrics.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_title(self, painter: QPainter) -> None:
        painter.setFont(self._theme.strong())
        painter.setPen(self._theme.colour("text.strong"))
        line, title = painter.fontMetrics().height(), "Alarms in each hour"
        painter.drawText(QPointF(0, painter.fontMetrics().ascent()), title)
        beside = painter.fontMetrics().horizontalAdvance(title) + self._theme.em(0.6)
        painter.setFont(self._theme.font(0.92))
        painter.setPen(self._theme.colour("text.muted"))
        box = QRectF(beside, 0, self.width() - beside, line)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._remark())

    def _remark(self) -> str:
        """Say what the bars stand for, where that is not the hour alone."""
        if not self._bars:
            return ""
        hours, said = self._bars[0].hours, list[str]()
        if hours > 1:
            said.append(f"each bar is the worst of {hours} hours")
        if not all(bar.watched for bar in self._bars):
            said.append("hatched: not monitored")
        return "; ".join(said)

    def _paint_top(self, painter: QPainter, plot: QRectF, top: float) -> None:
        """Write the tallest count beside its height, so that no bar needs to be guessed."""
        most = max(self._hourly.counts, default=0)
        painter.setPen(self._theme.colour("text.muted"))
        metrics = painter.fontMetrics()
        right = plot.left() - self._theme.em(0.35)
        for count in {0, most}:
            y = plot.bottom() - plot.height() * count / top
            box = QRectF(0, y - metrics.height() / 2, right, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{count:,}")
