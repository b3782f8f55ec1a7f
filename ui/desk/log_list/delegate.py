"""Paints one entry of the event log: when, who, what; long sentences go on to further lines."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.desk.faces import LogFace
from ui.desk.log_list.model import LogModel
from ui.desk.log_list.view import LogView
from ui.desk.theme import Theme

_TOP_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class LogDelegate(QStyledItemDelegate):
    """Paints the rows of a ``LogModel``."""

    def __init__(self, model: LogModel, theme: Theme, view: LogView, most_lines: int = 2) -> None:
        """Paint the entries of a model in a theme, as wide as the rows of a view."""
        super().__init__()
        self._model, self._theme, self._view = model, theme, view
        self._most_lines = most_lines

    def sizeHint(  # noqa: N802 - Qt's name
        self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of the lines of its text."""
        lines = self._count_of_lines(self._model.faces[index.row()].text)
        return QSize(0, self._theme.em(0.3) + lines * self._line_height())

    def _count_of_lines(self, text: str) -> int:
        """Count the lines; the long log has two at most, so that none of its rows is broken to be counted."""
        if self._advance(text) <= self._text_width():
            return 1
        return 2 if self._most_lines == 2 else len(self.lines_of(text))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one line."""
        if index.row() >= len(self._model.faces):
            return
        box = QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setClipRect(box)
        self._row(painter, box, self._model.faces[index.row()])
        if selected and self._view.hasFocus():
            painter.setPen(QPen(self._theme.colour("line.focus"), 1))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.restore()

    def _row(self, painter: QPainter, box: QRectF, face: LogFace) -> None:
        theme = self._theme
        top = box.adjusted(theme.em(0.2), theme.em(0.15), 0, 0)
        pending = face.number is None
        painter.setFont(theme.strong() if face.by_person else theme.font())
        painter.setPen(theme.colour("text.main" if face.by_person else "text.muted"))
        painter.drawText(top, _TOP_LEFT, face.at)
        painter.setFont(theme.font(0.92))
        painter.setPen(theme.colour("text.muted" if face.by_person else "text.dim"))
        # An account that is too long must not lie over the sentence, which names it in full.
        room = self._indent() - self._at_width() - theme.em(0.3)
        who = QFontMetrics(painter.font()).elidedText(face.who, Qt.TextElideMode.ElideRight, room)
        painter.drawText(top.adjusted(self._at_width(), 0, 0, 0), _TOP_LEFT, who)
        painter.setFont(theme.font())
        painter.setPen(theme.colour("text.muted" if pending or not face.by_person else "text.main"))
        text = top.adjusted(self._indent(), 0, 0, 0)
        for line, words in enumerate(self.lines_of(face.text)):
            painter.drawText(text.translated(0, line * self._line_height()), _TOP_LEFT, words)

    def lines_of(self, text: str) -> list[str]:
        """Break a sentence into as many lines as there may be, the last shortened where it must be."""
        width, lines, rest = self._text_width(), list[str](), text
        while len(lines) < self._most_lines - 1 and self._advance(rest) > width:
            lines.append(self._first_line(rest, width))
            rest = rest[len(lines[-1]) :].strip()
        return [*lines, self._metrics().elidedText(rest, Qt.TextElideMode.ElideRight, width)]

    def _first_line(self, text: str, width: int) -> str:
        """Return as many whole words as go on a line, spaced as they are."""
        fitting = ""
        for end in (place for place, letter in enumerate(text) if letter == " "):
            if self._advance(text[:end]) > width:
                break
            fitting = text[:end].rstrip()
        return fitting or self._beginning(text.partition(" ")[0], width)

    def _beginning(self, word: str, width: int) -> str:
        """Return as much of a word too long for a line as goes on it."""
        fitting = (end for end in range(len(word), 1, -1) if self._advance(word[:end]) <= width)
        return word[: next(fitting, 1)]

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._theme.font())

    def _advance(self, text: str) -> int:
        return self._metrics().horizontalAdvance(text)

    def _line_height(self) -> int:
        return self._theme.em(1.05)

    def _at_width(self) -> int:
        return QFontMetrics(self._theme.strong()).horizontalAdvance("00:00:00") + self._theme.em(0.6)

    def _indent(self) -> int:
        return self._at_width() + self._theme.em(2.6)

    def _text_width(self) -> int:
        return self._view.row_width - self._indent() - self._theme.em(0.4)
