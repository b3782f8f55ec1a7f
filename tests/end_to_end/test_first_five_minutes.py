"""The first five minutes of a supervisor, of IT staff and of a hand-over.

The program as it is put together for them, its real window, a real engine that asks real targets, and keys
pressed as they press them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

import main
from controlroom.engine.roster_file import RosterFile
from controlroom.logbook.act import DESK_CLOSED
from controlroom.logbook.chain import first_break
from controlroom.logbook.entry import LogKind
from controlroom.operators.pin import hash_pin
from controlroom.operators.role import Role
from controlroom.operators.roster import Operator, Roster
from tests.end_to_end.room import Room
from tests.lab.script import TargetScript
from ui.desk.application import Desk
from ui.desk.close_dialog import CloseDialog
from ui.desk.site_editor.dialog import EditorDialog
from ui.desk.site_editor.field_editors import LineEditor
from ui.terminal.arguments import build_parser

pytestmark = [pytest.mark.lab, pytest.mark.qt_log_ignore("propagateSizeHints", "raise\\(\\)")]

PIN = "80 blue herons"
SILENT = TargetScript(silent=True)
ANSWERS = TargetScript(delay_s=0.01)


@dataclass
class Seat:
    """Somebody at a desk, with nothing but eyes and a keyboard."""

    desk: Desk
    room: Room
    qtbot: QtBot

    def wait(self, what: Callable[[], bool], timeout_s: float = 10.0) -> None:
        """Let the desk live until something is to be seen."""
        self.qtbot.waitUntil(what, timeout=round(timeout_s * 1000))

    def key(self, key: Qt.Key, at: QWidget | None = None, *, ctrl: bool = False) -> None:
        """Press a key; at the window as it stands unless told where."""
        held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        if at is None:
            at = self.desk.window
            at.activateWindow()
            self.wait(at.isActiveWindow)
        QTest.keyClick(at, key, held)

    def type(self, words: str, into: QWidget) -> None:
        """Type words."""
        QTest.keyClicks(into, words)

    def shapes(self) -> dict[str, str]:
        """What shape each endpoint has on the board."""
        return {face.endpoint_id: face.shape for face in self.desk.window.board_model.faces}

    def badges(self) -> dict[str, str]:
        """What stands beside each alarm."""
        return {face.subject: face.badge for face in self.desk.window.alarms.model.faces}

    def log(self) -> str:
        """The words of the event log, newest first."""
        return "\n".join(face.text for face in self.desk.window.log.model.faces)

    def silence(self, number: int) -> None:
        """Let a target fall silent."""
        self.room.lab.script(self.room.lab.address(number), SILENT)

    def sign_in(self, name: str, pin: str = "") -> None:
        """Press F9, choose the name, type the PIN, press Enter."""
        sign_in = self.desk.conductor.sign_in
        assert sign_in is not None
        self.key(Qt.Key.Key_F9)
        self.wait(lambda: sign_in.dialog is not None)
        dialog = sign_in.dialog
        assert dialog is not None
        dialog.name.setCurrentIndex(dialog.name.findData(name))
        self.type(pin, dialog.pin)
        self.key(Qt.Key.Key_Return, dialog)
        self.wait(lambda: self.desk.conductor.duty.now.name == name)


@pytest.fixture
def sit_down(make_room: Callable[[int], Room], qtbot: QtBot) -> Iterator[Callable[[Roster | None], Seat]]:
    """Start an engine on six targets and open the desk that the program makes for them."""
    seats: list[Seat] = []

    def sit(roster: Roster | None = None) -> Seat:
        room = make_room(6)
        if roster is not None:
            RosterFile(room.folder.path).save(roster)
        room.start()
        chosen = build_parser().parse_args(
            ["--data", str(room.folder.path), "--site", str(room.site), "--theme", "dark"]
        )
        QApplication.setStyle("Fusion")
        engine = main._engine_process(chosen, room.folder)
        desk = Desk(main._desk_parts(chosen, room.folder, engine))
        qtbot.addWidget(desk.window, before_close_func=lambda _window: desk.window.allow_closing())
        desk.open()
        seat = Seat(desk, room, qtbot)
        seats.append(seat)
        seat.wait(lambda: len(seat.shapes()) == 6 and set(seat.shapes().values()) == {"up"}, 20)
        return seat

    yield sit
    for seat in seats:
        seat.desk.close()


def test_a_supervisor(sit_down: Callable[[Roster | None], Seat]) -> None:
    """The tour is offered and left; an alarm comes, is taken with a note, and ends; the desk is closed."""
    seat = sit_down(None)
    window, tour = seat.desk.window, seat.desk.tour
    seat.wait(lambda: tour.open)
    seat.key(Qt.Key.Key_Return, tour.callout)
    seat.key(Qt.Key.Key_Escape, tour.callout)
    assert not tour.open

    seat.silence(4)
    seat.wait(lambda: seat.badges() == {"t4": "NEW"}, 5)
    assert seat.shapes()["t4"] == "down"
    assert "Call the duty engineer." in _texts(window.detail)
    seat.key(Qt.Key.Key_F2)
    note = window.alarms.findChildren(QLineEdit)[0]
    seat.wait(note.isVisible)
    seat.type("Engineer called", note)
    seat.key(Qt.Key.Key_Return, note)
    seat.wait(lambda: seat.badges()["t4"].startswith("Ack "))
    seat.key(Qt.Key.Key_F6)
    seat.type("Talk groups moved to gateway South", window.log.note)
    seat.key(Qt.Key.Key_Return, window.log.note)
    seat.wait(lambda: "Talk groups moved to gateway South" in seat.log())
    assert "Engineer called" in seat.log()

    seat.room.lab.script(seat.room.lab.address(4), ANSWERS)
    seat.wait(lambda: not seat.badges() and seat.shapes()["t4"] == "up")
    seat.key(Qt.Key.Key_Q, ctrl=True)
    seat.wait(lambda: bool(window.findChildren(CloseDialog)))
    (close,) = window.findChildren(CloseDialog)
    seat.key(Qt.Key.Key_Return, close.keep)
    seat.wait(window.isHidden)
    assert seat.room.engine is not None
    assert seat.room.engine.poll() is None


def test_it_staff(sit_down: Callable[[Roster | None], Seat]) -> None:
    """An endpoint is added in the form, tried, saved and measured at once; then taken back."""
    seat = sit_down(None)
    seat.room.site.write_text("# kept by the radio team\n" + seat.room.site.read_text())
    before = seat.room.site.read_text()
    seat.wait(lambda: not seat.desk.window.site_notice.isHidden(), 5)

    editor = seat.desk.conductor.site_editor
    assert editor is not None
    seat.key(Qt.Key.Key_N, ctrl=True)
    seat.wait(lambda: editor.dialog is not None and bool(editor.dialog.form.sections))
    dialog = editor.dialog
    assert dialog is not None
    _fill(seat, dialog, "name", "Mast South")
    _fill(seat, dialog, "address", "127.0.0.1")
    section = dialog.form.sections[0]
    QTest.mouseClick(section.test, Qt.MouseButton.LeftButton)
    seat.wait(lambda: "replied" in _texts(section).lower(), 15)
    seat.key(Qt.Key.Key_S, dialog, ctrl=True)
    seat.wait(lambda: seat.shapes().get("mast-south") == "up", 15)
    after = seat.room.site.read_text()
    assert after.startswith(before.rstrip("\n"))
    assert 'id = "mast-south"' in after
    assert [entry.facts["added"] for entry in seat.room.entries(LogKind.SITE_CHANGED)] == [1]

    seat.key(Qt.Key.Key_Z, dialog, ctrl=True)
    seat.wait(lambda: "mast-south" not in seat.shapes(), 15)
    assert seat.room.site.read_text() == before
    seat.key(Qt.Key.Key_Escape, dialog)


def test_a_hand_over(sit_down: Callable[[Roster | None], Seat]) -> None:
    """One signs in with a PIN, acts and hands over to one who may watch only; the log names who did what."""
    roster = Roster(
        (Operator("Ann Lee", Role.CONFIGURE, hash_pin(PIN)), Operator("Cem Kaya", Role.WATCH)), Role.WATCH
    )
    seat = sit_down(roster)
    window = seat.desk.window
    seat.silence(3)
    seat.wait(lambda: seat.badges() == {"t3": "NEW"}, 5)
    seat.key(Qt.Key.Key_F2)
    assert "needs the role “act”" in window.alarms.message.text()

    seat.sign_in("Ann Lee", PIN)
    seat.key(Qt.Key.Key_F2)
    note = window.alarms.findChildren(QLineEdit)[0]
    seat.type("Carrier told", note)
    seat.key(Qt.Key.Key_Return, note)
    seat.wait(lambda: seat.badges()["t3"] == "Ack AL")
    seat.sign_in("Cem Kaya")
    seat.silence(4)
    seat.wait(lambda: seat.badges().get("t4") == "NEW", 5)
    assert not window.alarms.acknowledge.isEnabled()
    assert "Cem Kaya may watch only" in window.alarms.acknowledge.toolTip()
    assert not window.log.note.isEnabled()

    account = seat.desk.conductor.duty.now.account
    seat.wait(lambda: "Cem Kaya" in seat.log())
    rows = list(csv.DictReader(io.StringIO(seat.room.export("log", "csv"))))
    told = [(row["kind"], row["operator"]) for row in rows if row["operator"]]
    assert told == [
        ("signed_in", f"Ann Lee ({account})"),
        ("alarm_acknowledged", f"Ann Lee ({account})"),
        ("signed_out", f"Ann Lee ({account})"),
        ("signed_in", f"Cem Kaya ({account})"),
    ]
    kept = b"".join(path.read_bytes() for path in seat.room.folder.path.rglob("*") if path.is_file())
    assert PIN.encode() not in kept
    assert first_break(seat.room.entries()) is None


def test_the_end_of_a_shift(sit_down: Callable[[Roster | None], Seat]) -> None:
    """Whoever stops the monitoring is signed out by it, and the log says so first."""
    seat = sit_down(Roster((Operator("Ann Lee", Role.CONFIGURE, hash_pin(PIN)),), Role.WATCH))
    window = seat.desk.window
    seat.sign_in("Ann Lee", PIN)
    seat.wait(lambda: "Ann Lee" in seat.log())
    seat.key(Qt.Key.Key_Q, ctrl=True)
    seat.wait(lambda: bool(window.findChildren(CloseDialog)))
    (close,) = window.findChildren(CloseDialog)
    QTest.mouseClick(close.stop, Qt.MouseButton.LeftButton)
    seat.wait(window.isHidden, 20)
    kinds = [entry.kind for entry in seat.room.entries()][-2:]
    assert kinds == [LogKind.SIGNED_OUT, LogKind.ENGINE_STOPPED]
    (out,) = seat.room.entries(LogKind.SIGNED_OUT)
    assert out.facts["note"] == DESK_CLOSED


def _fill(seat: Seat, dialog: EditorDialog, key: str, words: str) -> None:
    field = dialog.form.fields.editors[key]
    assert isinstance(field, LineEditor)
    seat.type(words, field.line)


def _texts(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))
