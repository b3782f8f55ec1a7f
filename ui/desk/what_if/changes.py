"""Paints the services that would stand otherwise: as now, and as they would be. It decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from ui.desk.services.plan import Fullness
from ui.desk.services.tile import ServicePainter
from ui.desk.theme import Theme
from ui.desk.what_if.outcome import Change

_ROW_EM: Final = 3.1


class ChangeList(QWidget):
    """One row for each service that changes."""

    def __init__(self, theme: Theme) -> None:
        """Begin empty."""
        super().__init__()
        self._theme = theme
        self._tiles = ServicePainter(theme)
        self._changes: tuple[Change, ...] = ()
        theme.changed.connect(self.update)
        self.show_changes(())

    def show_changes(self, changes: Sequence[Change]) -> None:
        """Show these."""
        self._changes = tuple(changes)
        self.setFixedHeight(max(1, round(len(changes) * self._theme.em(_ROW_EM))))
        told = "; ".join(
            f"{each.after.name}: now {each.before.number}, {each.before.word}; then {each.after.spoken()}"
            for each in changes
        )
        self.setAccessibleName("Services that would stand otherwise")
        self.setAccessibleDescription(told)
        self.update()

    def paintEvent(self, _event: object) -> None:  # noqa: N802 - Qt's name
        """Paint the rows."""
        painter, theme = QPainter(self), self._theme
        row, arrow = theme.em(_ROW_EM), theme.em(2.0)
        width = (self.width() - arrow) / 2
        for place, change in enumerate(self._changes):
            top, height = place * row, row - theme.em(0.3)
            left = QRectF(0, top, width, height)
            right = QRectF(width + arrow, top, width, height)
            self._tiles.paint(painter, left, change.before, Fullness.FLAT, selected=False)
            self._tiles.paint(painter, right, change.after, Fullness.FLAT, selected=False)
            painter.setFont(theme.font(1.3))
            painter.setPen(theme.colour("text.muted"))
            painter.drawText(QRectF(width, top, arrow, height), Qt.AlignmentFlag.AlignCenter, "→")
