"""Paints a service's paths as small bars, told apart by shape and not by colour alone. It decides nothing.

Works: a full bar. Poor: half full, cut slantwise. Lost: an outline struck through. Unknown: a dotted
outline with a question mark. In maintenance: a dashed outline with a line in its middle. Stale and waiting:
an outline.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from controlroom.resilience.standing import LegState
from ui.desk.theme import Theme

_GAP: Final = 3.0
_LEAST_WIDTH: Final = 7.0
_STYLES: Final[dict[str, Qt.PenStyle]] = {
    LegState.UNKNOWN: Qt.PenStyle.DotLine,
    LegState.MAINTENANCE: Qt.PenStyle.DashLine,
}


class LegBars:
    """Paints bars in the theme's colours."""

    def __init__(self, theme: Theme) -> None:
        """Take the theme to paint in."""
        self._theme = theme

    def paint(self, painter: QPainter, room: QRectF, legs: Sequence[str], colour: QColor) -> float:
        """Paint a bar for each leg from the left; return where they end. Those that work well are grey."""
        if not legs:
            return room.left()
        width = min(self._theme.em(1.05), (room.width() + _GAP) / len(legs) - _GAP)
        fits = len(legs)
        if width < _LEAST_WIDTH:
            width, fits = _LEAST_WIDTH, max(1, int((room.width() + _GAP) // (_LEAST_WIDTH + _GAP)))
        x = room.left()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Where not all have room, those that are not well come first.
        shown = legs if fits >= len(legs) else sorted(legs, key=lambda leg: leg == LegState.WORKING)[:fits]
        for leg in shown:
            self._bar(painter, QRectF(x, room.top(), width, room.height()), leg, colour)
            x += width + _GAP
        painter.restore()
        return x - _GAP

    def _bar(self, painter: QPainter, box: QRectF, leg: str, colour: QColor) -> None:
        if leg == LegState.WORKING:
            painter.fillRect(box, self._theme.colour("condition.up"))
            return
        inner = box.adjusted(0.5, 0.5, -0.5, -0.5)
        loud = leg in (LegState.LOST, LegState.DEGRADED)
        ink = colour if loud else self._theme.colour("condition.stale")
        painter.setPen(QPen(ink, 1.3, _STYLES.get(leg, Qt.PenStyle.SolidLine)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(inner)
        painter.setPen(QPen(ink, 1.3))
        if leg == LegState.LOST:
            painter.drawLine(inner.bottomLeft(), inner.topRight())
        elif leg == LegState.DEGRADED:
            painter.setBrush(ink)
            painter.drawPolygon(QPolygonF([inner.topLeft(), inner.topRight(), inner.bottomLeft()]))
        elif leg == LegState.UNKNOWN:
            painter.setFont(self._theme.pixels(box.height()))
            painter.drawText(box.adjusted(-2, -3, 2, 3), Qt.AlignmentFlag.AlignCenter, "?")
        elif leg == LegState.MAINTENANCE:
            middle, reach = inner.center(), inner.width() * 0.28
            painter.drawLine(QPointF(middle.x() - reach, middle.y()), QPointF(middle.x() + reach, middle.y()))
