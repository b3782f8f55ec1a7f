"""Hatches the spans of a plot of which nothing is known: unknown is drawn as unknown. It writes no words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

NOT_MEASURED = "not measured"
NOT_TOLD = "answered, but did not tell this"
_STEP = 12
"""Pixels between two lines of the hatching: wide enough that an empty hour does not shout."""


class UnmeasuredSpans(QGraphicsObject):
    """Spans over the whole height of a plot, in its data coordinates."""

    def __init__(self) -> None:
        """Begin without spans."""
        super().__init__()
        self._spans: Sequence[tuple[float, float]] = ()
        self._bottom, self._top = 0.0, 1.0
        self._hatching = QBrush()
        self.setZValue(-10)

    def dress(self, hatch: QColor) -> None:
        """Set the colour of the hatching."""
        self._hatching = _hatching(hatch)
        self.update()

    def spans(self) -> Sequence[tuple[float, float]]:
        """Return the spans that are shown."""
        return self._spans

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
        for since, until in self._spans:
            box = transform.mapRect(QRectF(since, self._bottom, until - since, self._top - self._bottom))
            if box.width() < 2:
                box.setWidth(2)
            painter.fillRect(box, self._hatching)
        painter.restore()


def _hatching(colour: QColor) -> QBrush:
    tile = QPixmap(_STEP, _STEP)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1))
    for shift in (-_STEP, 0, _STEP):
        painter.drawLine(shift, _STEP, shift + _STEP, 0)
    painter.end()
    return QBrush(tile)
