"""Leads the route on the desk: keeps what the store has of the selected endpoint, shows it, asks for a trace.

Rules
1. A trace is an operator's act: who may not act is told why, and the engine checks it again.
2. While the act is on its way, its progress is said; after ``PATIENCE_S`` without an answer another may be
   asked for.
3. What belongs to an endpoint that is no longer selected is never shown as the route to another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject

from controlroom.operators.role import Permission
from controlroom.route.kept import KeptRoute, RouteKind
from ui.desk.duty import Duty
from ui.desk.picture import EndpointPicture
from ui.desk.route.dialog import TRACING, RouteDialog
from ui.desk.route.lines import side_by_side
from ui.desk.route.part import RoutePart
from ui.desk.route.words import NOT_TRACED, end_words, heading, summary
from ui.desk.snapshot import Routes
from ui.desk.theme import Theme
from ui.desk.window import DeskWindow

PATIENCE_S: Final = 20.0
_NOT_RUNNING: Final = "Monitoring is not running, so nothing can be traced."


@dataclass(frozen=True, slots=True)
class RouteSight:
    """How the desk is at one moment, as far as a route needs it."""

    now_utc_s: float
    now_monotonic_s: float
    zone: ZoneInfo
    live: bool


class RouteLeader(QObject):
    """``send`` puts the act for an endpoint; ``on_its_way`` tells whether one is not answered yet."""

    def __init__(
        self,
        theme: Theme,
        window: DeskWindow,
        duty: Duty,
        send: Callable[[str], None],
        on_its_way: Callable[[str], bool],
    ) -> None:
        """Show nothing yet."""
        super().__init__()
        self._theme, self._window, self._duty = theme, window, duty
        self._send, self._on_its_way = send, on_its_way
        self._endpoint: EndpointPicture | None = None
        self._routes: Mapping[RouteKind, KeptRoute] = {}
        self._routes_of = ""
        self._sight: RouteSight | None = None
        self._asked_s: float | None = None
        self._refusal = ""
        self.dialog: RouteDialog | None = None
        window.detail.route.wanted.connect(self.open)
        window.route_wanted.connect(self.open)

    @property
    def part(self) -> RoutePart:
        """The route's place in the panel of the selected endpoint."""
        return self._window.detail.route

    def take(self, routes: Routes) -> None:
        """Take what the store has of an endpoint."""
        self._routes_of, self._routes = routes.endpoint_id, routes.routes

    def show(self, endpoint: EndpointPicture | None, sight: RouteSight | None) -> None:
        """Show the route to the selected endpoint as it is now."""
        before = None if self._endpoint is None else self._endpoint.seen.id
        self._endpoint, self._sight = endpoint, sight
        if endpoint is None or sight is None:
            self.part.say("")
            return
        if before != endpoint.seen.id:
            self._asked_s, self._refusal = None, ""
            if self.dialog is not None:
                self.dialog.reject()
        known = self._known(endpoint)
        words = summary(known, endpoint.state, sight.now_utc_s, sight.zone)
        self.part.say(words)
        self._show_dialog(endpoint, known, sight)

    def open(self) -> None:
        """Show the whole route to the selected endpoint."""
        if self._endpoint is None or self.dialog is not None:
            return
        self.dialog = RouteDialog(self._theme, self._window, self._endpoint.seen.name)
        self.dialog.trace_wanted.connect(self._trace)
        self.dialog.finished.connect(self._closed)
        self.show(self._endpoint, self._sight)
        self.dialog.open()

    def refused(self, endpoint_id: str, words: str) -> None:
        """Take it that a trace was refused."""
        if self._endpoint is not None and endpoint_id == self._endpoint.seen.id:
            self._asked_s, self._refusal = None, f"Not traced: {words}."

    def _known(self, endpoint: EndpointPicture) -> Mapping[RouteKind, KeptRoute]:
        return self._routes if self._routes_of == endpoint.seen.id else {}

    def _show_dialog(
        self, endpoint: EndpointPicture, known: Mapping[RouteKind, KeptRoute], sight: RouteSight
    ) -> None:
        if self.dialog is None:
            return
        newest, good = known.get(RouteKind.NEWEST), known.get(RouteKind.GOOD)
        good_trace = None if good is None else good.trace
        self.dialog.show_routes(
            NOT_TRACED if newest is None else end_words(newest.trace, good_trace),
            "" if newest is None else heading(newest, sight.now_utc_s, sight.zone),
            "none yet" if good is None else heading(good, sight.now_utc_s, sight.zone),
            side_by_side(None if newest is None else newest.trace, good_trace),
        )
        self.dialog.say_progress(self._progress(endpoint.seen.id, sight), self._why_not(sight))

    def _why_not(self, sight: RouteSight) -> str:
        return self._duty.why_not(Permission.TRACE) if sight.live else _NOT_RUNNING

    def _progress(self, endpoint_id: str, sight: RouteSight) -> str:
        if self._on_its_way(endpoint_id):
            since_s = 0.0 if self._asked_s is None else sight.now_monotonic_s - self._asked_s
            if since_s < PATIENCE_S:
                return f"{TRACING}… this takes some seconds."
            return "The monitoring has not answered yet; it may be busy."
        if self._asked_s is not None and not self._refusal:
            return "Traced."
        return self._refusal

    def _trace(self) -> None:
        if self._endpoint is None or self._sight is None or self._why_not(self._sight):
            return
        self._asked_s, self._refusal = self._sight.now_monotonic_s, ""
        self._send(self._endpoint.seen.id)
        self.show(self._endpoint, self._sight)

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None
