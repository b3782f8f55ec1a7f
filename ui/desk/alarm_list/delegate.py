"""Paints one alarm in two lines: who and what; when, for how long, and whether anybody has it in hand."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.desk.alarm_list.model import AlarmModel
from ui.desk.faces import AlarmFace
from ui.desk.symbols import paint_urgency
from ui.desk.theme import Theme

_NARROW_EMS = 29
"""Below this width the words need the room: times lose their seconds, and the age goes below the name."""

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class AlarmColumns:
    """The columns of the list for a width, from the theme's text; shared by rows and heading."""

    symbol: QRectF
    raised: QRectF
    source: QRectF
    age: QRectF
    state: QRectF
    narrow: bool

    def name(self) -> QRectF:
        """Where the name stands, the upper line: in a narrow list up to the state, over the age."""
        right = self.state.left() if self.narrow else self.source.right()
        return QRectF(self.source.left(), self.source.top(), right - self.source.left(), self.source.height())

    @classmethod
    def of(cls, box: QRectF, theme: Theme) -> AlarmColumns:
        """Lay the columns into a row."""
        metrics = QFontMetrics(theme.font())
        pad, gap = theme.em(0.5), theme.em(0.75)
        narrow = box.width() < theme.em(_NARROW_EMS)
        symbol = QRectF(box.left() + pad, box.top(), theme.em(1.1), box.height())
        raised = QRectF(
            symbol.right() + gap,
            box.top(),
            metrics.horizontalAdvance("00 Nov" if narrow else "00:00:00") + 2,
            box.height(),
        )
        state_width = metrics.horizontalAdvance("pending…") + gap
        state = QRectF(box.right() - pad - state_width, box.top(), state_width, box.height())
        age_width = metrics.horizontalAdvance("00:00 h" if narrow else "00 d 00 h")
        age = QRectF(state.left() - gap / 2 - age_width, box.top(), age_width, box.height())
        left = raised.right() + gap
        source = QRectF(left, box.top(), age.left() - left - pad / 2, box.height())
        return cls(symbol, raised, source, age, state, narrow)


class AlarmDelegate(QStyledItemDelegate):
    """Paints the rows of an ``AlarmModel``."""

    def __init__(self, model: AlarmModel, theme: Theme) -> None:
        """Paint the faces of a model in a theme."""
        super().__init__()
        self._model = model
        self._theme = theme

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of two lines of text."""
        return QSize(0, self._theme.em(2.55))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one alarm."""
        if index.row() >= len(self._model.faces):
            return
        box = QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        face = self._model.faces[index.row()]
        painter.save()
        self._ground(painter, box, face, selected)
        self._texts(painter, AlarmColumns.of(box, self._theme), face)
        painter.restore()

    def _ground(self, painter: QPainter, box: QRectF, face: AlarmFace, selected: bool) -> None:
        theme = self._theme
        if face.new:
            painter.fillRect(box.adjusted(0, 0, 0, -1), theme.colour(f"urgency.{face.urgency}.tint"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.colour("line.panel"))
        if selected:
            painter.setPen(QPen(theme.colour("line.focus"), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -2))

    def _texts(self, painter: QPainter, columns: AlarmColumns, face: AlarmFace) -> None:
        theme = self._theme
        side = theme.em(1.1)
        symbol = QRectF(columns.symbol.left(), columns.symbol.center().y() - side / 2, side, side)
        paint_urgency(painter, theme, symbol, face.urgency, filled=face.new)
        main = theme.colour("text.dim" if face.returned else "text.main")
        top, _ = self._halves(columns.name())
        _, bottom = self._halves(columns.source)
        name = theme.colour("text.dim" if face.returned else "text.strong")
        font = theme.font() if face.returned else theme.strong()
        # Names of one kind differ at their end, so the middle gives way.
        shown = QFontMetrics(font).elidedText(
            face.name, Qt.TextElideMode.ElideMiddle, max(0, int(top.width()))
        )
        self._write(painter, top, shown, font, name)
        self._write(painter, bottom, face.cause, theme.font(), main)
        raised = _without_seconds(face.raised) if columns.narrow else face.raised
        self._write(painter, columns.raised, raised, theme.font(), main)
        age = self._halves(columns.age)[1] if columns.narrow else columns.age
        self._write(painter, age, face.age, theme.font(), main, _RIGHT)
        if face.new and face.badge == "NEW":
            self._new(painter, columns.state)
        else:
            self._write(painter, columns.state, face.badge, theme.font(), main, _RIGHT)

    def _halves(self, box: QRectF) -> tuple[QRectF, QRectF]:
        line = float(self._theme.em(1.08))
        top = QRectF(box.left(), box.center().y() - line, box.width(), line)
        return top, top.translated(0, line)

    def _new(self, painter: QPainter, box: QRectF) -> None:
        theme = self._theme
        font = theme.strong(0.88)
        width = QFontMetrics(font).horizontalAdvance("NEW") + theme.em(0.8)
        height = theme.em(1.2)
        badge = QRectF(box.right() - width, box.center().y() - height / 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("text.strong"), 1))
        painter.drawRoundedRect(badge.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setFont(font)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, "NEW")

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


def _without_seconds(raised: str) -> str:
    """Shorten ``14:30:16`` to ``14:30`` and ``21 Nov 14:30`` to ``21 Nov``."""
    return raised[:5] if raised[2:3] == ":" else raised.rsplit(" ", 1)[0]
