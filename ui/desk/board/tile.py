"""Paints one endpoint in its place, at each density. It knows only its face."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen

from ui.desk.board.name_lines import two_lines
from ui.desk.board.plan import Density
from ui.desk.faces import STALE, TileFace
from ui.desk.symbols import condition_colour, paint_condition
from ui.desk.theme import Theme

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_SHORT_TITLE = 12
"""Letters of a title where there is little room."""
_SMALL = 0.77
"""The size of letters of which two lines stand in the height of a bare name."""


class TilePainter:
    """Paints faces in the theme's colours."""

    def __init__(self, theme: Theme) -> None:
        """Take the theme to paint in."""
        self._theme = theme

    def paint(self, painter: QPainter, box: QRectF, face: TileFace, density: Density, selected: bool) -> None:
        """Paint a face into its box; the selection is a frame in a colour used for nothing else."""
        if density is Density.MOSAIC:
            self._square(painter, box, face)
        else:
            self._ground(painter, box, face, density)
            paint = {
                Density.TILE: self._tile,
                Density.LINE: self._line,
                Density.NARROW: self._narrow,
                Density.NAME: self._name,
            }
            paint[density](painter, box, face)
        if selected:
            self._frame(painter, box, density)

    def _frame(self, painter: QPainter, box: QRectF, density: Density) -> None:
        painter.setPen(QPen(self._theme.colour("line.focus"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if density is Density.MOSAIC:
            painter.drawRect(box.adjusted(-1, -1, 1, 1))
        else:
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)

    def _ground(self, painter: QPainter, box: QRectF, face: TileFace, density: Density) -> None:
        """New is a filled ground with an edge, acknowledged the edge alone, normal neither."""
        theme = self._theme
        edge = box.adjusted(0.5, 0.5, -0.5, -0.5)
        if face.attention:
            colour = theme.colour("line.button") if face.hidden else self._colour(face)
            painter.setPen(QPen(colour, 1))
            painter.setBrush(
                theme.colour(f"urgency.{face.urgency}.tint") if face.new else Qt.BrushStyle.NoBrush
            )
        elif density is Density.TILE:
            painter.setPen(QPen(theme.colour("line.tile"), 1))
            painter.setBrush(theme.colour("surface.tile"))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("surface.tile"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(edge, 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _tile(self, painter: QPainter, box: QRectF, face: TileFace) -> None:
        theme, em = self._theme, self._theme.em()
        pad, symbol = em * 0.5, em * 0.66
        half = (box.height() - em * 0.36) / 2
        first = QRectF(box.left() + pad, box.top() + em * 0.18, box.width() - 2 * pad, half)
        second = first.translated(0, half)
        self._symbol(painter, first, symbol, face)
        indent = symbol + em * 0.45
        self._pair(
            painter, first.adjusted(indent, 0, 0, 0), face.name, face.figure, self._sized(face, 1.0), face
        )
        word = theme.strong() if face.attention else theme.font(0.92)
        told = f"{face.word} {face.lasting}".strip()
        room = second.width() - indent - self._right_width(told, word)
        right = self._below_figure(face, theme.font(0.92), room)
        taken = self._right(
            painter, second, right, theme.font(0.92), "text.muted" if face.attention else "text.dim"
        )
        painter.setPen(theme.colour("text.main" if face.attention else "text.dim"))
        self._left(
            painter,
            second.adjusted(indent, 0, -taken, 0),
            told,
            word,
        )

    def _below_figure(self, face: TileFace, font: QFont, room: float) -> str:
        """What stands below a figure: its title, then how old it is, or the loss where that deserves a look.

        A figure without a title is a round-trip time, or words: with it the loss is told in any case.
        """
        if face.age:
            more = face.age
        elif face.loss and face.shape != STALE and (face.lossy or not face.title):
            more = f"loss {face.loss}"
        else:
            more = ""
        if not face.title:
            return more
        more = f", {more}" if more else ""
        left = room - QFontMetrics(font).horizontalAdvance(more)
        return f"{_elided(face.title, font, left)}{more}"

    def _line(self, painter: QPainter, box: QRectF, face: TileFace) -> None:
        if face.attention or face.shape == STALE:
            rights = [f"{face.word} {face.lasting}".strip(), face.word]
        elif face.age:
            rights = [face.age]
        elif face.lossy:
            rights = [f"loss {face.loss}   {face.named_figure}", f"loss {face.loss}"]
        else:
            rights = [face.named_figure, _short(face), ""]
        self._row(painter, box, face, rights, (1.0, 0.92, 0.88))

    def _narrow(self, painter: QPainter, box: QRectF, face: TileFace) -> None:
        """A name and the bare number of its milliseconds, or the word for what is the matter."""
        told = face.attention or face.shape == STALE
        if told:
            rights = [face.word]
        elif face.age or not face.title:
            rights = [face.age or face.figure.removesuffix(" ms"), ""]
        else:
            rights = [face.named_figure, _short(face), ""]
        self._row(painter, box, face, rights, (0.92, 0.88))

    def _name(self, painter: QPainter, box: QRectF, face: TileFace) -> None:
        """A name alone, in two lines if it is long: sign and ground say that something is the matter."""
        row = self._beside_symbol(painter, box, face)
        painter.setPen(self._name_colour(face))
        for size in (0.88, 0.82, _SMALL):
            if self._fits(row, face, "", size):
                self._left(painter, row, face.name, self._sized(face, size))
                return
        small = self._sized(face, _SMALL)
        half = row.height() / 2
        lines = two_lines(face.name, lambda words: _elided(words, small, row.width()) == words)
        for place, words in enumerate(lines):
            line = QRectF(row.left(), row.top() + 1 + place * (half - 1), row.width(), half - 1)
            self._left(painter, line, words, small)

    def _row(
        self,
        painter: QPainter,
        box: QRectF,
        face: TileFace,
        rights: Sequence[str],
        sizes: Sequence[float],
    ) -> None:
        """Paint a name in the first of some sizes and with the first of some words that leave it whole.

        The name comes first: who cannot tell which endpoint it is has no use for its figure.
        """
        row = self._beside_symbol(painter, box, face)
        tries = [(right, sizes[0]) for right in rights] + [(rights[-1], size) for size in sizes[1:]]
        right, size = next((each for each in tries if self._fits(row, face, *each)), tries[-1])
        self._pair(painter, row, face.name, right, self._sized(face, size), face)

    def _fits(self, row: QRectF, face: TileFace, right: str, size: float) -> bool:
        font = self._sized(face, size)
        taken = self._right_width(right, self._right_font(font))
        return _elided(face.name, font, row.width() - taken) == face.name

    def _beside_symbol(self, painter: QPainter, box: QRectF, face: TileFace) -> QRectF:
        """Paint the sign at the left; return the room that is left for words."""
        em = self._theme.em()
        pad, symbol = em * 0.4, em * 0.68
        row = box.adjusted(pad, 0, -pad, 0)
        self._symbol(painter, row, symbol, face)
        return row.adjusted(symbol + pad, 0, 0, 0)

    def _sized(self, face: TileFace, size: float) -> QFont:
        stands_out = face.attention and not face.hidden
        return self._theme.strong(size) if stands_out else self._theme.font(size)

    def _square(self, painter: QPainter, box: QRectF, face: TileFace) -> None:
        theme = self._theme
        colour = self._colour(face)
        if face.attention and face.urgency:
            painter.setPen(QPen(colour, 1))
            fill = theme.colour(f"urgency.{face.urgency}.fill")
            painter.setBrush(QBrush(fill) if face.new else Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
            if face.shape == "down":
                cross = theme.colour(f"urgency.{face.urgency}.digit") if face.new else colour
                painter.setPen(QPen(cross, 1.2))
                painter.drawLine(box.topLeft(), box.bottomRight())
                painter.drawLine(box.topRight(), box.bottomLeft())
            return
        paint_condition(painter, theme, box.adjusted(-1, -1, 1, 1), face.shape, colour)

    def _symbol(self, painter: QPainter, row: QRectF, side: float, face: TileFace) -> None:
        colour = self._colour(face)
        box = QRectF(row.left(), row.center().y() - side / 2, side, side)
        paint_condition(painter, self._theme, box, face.shape, colour)

    def _colour(self, face: TileFace) -> QColor:
        """The colour of the sign: grey where its alarm is hidden, for it calls nobody."""
        if face.hidden:
            return self._theme.colour("condition.maintenance")
        return condition_colour(self._theme, face.shape, face.urgency)

    def _name_colour(self, face: TileFace) -> QColor:
        if face.hidden or face.shape == STALE:
            return self._theme.colour("text.muted")
        role = "text.strong" if face.attention else "text.main"
        return self._theme.colour(role)

    def _right_font(self, beside: QFont) -> QFont:
        """The font of the words at the right: small beside a small name."""
        small = beside.pointSizeF() < self._theme.font().pointSizeF()
        return self._theme.font(0.92) if small else self._theme.font()

    def _right_width(self, text: str, font: QFont) -> float:
        """What words at the right take, with a gap."""
        return float(QFontMetrics(font).horizontalAdvance(text) + self._theme.em(0.5)) if text else 0.0

    def _pair(
        self, painter: QPainter, row: QRectF, left: str, right: str, font: QFont, face: TileFace
    ) -> None:
        stale = face.shape == STALE
        right_role = "text.dim" if stale or face.age else "text.main" if face.attention else "text.muted"
        taken = self._right(painter, row, right, self._right_font(font), right_role)
        painter.setPen(self._name_colour(face))
        self._left(painter, row.adjusted(0, 0, -taken, 0), left, font)

    def _right(self, painter: QPainter, row: QRectF, text: str, font: QFont, role: str) -> float:
        """Paint at the right edge; return the width taken, with a gap."""
        if not text:
            return 0.0
        painter.setFont(font)
        painter.setPen(self._theme.colour(role))
        painter.drawText(row, _RIGHT, text)
        return self._right_width(text, font)

    def _left(self, painter: QPainter, row: QRectF, text: str, font: QFont) -> None:
        painter.setFont(font)
        painter.drawText(row, _LEFT, _elided(text, font, row.width()))


def _short(face: TileFace) -> str:
    """The figure with as much of its title as tells it from others."""
    title = face.title
    half = _SHORT_TITLE // 2
    short = title if len(title) <= _SHORT_TITLE else f"{title[:half].rstrip()}…{title[1 - half :].lstrip()}"
    return f"{short} {face.figure}".strip()


def _elided(text: str, font: QFont, width: float) -> str:
    """What fits; the middle gives way, for names of one kind differ at their end (gateway North, South)."""
    return QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, max(0, int(width)))
