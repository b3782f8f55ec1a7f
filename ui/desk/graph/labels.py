"""The words in a plot: which line is which limit, what changed where, and why a span is empty.

All of them are laid out together where they are painted, in pixels, so that none lies over another at any
size of the window, and no line strikes them through. It draws no line and no span.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTransform
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from ui.desk.graph.label_places import Placed, Wish, along_line, along_mark, placed, within_span


@dataclass(frozen=True, slots=True)
class SpanWords:
    """Words for a span of time."""

    since: float
    until: float
    words: str


class PlotLabels(QGraphicsObject):
    """Paints the words over one plot. All places are in the plot's own coordinates."""

    def __init__(self) -> None:
        """Begin without words."""
        super().__init__()
        self._plot = QRectF(0, 0, 1, 1)
        self._limits: Sequence[tuple[float, str]] = ()
        self._marks: Sequence[tuple[float, str]] = ()
        self._spans: Sequence[SpanWords] = ()
        self._ink, self._ground, self._font = QColor(), QColor(), QFont()
        self._placed: Sequence[Placed] = ()
        self.setZValue(20)

    def dress(self, ink: QColor, ground: QColor, font: QFont) -> None:
        """Set the colours of the words and of what is behind them, and the font."""
        self._ink, self._ground, self._font = ink, ground, font
        self.update()

    def show_words(
        self,
        plot: QRectF,
        limits: Sequence[tuple[float, str]],
        marks: Sequence[tuple[float, str]],
        spans: Sequence[SpanWords],
    ) -> None:
        """Show the words of limits at heights, of marks at moments and of spans; the first matter most."""
        self.prepareGeometryChange()
        self._plot, self._marks, self._spans = plot, tuple(marks), tuple(spans)
        # The outer ones have room over and below all; those between them take what is left.
        middle = sum(value for value, _ in limits) / max(1, len(limits))
        self._limits = sorted(limits, key=lambda limit: -abs(limit[0] - middle))
        self.update()

    def placed(self) -> Sequence[Placed]:
        """Return what was painted last, and where, in pixels."""
        return self._placed

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """Return the whole plot."""
        return self._plot

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the words that have a place."""
        transform = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setFont(self._font)
        painter.setPen(self._ink)
        self._placed = self._lay_out(transform)
        for each in self._placed:
            painter.fillRect(each.place, self._ground)
            painter.drawText(each.place, Qt.AlignmentFlag.AlignCenter, each.words)
        painter.restore()

    def _lay_out(self, transform: QTransform) -> list[Placed]:
        plot = transform.mapRect(self._plot)
        metrics = QFontMetricsF(self._font)

        def size(words: str) -> QSizeF:
            return QSizeF(metrics.horizontalAdvance(words) + 1, metrics.height())

        def at(x: float, y: float) -> QPointF:
            return transform.map(QPointF(x, y))

        heights = [at(self._plot.left(), value).y() for value, _ in self._limits]
        wishes = [
            Wish(words, along_line(size(words), plot, y))
            for (_, words), y in zip(self._limits, heights, strict=True)
        ]
        wishes += [
            Wish(words, along_mark(size(words), plot, at(moment, 0).x()))
            for moment, words in self._marks
            if words
        ]
        wishes += [
            Wish(
                each.words, within_span(size(each.words), plot, at(each.since, 0).x(), at(each.until, 0).x())
            )
            for each in self._spans
        ]
        return placed(wishes, plot, heights)
