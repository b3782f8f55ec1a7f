"""Paints one service in its place, whole or flat. It knows only its face.

The number stands at the left, so that it can be read down a column of tiles; beside it what it counts, one
bar for each path, and what is wrong. A badge with a word stands out only where something is wrong.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen

from controlroom.resilience.standing import LegState, ServiceState
from ui.desk.services.face import ServiceFace
from ui.desk.services.leg_bars import LegBars
from ui.desk.services.plan import Fullness
from ui.desk.symbols import paint_condition, paint_urgency
from ui.desk.theme import Theme

_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_BIG: Final = 2.0
_SMALL: Final = 0.85


class ServicePainter:
    """Paints faces in the theme's colours."""

    def __init__(self, theme: Theme) -> None:
        """Take the theme to paint in."""
        self._theme = theme
        self._bars = LegBars(theme)

    def paint(
        self, painter: QPainter, box: QRectF, face: ServiceFace, fullness: Fullness, selected: bool
    ) -> None:
        """Paint a face into its box; the selection is a frame in a colour used for nothing else."""
        self._ground(painter, box, face)
        if fullness is Fullness.WHOLE:
            self._whole(painter, box, face)
        else:
            self._flat(painter, box, face)
        if selected:
            painter.setPen(QPen(self._theme.colour("line.focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)

    def _ground(self, painter: QPainter, box: QRectF, face: ServiceFace) -> None:
        """New is a filled ground with an edge, acknowledged the edge alone, well and stale neither."""
        theme, ground = self._theme, QBrush(self._theme.colour("surface.tile"))
        painter.setPen(QPen(theme.colour("line.tile"), 1))
        if face.attention:
            unknown = face.shape == ServiceState.UNKNOWN
            style = Qt.PenStyle.DashLine if unknown else Qt.PenStyle.SolidLine
            # A hidden alarm calls nobody: its word and shape stay, its edge is quiet.
            edge = theme.colour("line.button") if face.hidden else self._colour(face)
            painter.setPen(QPen(edge, 1, style))
            if face.new and face.urgency:
                ground = QBrush(theme.colour(f"urgency.{face.urgency}.tint"))
        painter.setBrush(ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _whole(self, painter: QPainter, box: QRectF, face: ServiceFace) -> None:
        em = self._theme.em()
        room = box.adjusted(em * 0.6, em * 0.35, -em * 0.6, -em * 0.35)
        first = QRectF(room.left(), room.top(), room.width(), em * 1.3)
        last = QRectF(room.left(), room.bottom() - em * 1.15, room.width(), em * 1.15)
        bars = QRectF(room.left(), last.top() - em * 0.55, room.width() * 0.62, em * 0.46)
        middle = QRectF(room.left(), first.bottom(), room.width(), bars.top() - first.bottom())
        self._title(painter, first, face, face.word, 1.0)
        taken = self._number(painter, middle, face, self._theme.font(_BIG))
        painter.setPen(self._theme.colour("text.main" if face.attention else "text.muted"))
        counts = middle.adjusted(taken, em * 0.45, 0, 0)
        self._text(painter, counts, face.counts, self._theme.font())
        self._bars.paint(painter, bars, face.legs, self._colour(face))
        self._paths(painter, QRectF(room.left(), bars.top() - em * 0.4, room.width(), em * 1.2), face)
        self._line(painter, last, face, "", 0.92)

    def _flat(self, painter: QPainter, box: QRectF, face: ServiceFace) -> None:
        em = self._theme.em()
        room = box.adjusted(em * 0.45, em * 0.15, -em * 0.4, -em * 0.15)
        taken = max(self._number(painter, room, face, self._theme.font(1.6)), em * 1.4)
        right = room.adjusted(taken, 0, 0, 0)
        half = right.height() / 2
        first = QRectF(right.left(), right.top(), right.width(), half)
        second = first.translated(0, half)
        self._title(painter, first, face, "", 0.92, badge=False)
        bars = QRectF(second.left(), second.center().y() - em * 0.2, second.width() * 0.42, em * 0.42)
        end = self._bars.paint(painter, bars, face.legs, self._colour(face)) + em * 0.4
        side = em if face.attention or not face.told else 0
        if side:
            self._badge(
                painter, QRectF(second.right() - side, second.center().y() - side / 2, side, side), face
            )
        word = "" if face.shape == ServiceState.WORKING else face.word
        room = second.adjusted(end - second.left(), 0, -side - em * 0.2, 0)
        self._line(painter, room, face, word, _SMALL)

    def _number(self, painter: QPainter, room: QRectF, face: ServiceFace, font: QFont) -> float:
        """Paint the margin; return the width taken, with a gap."""
        role = _role(face, "text.dim")
        if len(face.number) > 2:
            font = QFont(font)
            font.setPointSizeF(font.pointSizeF() * 0.75)
        painter.setFont(font)
        painter.setPen(self._theme.colour(role))
        painter.drawText(room, _LEFT, face.number)
        return QFontMetrics(font).horizontalAdvance(face.number) + self._theme.em(0.45)

    def _title(
        self, painter: QPainter, row: QRectF, face: ServiceFace, word: str, size: float, *, badge: bool = True
    ) -> None:
        """Paint the name, and at the right the badge with a word where something is wrong."""
        theme, em = self._theme, self._theme.em()
        taken = 0.0
        if badge and (face.attention or not face.told):
            side = em * 1.05
            place = QRectF(row.right() - side, row.center().y() - side / 2, side, side)
            word_font = theme.strong(_SMALL) if face.attention else theme.font(_SMALL)
            width = QFontMetrics(word_font).horizontalAdvance(word)
            self._badge(painter, place, face)
            painter.setFont(word_font)
            painter.setPen(theme.colour("text.strong" if face.attention else "text.dim"))
            painter.drawText(row.adjusted(0, 0, -side - em * 0.3, 0), _RIGHT, word)
            taken = side + width + em * (0.7 if word else 0.3)
        painter.setPen(theme.colour(_role(face, "text.muted")))
        name_row = row.adjusted(0, 0, -taken, 0)
        for smaller in (size, 0.88, 0.82, 0.77):
            font = theme.strong(min(size, smaller))
            if QFontMetrics(font).horizontalAdvance(face.name) <= name_row.width():
                break
        self._text(painter, name_row, face.name, font)

    def _badge(self, painter: QPainter, box: QRectF, face: ServiceFace) -> None:
        if face.attention and face.urgency:
            paint_urgency(painter, self._theme, box, face.urgency, face.new, dashed=face.hidden)
            return
        inner = box.adjusted(2, 2, -2, -2)
        shape = _SHAPES.get(face.shape, face.shape)
        paint_condition(painter, self._theme, inner, shape, self._colour(face))

    def _paths(self, painter: QPainter, row: QRectF, face: ServiceFace) -> None:
        """Say at the right how many paths work, where there is more than one to be counted."""
        if len(face.legs) < 2 or not face.told:
            return
        works = sum(leg in (LegState.WORKING, LegState.DEGRADED) for leg in face.legs)
        painter.setFont(self._theme.font(_SMALL))
        painter.setPen(self._theme.colour("text.dim"))
        painter.drawText(row, _RIGHT, f"{works} of {len(face.legs)} paths")

    def _line(self, painter: QPainter, row: QRectF, face: ServiceFace, word: str, size: float) -> None:
        """Paint what is wrong, after a word, in as many words as have room."""
        theme = self._theme
        font = theme.strong(size) if face.attention else theme.font(size)
        role = "text.strong" if face.attention else "text.main" if face.marred else "text.muted"
        painter.setPen(theme.colour(role))
        lines = (face.line, face.short, face.fewest, face.least, "")
        tries = [": ".join(filter(None, (word, line))) for line in lines]
        metrics = QFontMetrics(font)
        fits = (each for each in tries if metrics.horizontalAdvance(each) <= row.width())
        self._text(painter, row, next((each for each in fits if each), tries[-1] or tries[-2]), font)

    def _text(self, painter: QPainter, row: QRectF, text: str, font: QFont) -> None:
        painter.setFont(font)
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, max(0, int(row.width())))
        painter.drawText(row, _LEFT, shown)

    def _colour(self, face: ServiceFace) -> QColor:
        if face.urgency:
            return self._theme.colour(f"urgency.{face.urgency}.line")
        loud = face.attention and not face.hidden
        return self._theme.colour("condition.unknown" if loud else "condition.maintenance")


_SHAPES: Final[dict[str, str]] = {
    ServiceState.LOST: "down",
    ServiceState.AT_RISK: "unreachable",
    ServiceState.DEGRADED: "degraded",
    ServiceState.UNKNOWN: "unknown",
}
"""The shape of a state that calls nobody, as an endpoint of that kind has it."""


def _role(face: ServiceFace, untold: str) -> str:
    """The colour of words that stand out where the tile does."""
    if not face.told:
        return untold
    return "text.strong" if face.attention else "text.main"
