"""The services in the open window: on top of the endpoints, reached by keys, true to the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from controlroom.condition.state import Condition
from controlroom.errors import ControlroomError
from controlroom.store.interface import Batch
from tests.ui.desk.conftest import OpenDesk, open_desk
from tests.ui.desk.room import DOWN, make_room
from tests.ui.desk.services.offer import give_services
from ui.desk.board.plan import Density
from ui.desk.shown_view import open_view, select

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def served(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenDesk]:
    """A desk with twelve services, of which one has lost a path."""
    room = make_room(tmp_path, seconds=20)
    give_services(room, 12)
    opened, desk = open_desk(qtbot, tmp_path, room)
    desk.window.showNormal()
    desk.window.resize(1280, 720)
    try:
        qtbot.waitUntil(opened.has_seen, timeout=5000)
        opened.go_on(2)
        opened.settle()
        yield opened
    finally:
        desk.close()
        room.store.close()


def test_a_tile_tells_of_a_lost_path_and_of_the_next_as_well(served: OpenDesk) -> None:
    """From the store to the tile, at once; only what changed is painted again."""
    model = served.desk.window.services.model
    assert [(face.number, face.word) for face in model.faces[:2]] == [("2", "Working"), ("1", "At risk")]
    changed: list[int] = []
    model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    room = served.room
    state = replace(room.states["moorside"], condition=Condition.DOWN)
    room.states["moorside"] = state
    room.store.commit(Batch(states=(state,)))
    served.go_on(2)
    served.settle()
    assert (model.faces[1].number, model.faces[1].word) == ("0", "Lost")
    assert set(changed) == {1}


def test_services_endpoints_and_graph_all_have_room(served: OpenDesk) -> None:
    """At 1280 by 720 nothing of twelve services or of the endpoints has to be scrolled for."""
    window = served.desk.window
    assert window.services.view.verticalScrollBar().maximum() == 0
    assert window.board.verticalScrollBar().maximum() == 0
    assert window.graph.height() >= window.fontMetrics().height() * 12
    window.resize(1920, 1080)
    served.settle()
    assert window.board.density is not Density.MOSAIC
    give_services(served.room, 100)
    served.go_on(2)
    served.settle()
    assert window.services.view.verticalScrollBar().maximum() > 0


def test_without_services_the_endpoints_have_the_place(shift: OpenDesk) -> None:
    """And the keys that lead to services do nothing."""
    window = shift.desk.window
    assert window.services.isHidden()
    QTest.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert shift.desk.what_if.dialog is None


def test_the_keys_go_to_a_service_and_enter_tells_all_about_it(served: OpenDesk) -> None:
    """An endpoint of it is shown on the desk from there."""
    window, services = served.desk.window, served.desk.services
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    view = window.services.view
    view.setCurrentIndex(window.services.model.index(0, 0))
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.current_id == "radio"
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.current_id == window.services.model.faces[5].service_id
    QTest.keyClick(view, Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert services.dialog is not None
    told = "\n".join(label.text() for label in services.dialog.findChildren(QLabel))
    assert "1 more failure loses it." in told
    legs = services.dialog.legs
    legs.setCurrentRow(1)
    QTest.keyClick(legs, Qt.Key.Key_Return)
    assert services.dialog is None
    assert served.desk.conductor.selected == DOWN


def test_a_click_opens_the_service_that_was_hit(served: OpenDesk) -> None:
    """And no other."""
    view = served.desk.window.services.view
    place = view.visualRect(served.desk.window.services.model.index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    dialog = served.desk.services.dialog
    assert dialog is not None
    assert "Radio" in dialog.windowTitle()


def test_what_if_answers_at_once_and_writes_nothing(served: OpenDesk) -> None:
    """From an endpoint it is ticked already; Space ticks the next; no act goes to the engine."""
    desk = served.desk
    entries = len(desk.conductor.picture.entries)
    desk.conductor.choose("switch-west")
    desk.window.detail.what_if_wanted.emit()
    dialog = desk.what_if.dialog
    assert dialog is not None
    assert "nothing is changed" in dialog.mark.headline.text()
    served.qtbot.waitUntil(lambda: desk.what_if.answered, timeout=5000)
    assert "one more failure loses Calls" in dialog.answer.text()
    dialog.search.setText("switch east")
    items = dialog.tree.findItems("Radio switch east", Qt.MatchFlag.MatchRecursive)
    assert len(items) == 1
    dialog.tree.setCurrentItem(items[0])
    QTest.keyClick(dialog.tree, Qt.Key.Key_Space)
    served.qtbot.waitUntil(lambda: dialog.answer.text().startswith("No: "), timeout=5000)
    assert dialog.tree.supposed.failed == {"switch-west", "switch-east"}
    QTest.keyClick(dialog.tree, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert dialog.tree.supposed.planned == {"switch-east"}
    dialog.close()
    served.go_on(1)
    assert list(served.room.store.waiting_acts()) == []
    assert len(desk.conductor.picture.entries) == entries
    assert desk.window.services.model.faces[0].word == "Working"


def test_a_picture_can_be_of_a_service_by_its_id_or_its_endpoint(served: OpenDesk) -> None:
    """The page of that service, and no endpoint need be chosen."""
    desk, site = served.desk, served.desk.conductor.picture.site
    assert site is not None
    select(desk, site, "names")
    open_view(desk, site, "service", "names")
    assert desk.services.dialog is not None
    assert "Names" in desk.services.dialog.windowTitle()
    desk.services.dialog.accept()
    select(desk, site, "moorside")
    open_view(desk, site, "service", "moorside")
    assert desk.services.dialog is not None
    assert "Radio" in desk.services.dialog.windowTitle()
    assert desk.conductor.selected == "moorside"
    desk.services.dialog.accept()
    with pytest.raises(ControlroomError, match="There is no endpoint or service “nmaes”"):
        select(desk, site, "nmaes")


def test_what_is_not_well_and_out_of_sight_is_counted_and_led_to(served: OpenDesk) -> None:
    """By a click on the heading and by Ctrl+R there; after the last it is the first again."""
    window, room = served.desk.window, served.room
    window.resize(1000, 700)
    give_services(room, 100)
    room.site = room.site.model_copy(
        update={"services": (*room.site.services[6:], *room.site.services[:6])}, deep=True
    )
    room.store.commit(Batch(site_json=room.site.model_dump_json()))
    served.go_on(2)
    served.settle()
    panel, view = window.services, window.services.view
    unwell = [face.service_id for face in panel.model.faces if face.attention]
    assert panel.unwell.text() == f"{len(unwell)} of 100 not well"
    assert f"{len(unwell)} further down" in panel.aside.text()
    assert panel.title.width() > panel.title.fontMetrics().horizontalAdvance("Services")
    QTest.mouseClick(panel.unwell, Qt.MouseButton.LeftButton)
    assert view.current_id == unwell[0]
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))
    assert f"{len(unwell)} further" not in panel.aside.text()
    window.activateWindow()
    for expected in (*unwell[1:], unwell[0]):
        QTest.keyClick(view, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
        assert view.current_id == expected
    view.verticalScrollBar().setValue(0)
    assert f"{len(unwell)} further down" in panel.aside.text()


def test_a_single_service_that_works_is_not_called_all(served: OpenDesk) -> None:
    """And where none is not well there is nothing to be led to."""
    panel = served.desk.window.services
    well = [face for face in panel.model.faces if not face.attention]
    panel.show_services(well[:1], "")
    assert panel.aside.text().startswith("works ")
    assert panel.unwell.isHidden()
    panel.show_services(well[:2], "")
    assert panel.aside.text().startswith("all 2 work ")


def test_what_if_begins_at_its_top_whatever_is_ticked(served: OpenDesk) -> None:
    """With the endpoint chosen on the desk in sight; and the way back up ends at the first heading."""
    served.desk.conductor.choose("council")
    served.desk.window.detail.what_if_wanted.emit()
    dialog = served.desk.what_if.dialog
    assert dialog is not None
    served.settle()
    tree = dialog.tree
    assert tree.verticalScrollBar().value() == 0
    chosen = tree.currentItem()
    assert chosen is not None
    assert chosen.text(0) == "Council emergency centre"
    tree.setFocus()
    QTest.keyClick(tree, Qt.Key.Key_End)
    assert tree.verticalScrollBar().value() > 0
    first = tree.topLevelItem(0)
    assert first is not None
    child = first.child(0)
    assert child is not None
    tree.setCurrentItem(child)
    assert tree.verticalScrollBar().value() == 0
    dialog.close()
