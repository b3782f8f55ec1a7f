"""Tiles in fixed places: where they are as the view is scrolled, and what a point meets."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QStringListModel
from pytestqt.qtbot import QtBot

from ui.desk.board.plan import Box
from ui.desk.tile_view import MARGIN, TileView


class Column(TileView):
    """Ten tiles, one below the other."""

    def lay_out(self) -> None:
        """Each a hundred pixels high."""
        self.place([Box(0, 100 * row, self.room[0], 90) for row in range(10)], 1000, 10)


def column(qtbot: QtBot) -> Column:
    """Return them in a window that shows three."""
    model = QStringListModel([str(row) for row in range(10)])
    view = Column("Tiles")
    model.setParent(view)
    view.setModel(model)
    qtbot.addWidget(view)
    view.resize(200, 300 + 2 * MARGIN)
    view.show()
    return view


def test_a_point_meets_the_tile_that_is_seen_there(qtbot: QtBot) -> None:
    """Also scrolled; between two tiles there is none."""
    view = column(qtbot)
    assert view.indexAt(QPoint(20, 20)).row() == 0
    assert not view.indexAt(QPoint(20, 96)).isValid()
    view.verticalScrollBar().setValue(500)
    assert view.indexAt(QPoint(20, 20)).row() == 5
    assert view.visualRect(view.model().index(5, 0)).top() == MARGIN


def test_a_tile_is_brought_into_view_and_no_further(qtbot: QtBot) -> None:
    """What is in view stays where it is."""
    view = column(qtbot)
    view.scrollTo(view.model().index(1, 0))
    assert view.verticalOffset() == 0
    view.scrollTo(view.model().index(9, 0))
    last = view.visualRect(view.model().index(9, 0))
    assert 200 < last.top() < last.bottom() <= view.viewport().height()
    view.scrollTo(view.model().index(0, 0))
    assert view.verticalOffset() == 0
