"""Says what each mark of the graph means."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.desk.theme import Theme

_MARKS = (
    ("plot.line", "median"),
    ("plot.band", "min–max"),
    ("plot.lost", "lost"),
)


class Legend(QWidget):
    """A row of marks with their names."""

    def __init__(self, theme: Theme) -> None:
        """Build it in a theme."""
        super().__init__()
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Legend: " + ", ".join(words for _, words in _MARKS))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of all marks and names."""
        metrics = QFontMetrics(self._theme.font(0.92))
        words = sum(metrics.horizontalAdvance(words) for _, words in _MARKS)
        return QSize(words + len(_MARKS) * self._theme.em(1.75), self._theme.em(1.2))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint each mark with its name behind it."""
        painter, theme = QPainter(self), self._theme
        painter.setFont(theme.font(0.92))
        x, side = 0.0, float(theme.em(0.62))
        for role, words in _MARKS:
            colour = theme.colour(role)
            top = (self.height() - side) / 2
            if role == "plot.line":
                painter.fillRect(QRectF(x, self.height() / 2 - 1, side, 2), colour)
            else:
                painter.fillRect(QRectF(x, top, side, side), colour)
            x += side + theme.em(0.35)
            width = QFontMetrics(theme.font(0.92)).horizontalAdvance(words)
            painter.setPen(theme.colour("text.muted"))
            align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(x, 0, width + 2, self.height()), align, words)
            x += width + theme.em(0.75)
