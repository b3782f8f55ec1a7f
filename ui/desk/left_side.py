"""The left side of the window: services, endpoints, graph and details, and who has how much room of it.

Rules:
1. Services, where the site has any, stand on top in the height that they need, up to their share.
2. The endpoints stand below them and have up to their share, as long as the graph keeps enough to be read;
   the graph and the details have the rest.
3. Without services the endpoints have the top. Nothing but sizes and numbers decides, so that all keeps its
   place.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from ui.desk.board.view import BoardView
from ui.desk.detail import DetailPanel
from ui.desk.graph.panel import GraphPanel
from ui.desk.panel import Panel
from ui.desk.services.panel import ServicePanel
from ui.desk.theme import Theme

_BOARD_SHARE: Final = 0.6
"""The most of the height that the board takes where it is on top; the graph has the rest."""
_SERVICES_SHARE: Final = 0.36
"""The most of the height that the services take."""
_BOARD_BELOW: Final = 0.55
"""The most that the board takes of what the services leave."""
_LEAST_GRAPH_EM: Final = 14
"""How high the graph stays below both, in lines of text."""


class LeftSide(QVBoxLayout):
    """Lays these parts out; ``share_out`` gives each its room."""

    def __init__(
        self,
        theme: Theme,
        services: ServicePanel,
        board: tuple[Panel, BoardView],
        graph: GraphPanel,
        detail: DetailPanel,
    ) -> None:
        """Put all in their places."""
        super().__init__()
        self._theme, self._services = theme, services
        self._board_panel, self._board = board
        gap = theme.em(0.55)
        lower = QHBoxLayout()
        lower.setSpacing(gap)
        lower.addWidget(graph, 15)
        lower.addWidget(detail, 5)
        self.setSpacing(gap)
        self.addWidget(services)
        self.addWidget(self._board_panel)
        self.addLayout(lower, 1)

    def share_out(self, width: int, height: int) -> None:
        """Give each part its room of a width and a height."""
        theme = self._theme
        frame = self._board_panel.frame_height()
        inside = width - theme.em(1.55)
        taken = self._services.share(inside, int(height * _SERVICES_SHARE))
        most = int(height * _BOARD_SHARE)
        if taken:
            left = height - taken
            most = min(int(left * _BOARD_BELOW), left - theme.em(_LEAST_GRAPH_EM))
        has_any = self._board.model().rowCount() > 0
        wanted = self._board.height_for(inside, most - frame) if has_any else theme.em(9)
        self._board_panel.setFixedHeight(max(theme.em(7 if not taken else 5), wanted + frame))
