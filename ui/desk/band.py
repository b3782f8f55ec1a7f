"""A loud line across the whole window for what must not be missed. It decides nothing."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.desk.panel import ElidedText, Text
from ui.desk.theme import Theme


class Band(QWidget):
    """A coloured line with a headline and a detail; hidden while it has nothing to say.

    ``kind`` is ``"stopped"``, ``"warning"``, ``"notice"`` or ``"simulated"``.
    """

    def __init__(self, theme: Theme, kind: str) -> None:
        """Build a hidden band."""
        super().__init__()
        self._theme, self._kind = theme, kind
        loud = kind == "stopped"
        role = f"band.{kind}.text"
        self.headline = ElidedText(theme, role, 1.25 if loud else 1.0, strong=True)
        self.detail = Text(theme, role)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        # What to do stands at the end of the detail: it goes on in another line rather than end in "…".
        self.detail.setWordWrap(True)
        self.detail.setMinimumWidth(1)
        row = self._row = QHBoxLayout(self)
        upright = theme.em(0.6 if loud else 0.3)
        row.setContentsMargins(theme.em(2.9), upright, theme.em(1.0), upright)
        row.setSpacing(theme.em(1.0))
        row.addWidget(self.headline, 1)
        row.addWidget(self.detail)
        theme.changed.connect(self.update)
        self.hide()

    def say(self, headline: str, detail: str = "") -> None:
        """Show these words; no headline hides the band."""
        self.headline.say(headline)
        self.detail.say(detail)
        self.detail.setVisible(bool(detail))
        self._share()
        self.setAccessibleName(f"{headline} {detail}".strip())
        self.setVisible(bool(headline))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Share the new width between headline and detail."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """Give the headline what it needs and the detail the rest, two fifths or more if it needs them."""
        inner = self._row.contentsMargins()
        free = self.width() - inner.left() - inner.right() - self._row.spacing()
        needs = [
            text.fontMetrics().horizontalAdvance(text.text()) + 2 for text in (self.headline, self.detail)
        ]
        self.detail.setFixedWidth(max(1, min(needs[1], max(free - needs[0], round(free * 0.4)))))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground and a sign that does not rely on its colour."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour(f"band.{self._kind}"))
        ink = self._theme.colour(f"band.{self._kind}.text")
        side = self._theme.em(1.2)
        box = QRectF(self._theme.em(1.0), (self.height() - side) / 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink, 2))
        if self._kind == "stopped":
            painter.drawRect(box)
            painter.drawLine(box.topLeft(), box.bottomRight())
            painter.drawLine(box.topRight(), box.bottomLeft())
            return
        if self._kind == "simulated":
            painter.drawRect(box)
            for share in (0.33, 0.67, 1.0):
                reach = side * share
                painter.drawLine(box.topLeft() + QPointF(reach, 0), box.topLeft() + QPointF(0, reach))
            return
        painter.drawEllipse(box)
        painter.setFont(self._theme.pixels(side * 0.72))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "!" if self._kind == "warning" else "i")
