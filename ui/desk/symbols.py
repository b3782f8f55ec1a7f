"""The shapes that say condition and urgency without colour. They are painted; they decide nothing.

Urgency: 1 square, 2 triangle, 3 diamond, 4 circle, each with its number; filled while new, an outline
once acknowledged or returned, dashed while shelved. Condition: up a full square, degraded a square half
full, down a crossed square, unknown a dashed square with a question mark, unreachable a broken line,
maintenance dotted, stale hatched, waiting empty.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from ui.desk.theme import Theme


def paint_urgency(
    painter: QPainter, theme: Theme, box: QRectF, urgency: int, filled: bool, *, dashed: bool = False
) -> None:
    """Paint the badge of an urgency, 1 to 4, into a square box."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line, fill = theme.colour(f"urgency.{urgency}.line"), theme.colour(f"urgency.{urgency}.fill")
    painter.setPen(QPen(line, 1.5, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
    painter.setBrush(QBrush(fill) if filled else Qt.BrushStyle.NoBrush)
    inner = box.adjusted(1, 1, -1, -1)
    if urgency == 1:
        painter.drawRoundedRect(inner.adjusted(0.5, 0.5, -0.5, -0.5), 2.5, 2.5)
    elif urgency == 2:
        painter.drawPolygon(
            QPolygonF(
                [QPointF(inner.center().x(), inner.top() - 0.5), inner.bottomRight(), inner.bottomLeft()]
            )
        )
    elif urgency == 3:
        painter.drawPolygon(_diamond(inner.adjusted(-1, -1, 1, 1)))
    else:
        painter.drawEllipse(inner)
    painter.setPen(theme.colour(f"urgency.{urgency}.digit") if filled else theme.colour("text.main"))
    painter.setFont(theme.pixels(box.height() * 0.6))
    drop = box.height() * 0.1 if urgency == 2 else 0.0
    painter.drawText(box.translated(0, drop), Qt.AlignmentFlag.AlignCenter, str(urgency))
    painter.restore()


def paint_condition(painter: QPainter, theme: Theme, box: QRectF, shape: str, colour: QColor) -> None:
    """Paint the shape of a condition (or ``stale``, ``waiting``) into a square box."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = box.adjusted(1, 1, -1, -1)
    _SHAPES.get(shape, _unknown)(painter, theme, inner, colour)
    painter.restore()


def condition_colour(theme: Theme, shape: str, urgency: int) -> QColor:
    """The colour of a condition's shape: its urgency where it has one, else a grey."""
    if urgency:
        return theme.colour(f"urgency.{urgency}.line")
    return theme.colour(
        {"up": "condition.up", "maintenance": "condition.maintenance", "stale": "condition.stale"}.get(
            shape, "condition.unknown" if shape != "waiting" else "condition.stale"
        )
    )


def _diamond(box: QRectF) -> QPolygonF:
    middle = box.center()
    return QPolygonF(
        [
            QPointF(middle.x(), box.top()),
            QPointF(box.right(), middle.y()),
            QPointF(middle.x(), box.bottom()),
            QPointF(box.left(), middle.y()),
        ]
    )


def _up(painter: QPainter, _theme: Theme, box: QRectF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 1.5, 1.5)


def _degraded(painter: QPainter, _theme: Theme, box: QRectF, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([box.bottomLeft(), box.bottomRight(), box.topRight()]))


def _down(painter: QPainter, _theme: Theme, box: QRectF, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)
    painter.drawLine(box.topLeft(), box.bottomRight())
    painter.drawLine(box.topRight(), box.bottomLeft())


def _unreachable(painter: QPainter, _theme: Theme, box: QRectF, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)
    painter.drawLine(box.bottomLeft(), box.topRight())


def _unknown(painter: QPainter, theme: Theme, box: QRectF, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.2, Qt.PenStyle.DotLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)
    if box.height() >= 8:
        painter.setFont(theme.pixels(box.height() * 0.85))
        painter.setPen(colour)
        painter.drawText(box.adjusted(-2, -2, 2, 2), Qt.AlignmentFlag.AlignCenter, "?")


def _maintenance(painter: QPainter, _theme: Theme, box: QRectF, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.2, Qt.PenStyle.DotLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


def _stale(painter: QPainter, _theme: Theme, box: QRectF, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.0))
    painter.setBrush(QBrush(colour, Qt.BrushStyle.BDiagPattern))
    painter.drawRect(box)


def _waiting(painter: QPainter, _theme: Theme, box: QRectF, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


_SHAPES = {
    "up": _up,
    "degraded": _degraded,
    "down": _down,
    "unreachable": _unreachable,
    "unknown": _unknown,
    "maintenance": _maintenance,
    "stale": _stale,
    "waiting": _waiting,
}
