"""The tour as a newcomer takes it: real window, real keys, a real alarm in the middle of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from controlroom.alarms.alarm import Alarm, Cause, Priority
from controlroom.alarms.transitions import Fault, raised
from controlroom.store.interface import Batch
from tests.ui.desk.conftest import OpenDesk, open_desk
from tests.ui.desk.room import Room, make_room
from tests.ui.desk.sound.recorder import unheard_means
from ui.desk.application import Desk
from ui.desk.keys import KEYS
from ui.desk.keys_sheet import KeysSheet
from ui.desk.settings import DeskSettings
from ui.desk.tour.steps import STEPS, Target

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

SIZES = ((1024, 768), (1280, 720), (1920, 1080))


def _place(part: QWidget, desk: Desk) -> QRect:
    return QRect(part.mapTo(desk.window, QPoint(0, 0)), part.size())


def _raise_alarm(shift: OpenDesk, priority: Priority) -> None:
    fault = Fault("router-a", Cause.DOWN, "deadline", priority, shift.room.now_utc_s)
    moved = raised(20 + priority, fault, shift.room.now_utc_s)
    alarm: Alarm = moved.alarm
    shift.room.store.commit(Batch(alarms=(alarm,)))
    shift.go_on()
    shift.settle()


def _start(qtbot: QtBot, folder: Path, room: Room) -> tuple[OpenDesk, Desk]:
    opened, desk = open_desk(qtbot, folder, room, offers_tour=True, sound=unheard_means(folder / "sounds"))
    assert not desk.tour.open
    qtbot.waitUntil(opened.has_seen, timeout=5000)
    opened.go_on(2)
    opened.settle()
    return opened, desk


def _end(desk: Desk) -> None:
    desk.close()
    desk.window.close_now()


def test_it_comes_at_the_first_start_and_not_again(qtbot: QtBot, tmp_path: Path) -> None:
    """Once there is something to see; left at its second step, it is remembered."""
    room = make_room(tmp_path, seconds=5)
    _, desk = _start(qtbot, tmp_path, room)
    tour = desk.tour
    qtbot.waitUntil(lambda: tour.open, timeout=3000)
    QTest.keyClick(tour.callout.next, Qt.Key.Key_Return)
    assert tour.step == STEPS[1]
    QTest.keyClick(tour.callout.next, Qt.Key.Key_Escape)
    assert not tour.open
    assert DeskSettings(tmp_path / "desk.ini").tour_seen()
    _end(desk)
    _, desk = _start(qtbot, tmp_path, room)
    qtbot.wait(1200)
    assert not desk.tour.open
    _end(desk)
    room.store.close()


def test_it_never_comes_by_itself_where_it_is_not_offered(shift: OpenDesk) -> None:
    """Pictures and tests are not disturbed."""
    shift.qtbot.wait(1200)
    assert not shift.desk.tour.open
    assert not shift.desk.settings.tour_seen()


@pytest.mark.parametrize("size", SIZES)
def test_no_step_covers_what_it_points_at_nor_any_alarm(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int]
) -> None:
    """At every size that is supported, inside the window, with all words in sight; back goes back."""
    room = make_room(tmp_path, seconds=20)
    opened, desk = _start(qtbot, tmp_path, room)
    qtbot.waitUntil(opened.has_seen, timeout=5000)
    opened.go_on(2)
    opened.settle()
    desk.window.showNormal()
    desk.window.resize(*size)
    desk.tour.take()
    seen = []
    while desk.tour.open:
        qtbot.wait(20)
        step = desk.tour.step
        assert step is not None
        seen.append(step.target)
        callout, outline = desk.tour.callout.geometry(), desk.tour.outline.geometry()
        assert desk.window.rect().contains(callout)
        assert not callout.intersects(outline), step
        for part in (desk.window.alarms, desk.window.header, desk.window.status):
            assert not callout.intersects(_place(part, desk)), step
        for child in desk.tour.callout.findChildren(QWidget):
            assert desk.tour.callout.rect().contains(child.geometry()), step
        assert f"step {len(seen)} of 9" in desk.tour.callout.accessibleName()
        desk.tour.callout.next.click()
    absent = {Target.FORM, Target.OPERATOR, Target.SERVICES}  # this room has no services
    assert seen == [step.target for step in STEPS if step.target not in absent]
    assert desk.settings.tour_seen()
    _end(desk)
    room.store.close()


def test_it_follows_what_it_points_at(shift: OpenDesk) -> None:
    """When the window takes another size."""
    desk = shift.desk
    desk.window.showNormal()
    desk.window.resize(1280, 720)
    desk.tour.take()
    before = desk.tour.outline.geometry()
    desk.window.resize(1600, 900)
    shift.qtbot.waitUntil(lambda: desk.tour.outline.geometry() != before, timeout=2000)
    assert desk.tour.outline.geometry().contains(_place(desk.window.board_panel, desk))


def test_a_new_critical_alarm_makes_it_step_aside(shift: OpenDesk) -> None:
    """With a sentence; F2 is at hand; Shift+F1 goes on where it was. Lesser alarms leave it open."""
    desk = shift.desk
    desk.tour.take()
    desk.tour.go_on()
    desk.tour.go_on()
    _raise_alarm(shift, Priority.LOW)
    assert desk.tour.open
    _raise_alarm(shift, Priority.CRITICAL)
    shift.qtbot.waitUntil(lambda: not desk.tour.open, timeout=2000)
    notice = desk.window.tour_notice
    assert "stepped aside" in notice.headline.text()
    assert "step 3 of 8" in notice.detail.text()
    assert not notice.isHidden()
    assert not desk.settings.tour_seen()
    current = desk.window.alarms.current()
    assert current is not None
    assert current.subject == desk.conductor.shown_endpoint() == "router-a"
    desk.window.tour_wanted.emit()
    assert desk.tour.open
    assert desk.tour.step == STEPS[2]
    assert notice.isHidden()


def test_a_silent_heartbeat_makes_it_step_aside(shift: OpenDesk) -> None:
    """There are more urgent things to read then."""
    shift.desk.tour.take()
    shift.engine.running = False
    shift.clock.ahead_s += 3.5
    shift.settle()
    shift.qtbot.waitUntil(lambda: not shift.desk.tour.open, timeout=2000)
    assert "monitoring has stopped" in shift.desk.window.tour_notice.headline.text()


def test_the_keyboard_suffices_and_comes_back(shift: OpenDesk) -> None:
    """The focus goes to Next, Tab goes over the buttons, and leaving gives it back."""
    desk = shift.desk
    desk.window.activateWindow()
    desk.window.board.setFocus()
    desk.tour.take()
    assert QApplication.focusWidget() is desk.tour.callout.next
    assert not desk.tour.callout.back.isEnabled()
    QTest.keyClick(desk.tour.callout.next, Qt.Key.Key_Return)
    QTest.keyClick(desk.tour.callout.back, Qt.Key.Key_Return)
    assert desk.tour.step == STEPS[0]
    QTest.keyClick(desk.tour.callout.next, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is desk.window.board


def test_escape_leaves_it_at_any_step_from_anywhere(shift: OpenDesk) -> None:
    """It is remembered each time; without a tour Escape belongs to the note again."""
    desk, window, tour = shift.desk, shift.desk.window, shift.desk.tour
    note = window.log.note
    parts: list[QWidget] = [window.board, window.alarms.view, window.graph, window.log.view, note]
    parts += [window.log.export, window.header.operator, tour.callout.next, tour.callout.leave]
    assert not desk.settings.tour_seen()
    for place, part in enumerate(parts):
        tour.take()
        for _ in range(place):
            tour.go_on()
        part.setFocus()
        QTest.keyClick(part, Qt.Key.Key_Escape)
        assert not tour.open, part
        assert tour.step is None
        assert desk.settings.tour_seen()
    window.board.setFocus()
    note.setFocus()
    QTest.keyClicks(note, "half a")
    QTest.keyClick(note, Qt.Key.Key_Escape)
    assert not note.hasFocus()


def test_the_sheet_of_keys_has_a_button_for_it(shift: OpenDesk) -> None:
    """It closes the sheet and begins; so it can be taken again at will."""
    shift.desk.window.show_keys()
    (sheet,) = shift.desk.window.findChildren(KeysSheet)
    (button,) = [each for each in sheet.findChildren(QPushButton) if "tour" in each.text()]
    button.click()
    assert not sheet.isVisible()
    assert shift.desk.tour.open


def test_enter_goes_on_wherever_in_the_panel_the_keyboard_is(shift: OpenDesk) -> None:
    """Also where no button has it."""
    shift.desk.tour.take()
    QTest.keyClick(shift.desk.tour.callout, Qt.Key.Key_Return)
    assert shift.desk.tour.step == STEPS[1]


def test_every_key_that_a_step_names_exists() -> None:
    """And every step is about something of its own."""
    known = {name for key in KEYS for name in key.name.split()}
    for step in STEPS:
        assert set(re.findall(r"(?:Shift\+|Ctrl\+)?\bF\d+|Ctrl\+\w|End\b|←", step.words)) <= known, step
    assert len({step.target for step in STEPS}) == len(STEPS)


def test_what_it_was_about_to_do_ends_with_its_window(
    qtbot: QtBot, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A step that was to be put anew, after a move, touches nothing of a window that is gone."""
    _, desk = _start(qtbot, tmp_path, make_room(tmp_path, seconds=5))
    qtbot.waitUntil(lambda: desk.tour.open, timeout=3000)
    desk.window.resize(1100, 800)
    QApplication.sendEvent(desk.window, QEvent(QEvent.Type.LayoutRequest))
    _end(desk)
    request.node.qt_widgets.clear()  # nobody is to close what is gone
    shiboken6.delete(desk.window)
    QApplication.processEvents()
    assert not shiboken6.isValid(desk.window)
