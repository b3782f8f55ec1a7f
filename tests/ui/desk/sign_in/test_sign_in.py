"""Signing in and out at a real desk: real list on disk, real hashes, real acts, keys pressed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from controlroom.engine.roster_file import FILE, RosterFile
from controlroom.logbook.act import DESK_CLOSED, Act, ActKind
from controlroom.operators.change import change_of
from controlroom.operators.pin import hash_pin
from controlroom.operators.role import Role
from controlroom.operators.roster import Operator, Roster
from controlroom.store.interface import LeftOver
from tests.ui.desk.conftest import OpenDesk, open_desk
from tests.ui.desk.question import answer_with
from tests.ui.desk.room import DOWN, make_room
from ui.desk.close_dialog import CloseDialog
from ui.desk.sign_in.leader import SignIn
from ui.desk.sign_in.operators_dialog import OperatorsDialog
from ui.desk.sign_in.sign_in_dialog import SignInDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "raise\\(\\)")
PIN = "80 blue herons"
HASHED = hash_pin(PIN)
ROSTER = Roster(
    (
        Operator("Ann Lee", Role.CONFIGURE, HASHED),
        Operator("Ben Okoro", Role.ACT),
        Operator("Cem Aydın", Role.WATCH),
    )
)


@dataclass
class Shift:
    """A desk with a list of operators."""

    open: OpenDesk

    @property
    def sign_in(self) -> SignIn:
        """What leads signing in."""
        assert self.open.desk.conductor.sign_in is not None
        return self.open.desk.conductor.sign_in

    @property
    def dialog(self) -> SignInDialog:
        """The open question who is on duty."""
        assert self.sign_in.dialog is not None
        return self.sign_in.dialog

    @property
    def operators(self) -> OperatorsDialog:
        """The open list."""
        assert self.sign_in.operators is not None
        return self.sign_in.operators

    def wait(self, what: Callable[[], bool]) -> None:
        """Let the desk live until something is so."""
        self.open.qtbot.waitUntil(what, timeout=10_000)

    def ask(self) -> None:
        """Press F9 and wait for the question."""
        window = self.open.desk.window
        window.activateWindow()
        self.wait(window.isActiveWindow)
        QTest.keyClick(window, Qt.Key.Key_F9)
        self.wait(lambda: self.sign_in.dialog is not None)

    def come(self, name: str, pin: str = "") -> None:
        """Choose a name, type the PIN and press Enter."""
        self.ask()
        self.dialog.name.setCurrentIndex(self.dialog.name.findData(name))
        QTest.keyClicks(self.dialog.pin, pin)
        QTest.keyClick(self.dialog, Qt.Key.Key_Return)

    def comes(self, name: str, pin: str = "") -> None:
        """Sign in and wait until it is so."""
        self.come(name, pin)
        self.wait(lambda: self.open.desk.conductor.duty.now.name == name)

    def header(self) -> str:
        """What the header says of who is on duty, with the role."""
        title, who = self.open.desk.window.header.operator.accessibleName().split(": ")
        return f"{who}, {title.removeprefix('Operator, ')}"

    def acts(self) -> list[Act]:
        """Return the acts that wait for the engine."""
        return [waiting.act for waiting in self.open.room.store.waiting_acts()]

    def may_acknowledge(self) -> bool:
        """Whether the button is live for the alarm that is down and new."""
        alarms = self.open.desk.window.alarms
        current = alarms.current()
        assert current is not None
        assert current.subject == DOWN
        return alarms.acknowledge.isEnabled()


def _shift(qtbot: QtBot, folder: Path) -> Iterator[Shift]:
    room = make_room(folder, seconds=20)
    opened, desk = open_desk(qtbot, folder, room, roster=RosterFile(folder))
    try:
        qtbot.waitUntil(opened.has_seen, timeout=5000)
        opened.go_on(1)
        opened.settle()
        shift = Shift(opened)
        shift.wait(lambda: shift.sign_in.roster is not None or bool(desk.window.alarms.message.text()))
        yield shift
    finally:
        desk.close()
        room.store.close()


@pytest.fixture
def shift(qtbot: QtBot, tmp_path: Path) -> Iterator[Shift]:
    """A desk whose list has three operators, one with a PIN."""
    RosterFile(tmp_path).save(ROSTER)
    yield from _shift(qtbot, tmp_path)


@pytest.fixture
def first_hour(qtbot: QtBot, tmp_path: Path) -> Iterator[Shift]:
    """A desk without any operator."""
    yield from _shift(qtbot, tmp_path)


def test_without_operators_everything_is_allowed(first_hour: Shift) -> None:
    """The account acts, and the dialog says what a list would change."""
    assert "e.lindqvist, may configure" in first_hour.header()
    assert first_hour.may_acknowledge()
    first_hour.ask()
    assert not first_hour.dialog.sign_in.isEnabled()
    assert first_hour.dialog.sign_in.toolTip() == "No operators are listed yet."
    assert first_hour.dialog.manage.isEnabled()


def test_a_desk_at_which_nobody_signed_in_names_no_operator(shift: Shift) -> None:
    """The account that runs the desk is not shown like somebody on duty; it stands in the whole words."""
    fact = shift.open.desk.window.header.operator
    assert [label.text() for label in fact.findChildren(QLabel)][1] == "Nobody signed in"
    assert "account e.lindqvist" in fact.toolTip()
    shift.comes("Ben Okoro")
    assert [label.text() for label in fact.findChildren(QLabel)][1] == "Ben Okoro"


def test_the_reason_beside_the_button_is_shown_whole_on_a_small_screen(shift: Shift) -> None:
    """Over as many lines as it needs."""
    window = shift.open.desk.window
    window.resize(1280, 720)
    shift.open.qtbot.wait(100)
    message = window.alarms.message
    shift.wait(lambda: "Sign in with F9" in message.text())
    assert message.height() > 1.5 * message.fontMetrics().lineSpacing()
    flags = Qt.TextFlag.TextWordWrap
    needed = message.fontMetrics().boundingRect(0, 0, message.width(), 9999, flags, message.text())
    assert message.height() >= needed.height()
    row = message.parentWidget()
    assert row is not None
    shift.wait(lambda: message.geometry().bottom() <= row.height())


def test_a_desk_begins_signed_out_and_says_why_it_does_nothing(shift: Shift) -> None:
    """Button and key are disabled with the reason, where the eye is."""
    window = shift.open.desk.window
    assert "e.lindqvist, may watch" in shift.header()
    assert not shift.may_acknowledge()
    assert "Nobody signed in may watch only" in window.alarms.acknowledge.toolTip()
    assert "Sign in with F9" in window.alarms.acknowledge.accessibleDescription()
    assert not window.log.note.isEnabled()
    assert "Sign in with F9" in window.log.note.placeholderText()
    QTest.keyClick(window, Qt.Key.Key_F2)
    assert "needs the role “act”" in window.alarms.message.text()
    shift.open.desk.conductor.closer.ask()
    (close,) = window.findChildren(CloseDialog)
    assert not close.stop.isEnabled()
    assert "configure" in close.stop.toolTip()
    assert close.keep.isEnabled()


def test_signing_in_without_a_pin_lets_act_and_carries_the_name(shift: Shift) -> None:
    """The sign-in is an act, and what follows carries operator, account and role."""
    shift.comes("Ben Okoro")
    assert "Ben Okoro (e.lindqvist), may act" in shift.header()
    assert shift.may_acknowledge()
    shift.open.desk.conductor.alarms.acts.acknowledge([4], "on it")
    shift.wait(lambda: len(shift.acts()) == 2)
    assert [(one.kind, one.operator, one.role) for one in shift.acts()] == [
        (ActKind.SIGN_IN, "Ben Okoro (e.lindqvist)", "act"),
        (ActKind.ACKNOWLEDGE, "Ben Okoro (e.lindqvist)", "act"),
    ]


def test_a_pin_is_asked_for_and_a_wrong_one_lets_nobody_in(shift: Shift) -> None:
    """It says that it was wrong, empties the field, and the right one works."""
    shift.come("Ann Lee", "80 blue heron")
    shift.wait(lambda: "PIN is wrong" in shift.dialog.message.text())
    assert shift.dialog.pin.text() == ""
    assert shift.open.desk.conductor.duty.now.name == ""
    QTest.keyClicks(shift.dialog.pin, PIN)
    QTest.keyClick(shift.dialog, Qt.Key.Key_Return)
    shift.wait(lambda: shift.open.desk.conductor.duty.now.name == "Ann Lee")
    assert "may configure" in shift.header()


def test_guessing_is_slowed_down_and_time_opens_again(shift: Shift) -> None:
    """After five wrong ones not even the right one is tried for 30 s."""
    shift.ask()
    shift.dialog.name.setCurrentIndex(shift.dialog.name.findData("Ann Lee"))
    for _ in range(5):
        shift.dialog.message.say("")
        QTest.keyClicks(shift.dialog.pin, "0000")
        QTest.keyClick(shift.dialog, Qt.Key.Key_Return)
        shift.wait(lambda: "PIN is wrong" in shift.dialog.message.text())
    assert "next try is in 30 s" in shift.dialog.message.text()
    QTest.keyClicks(shift.dialog.pin, PIN)
    QTest.keyClick(shift.dialog, Qt.Key.Key_Return)
    assert "Too many wrong PINs" in shift.dialog.message.text()
    shift.open.clock.ahead_s += 31
    QTest.keyClicks(shift.dialog.pin, PIN)
    QTest.keyClick(shift.dialog, Qt.Key.Key_Return)
    shift.wait(lambda: shift.open.desk.conductor.duty.now.name == "Ann Lee")


def test_handing_over_signs_one_out_and_the_other_in(shift: Shift) -> None:
    """In that order, each under their own name."""
    shift.comes("Ben Okoro")
    shift.ask()
    assert shift.dialog.sign_in.text() == "Hand over"
    assert not shift.dialog.sign_in.isEnabled()
    assert shift.dialog.sign_in.toolTip() == "Choose who comes on duty first."
    shift.dialog.reject()
    shift.comes("Cem Aydın")
    shift.wait(lambda: len(shift.acts()) == 3)
    assert [(one.kind, one.operator.split(" (")[0]) for one in shift.acts()] == [
        (ActKind.SIGN_IN, "Ben Okoro"),
        (ActKind.SIGN_OUT, "Ben Okoro"),
        (ActKind.SIGN_IN, "Cem Aydın"),
    ]
    assert not shift.may_acknowledge()
    assert "Cem Aydın may watch only" in shift.open.desk.window.alarms.acknowledge.toolTip()


def test_closing_the_desk_ends_the_duty_in_the_log(shift: Shift) -> None:
    """Whoever reads it later must not find two people on duty, or one who went home."""
    shift.comes("Ben Okoro")
    shift.open.desk.conductor.end()
    assert [(one.kind, one.note) for one in shift.acts()] == [
        (ActKind.SIGN_IN, ""),
        (ActKind.SIGN_OUT, DESK_CLOSED),
    ]


def test_signing_out_leaves_the_desk_watching(shift: Shift) -> None:
    """And an acknowledgement that was begun is given up with it."""
    shift.comes("Ben Okoro")
    shift.open.desk.window.alarms.begin_acknowledging()
    shift.ask()
    shift.dialog.sign_out.click()
    assert "e.lindqvist, may watch" in shift.header()
    assert not shift.may_acknowledge()
    shift.wait(lambda: [one.kind for one in shift.acts()] == [ActKind.SIGN_IN, ActKind.SIGN_OUT])


def _type(dialog: OperatorsDialog, name: str, pin: str = "", again: str | None = None) -> None:
    """Type over name and PINs as a person does."""
    for line, words in (
        (dialog.name, name),
        (dialog.pin, pin),
        (dialog.pin_again, pin if again is None else again),
    ):
        line.selectAll()
        QTest.keyClick(line, Qt.Key.Key_Delete)
        QTest.keyClicks(line, words)


def test_the_first_operator_goes_on_and_adds_the_second(first_hour: Shift) -> None:
    """Hashed on disk, signed in at once, all of it logged; the second follows without leaving the dialog."""
    first_hour.ask()
    first_hour.dialog.manage.click()
    dialog = first_hour.operators
    assert "first operator must be one who may configure" in dialog.message.text()
    for button in (dialog.change, dialog.clear_pin, dialog.remove):
        assert not button.isEnabled()
        assert button.toolTip() == "The list has no operators yet."
    _type(dialog, "Ann Lee", PIN)
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    first_hour.wait(lambda: dialog.list.count() == 1)
    kept = (first_hour.open.folder / FILE).read_text()
    (entry,) = json.loads(kept)["operators"]
    assert entry["pin_hash"].startswith("$argon2id$")
    assert PIN not in kept
    assert "Ann Lee (e.lindqvist), may configure" in first_hour.header()
    assert "signed in as Ann Lee" in dialog.message.text()
    _type(dialog, "Ben Okoro")
    dialog.role.setCurrentIndex(dialog.role.findData(Role.ACT))
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    first_hour.wait(lambda: dialog.list.count() == 2)
    assert (dialog.name.text(), dialog.list.currentRow()) == ("Ben Okoro", 1)
    first_hour.wait(lambda: len(first_hour.acts()) == 4)
    acts = first_hour.acts()
    changes = [change_of(act.note) for act in acts if act.kind is ActKind.CHANGE_OPERATORS]
    assert [(change.what, change.name) for change in changes if change is not None] == [
        ("added", "Ann Lee"),
        ("pin_set", "Ann Lee"),
        ("added", "Ben Okoro"),
    ]
    assert [(act.operator, act.role) for act in acts] == [
        ("e.lindqvist", "configure"),
        ("e.lindqvist", "configure"),
        ("Ann Lee (e.lindqvist)", "configure"),
        ("Ann Lee (e.lindqvist)", "configure"),
    ]
    assert acts[2].kind is ActKind.SIGN_IN
    assert not any(PIN in act.note or "argon" in act.note for act in acts)


def test_a_slip_in_a_new_pin_is_caught(first_hour: Shift) -> None:
    """Two PINs that differ are kept by nobody, and both are typed again."""
    first_hour.ask()
    first_hour.dialog.manage.click()
    dialog = first_hour.operators
    _type(dialog, "Ann Lee", PIN, again=PIN[:-1])
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    assert "The two PINs differ" in dialog.message.text()
    assert (dialog.pin.text(), dialog.pin_again.text()) == ("", "")
    assert not (first_hour.open.folder / FILE).exists()


def test_enter_in_the_list_of_operators_closes_nothing(shift: Shift) -> None:
    """What was typed stays."""
    shift.comes("Ann Lee", PIN)
    shift.ask()
    shift.dialog.manage.click()
    dialog = shift.operators
    for field in (dialog.name, dialog.pin, dialog.list):
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert dialog.isVisible()


def test_a_change_that_is_no_longer_allowed_is_told(shift: Shift) -> None:
    """Whoever signs out meanwhile finds everything disabled with the reason, and nothing hangs."""
    shift.comes("Ann Lee", PIN)
    shift.ask()
    shift.dialog.manage.click()
    dialog = shift.operators
    dialog.list.setCurrentRow(1)
    shift.sign_in._leave()
    assert "Nobody signed in may watch only" in dialog.message.text()
    for button in (dialog.add, dialog.change, dialog.remove):
        assert not button.isEnabled()
        assert "F9" in button.toolTip()
    dialog.change_wanted.emit(ROSTER.without("Ben Okoro"), "", "")
    assert "Nobody signed in may watch only" in dialog.message.text()
    assert len(RosterFile(shift.open.folder).load().operators) == 3


def test_what_another_desk_did_to_the_list_is_not_overwritten(shift: Shift) -> None:
    """The change is refused, and the list is shown as it is now."""
    shift.comes("Ann Lee", PIN)
    shift.ask()
    shift.dialog.manage.click()
    dialog = shift.operators
    RosterFile(shift.open.folder).save(ROSTER.put(Operator("Dina", Role.ACT)))
    _type(dialog, "Eva")
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    shift.wait(lambda: dialog.list.count() == 4)
    assert "changed at another desk meanwhile" in dialog.message.text()
    assert dialog.name.text() == "Eva"
    assert [one.name for one in RosterFile(shift.open.folder).load().operators][3] == "Dina"


def test_a_question_that_was_left_signs_nobody_in(shift: Shift) -> None:
    """Esc while the PIN is being checked counts, although the PIN is right."""
    shift.come("Ann Lee", PIN)
    assert shift.dialog.message.text() == "Checking…"
    QTest.keyClick(shift.dialog, Qt.Key.Key_Escape)
    assert shift.sign_in.dialog is None
    shift.open.qtbot.wait(1500)
    assert shift.open.desk.conductor.duty.now.name == ""
    assert shift.acts() == []


def test_the_list_is_kept_in_order_and_refusals_say_why(shift: Shift) -> None:
    """Change, remove, no PIN; the last who may configure stays."""
    shift.comes("Ann Lee", PIN)
    shift.ask()
    shift.dialog.manage.click()
    dialog = shift.operators
    assert [dialog.list.item(row).text() for row in range(3)] == [
        "Ann Lee   configure, PIN",
        "Ben Okoro   act, no PIN",
        "Cem Aydın   watch, no PIN",
    ]
    dialog.list.setCurrentRow(0)
    QTest.mouseClick(dialog.remove, Qt.MouseButton.LeftButton)
    assert "At least one operator must have the role" in dialog.message.text()
    dialog.list.setCurrentRow(1)
    dialog.role.setCurrentIndex(dialog.role.findData(Role.CONFIGURE))
    QTest.keyClicks(dialog.pin, "12")
    QTest.keyClicks(dialog.pin_again, "12")
    QTest.mouseClick(dialog.change, Qt.MouseButton.LeftButton)
    shift.wait(lambda: "4 to 64" in dialog.message.text())
    QTest.mouseClick(dialog.change, Qt.MouseButton.LeftButton)
    shift.wait(lambda: "Ben Okoro   configure" in dialog.list.item(1).text())
    dialog.list.setCurrentRow(0)
    QTest.mouseClick(dialog.clear_pin, Qt.MouseButton.LeftButton)
    shift.wait(lambda: dialog.list.item(0).text() == "Ann Lee   configure, no PIN")
    dialog.list.setCurrentRow(2)
    for answer, left in (("Cancel", 3), ("Remove", 2)):
        answer_with(answer)
        QTest.mouseClick(dialog.remove, Qt.MouseButton.LeftButton)
        shift.wait(lambda left=left: dialog.list.count() == left)  # type: ignore[misc]  # bound per round
    assert [one.name for one in RosterFile(shift.open.folder).load().operators] == ["Ann Lee", "Ben Okoro"]


def test_whoever_may_not_configure_sees_why_the_list_is_closed(shift: Shift) -> None:
    """The button is there, disabled, with the reason."""
    shift.comes("Ben Okoro")
    shift.ask()
    assert not shift.dialog.manage.isEnabled()
    assert "Ben Okoro may act only" in shift.dialog.manage.toolTip()


def test_whoever_is_taken_off_the_list_is_signed_out(shift: Shift) -> None:
    """At the next look at the list, and the role follows the list as well."""
    shift.comes("Ben Okoro")
    RosterFile(shift.open.folder).save(ROSTER.put(Operator("Ben Okoro", Role.WATCH), "Ben Okoro"))
    shift.ask()
    assert "Ben Okoro (e.lindqvist), may watch" in shift.header()
    shift.dialog.reject()
    RosterFile(shift.open.folder).save(ROSTER.without("Ben Okoro"))
    shift.ask()
    assert "e.lindqvist, may watch" in shift.header()


def test_a_list_that_cannot_be_read_lets_nobody_act(qtbot: QtBot, tmp_path: Path) -> None:
    """The desk goes on showing, says what is wrong, and allows no more than to watch."""
    (tmp_path / FILE).write_text("{")
    (tmp_path / FILE).chmod(0o600)
    for shift in _shift(qtbot, tmp_path):
        window = shift.open.desk.window
        assert "It is damaged" in window.alarms.message.text()
        assert "may watch" in shift.header()
        assert not shift.may_acknowledge()
        for words in (window.alarms.acknowledge.toolTip(), window.log.note.toolTip()):
            assert str(tmp_path / FILE) in words
            assert "Put a good copy in its place" in words
            assert "F9" not in words
        RosterFile(tmp_path).save(ROSTER)
        shift.ask()
        assert "Sign in with F9" in window.alarms.acknowledge.toolTip()


def test_the_dialogs_are_worked_by_keyboard(shift: Shift) -> None:
    """Every field and button can be reached with Tab and has a name."""
    shift.ask()
    dialog = shift.dialog
    for widget in (dialog.name, dialog.pin):
        assert widget.accessibleName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    for button in dialog.findChildren(QPushButton):
        assert button.text()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert shift.sign_in.dialog is None


def _stop(shift: Shift) -> None:
    window = shift.open.desk.window
    window.close()
    (close,) = window.findChildren(CloseDialog)
    close.stop.click()


def test_stopping_ends_the_duty_before_the_engine_that_writes_the_log(shift: Shift) -> None:
    """Else the next engine would write it, with its own time; and it is told once."""
    shift.comes("Ann Lee", PIN)
    _stop(shift)
    shift.wait(lambda: not shift.open.desk.window.isVisible())
    shift.open.desk.conductor.end()
    assert [(one.kind, one.note, one.operator.split(" (")[0]) for one in shift.acts()] == [
        (ActKind.SIGN_IN, "", "Ann Lee"),
        (ActKind.SIGN_OUT, DESK_CLOSED, "Ann Lee"),
        (ActKind.STOP, "", "Ann Lee"),
    ]


def test_a_desk_that_stays_open_after_all_has_its_operator_back(shift: Shift) -> None:
    """The stopping lost something and said so; whoever reads that is on duty."""
    shift.open.engine.left_over = LeftOver(12, 1)
    shift.comes("Ann Lee", PIN)
    _stop(shift)
    shift.wait(lambda: "12 seconds" in shift.open.desk.window.alarms.message.text())
    assert "Ann Lee (e.lindqvist), may configure" in shift.header()
    shift.wait(lambda: len(shift.acts()) == 4)
    assert [one.kind for one in shift.acts()][1:] == [ActKind.SIGN_OUT, ActKind.STOP, ActKind.SIGN_IN]
