"""The sound of a real desk: real alarms from a real store, played by the real aplay into a recording card."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from controlroom.alarms.alarm import Alarm, Cause, Priority
from controlroom.alarms.message import DESK, MessageKind, message_of
from controlroom.alarms.transitions import Fault, raised
from controlroom.logbook.act import Act, ActKind
from controlroom.operators.role import Role
from controlroom.reading import Reason
from controlroom.store.interface import Batch
from tests.ui.desk.conftest import OpenDesk, open_desk
from tests.ui.desk.room import make_room
from tests.ui.desk.sound.recorder import Recorder, real_means, same_sound
from tests.ui.desk.sound.test_player import program
from ui.desk.duty import OnDuty
from ui.desk.liveness import Liveness
from ui.desk.settings import DeskSettings
from ui.desk.sound.dialog import SoundDialog
from ui.desk.sound.leader import SoundLeader
from ui.desk.sound.player import SystemPlayer
from ui.desk.sound.programs import PlayingProgram
from ui.desk.sound.station import SoundMeans
from ui.desk.sound.tones import USUAL_VOLUME
from ui.desk.sound.waiting import Cue

pytestmark = [
    pytest.mark.qt_log_ignore("propagateSizeHints", "raise\\(\\)"),
    pytest.mark.skipif(shutil.which("aplay") is None, reason="needs aplay (Debian package alsa-utils)"),
]


@dataclass
class Shift:
    """A desk that can be heard."""

    open: OpenDesk
    means: SoundMeans
    recorder: Recorder

    @property
    def leader(self) -> SoundLeader:
        """What leads its sound."""
        assert self.open.desk.sound is not None
        return self.open.desk.sound

    @property
    def dialog(self) -> SoundDialog:
        """Its open dialog."""
        assert self.leader.dialog is not None
        return self.leader.dialog

    def wait(self, what: Callable[[], bool]) -> None:
        """Let the desk live until something is so."""
        self.open.qtbot.waitUntil(what, timeout=10_000)

    def key(self, key: Qt.Key) -> None:
        """Press a key at the window."""
        window = self.open.desk.window
        window.activateWindow()
        self.wait(window.isActiveWindow)
        QTest.keyClick(window, key)

    def header(self) -> str:
        """What the header says of the sound."""
        return self.open.desk.window.header.sound.accessibleName()

    def hears(self, cue: Cue, volume_percent: int = USUAL_VOLUME) -> None:
        """Wait until a cue's tone is heard, and forget what was heard."""
        file = self.means.folder.tone(cue, volume_percent)
        self.wait(lambda: any(same_sound(sound, file) for sound in self.recorder.loud()))
        self.forget()

    def forget(self) -> None:
        """Forget what was heard; what is just being played is let go by first."""
        self.wait(lambda: not self.leader._station.busy)
        for file in (self.recorder.folder / "heard").glob("*.wav"):
            file.unlink()

    def raise_alarm(self, number: int, subject: str, priority: Priority = Priority.CRITICAL) -> Alarm:
        """Have the engine raise an alarm, and the desk see it."""
        room = self.open.room
        fault = Fault(subject, Cause.DOWN, Reason.DEADLINE, priority, room.now_utc_s)
        moved = raised(number, fault, room.now_utc_s)
        entry = room.chain.append(moved.entry)
        message = message_of(MessageKind.RAISED, moved.alarm, entry, DESK, number)
        room.store.commit(Batch(alarms=(moved.alarm,), entries=(entry,), messages=(message,)))
        self.open.go_on()
        return moved.alarm

    def acts(self) -> list[Act]:
        """Return the acts that wait for the engine."""
        return [waiting.act for waiting in self.open.room.store.waiting_acts()]


def _shift(qtbot: QtBot, folder: Path, recorder: Recorder, means: SoundMeans) -> Iterator[Shift]:
    folder.mkdir()
    room = make_room(folder, seconds=20, story=False)
    opened, desk = open_desk(qtbot, folder, room, sound=means)
    try:
        qtbot.waitUntil(opened.has_seen, timeout=5000)
        opened.go_on(2)
        opened.settle()
        shift = Shift(opened, means, recorder)
        shift.wait(lambda: shift.leader.health.tried)
        yield shift
    finally:
        desk.close()
        room.store.close()


@pytest.fixture
def shift(qtbot: QtBot, tmp_path: Path, recorder: Recorder) -> Iterator[Shift]:
    """A desk whose sound works."""
    yield from _shift(qtbot, tmp_path / "data", recorder, real_means(tmp_path / "sounds"))


def test_a_new_critical_alarm_is_heard_and_repeated(shift: Shift) -> None:
    """At once, and again after ten seconds while nobody acknowledges it."""
    assert f"{USUAL_VOLUME} %" in shift.header()
    assert shift.recorder.loud() == []
    shift.raise_alarm(1, "router-a")
    shift.hears(Cue.NEW_CRITICAL)
    shift.open.clock.ahead_s += 10.5
    shift.hears(Cue.NEW_CRITICAL)


def test_a_message_is_told_as_delivered_when_its_sound_has_ended(shift: Shift) -> None:
    """Played for a critical one, shown for one that makes no sound; each once, in acts of the desk."""
    shift.raise_alarm(1, "router-a")
    shift.hears(Cue.NEW_CRITICAL)
    shift.wait(lambda: len(shift.acts()) == 1)
    (played,) = shift.acts()
    assert played.kind is ActKind.DELIVERED
    assert played.details == {"first": 1, "last": 1, "how": "played", "trouble": ""}
    shift.raise_alarm(2, "mast-north", Priority.LOW)
    shift.wait(lambda: len(shift.acts()) == 1)
    (shown,) = shift.acts()
    assert shown.details == {"first": 2, "last": 2, "how": "shown", "trouble": ""}
    shift.open.clock.ahead_s += 10.5
    shift.hears(Cue.NEW_CRITICAL)
    assert shift.acts() == [shown]


def test_silencing_ends_repetitions_and_what_is_new_sounds(shift: Shift) -> None:
    """F3 says for how long; another alarm ends it."""
    shift.raise_alarm(1, "router-a")
    shift.hears(Cue.NEW_CRITICAL)
    shift.key(Qt.Key.Key_F3)
    assert "Silenced" in shift.header()
    assert "what is new sounds at once" in shift.open.desk.window.alarms.message.text()
    for _ in range(6):
        shift.open.clock.ahead_s += 2.0
        shift.open.go_on()
    assert shift.recorder.loud() == []
    shift.raise_alarm(2, "router-b")
    shift.hears(Cue.NEW_CRITICAL)
    assert "Silenced" not in shift.header()


def test_a_mute_shows_its_time_and_comes_back_by_itself(shift: Shift) -> None:
    """Alarms are held back, and what still stands is heard when it ends."""
    shift.key(Qt.Key.Key_F7)
    QTest.mouseClick(shift.dialog.mutes[0], Qt.MouseButton.LeftButton)
    assert "Muted 5:00" in shift.header()
    assert "Muted 5:00" in shift.dialog.mute_state.text()
    shift.dialog.reject()
    shift.raise_alarm(1, "router-a")
    shift.open.qtbot.wait(600)
    assert shift.recorder.loud() == []
    shift.open.clock.ahead_s += 200
    shift.open.go_on()
    shift.wait(lambda: "Muted 1:3" in shift.header())
    shift.open.clock.ahead_s += 100.5
    shift.open.go_on()
    shift.hears(Cue.NEW_CRITICAL)
    assert "Muted" not in shift.header()


def test_a_lost_heartbeat_is_heard_though_muted(shift: Shift) -> None:
    """For then nothing on the screen is to be believed."""
    shift.key(Qt.Key.Key_F7)
    QTest.mouseClick(shift.dialog.mutes[2], Qt.MouseButton.LeftButton)
    shift.dialog.reject()
    shift.open.engine.fails = "it cannot be started here"
    shift.open.clock.ahead_s += 20
    shift.wait(lambda: shift.open.desk.conductor.liveness is Liveness.STOPPED)
    shift.hears(Cue.HEARTBEAT_LOST)
    assert "Muted" in shift.header()


def test_a_test_is_answered_and_stands_in_the_inbox(shift: Shift) -> None:
    """The operator's answer counts, not that a program ended well."""
    assert "Not tested in this shift" in shift.header()
    shift.key(Qt.Key.Key_F7)
    QTest.mouseClick(shift.dialog.test, Qt.MouseButton.LeftButton)
    shift.hears(Cue.NEW_CRITICAL)
    shift.wait(shift.dialog.yes.isVisible)
    assert shift.dialog.test_state.text() == "Did you hear it?"
    QTest.mouseClick(shift.dialog.yes, Qt.MouseButton.LeftButton)
    shift.wait(lambda: len(shift.acts()) == 1)
    assert (shift.acts()[0].kind, shift.acts()[0].note) == (ActKind.SOUND_TEST, "heard")
    assert "Tested in this shift, heard" in shift.header()
    QTest.mouseClick(shift.dialog.test, Qt.MouseButton.LeftButton)
    shift.wait(shift.dialog.no.isVisible)
    QTest.mouseClick(shift.dialog.no, Qt.MouseButton.LeftButton)
    shift.wait(lambda: [act.note for act in shift.acts()] == ["heard", "not heard"])
    assert "turn the volume up" in shift.dialog.test_state.text()
    assert "Not tested in this shift" in shift.header()


def test_the_sound_is_tested_by_the_keyboard_alone(shift: Shift) -> None:
    """Enter tests, Enter says that it was heard, and the focus is back for another test."""
    shift.key(Qt.Key.Key_F7)
    dialog = shift.dialog
    dialog.activateWindow()
    shift.wait(dialog.isActiveWindow)
    assert dialog.test.hasFocus()
    QTest.keyClick(dialog.test, Qt.Key.Key_Return)
    assert dialog.test_state.text() == "Playing…"
    shift.wait(dialog.yes.isVisible)
    assert dialog.yes.hasFocus()
    assert dialog.yes.isDefault()
    QTest.keyClick(dialog.yes, Qt.Key.Key_Return)
    shift.wait(lambda: [act.note for act in shift.acts()] == ["heard"])
    assert dialog.test.hasFocus()
    QTest.keyClick(dialog.test, Qt.Key.Key_Return)
    shift.wait(dialog.yes.isVisible)
    QTest.keyClick(dialog.yes, Qt.Key.Key_Tab)
    assert dialog.no.hasFocus()
    QTest.keyClick(dialog.no, Qt.Key.Key_Return)
    shift.wait(lambda: [act.note for act in shift.acts()] == ["heard", "not heard"])
    assert dialog.test.hasFocus()
    assert shift.leader.cues.muted_s(0.0) is None


def test_a_test_that_was_not_heard_is_a_band_until_one_is_heard(shift: Shift) -> None:
    """Whatever programs tell of themselves, and whoever is on duty; the next desk knows it too."""
    band, kept = shift.open.desk.window.no_sound, DeskSettings(shift.open.folder / "desk.ini")
    assert band.isHidden()
    for answer, seen in (("no", True), ("yes", False)):
        shift.leader.open()
        QTest.mouseClick(shift.dialog.test, Qt.MouseButton.LeftButton)
        button = getattr(shift.dialog, answer)
        shift.wait(button.isVisible)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert band.isHidden() is not seen
        shift.dialog.reject()
        shift.open.desk.conductor.duty.take_over(OnDuty("e.lindqvist", "Ben Okoro", Role.ACT))
        shift.open.clock.ahead_s += 1.0
        shift.leader._station.check("check", 70)
        shift.wait(lambda: not shift.leader._station.busy)
        shift.leader.look()
        assert band.isHidden() is not seen
        assert ("None" in shift.header()) is seen
        kept._settings.sync()
        assert kept.sound_unheard() is seen
        if seen:
            assert "NO SOUND" in band.headline.text()
            assert "The last sound test was not heard. Check volume" in band.detail.text()


def test_volume_and_speech_are_each_operators_own(shift: Shift) -> None:
    """They come back with the operator; the next one starts with the usual, untested."""
    duty = shift.open.desk.conductor.duty
    shift.key(Qt.Key.Key_F7)
    shift.wait(shift.dialog.speech.isEnabled)
    shift.dialog.volume.setValue(40)
    shift.dialog.speech.setChecked(True)
    assert "40 %" in shift.header()
    before = duty.now
    duty.take_over(OnDuty("e.lindqvist", "Ben Okoro", Role.ACT))
    assert shift.dialog.volume.value() == USUAL_VOLUME
    assert not shift.dialog.speech.isChecked()
    duty.take_over(before)
    assert (shift.dialog.volume.value(), shift.dialog.speech.isChecked()) == (40, True)
    kept = DeskSettings(shift.open.folder / "desk.ini")
    kept._settings.sync()
    assert kept.sound("e.lindqvist", USUAL_VOLUME) == (40, True)
    shift.raise_alarm(1, "router-a")
    shift.hears(Cue.NEW_CRITICAL, 40)


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng")
def test_an_alarm_is_put_into_words_once(shift: Shift) -> None:
    """The tone and the words; the repetition is the tone alone."""
    shift.key(Qt.Key.Key_F7)
    shift.wait(shift.dialog.speech.isEnabled)
    shift.dialog.speech.setChecked(True)
    shift.dialog.reject()
    shift.raise_alarm(1, "router-a")
    shift.wait(lambda: len(shift.recorder.loud()) == 2)
    shift.forget()
    shift.open.clock.ahead_s += 10.5
    shift.hears(Cue.NEW_CRITICAL)
    shift.open.qtbot.wait(500)
    assert shift.recorder.loud() == []


def test_a_machine_without_sound_says_so_until_it_is_back(
    qtbot: QtBot, tmp_path: Path, recorder: Recorder
) -> None:
    """A band from the start, with the reason and the cure; gone a minute after the card is back."""
    recorder.unplug()
    for shift in _shift(qtbot, tmp_path / "data", recorder, real_means(tmp_path / "sounds")):
        band = shift.open.desk.window.no_sound
        shift.wait(lambda band=band: not band.isHidden())  # type: ignore[misc]  # bound in the loop
        assert "NO SOUND" in band.headline.text()
        assert "aplay failed" in band.detail.text()
        assert "Check the sound card" in band.detail.text()
        assert "None" in shift.header()
        shift.key(Qt.Key.Key_F7)
        QTest.mouseClick(shift.dialog.test, Qt.MouseButton.LeftButton)
        shift.wait(lambda shift=shift: len(shift.acts()) == 1)  # type: ignore[misc]  # bound in the loop
        assert shift.acts()[0].note == "not heard"
        assert shift.dialog.test_state.text() == "Nothing was played."
        assert shift.dialog.state.text().count("aplay failed") == 1, "why stands in the dialog once"
        recorder.plug_in()
        shift.open.clock.ahead_s += 61
        shift.open.go_on()
        shift.wait(lambda band=band: band.isHidden())  # type: ignore[misc]  # bound in the loop
        assert "Sound works" in shift.header()


def test_a_player_that_hangs_is_told_though_the_alarm_is_repeated(
    qtbot: QtBot, tmp_path: Path, recorder: Recorder
) -> None:
    """A repetition does not begin it anew for ever: its time runs out, and the band says so."""
    hangs = program(tmp_path, "player", 'case "$1" in *critical*) exec sleep 60;; esac')
    means = replace(real_means(tmp_path / "sounds"), player=SystemPlayer([PlayingProgram((hangs,))]))
    for shift in _shift(qtbot, tmp_path / "data", recorder, means):
        band = shift.open.desk.window.no_sound
        assert band.isHidden()
        shift.raise_alarm(1, "router-a")
        for _ in range(22):  # within the minute in which it is repeated every ten seconds
            shift.open.qtbot.wait(200)
            shift.open.clock.ahead_s += 2.0
            shift.open.go_on()
            if not band.isHidden():
                break
        assert "player did not end within" in band.detail.text()


def test_without_any_player_the_cure_is_named(qtbot: QtBot, tmp_path: Path, recorder: Recorder) -> None:
    """What to install, in the band itself."""
    means = real_means(tmp_path / "sounds")
    bare = replace(means, player=SystemPlayer([]))
    for shift in _shift(qtbot, tmp_path / "data", recorder, bare):
        band = shift.open.desk.window.no_sound
        shift.wait(lambda band=band: not band.isHidden())  # type: ignore[misc]  # bound in the loop
        assert "Install one of the Debian packages" in band.detail.text()
