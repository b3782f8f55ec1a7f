"""The shape that says whether a target is met: beside its word, and without colour where all is well."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from controlroom.alarms.health.targets import Verdict
from ui.desk.theme import Theme

ROLES: Final = {
    Verdict.MET: "condition.up",
    Verdict.MANAGEABLE: "urgency.3.line",
    Verdict.NOT_MET: "urgency.2.line",
    Verdict.UNKNOWN: "text.dim",
    Verdict.TOO_FEW: "text.dim",
}


class VerdictMark(QWidget):
    """A circle where a target is met, a triangle where it can be managed, a square where it is not met."""

    def __init__(self, theme: Theme) -> None:
        """Begin with what is unknown: a dash."""
        super().__init__()
        self._theme, self._verdict = theme, Verdict.UNKNOWN
        self.setFixedSize(QSize(theme.em(0.9), theme.em(0.9)))
        theme.changed.connect(self.update)

    def say(self, verdict: Verdict) -> None:
        """Show another verdict."""
        self._verdict = verdict
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the shape."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour, box = self._theme.colour(ROLES[self._verdict]), self.rect().toRectF().adjusted(2, 2, -2, -2)
        painter.setPen(QPen(colour, 1.6))
        if self._verdict is Verdict.MET:
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        elif self._verdict is Verdict.MANAGEABLE:
            painter.setBrush(colour)
            painter.drawPolygon(_triangle(box))
        elif self._verdict is Verdict.NOT_MET:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRect(box)
        else:
            middle = box.center().y()
            painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))


def _triangle(box: QRectF) -> QPolygonF:
    return QPolygonF([QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()])
