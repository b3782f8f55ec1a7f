"""The names of the columns over a list of alarms. It holds no alarm."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.desk.alarm_list.columns import AlarmColumns
from ui.desk.alarm_list.lists import ListKind
from ui.desk.theme import Theme

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

_NAMES: Final = {
    ListKind.ACTIVE: ("Raised", "Source and cause", "Age"),
    ListKind.SHELVED: ("Until", "Source, reason, by whom", "Left"),
    ListKind.SUPPRESSED: ("Since", "Source and cause", ""),
    ListKind.OUT_OF_SERVICE: ("Since", "Source, by whom, reason", ""),
}


class Heading(QWidget):
    """Names the columns of one list."""

    def __init__(self, theme: Theme) -> None:
        """Begin with the active alarms."""
        super().__init__()
        self._theme = theme
        self._kind = ListKind.ACTIVE
        self._source = ""
        self.setFixedHeight(theme.em(1.5))
        theme.changed.connect(self.update)

    def show_list(self, kind: ListKind, source: str = "") -> None:
        """Name the columns of a list; ``source`` stands in the place of the name of the middle one."""
        if (kind, source) != (self._kind, self._source):
            self._kind, self._source = kind, source
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint each name over its column."""
        painter = QPainter(self)
        theme = self._theme
        box = QRectF(self.rect())
        columns = AlarmColumns.of(box, theme)
        raised, source, age = _NAMES[self._kind]
        painter.setFont(theme.font(0.92))
        painter.setPen(theme.colour("text.dim"))
        painter.drawText(columns.raised, _LEFT, raised)
        room = QRectF(columns.source)
        if not age and not columns.narrow:
            room.setRight(columns.age.right())
        words = self._source or source
        shown = QFontMetrics(painter.font()).elidedText(
            words, Qt.TextElideMode.ElideRight, max(0, int(room.width()))
        )
        painter.drawText(room, _LEFT, shown)
        if not columns.narrow:
            painter.drawText(columns.age, _RIGHT, age)
        last = f"State, {age.lower()}" if columns.narrow and age else "State"
        painter.drawText(columns.state, _RIGHT, last)
        painter.fillRect(QRectF(0, box.bottom() - 1, box.width(), 1), theme.colour("line.tile"))
