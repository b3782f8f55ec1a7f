"""The planner on an open desk: what it shows, what it asks of the engine, and who may."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest

from controlroom.condition.maintenance.window import MaintenanceWindow, OneOff
from controlroom.condition.state import Condition
from controlroom.logbook.entry import LogKind
from controlroom.operators.role import Role
from controlroom.site.criticality import Criticality
from controlroom.site.view import SeenNeed, SeenPath, SeenService
from controlroom.store.interface import Batch
from tests.ui.desk.conftest import OpenDesk
from ui.desk.duty import OnDuty
from ui.desk.maintenance.dialog import MaintenanceDialog
from ui.desk.maintenance.typed import Often


@pytest.fixture
def planner(shift: OpenDesk) -> Iterator[MaintenanceDialog]:
    """The planner, open over the desk."""
    shift.desk.window.maintenance_wanted.emit()
    dialog = shift.desk.maintenance.dialog
    assert dialog is not None
    yield dialog
    if shift.desk.maintenance.dialog is not None:
        dialog.done(0)


def commit(shift: OpenDesk, since_s: float, until_s: float) -> None:
    """Let the engine have a window, and tell it."""
    now_utc_s = shift.room.now_utc_s
    target = shift.room.site.endpoints[0].id
    plan = OneOff(now_utc_s + since_s, now_utc_s + until_s)
    window = MaintenanceWindow(
        3, "New radio", "Ticket 7", "anna", now_utc_s, (target,), (), "Europe/London", plan
    )
    entry = shift.room.entry(now_utc_s, LogKind.MAINTENANCE_PLANNED, window=3)
    shift.room.store.commit(Batch(maintenance=[window], entries=[entry]))
    shift.go_on()
    shift.settle()
    shift.desk.maintenance.show()


def fill(planner: MaintenanceDialog) -> None:
    """Type a plan for the endpoint that stands first."""
    form = planner.plan_form
    form.targets.item(0).setSelected(True)
    form.title.setText("New radio")
    form.reason.setText("Ticket 7")
    form.begins.setText("now")


def said(shift: OpenDesk, planner: MaintenanceDialog, words: str) -> None:
    """Wait for what the planner says of the engine's answer."""
    for _ in range(20):
        shift.go_on()
        shift.settle()
        if planner.message.text() == words:
            return
    raise AssertionError(planner.message.text())


def test_a_plan_is_sent_and_its_answer_told(shift: OpenDesk, planner: MaintenanceDialog) -> None:
    """What was typed stays until the engine took it."""
    fill(planner)
    assert "2 h" in planner.preview.text()
    planner.do.click()
    assert planner.plan_form.title.text() == "New radio"
    said(shift, planner, "Planned.")
    assert planner.plan_form.title.text() == ""


def test_enter_in_a_field_plans_once(shift: OpenDesk, planner: MaintenanceDialog) -> None:
    """Or says what is missing; in the search it chooses the only one that is found."""
    form = planner.plan_form
    QTest.keyClick(form.title, Qt.Key.Key_Return)
    assert planner.message.text().startswith("Still needed: a title")
    fill(planner)
    form.targets.clearSelection()
    name = form.targets.item(2).text()
    form.search.setText(name)
    QTest.keyClick(form.search, Qt.Key.Key_Return)
    assert form.chosen.text() == name
    assert shift.room.store.waiting_acts() == []
    QTest.keyClick(form.title, Qt.Key.Key_Return)
    QTest.keyClick(form.reason, Qt.Key.Key_Return)
    shift.qtbot.waitUntil(lambda: bool(shift.room.store.waiting_acts()), timeout=5000)
    shift.settle()
    assert len(shift.room.store.waiting_acts()) == 1
    said(shift, planner, "Planned.")


def test_nothing_lies_over_another_on_the_smallest_screen(
    shift: OpenDesk, planner: MaintenanceDialog
) -> None:
    """Where much is chosen, and for a rule, which needs a line more."""
    form = planner.plan_form
    form.targets.selectAll()
    form.often.setCurrentIndex(form.often.findData(Often.RULE))
    planner.say("What is typed here is not planned yet. Esc again drops it.")
    planner.resize(planner.minimumSize())
    shift.qtbot.wait(50)
    fields = (form.search, form.targets, form.chosen, form.often, form.begins, form.length, form.rule)
    boxes = [field.geometry() for field in fields]
    assert [(a.bottom() < b.top()) for a, b in itertools.pairwise(boxes)] == [True] * 6
    assert form.rule.geometry().bottom() <= form.height()
    assert planner.size() == planner.minimumSize()


def test_escape_drops_what_is_typed_only_the_second_time(shift: OpenDesk, planner: MaintenanceDialog) -> None:
    """The first says so, also while it is held down; typing on takes it back; what is planned is no loss."""
    fill(planner)
    QTest.keyClick(planner, Qt.Key.Key_Escape)
    held = QKeyEvent(
        *(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier), "", autorep=True
    )
    QCoreApplication.sendEvent(planner, held)
    assert planner.isVisible()
    assert planner.message.text() == "What is typed here is not planned yet. Esc again drops it."
    planner.plan_form.title.setText("New radio, north")
    assert planner.message.text() == ""
    QTest.keyClick(planner, Qt.Key.Key_Escape)
    assert planner.isVisible()
    planner.do.click()
    said(shift, planner, "Planned.")
    QTest.keyClick(planner, Qt.Key.Key_Escape)
    assert not planner.isVisible()


def test_escape_twice_drops_and_an_empty_planner_goes_at_once(shift: OpenDesk) -> None:
    """Nobody is asked about nothing; the count of past down time is asked about as well."""
    for typed, words in ((False, ""), (True, "What is typed here is not counted yet. Esc again drops it.")):
        shift.desk.window.maintenance_wanted.emit()
        dialog = shift.desk.maintenance.dialog
        assert dialog is not None
        if typed:
            dialog.count_form.reason.setText("Power work")
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            assert dialog.isVisible()
        assert dialog.message.text() == words
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()


def test_nothing_is_chosen_that_nobody_chose(shift: OpenDesk, planner: MaintenanceDialog) -> None:
    """Not the endpoint that was looked at; what is chosen is named, also while another is searched for."""
    form = planner.plan_form
    first, other = form.targets.item(0).text(), form.targets.item(form.targets.count() - 1).text()
    assert first == shift.desk.conductor.picture.name_of(shift.desk.conductor.selected)
    assert form.typed().endpoint_ids == ()
    assert form.chosen.text() == "nothing yet"
    form.search.setText(other)
    form.targets.item(form.targets.count() - 1).setSelected(True)
    assert form.chosen.text() == other
    form.search.setText("")
    form.targets.item(0).setSelected(True)
    form.search.setText("there is no such name")
    assert form.chosen.text() == f"2: {first}, {other}"


def test_a_refusal_is_told_in_words_and_nothing_is_lost(shift: OpenDesk, planner: MaintenanceDialog) -> None:
    """The engine may know better."""
    shift.room.refuse = "plan_over_already"
    fill(planner)
    planner.do.click()
    said(
        *(shift, planner),
        "Refused, because it is over already; what is past can be counted as maintenance afterwards.",
    )
    assert planner.plan_form.title.text() == "New radio"


def test_what_cannot_be_planned_is_not_sent(shift: OpenDesk, planner: MaintenanceDialog) -> None:
    """The planner says what is missing."""
    planner.do.click()
    assert planner.message.text().startswith("Still needed: a title")
    assert shift.room.store.waiting_acts() == []


def test_the_windows_are_shown_with_the_time_left(shift: OpenDesk, planner: MaintenanceDialog) -> None:
    """One in force can be ended, one to come only be cancelled."""
    commit(shift, -60.0, 3600.0)
    name = shift.room.site.endpoints[0].name
    first, about, stands = planner.list.item(0).text().splitlines()
    assert (first, about) == ("3  New radio", name)
    assert stands.startswith("in force, 59 min")
    planner.list.setCurrentRow(0)
    assert planner.end.isEnabled()
    planner.end.click()
    said(shift, planner, "Ended.")
    commit(shift, 3600.0, 7200.0)
    assert "begins in 59 min" in planner.list.item(0).text()
    assert not planner.end.isEnabled()
    assert planner.end.toolTip() == "It is not in force."
    planner.cancel.click()
    said(shift, planner, "Cancelled.")


def test_past_down_time_is_counted_with_a_reason(shift: OpenDesk, planner: MaintenanceDialog) -> None:
    """It must lie in the past."""
    planner.turn_to(1)
    form = planner.count_form
    form.begins.setText("1999-01-01 00:00")
    planner.do.click()
    assert planner.message.text() == "It needs a reason."
    form.reason.setText("Power work")
    form.ends.setText("2099-01-01 00:00")
    planner.do.click()
    assert planner.message.text() == "It must begin before it ends, and lie in the past."
    form.ends.setText("now")
    planner.do.click()
    said(shift, planner, "Counted as maintenance.")


def test_who_may_only_watch_sees_all_and_does_nothing(shift: OpenDesk, planner: MaintenanceDialog) -> None:
    """With the reason on each button; counting needs more than planning."""
    shift.desk.conductor.duty.take_over(OnDuty("control1", "Ann", Role.WATCH))
    commit(shift, -60.0, 3600.0)
    planner.list.setCurrentRow(0)
    shift.desk.maintenance.show()
    for button in (planner.do, planner.end, planner.cancel):
        assert not button.isEnabled()
        assert "Sign in with F9" in button.toolTip()
    assert planner.why_not.text() == planner.do.toolTip()
    assert planner.why_not.isVisibleTo(planner)
    shift.desk.conductor.duty.take_over(OnDuty("control1", "Ann", Role.ACT))
    shift.desk.maintenance.show()
    assert planner.do.isEnabled()
    assert not planner.why_not.isVisibleTo(planner)
    planner.turn_to(1)
    assert not planner.do.isEnabled()


def test_what_a_window_would_leave_of_services_is_said_and_forbids_nothing(
    shift: OpenDesk, planner: MaintenanceDialog
) -> None:
    """For the service that hangs on what is chosen alone; nothing is said of past down time."""
    assert planner.warning.isHidden()
    pictures = shift.desk.conductor.picture.endpoints.values()
    target = next(each.seen for each in pictures if each.state and each.state.condition is Condition.UP)
    site = shift.desk.conductor.picture.site
    assert site is not None
    service = SeenService(
        id="calls",
        name="Calls",
        criticality=Criticality.HIGH,
        paths=(SeenPath(id="way", name="Way", endpoints=(target.id,)),),
        needs=SeenNeed(at_least=1, of=("way",)),
    )
    shift.desk.conductor.picture.site = site.model_copy(update={"services": (service,)})
    fill(planner)
    planner.plan_form.targets.clearSelection()
    planner.plan_form.targets.findItems(target.name, Qt.MatchFlag.MatchExactly)[0].setSelected(True)
    assert planner.warning.text() == (
        "▲ With this Calls would be lost: nothing else is left that carries it."
    )
    assert not planner.warning.isHidden()
    assert planner.do.isEnabled()
    planner.turn_to(1)
    assert planner.warning.isHidden()
