"""Leads the services on the desk: opens the page of one and keeps it true. It judges and sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from controlroom.site.view import SeenService
from ui.desk.liveness import Liveness
from ui.desk.picture import Picture
from ui.desk.services.dialog import ServiceDialog
from ui.desk.services.face import ServiceFace
from ui.desk.services.page import service_page
from ui.desk.theme import Theme
from ui.desk.window import DeskWindow

EVERY_MS = 500


class ServiceLeader(QObject):
    """``choose`` shows an endpoint on the desk; ``suppose`` opens what would be, about some components."""

    def __init__(
        self,
        theme: Theme,
        window: DeskWindow,
        picture: Picture,
        liveness: Callable[[], Liveness],
        choose: Callable[[str], None],
        suppose: Callable[[str], None],
    ) -> None:
        """Show no page yet."""
        super().__init__(window)
        self._theme, self._window, self._picture = theme, window, picture
        self._liveness, self._choose, self._suppose = liveness, choose, suppose
        self._service_id = ""
        self.dialog: ServiceDialog | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.show)
        window.services.opened.connect(self.open)
        window.services_wanted.connect(self.go_to)

    def go_to(self) -> None:
        """Bring the keys to the tiles; where they are, to the next that is not well."""
        view = self._window.services.view
        if view.hasFocus():
            view.go_to_next_unwell()
        elif not self._window.services.isHidden():
            view.setFocus()

    def open(self, service_id: str = "") -> None:
        """Open the page of a service; of none, that of the worst, the first of those."""
        if self.dialog is not None:
            return
        self._service_id = service_id or self._worst()
        if self._seen() is None:
            return
        dialog = self.dialog = ServiceDialog(self._theme, self._window)
        dialog.endpoint_wanted.connect(self._show_endpoint)
        dialog.what_if_wanted.connect(self._what_if)
        dialog.finished.connect(self._closed)
        self.show()
        self._timer.start()
        dialog.open()

    def show(self) -> None:
        """Show the page as it is now; close it where the site has the service no longer."""
        dialog, seen, site = self.dialog, self._seen(), self._picture.site
        if dialog is None:
            return
        face = next((each for each in self._faces() if each.service_id == self._service_id), None)
        if seen is None or site is None or face is None:
            dialog.reject()
            return
        live = self._liveness() is Liveness.LIVE
        dialog.show_page(service_page(seen, self._picture, site, live=live), face)

    def _faces(self) -> Sequence[ServiceFace]:
        return self._window.services.model.faces

    def _worst(self) -> str:
        faces = sorted(self._faces(), key=lambda face: (not face.attention, face.urgency or 5))
        return faces[0].service_id if faces else ""

    def _seen(self) -> SeenService | None:
        site = self._picture.site
        services = () if site is None else site.services
        return next((each for each in services if each.id == self._service_id), None)

    def _show_endpoint(self, endpoint_id: str) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self._choose(endpoint_id)

    def _what_if(self) -> None:
        service_id = self._service_id
        if self.dialog is not None:
            self.dialog.accept()
        self._suppose(service_id)

    def _closed(self) -> None:
        self._timer.stop()
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None
