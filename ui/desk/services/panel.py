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
        self.unwell = QPushButton()
        self.unwell.setProperty("segment", True)
        self.unwell.setToolTip("Ctrl+R among the services: the next one that is not well")
        self.unwell.setAccessibleDescription("Goes to the next service that is not well.")
        self.unwell.clicked.connect(self.view.go_to_next_unwell)
        self.unwell.hide()
        self.head.insertWidget(1, self.unwell)
        self.head.addWidget(self.what_if)
        self.body.addWidget(self.refusal)
        self.body.addWidget(self.view, 1)
        self.view.opened.connect(self.opened)
        self.view.sight_changed.connect(self._say_summary)
        self.hide()

    def show_services(self, faces: Sequence[ServiceFace], refusal: str) -> None:
        """Show the services as they are now."""
        before = self.model.rowCount(), self.refusal.text()
        self.refusal.say(refusal)
        self.refusal.setVisible(bool(refusal))
        self.view.setVisible(not refusal)
        self.what_if.setEnabled(not refusal)
        self.model.show(() if refusal else faces)
        self._say_summary()
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

    def _say_summary(self) -> None:
        """Say how many services are not well, which of them are out of sight, and what the numbers count."""
        faces = self.model.faces
        stale = any(face.shape == STALE for face in faces)
        unwell = 0 if stale else sum(face.attention for face in faces)
        told = f"{unwell} of {len(faces)} not well" if unwell else ""
        if told != self.unwell.text():
            self.unwell.setText(told)
        self.unwell.setVisible(bool(told))
        if not faces or stale:
            self.aside.say("stale" if stale else "")
            return
        sight = _out_of_sight(*self.view.unwell_out_of_sight())
        works = f"all {len(faces)} work" if len(faces) > 1 else "works"
        counts = "number: further failures until loss"
        # What is out of sight goes before what the numbers count: a narrow desk has no room for both.
        self.aside.say(sight or (counts if unwell else f"{works}     {counts}"))


def _out_of_sight(above: int, below: int) -> str:
    """Say how many that are not well are out of sight, and where: ``5 further down``."""
    told = [f"{count} further {where}" for count, where in ((above, "up"), (below, "down")) if count]
    return ", ".join(told)
