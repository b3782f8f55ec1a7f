"""The services in the window: their tiles, what the number on them counts, and how many are not well.

A site without services has no such panel: the endpoints have its place.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from ui.desk.panel import Panel, Text
from ui.desk.services.face import STALE, ServiceFace
from ui.desk.services.model import ServiceModel
from ui.desk.services.view import ServiceView
from ui.desk.theme import Theme


class ServicePanel(Panel):
    """``opened`` asks for all about a service, ``what_if_wanted`` for what would be."""

    opened = Signal(str)
    what_if_wanted = Signal()
    count_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        """Begin without services, and hidden."""
        super().__init__(theme, "Services")
        self.model = ServiceModel()
        self.view = ServiceView(self.model, theme)
        self.refusal = Text(theme, "text.strong")
        self.refusal.setWordWrap(True)
        self.refusal.hide()
        self.what_if = QPushButton("What if…")
        self.what_if.setProperty("segment", True)
        self.what_if.setToolTip("Ctrl+I: what would be if something failed; nothing is changed")
        self.what_if.setAccessibleDescription("Try what would be if something failed; nothing is changed.")
        self.what_if.clicked.connect(self.what_if_wanted)
        self.head.addWidget(self.what_if)
        self.body.addWidget(self.refusal)
        self.body.addWidget(self.view, 1)
        self.view.opened.connect(self.opened)
        self.hide()

    def show_services(self, faces: Sequence[ServiceFace], refusal: str) -> None:
        """Show the services as they are now."""
        before = self.model.rowCount(), self.refusal.text()
        self.refusal.say(refusal)
        self.refusal.setVisible(bool(refusal))
        self.view.setVisible(not refusal)
        self.what_if.setEnabled(not refusal)
        self.model.show(() if refusal else faces)
        self.aside.say(_summary(faces) if not refusal else "")
        if (self.model.rowCount(), refusal) != before:
            self.setVisible(bool(faces))
            self.count_changed.emit()

    def share(self, width: int, most: int) -> int:
        """Take the height that the tiles need at a width, up to a most; return it, nought if none."""
        if self.isHidden():
            return 0
        frame = self.frame_height()
        if self.refusal.text():
            self.setFixedHeight(frame + self._theme.em(4))
        else:
            self.setFixedHeight(frame + self.view.height_for(width, most - frame))
        return self.maximumHeight() + self._theme.em(0.55)


def _summary(faces: Sequence[ServiceFace]) -> str:
    """Say how many services are not well, and what the numbers count."""
    if any(face.shape == STALE for face in faces):
        return "stale"
    abnormal = sum(face.attention for face in faces)
    works = f"all {len(faces)} work" if len(faces) > 1 else "works"
    told = f"{abnormal} of {len(faces)} not well" if abnormal else works
    return f"{told}     number: further failures until loss"
