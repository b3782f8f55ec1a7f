"""The lists on the desk: their counts, the ways between them, what is selected, and the acts on it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest

from controlroom.alarms.alarm import Cause, Priority
from controlroom.alarms.transitions import Fault, raised
from controlroom.logbook.act import ActKind
from controlroom.operators.role import Role
from controlroom.store.interface import Batch
from tests.ui.desk.alarm_list.conftest import acts_of
from tests.ui.desk.alarm_list.hidden import (
    HELD_NUMBER,
    LEAD,
    LEAD_NUMBER,
    OUT_NUMBER,
    SHELVED,
    SHELVED_NUMBER,
    WITH_OTHERS_NUMBER,
)
from tests.ui.desk.conftest import OpenDesk
from tests.ui.desk.room import DOWN
from ui.desk.alarm_list.face import Row
from ui.desk.alarm_list.lists import ListKind
from ui.desk.alarm_list.panel import AlarmPanel
from ui.desk.duty import OnDuty

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def _select(panel: AlarmPanel, *numbers: int) -> None:
    """Select alarms as the mouse would: the first alone, the others beside it."""
    for place, number in enumerate(numbers):
        row = panel.model.row_of(number)
        assert row is not None
        way = QItemSelectionModel.SelectionFlag
        panel.view.selectionModel().setCurrentIndex(
            panel.model.index(row, 0), way.Select if place else way.ClearAndSelect
        )


def _kind(panel: AlarmPanel) -> ListKind:
    return panel.kind


def test_the_count_of_every_list_is_always_there(busy: OpenDesk) -> None:
    """Hidden alarms are told whatever list is shown, and are not among those that call."""
    window = busy.desk.window
    texts = [window.alarms.tabs.button(kind).text() for kind in ListKind]
    assert texts == ["Active 9", "Shelved 2", "Suppressed 33", "Out of service 2"]
    assert {face.row for face in window.alarms.model.faces} == {Row.ALARM}
    assert SHELVED not in {face.subject for face in window.alarms.model.faces}
    assert busy.desk.conductor.picture.unacknowledged() == {1: 2, 2: 0, 3: 3, 4: 1}


def test_only_what_is_not_hidden_is_heard(busy: OpenDesk) -> None:
    """Two thousand suppressed alarms are one sound: that of the alarm that leads them."""
    heard = busy.desk._situation().alarms
    assert heard is not None
    assert {alarm.number for alarm in heard} == {
        alarm.number for alarm in busy.desk.conductor.picture.lists.active
    }
    assert not any(alarm.hidden for alarm in heard)


def test_keys_lead_through_the_lists(busy: OpenDesk) -> None:
    """Right and left within the list; the key of the desk from anywhere, and round."""
    panel = busy.desk.window.alarms
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_Right)
    assert _kind(panel) is ListKind.SHELVED
    assert [face.subject for face in panel.model.faces] == ["recordings", SHELVED]
    QTest.keyClick(panel.view, Qt.Key.Key_Right)
    assert panel.model.faces[0].row is Row.HEADING
    QTest.keyClick(panel.view, Qt.Key.Key_Left)
    QTest.keyClick(panel.view, Qt.Key.Key_Left)
    QTest.keyClick(panel.view, Qt.Key.Key_Left)
    assert _kind(panel) is ListKind.ACTIVE
    for _ in ListKind:
        panel.tabs.cycle()
    assert _kind(panel) is ListKind.ACTIVE


def test_a_hidden_list_gives_way_by_itself(busy: OpenDesk) -> None:
    """After a while without a touch."""
    panel = busy.desk.window.alarms
    panel.tabs.choose(ListKind.SHELVED)
    assert panel._back.isActive()
    panel._back.timeout.emit()
    assert _kind(panel) is ListKind.ACTIVE
    assert not panel._back.isActive()


def test_all_members_are_listed_when_that_is_asked(busy: OpenDesk) -> None:
    """Enter on the row that stands for them; once more lists few again."""
    panel = busy.desk.window.alarms
    panel.tabs.choose(ListKind.SUPPRESSED)
    few = panel.model.rowCount()
    assert panel.model.faces[-1].row is Row.MORE
    panel.view.setCurrentIndex(panel.model.index(few - 1, 0))
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert panel.model.rowCount() == few + 10
    panel.view.setCurrentIndex(panel.model.index(few + 9, 0))
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert panel.model.rowCount() == few


def test_several_are_acknowledged_by_one_act(busy: OpenDesk) -> None:
    """Those selected that wait for it; F2 and Enter, and all of them stand as pending."""
    panel = busy.desk.window.alarms
    _select(panel, 4, WITH_OTHERS_NUMBER, 2)
    assert panel.acknowledge.text() == "Acknowledge 2  F2"
    panel.begin_acknowledging()
    QTest.keyClick(panel.strip.note, Qt.Key.Key_Return)
    (act,) = acts_of(busy)
    assert (act.kind, act.alarm_number, act.details) == (
        ActKind.ACKNOWLEDGE,
        None,
        {"alarms": f"4,{WITH_OTHERS_NUMBER}"},
    )
    pending = {face.number for face in panel.model.faces if face.badge == "pending…"}
    assert pending == {4, WITH_OTHERS_NUMBER}


def test_of_several_acknowledged_ones_not_one_alone_is_named(busy: OpenDesk) -> None:
    """How many they are; nothing while one of them still waits."""
    panel = busy.desk.window.alarms
    taken = [face for face in panel.model.faces if not (face.new or face.returned)]
    _select(panel, taken[0].number)
    assert panel.message.text() == f"{taken[0].name} is acknowledged."
    _select(panel, *(face.number for face in taken[:2]))
    assert panel.message.text() == "2 alarms are acknowledged."
    _select(panel, 4, taken[0].number)
    assert panel.message.text() == ""


def test_what_comes_is_never_acknowledged_with_what_was_selected(busy: OpenDesk) -> None:
    """Whether it comes before F2 or while the note is written; what was selected stays so."""
    panel, room = busy.desk.window.alarms, busy.room
    panel.view.setFocus()
    panel.view.selectAll()
    before = {face.number for face in panel.selected_rows()}
    fault = Fault("harbour", Cause.DOWN, "deadline", Priority.CRITICAL, room.now_utc_s)
    room.store.commit(Batch(alarms=(raised(900, fault, room.now_utc_s).alarm,)))
    busy.go_on()
    busy.qtbot.waitUntil(lambda: panel.model.row_of(900) is not None, timeout=5000)
    assert {face.number for face in panel.selected_rows()} == before
    panel.begin_acknowledging()
    late = replace(fault, subject="moorside")
    room.store.commit(Batch(alarms=(raised(901, late, room.now_utc_s).alarm,)))
    busy.go_on()
    busy.qtbot.waitUntil(lambda: panel.model.row_of(901) is not None, timeout=5000)
    QTest.keyClick(panel.strip.note, Qt.Key.Key_Return)
    (act,) = acts_of(busy)
    named = {int(each) for each in str(act.details["alarms"]).split(",")}
    assert named == {4, 3, 1, LEAD_NUMBER, WITH_OTHERS_NUMBER, HELD_NUMBER}


def test_an_acknowledgement_can_hold_for_a_time(busy: OpenDesk) -> None:
    """One that is offered, or one that is typed; what cannot be read is said."""
    panel = busy.desk.window.alarms
    _select(panel, 4)
    panel.begin_acknowledging()
    strip = panel.strip
    assert strip.term.currentText() == "until it is over"
    strip.term.setCurrentIndex(strip.term.count() - 1)
    strip.typed.setText("a while")
    strip.send.click()
    assert "90 min" in strip.mistake.text()
    strip.typed.setText("2 h")
    strip.send.click()
    (act,) = acts_of(busy)
    assert (act.alarm_number, act.details) == (4, {"for_s": 7200.0})


def test_shelving_needs_a_reason_and_can_be_undone(busy: OpenDesk) -> None:
    """An hour unless something else is chosen; once it is taken, undo takes it off the shelf."""
    panel = busy.desk.window.alarms
    _select(panel, 4)
    panel.second.click()
    QTest.keyClick(panel.strip.note, Qt.Key.Key_Return)
    assert panel.strip.mistake.text() == "It needs a reason."
    QTest.keyClicks(panel.strip.note, "Works agreed")
    panel.strip.one_shot.setChecked(True)
    QTest.keyClick(panel.strip.note, Qt.Key.Key_Return)
    (act,) = acts_of(busy)
    assert (act.kind, act.note, act.details) == (
        ActKind.SHELVE,
        "Works agreed",
        {"for_s": 3600.0, "one_shot": True},
    )
    busy.go_on()
    busy.qtbot.waitUntil(panel.undo.isVisible, timeout=5000)
    assert panel.message.text() == "Hillcrest radio gateway is shelved for 1 h."
    panel.undo.click()
    assert [act.kind for act in acts_of(busy)] == [ActKind.UNSHELVE]
    assert not panel.undo.isVisible()


def test_longer_than_the_site_allows_needs_who_may_configure(busy: OpenDesk) -> None:
    """Who may not is told; who may justifies it by the reason."""
    panel, duty = busy.desk.window.alarms, busy.desk.conductor.duty
    duty.take_over(OnDuty("e.lindqvist", "Ben Okoro", Role.ACT))
    _select(panel, 4)

    def shelve_for(typed: str) -> None:
        panel.second.click()
        panel.strip.note.setText("Mast is rebuilt")
        panel.strip.term.setCurrentIndex(panel.strip.term.count() - 1)
        panel.strip.typed.setText(typed)
        panel.strip.send.click()

    shelve_for("3 d")
    assert "At most 8 h" in panel.strip.mistake.text()
    assert "configure" in panel.strip.mistake.text()
    panel.leave_strip()
    duty.take_over(OnDuty("e.lindqvist", "Eva Lindqvist", Role.CONFIGURE))
    shelve_for("3 d")
    (act,) = acts_of(busy)
    assert act.details == {"for_s": 259200.0, "one_shot": False, "justified": True}


def test_what_is_shelved_is_taken_off_and_what_is_out_is_put_back(busy: OpenDesk) -> None:
    """By the same key in their lists; what is in maintenance is not ended here."""
    panel = busy.desk.window.alarms
    panel.tabs.choose(ListKind.SHELVED)
    _select(panel, SHELVED_NUMBER)
    panel.second_wanted.emit()
    assert [(act.kind, act.alarm_number) for act in acts_of(busy)] == [(ActKind.UNSHELVE, SHELVED_NUMBER)]
    panel.tabs.choose(ListKind.OUT_OF_SERVICE)
    _select(panel, panel.model.faces[0].number)
    panel.second_wanted.emit()
    assert "by its plan" in panel.message.text()
    _select(panel, OUT_NUMBER)
    panel.second_wanted.emit()
    panel.strip.note.setText("New transmitter works")
    panel.strip.send.click()
    act = acts_of(busy, 2)[1]
    assert (act.kind, act.alarm_number, act.note) == (ActKind.IN_SERVICE, OUT_NUMBER, "New transmitter works")


def test_the_role_is_told_in_every_list(busy: OpenDesk) -> None:
    """Who may only watch shelves nothing, and is told what would change that."""
    panel = busy.desk.window.alarms
    busy.desk.conductor.duty.take_over(OnDuty("e.lindqvist", "Cem", Role.WATCH))
    _select(panel, 4)
    panel.second_wanted.emit()
    assert "Sign in with F9" in panel.message.text()
    assert not panel.strip.isVisible()
    assert not panel.acknowledge.isEnabled()
    for kind in (ListKind.ACTIVE, ListKind.SHELVED, ListKind.OUT_OF_SERVICE):
        panel.tabs.choose(kind)
        busy.settle()
        assert not panel.second.isEnabled()
        assert "Sign in with F9" in panel.second.toolTip()
    panel.tabs.choose(ListKind.ACTIVE)
    busy.desk.conductor.duty.take_over(OnDuty("e.lindqvist", "Ben Okoro", Role.ACT))
    assert panel.second.isEnabled()
    assert panel.second.toolTip() == "Shift+F3"


def test_f2_in_a_hidden_list_leads_to_the_active_ones_and_acknowledges_nothing(busy: OpenDesk) -> None:
    """What was not seen is not acknowledged."""
    panel = busy.desk.window.alarms
    panel.tabs.choose(ListKind.SHELVED)
    panel.begin_acknowledging()
    assert _kind(panel) is ListKind.ACTIVE
    assert not panel.strip.isVisible()
    assert "active alarms" in panel.message.text()


def test_a_common_cause_shows_the_endpoint_that_failed_first(busy: OpenDesk) -> None:
    """The place itself is no endpoint."""
    _select(busy.desk.window.alarms, 101)
    assert busy.desk.conductor.shown_endpoint() == "kestrel"


def test_tiles_of_hidden_alarms_are_grey_and_those_that_call_are_not(busy: OpenDesk) -> None:
    """Thirty endpoints behind one router are one red tile."""
    tiles = {face.endpoint_id: face for face in busy.desk.window.board_model.faces}
    assert (tiles[LEAD].urgency, tiles[LEAD].hidden) == (1, False)
    assert (tiles[DOWN].urgency, tiles[DOWN].new) == (1, True)
    behind = [face for face in tiles.values() if face.shape == "unreachable"]
    assert len(behind) == 30
    assert {(face.urgency, face.hidden, face.new) for face in behind} == {(0, True, False)}
