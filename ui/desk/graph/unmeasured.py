"""Hatches the spans of a plot in which nothing was measured: unknown is drawn as unknown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

_WORDS = "not measured"


class UnmeasuredSpans(QGraphicsObject):
    """Spans over the whole height of a plot, in its data coordinates."""

    def __init__(self) -> None:
        """Begin without spans."""
        super().__init__()
        self._spans: Sequence[tuple[float, float]] = ()
        self._bottom, self._top = 0.0, 1.0
        self._hatch = QColor()
        self._ink = QColor()
        self._font = QFont()
        self._named = False
        self.setZValue(-10)

    def dress(self, hatch: QColor, ink: QColor, font: QFont, named: bool) -> None:
        """Set the colours; ``named`` writes the words into spans wide enough."""
        self._hatch, self._ink, self._font, self._named = hatch, ink, font, named
        self.update()

    def show_spans(self, spans: Sequence[tuple[float, float]], bottom: float, top: float) -> None:
        """Show these spans from the bottom to the top of the axis."""
        self.prepareGeometryChange()
        self._spans, self._bottom, self._top = tuple(spans), bottom, top

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """Return the rectangle around all spans."""
        if not self._spans:
            return QRectF()
        since, until = self._spans[0][0], self._spans[-1][1]
        return QRectF(since, self._bottom, until - since, self._top - self._bottom)

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Paint the spans in pixels, so that the hatching does not stretch with the axes."""
        transform = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setFont(self._font)
        words = QFontMetrics(self._font).horizontalAdvance(_WORDS)
        for since, until in self._spans:
            box = transform.mapRect(QRectF(since, self._bottom, until - since, self._top - self._bottom))
            if box.width() < 2:
                box.setWidth(2)
            painter.fillRect(box, QBrush(self._hatch, Qt.BrushStyle.BDiagPattern))
            if self._named and box.width() > words + 16:
                label = QRectF(box.center().x() - words / 2 - 6, box.top() + 6, words + 12, 20)
                painter.setPen(self._ink)
                painter.drawText(label, Qt.AlignmentFlag.AlignCenter, _WORDS)
        painter.restore()
