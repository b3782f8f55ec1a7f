"""The detail of one alarm: what it says, what its buttons send, and what the role forbids."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from controlroom.alarms.alarm import AlarmState
from controlroom.alarms.handling import ticked
from controlroom.logbook.act import ActKind
from controlroom.operators.role import Role
from controlroom.store.interface import Batch
from tests.ui.desk.alarm_list.conftest import acts_of
from tests.ui.desk.alarm_list.hidden import (
    GROUP_NUMBER,
    HELD_NUMBER,
    HELD_SEEN_NUMBER,
    LEAD_NUMBER,
    MAINTAINED_NUMBER,
    SHELVED_NUMBER,
)
from tests.ui.desk.conftest import OpenDesk
from ui.desk.alarm_list.dialog import AlarmDialog
from ui.desk.alarm_list.offers import AlarmAct
from ui.desk.duty import OnDuty

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def _open(shift: OpenDesk, number: int) -> AlarmDialog:
    detail = shift.desk.conductor.alarms.detail
    detail.open(number)
    assert detail.dialog is not None
    return detail.dialog


def _told(dialog: AlarmDialog) -> dict[str, str]:
    return {title: words.text() for title, (_, words) in dialog._facts.items() if words.isVisibleTo(dialog)}


def _shown(dialog: AlarmDialog) -> set[AlarmAct]:
    return {act for act, button in dialog.buttons.items() if button.isVisibleTo(dialog)}


def test_enter_on_an_alarm_tells_all_about_it(busy: OpenDesk) -> None:
    """State, cause, time to respond with what is left of it, whom to call, the steps; plain text alone."""
    panel = busy.desk.window.alarms
    panel.choose_number(LEAD_NUMBER)
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    dialog = busy.desk.conductor.alarms.detail.dialog
    assert dialog is not None
    assert dialog.name.text() == "Core router B"
    assert dialog.state.text().startswith("Critical: new, raised 13:59:0")
    told = _told(dialog)
    assert told["Cause"] == "Down, no reply in time"
    assert "within 5 min: by 14:0" in told["Respond"]
    assert told["Respond"].endswith(" left")
    assert told["Call"] == "Radio duty engineer, extension 4410"
    assert [box.isChecked() for box in dialog.steps.boxes] == [False, False, False]
    assert dialog.members_title.text() == "30 endpoints behind it"
    assert {label.textFormat() for label in dialog.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


def test_the_time_to_respond_that_is_over_is_said(busy: OpenDesk) -> None:
    """Since when and by how much."""
    told = _told(_open(busy, 4))
    assert "overdue since 13:52:18, by 7:4" in told["Respond"]


def test_the_timeline_and_first_out_of_an_incident(busy: OpenDesk) -> None:
    """Who did what when, newest first."""
    dialog = _open(busy, GROUP_NUMBER)
    assert [face.text.split(":")[0] for face in dialog.story.faces] == [
        "Alarm 101 acknowledged by Eva Lindqvist (control1)",
        "Alarm 101 raised, priority 2",
    ]
    assert _told(dialog)["First"] == "Kestrel Tower gateway, 13:52:59"
    assert "calls again 14:55:00" in dialog.state.text()
    note = "Carrier told, they send a crew; " * 5
    assert "".join(dialog._delegate.lines_of(note)).replace(" ", "") == note.replace(" ", "")


def test_a_step_is_ticked_by_an_act_and_told_by_the_log(busy: OpenDesk) -> None:
    """Pending until the engine has taken it; then by whom and when."""
    dialog = _open(busy, 4)
    dialog.steps.boxes[1].click()
    (act,) = acts_of(busy)
    assert (act.kind, act.alarm_number, act.details) == (
        ActKind.TICK,
        4,
        {"step": 2, "done": True, "words": "Move northern crews to talk group N2."},
    )
    busy.settle()
    assert not dialog.steps.boxes[1].isEnabled()
    moved = ticked(busy.room.alarms[4], 2, "", "Ada Byron", busy.room.now_utc_s, done=True)
    assert moved is not None
    entry = busy.room.chain.append(moved.entry)
    busy.room.store.commit(Batch(alarms=(moved.alarm,), entries=(entry,)))
    busy.go_on()
    busy.qtbot.waitUntil(dialog.steps.boxes[1].isChecked, timeout=5000)
    busy.qtbot.waitUntil(dialog.steps.boxes[1].isEnabled, timeout=5000)
    assert "Ada Byron, 14:00:0" in dialog.steps._by[1].text()


def test_buttons_follow_the_state(busy: OpenDesk) -> None:
    """A shelved one is taken off, a held one reset, an inferred incident split."""
    expected = {
        SHELVED_NUMBER: {AlarmAct.UNSHELVE, AlarmAct.TAKE_OUT, AlarmAct.PLAN},
        HELD_SEEN_NUMBER: {
            AlarmAct.ACKNOWLEDGE,
            AlarmAct.SHELVE,
            AlarmAct.RESET,
            AlarmAct.TAKE_OUT,
            AlarmAct.PLAN,
        },
        GROUP_NUMBER: {AlarmAct.ACKNOWLEDGE, AlarmAct.SHELVE, AlarmAct.SPLIT},
        MAINTAINED_NUMBER: {AlarmAct.PLAN},
    }
    for number, acts in expected.items():
        dialog = _open(busy, number)
        assert _shown(dialog) == acts
        dialog.reject()


@pytest.mark.parametrize(
    ("number", "act", "kind"),
    [
        (HELD_SEEN_NUMBER, AlarmAct.RESET, ActKind.RESET),
        (SHELVED_NUMBER, AlarmAct.UNSHELVE, ActKind.UNSHELVE),
        (GROUP_NUMBER, AlarmAct.SPLIT, ActKind.SPLIT),
    ],
)
def test_a_button_sends_its_act(busy: OpenDesk, number: int, act: AlarmAct, kind: ActKind) -> None:
    """Once: while it is on its way the button is off."""
    dialog = _open(busy, number)
    dialog.buttons[act].click()
    busy.settle()
    assert not dialog.buttons[act].isEnabled()
    dialog.wanted.emit(act)
    assert [(one.kind, one.alarm_number) for one in acts_of(busy)] == [(kind, number)]


def test_what_needs_words_asks_for_them_in_the_dialog(busy: OpenDesk) -> None:
    """Escape leaves the question, then the dialog."""
    dialog = _open(busy, 4)
    dialog.buttons[AlarmAct.TAKE_OUT].click()
    assert dialog.strip.isVisibleTo(dialog)
    QTest.keyClick(dialog.strip.note, Qt.Key.Key_Escape)
    assert not dialog.strip.isVisibleTo(dialog)
    assert dialog.isVisible()
    dialog.buttons[AlarmAct.TAKE_OUT].click()
    QTest.keyClicks(dialog.strip.note, "Cable is replaced")
    QTest.keyClick(dialog.strip.note, Qt.Key.Key_Return)
    (act,) = acts_of(busy)
    assert (act.kind, act.alarm_number, act.note) == (ActKind.OUT_OF_SERVICE, 4, "Cable is replaced")
    dialog.reject()
    assert not dialog.isVisible()


def test_giving_it_away_can_be_undone(busy: OpenDesk) -> None:
    """To whoever is on duty; undo gives it back to nobody."""
    dialog, panel = _open(busy, 4), busy.desk.window.alarms
    assert [dialog.owner.itemText(place) for place in range(2)] == ["nobody", "e.lindqvist (me)"]
    dialog.owner.activated.emit(1)
    (act,) = acts_of(busy)
    assert (act.kind, act.details) == (ActKind.ASSIGN, {"owner": "e.lindqvist", "was": ""})
    dialog.reject()
    busy.go_on()
    busy.qtbot.waitUntil(panel.undo.isVisible, timeout=5000)
    assert panel.message.text() == "Hillcrest radio gateway is with e.lindqvist now."


def test_a_note_is_about_the_alarm(busy: OpenDesk) -> None:
    """Not only about its endpoint."""
    dialog = _open(busy, 4)
    QTest.keyClicks(dialog.note, "Engineer is under way")
    QTest.keyClick(dialog.note, Qt.Key.Key_Return)
    (act,) = acts_of(busy)
    assert (act.kind, act.alarm_number, act.note) == (ActKind.NOTE, 4, "Engineer is under way")
    assert dialog.isVisible()


def test_what_the_role_forbids_is_off_and_says_why(busy: OpenDesk) -> None:
    """Acting needs a role, taking out of service a greater one."""
    busy.desk.conductor.duty.take_over(OnDuty("e.lindqvist", "Ben Okoro", Role.ACT))
    dialog = _open(busy, 4)
    assert dialog.buttons[AlarmAct.SHELVE].isEnabled()
    assert not dialog.buttons[AlarmAct.TAKE_OUT].isEnabled()
    assert "configure" in dialog.buttons[AlarmAct.TAKE_OUT].toolTip()
    busy.desk.conductor.duty.take_over(OnDuty("e.lindqvist", "Cem", Role.WATCH))
    busy.settle()
    assert not any(dialog.buttons[act].isEnabled() for act in _shown(dialog))
    assert not any(box.isEnabled() for box in dialog.steps.boxes)
    assert not dialog.note.isEnabled()
    assert not dialog.owner.isEnabled()
    assert "Sign in with F9" in dialog.message.text()


def test_a_refusal_is_said_in_the_dialog_as_well(busy: OpenDesk) -> None:
    """In words."""
    busy.room.refuse = "not_held"
    dialog = _open(busy, HELD_SEEN_NUMBER)
    dialog.buttons[AlarmAct.RESET].click()
    acts_of(busy)
    busy.go_on()
    busy.qtbot.waitUntil(lambda: "refused" in dialog.message.text(), timeout=5000)
    assert "the alarm is not held" in dialog.message.text()


def test_an_alarm_that_ends_meanwhile_says_so(busy: OpenDesk) -> None:
    """Nothing more can be done about it; how urgent it was stays to be seen, and it takes a note still."""
    dialog = _open(busy, HELD_NUMBER)
    urgency = int(busy.room.alarms[HELD_NUMBER].priority)
    assert urgency < 4
    assert dialog.badge._urgency == urgency
    over = replace(busy.room.alarms[HELD_NUMBER], state=AlarmState.NORMAL)
    busy.room.store.commit(Batch(alarms=(over,)))
    busy.go_on()
    busy.qtbot.waitUntil(lambda: dialog.state.text() == "It has ended.", timeout=5000)
    assert _shown(dialog) == set()
    assert (dialog.badge._urgency, dialog.badge._filled) == (urgency, False)
    QTest.keyClicks(dialog.note, "It was the breaker")
    QTest.keyClick(dialog.note, Qt.Key.Key_Return)
    (act,) = acts_of(busy)
    assert (act.kind, act.alarm_number, act.subject) == (ActKind.NOTE, HELD_NUMBER, over.subject)
    assert act.note == "It was the breaker"
    busy.desk.conductor.duty.take_over(OnDuty("e.lindqvist", "Cem", Role.WATCH))
    busy.settle()
    assert not dialog.note.isEnabled()


def test_another_critical_alarm_is_told_above_it(busy: OpenDesk) -> None:
    """The dialog lies over the desk; the alarm that it is about is not told of twice."""
    dialog = _open(busy, 4)
    assert dialog.urgent.headline.text() == "1 critical alarm not acknowledged"


def test_planning_maintenance_leads_to_the_planner_with_the_endpoint_chosen(busy: OpenDesk) -> None:
    """The detail gives way to it."""
    dialog = _open(busy, 4)
    dialog.buttons[AlarmAct.PLAN].click()
    assert not dialog.isVisible()
    planner = busy.desk.maintenance.dialog
    assert planner is not None
    assert planner.plan_form.typed().endpoint_ids == ("hillcrest",)
    assert planner.plan_form.chosen.text() == "Hillcrest radio gateway"
    assert busy.desk.conductor.shown_endpoint() == "hillcrest"


def test_f2_acknowledges_within_the_dialog(busy: OpenDesk) -> None:
    """As quickly as on the desk: F2, Enter."""
    dialog = _open(busy, 4)
    dialog.buttons[AlarmAct.ACKNOWLEDGE].click()
    QTest.keyClick(dialog.strip.note, Qt.Key.Key_Return)
    assert [(act.kind, act.alarm_number) for act in acts_of(busy)] == [(ActKind.ACKNOWLEDGE, 4)]
