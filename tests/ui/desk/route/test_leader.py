"""The route on the desk: shown for the selected endpoint, traced anew by whoever may."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from controlroom.logbook.act import ActKind
from controlroom.operators.role import Role
from controlroom.route.kept import RouteKind
from controlroom.store.interface import Batch
from tests.controlroom.route.routes import kept, route
from tests.ui.desk.conftest import OpenDesk
from tests.ui.desk.room import DOWN, LOSSY, RETURNED
from ui.desk.duty import OnDuty
from ui.desk.route.dialog import RouteDialog
from ui.desk.route.leader import PATIENCE_S

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def chosen(shift: OpenDesk, endpoint_id: str, words: str) -> None:
    """Choose an endpoint and wait until its route is told."""
    conductor = shift.desk.conductor
    conductor.choose(endpoint_id)

    def told() -> bool:
        conductor.tick()
        return words in conductor.route.part.words.text()

    shift.qtbot.waitUntil(told, timeout=5000)


def opened(shift: OpenDesk) -> RouteDialog:
    """Open the dialog by its key."""
    QTest.keyClick(shift.desk.window, Qt.Key.Key_F10)
    dialog = shift.desk.conductor.route.dialog
    assert dialog is not None
    return dialog


def words_of(dialog: RouteDialog) -> list[str]:
    """All that stands in the dialog."""
    return [label.text() for label in dialog.findChildren(QLabel) if label.text()]


def test_the_panel_tells_the_route_of_the_selected_endpoint(shift: OpenDesk) -> None:
    """And of no other: where nothing is kept, it says so."""
    chosen(shift, DOWN, "Nobody answers beyond hop 3 of 5.")
    chosen(shift, LOSSY, "It leaves the good route at hop 2.")
    chosen(shift, RETURNED, "Not traced yet.")


def test_both_routes_stand_side_by_side_and_where_they_part_is_marked(shift: OpenDesk) -> None:
    """With who asked for the newest."""
    chosen(shift, LOSSY, "hop 2")
    dialog = opened(shift)
    words = words_of(dialog)
    assert {"10.32.0.5", "10.31.0.9\n10.31.0.13", "≠ here they part", "33.3 %"} <= set(words)
    assert any("asked by Eva Lindqvist" in each for each in words)
    dialog.accept()
    assert shift.desk.conductor.route.dialog is None


def test_tracing_now_is_an_act_with_its_progress(shift: OpenDesk) -> None:
    """The button is out of use until the answer has come; then the new trace stands there."""
    chosen(shift, RETURNED, "Not traced yet.")
    dialog = opened(shift)
    assert "Not traced yet" in dialog.words.text()
    QTest.mouseClick(dialog.trace, Qt.MouseButton.LeftButton)
    assert dialog.progress.text().startswith("Tracing")
    assert not dialog.trace.isEnabled()
    shift.qtbot.waitUntil(lambda: len(shift.room.store.waiting_acts()) > 0, timeout=5000)
    (waiting,) = shift.room.store.waiting_acts()
    assert (waiting.act.kind, waiting.act.subject, waiting.act.role) == (ActKind.TRACE, RETURNED, "configure")
    newest = kept(RETURNED, RouteKind.NEWEST, route("10.0.0.1"), operator="e.lindqvist")
    shift.room.store.commit(Batch(routes=[newest]))
    shift.go_on(2)
    shift.qtbot.waitUntil(lambda: dialog.words.text() == "Reached over 2 hops.", timeout=5000)
    assert dialog.progress.text() == "Traced."
    assert dialog.trace.isEnabled()


def test_a_refused_trace_says_why(shift: OpenDesk) -> None:
    """In the dialog where it was asked for."""
    shift.room.refuse = "trace_not_run"
    chosen(shift, DOWN, "hop 3")
    dialog = opened(shift)
    dialog.trace.click()
    shift.qtbot.waitUntil(lambda: len(shift.room.store.waiting_acts()) > 0, timeout=5000)
    shift.go_on()
    shift.qtbot.waitUntil(lambda: dialog.progress.text().startswith("Not traced: this machine"), timeout=5000)
    assert dialog.trace.isEnabled()


def test_an_engine_that_does_not_answer_leaves_the_button_in_use_again(shift: OpenDesk) -> None:
    """After a while, with words that say so."""
    chosen(shift, DOWN, "hop 3")
    dialog = opened(shift)
    dialog.trace.click()
    route_leader, picture = shift.desk.conductor.route, shift.desk.conductor.picture
    sight = route_leader._sight
    assert sight is not None
    later = replace(sight, now_monotonic_s=sight.now_monotonic_s + PATIENCE_S + 1)
    route_leader.show(picture.endpoints[DOWN], later)
    assert "not answered yet" in dialog.progress.text()
    assert dialog.trace.isEnabled()


def test_whoever_may_only_watch_is_told_why_not(shift: OpenDesk) -> None:
    """And nothing is sent."""
    shift.desk.conductor.duty.take_over(OnDuty("ops1", "Bob", Role.WATCH))
    chosen(shift, DOWN, "hop 3")
    dialog = opened(shift)
    assert not dialog.trace.isEnabled()
    assert "act" in dialog.trace.toolTip()
    dialog.trace_wanted.emit()
    shift.qtbot.wait(300)
    assert not shift.room.store.waiting_acts()


def test_choosing_another_endpoint_leaves_the_dialog(shift: OpenDesk) -> None:
    """A route never stands under another name."""
    chosen(shift, DOWN, "hop 3")
    opened(shift)
    shift.desk.conductor.choose(LOSSY)
    assert shift.desk.conductor.route.dialog is None
