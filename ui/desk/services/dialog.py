"""All about one service: its state and margin, its paths with their endpoints, what loses it, what to do."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.desk.panel import Text
from ui.desk.services.face import ServiceFace
from ui.desk.services.page import EndpointLine, LegPart, ServicePage
from ui.desk.services.plan import Fullness
from ui.desk.services.tile import ServicePainter
from ui.desk.symbols import condition_colour, paint_condition
from ui.desk.theme import Theme

_ENDPOINT: Final = Qt.ItemDataRole.UserRole


class ServiceDialog(QDialog):
    """``endpoint_wanted`` asks for an endpoint on the desk, ``what_if_wanted`` for what would be."""

    endpoint_wanted = Signal(str)
    what_if_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        """Build the dialog over a window, empty."""
        super().__init__(parent)
        self._theme = theme
        self._shown: ServicePage | None = None
        self.setWindowTitle("Service")
        self.tile = _Tile(theme)
        self.sentences = Text(theme, "text.strong", 1.05)
        self.sentences.setWordWrap(True)
        self.legs = QListWidget()
        self.legs.setAccessibleName("Paths and their endpoints; Enter shows an endpoint on the desk")
        self.legs.setIconSize(QSize(theme.em(0.9), theme.em(0.9)))
        self.legs.setWordWrap(True)
        self.legs.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.legs.itemActivated.connect(self._activate)
        self.legs.itemClicked.connect(self._activate)
        self._sections = QWidget()
        self._lines = QVBoxLayout(self._sections)
        self._lines.setContentsMargins(0, 0, theme.em(0.4), 0)
        self._lines.setSpacing(theme.em(0.15))
        self.what_if = QPushButton("What if…")
        self.what_if.clicked.connect(self.what_if_wanted)
        self.close_button = QPushButton("Close  Esc")
        self.close_button.setDefault(True)
        self.close_button.setAutoDefault(False)
        self.what_if.setAutoDefault(False)
        self.close_button.clicked.connect(self.accept)
        self._lay_out()
        self.legs.setFocus()

    def _lay_out(self) -> None:
        theme = self._theme
        area = QScrollArea()
        area.setWidget(self._sections)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("What loses it, shared risks, what to do, whom to call")
        for part in (area, area.viewport(), self._sections):
            part.setAutoFillBackground(False)
        head = QHBoxLayout()
        head.setSpacing(theme.em(1.0))
        head.addWidget(self.tile)
        head.addWidget(self.sentences, 1)
        middle = QHBoxLayout()
        middle.setSpacing(theme.em(1.0))
        middle.addWidget(self.legs, 11)
        middle.addWidget(area, 10)
        foot = QHBoxLayout()
        foot.addWidget(self.what_if)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        margin = theme.em(1.2)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.em(0.8))
        column.addLayout(head)
        column.addLayout(middle, 1)
        column.addLayout(foot)
        self.setMinimumSize(theme.em(58), theme.em(34))

    def show_page(self, page: ServicePage, face: ServiceFace) -> None:
        """Show the service as it is now; nothing is touched while nothing changed."""
        self.tile.show_face(face)
        if page == self._shown:
            return
        before, self._shown = self._shown, page
        self.setWindowTitle(f"Service {page.name}")
        self.sentences.say("\n".join(page.sentences))
        if before is None or before.legs != page.legs:
            self._fill_legs(page.legs)
        if before is None or before.sections != page.sections:
            self._fill_sections(page)

    def _fill_legs(self, legs: tuple[LegPart, ...]) -> None:
        row = self.legs.currentRow()
        self.legs.clear()
        for leg in legs:
            item = QListWidgetItem(f"{leg.name}: {leg.words}" if leg.words else leg.name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            item.setFont(self._theme.strong())
            self.legs.addItem(item)
            for endpoint in leg.endpoints:
                self.legs.addItem(self._endpoint_item(endpoint))
        self.legs.setCurrentRow(row if row > 0 else min(1, self.legs.count() - 1))

    def _endpoint_item(self, line: EndpointLine) -> QListWidgetItem:
        item = QListWidgetItem(self._icon(line.shape), f"{line.name}   {line.word}")
        item.setData(_ENDPOINT, line.id)
        item.setToolTip("Show it on the desk")
        return item

    def _icon(self, shape: str) -> QIcon:
        side = self._theme.em(0.9)
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        colour = condition_colour(self._theme, shape, _URGENCY.get(shape, 0))
        paint_condition(painter, self._theme, QRectF(0, 0, side, side), shape, colour)
        painter.end()
        return QIcon(pixmap)

    def _fill_sections(self, page: ServicePage) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for title, lines in page.sections:
            self._put(title, "text.dim", 0.92)
            self._put("\n".join(lines), "text.main", 1.0)
        self._lines.addStretch(1)

    def _put(self, told: str, role: str, size: float) -> None:
        text = Text(self._theme, role, size)
        text.setWordWrap(True)
        text.setMinimumWidth(1)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setContentsMargins(0, 0, 0, self._theme.em(0.5) if role == "text.main" else 0)
        text.say(told)
        self._lines.addWidget(text)

    def _activate(self, item: QListWidgetItem) -> None:
        endpoint_id = item.data(_ENDPOINT)
        if endpoint_id:
            self.endpoint_wanted.emit(str(endpoint_id))


_URGENCY: Final[dict[str, int]] = {"down": 1, "degraded": 3}


class _Tile(QWidget):
    """The service's own tile, as it stands on the desk."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._tiles = ServicePainter(theme)
        self._face: ServiceFace | None = None
        self.setFixedSize(theme.em(20), theme.em(5.6))

    def show_face(self, face: ServiceFace) -> None:
        """Paint this face, where it is another."""
        if face != self._face:
            self._face = face
            self.setAccessibleName(face.spoken())
            self.update()

    def paintEvent(self, _event: object) -> None:  # noqa: N802 - Qt's name
        """Paint the tile."""
        if self._face is not None:
            painter = QPainter(self)
            self._tiles.paint(painter, QRectF(self.rect()), self._face, Fullness.WHOLE, selected=False)
