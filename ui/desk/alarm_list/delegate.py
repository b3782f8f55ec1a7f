"""Paints one row of a list of alarms in two lines: who and what; when, for how long, and who has it in hand.

A marker at the left edge and the edge of "NEW" flash while an alarm calls; words and symbol stand still.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.desk.alarm_list.columns import AlarmColumns, without_seconds
from ui.desk.alarm_list.face import NEW, AlarmFace, Mark, Row
from ui.desk.alarm_list.flash import Flash
from ui.desk.alarm_list.model import AlarmModel
from ui.desk.symbols import paint_urgency
from ui.desk.theme import Theme

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

MARKER_PX: Final = 4.0
"""How wide the marker at the left edge is."""

_DASHED: Final = frozenset({Mark.SHELVED, Mark.ONE_SHOT})


class AlarmDelegate(QStyledItemDelegate):
    """Paints the rows of an ``AlarmModel``."""

    def __init__(self, model: AlarmModel, theme: Theme, flash: Flash | None = None) -> None:
        """Paint the faces of a model in a theme, their markers in the beat of ``flash``."""
        super().__init__()
        self._model = model
        self._theme = theme
        self._flash = flash

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of two lines of text."""
        return QSize(0, self._theme.em(2.55))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        if index.row() >= len(self._model.faces):
            return
        box = QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        current = bool(option.state & QStyle.StateFlag.State_HasFocus)
        face = self._model.faces[index.row()]
        painter.save()
        self._ground(painter, box, face)
        columns = AlarmColumns.of(box, self._theme)
        if face.row is Row.ALARM:
            self._texts(painter, columns, face)
        else:
            self._heading(painter, columns, face)
        self._selection(painter, box, selected, current)
        painter.restore()

    def _ground(self, painter: QPainter, box: QRectF, face: AlarmFace) -> None:
        theme = self._theme
        if face.new:
            painter.fillRect(box.adjusted(0, 0, 0, -1), theme.colour(f"urgency.{face.urgency}.tint"))
        elif face.row is Row.HEADING:
            painter.fillRect(box.adjusted(0, 0, 0, -1), theme.colour("surface.tile"))
        if face.flashes and self._lit():
            marker = QRectF(box.left(), box.top(), MARKER_PX, box.height() - 1)
            painter.fillRect(marker, theme.colour(f"urgency.{face.urgency}.line"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.colour("line.panel"))

    def _lit(self) -> bool:
        return self._flash is None or self._flash.lit

    def _selection(self, painter: QPainter, box: QRectF, selected: bool, current: bool) -> None:
        if not selected and not current:
            return
        style = Qt.PenStyle.SolidLine if selected else Qt.PenStyle.DotLine
        painter.setPen(QPen(self._theme.colour("line.focus"), 2 if selected else 1, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(1, 1, -1, -2))

    def _texts(self, painter: QPainter, columns: AlarmColumns, face: AlarmFace) -> None:
        theme = self._theme
        side = theme.em(1.1)
        symbol = QRectF(columns.symbol.left(), columns.symbol.center().y() - side / 2, side, side)
        dashed = face.mark in _DASHED
        paint_urgency(painter, theme, symbol, face.urgency, filled=face.new, dashed=dashed)
        dim = face.over or face.mark is Mark.SUPPRESSED
        main = theme.colour("text.dim" if dim else "text.main")
        top, bottom = self._halves(columns.source)
        name = theme.colour("text.dim" if dim else "text.strong")
        font = theme.font() if dim else theme.strong()
        # Names of one kind differ at their end, so the middle gives way.
        shown = QFontMetrics(font).elidedText(
            face.name, Qt.TextElideMode.ElideMiddle, max(0, int(top.width()))
        )
        self._write(painter, top, shown, font, name)
        if not face.age and not columns.narrow:
            bottom.setRight(columns.age.right())
        aside = f"{face.below}; " if columns.narrow and face.below else ""
        self._write(painter, bottom, f"{aside}{face.cause}", theme.font(), main)
        raised = without_seconds(face.raised) if columns.narrow else face.raised
        self._write(painter, columns.raised, raised, theme.font(), main)
        if not columns.narrow:
            self._write(painter, columns.age, face.age, theme.font(), main, _RIGHT)
        self._state(painter, columns.state, face, main, face.age if columns.narrow else face.below)

    def _state(self, painter: QPainter, box: QRectF, face: AlarmFace, colour: QColor, below: str) -> None:
        """Paint the state or its sign, and below it what stands there, beside the sign of a state."""
        signed = bool(face.badge) and bool(face.mark)
        top, bottom = self._halves(box) if signed or below else (box, box)
        if face.badge == NEW:
            self._boxed(painter, top, NEW, strong=True, edge=self._lit(), low=top.height() < box.height())
        elif face.badge:
            self._write(painter, top, face.badge, self._theme.font(), colour, _RIGHT)
        if face.mark:
            style = Qt.PenStyle.DashLine if face.mark in _DASHED else Qt.PenStyle.SolidLine
            width = self._boxed(painter, bottom if signed else top, face.mark.value, style=style)
            bottom = bottom.adjusted(0, 0, -width - self._theme.em(0.3) if signed else 0, 0)
        if below:
            self._write(painter, bottom, below, self._theme.font(), colour, _RIGHT)

    def _heading(self, painter: QPainter, columns: AlarmColumns, face: AlarmFace) -> None:
        """Paint what the rows below are part of, or how many are not listed."""
        theme = self._theme
        whole = QRectF(columns.symbol)
        whole.setRight(columns.state.left() - theme.em(0.3))
        top, bottom = self._halves(whole)
        strong = face.row is Row.HEADING
        name = theme.colour("text.strong" if strong else "text.muted")
        self._write(painter, top, face.name, theme.strong() if strong else theme.font(), name)
        self._write(painter, bottom, face.cause, theme.font(), theme.colour("text.muted"))
        if face.mark:
            self._boxed(painter, columns.state, face.mark.value)

    def _halves(self, box: QRectF) -> tuple[QRectF, QRectF]:
        line = float(self._theme.em(1.08))
        top = QRectF(box.left(), box.center().y() - line, box.width(), line)
        return top, top.translated(0, line)

    def _boxed(
        self,
        painter: QPainter,
        box: QRectF,
        words: str,
        *,
        strong: bool = False,
        edge: bool = True,
        low: bool = False,
        style: Qt.PenStyle = Qt.PenStyle.SolidLine,
    ) -> float:
        """Paint a word in a frame at the right; return its width. Without ``edge`` the frame is faint."""
        theme = self._theme
        font = theme.strong(0.88)
        width = QFontMetrics(font).horizontalAdvance(words) + theme.em(0.8 if strong else 0.55)
        height = theme.em(1.2 if strong and not low else 1.0)
        badge = QRectF(box.right() - width, box.center().y() - height / 2, width, height)
        ink = theme.colour("text.strong" if strong else "text.muted")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink if edge else theme.colour("line.button"), 1, style))
        painter.drawRoundedRect(badge.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(ink)
        painter.setFont(font)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)
        return width

    def _write(
        self,
        painter: QPainter,
        box: QRectF,
        text: str,
        font: QFont,
        colour: QColor,
        align: Qt.AlignmentFlag = _LEFT,
    ) -> None:
        painter.setFont(font)
        painter.setPen(colour)
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, max(0, int(box.width())))
        painter.drawText(box, align, shown)
