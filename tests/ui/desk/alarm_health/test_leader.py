"""Alarm health on the desk: opened by its key, read away from the window, told in words and shapes."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from controlroom.alarms.alarm import Cause, Priority
from controlroom.alarms.health.targets import Measure
from controlroom.alarms.transitions import Fault, raised
from controlroom.errors import StoreError
from controlroom.report.alarm_health import HealthRead, read_alarm_health
from controlroom.store.interface import Batch, ReadStore
from tests.ui.desk.conftest import OpenDesk
from tests.ui.desk.room import LOSSY
from ui.desk.alarm_health.dialog import READING, AlarmHealthDialog
from ui.desk.alarm_health.findings import NO_ALARMS, NOTHING_TO_DO
from ui.desk.alarm_health.hour_bars import Bar
from ui.desk.alarm_health.leader import READ_EVERY_S, USUAL_DAYS
from ui.desk.settings import DeskSettings

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def storm(shift: OpenDesk, count: int) -> None:
    """Let one limit raise so many alarms, ten seconds apart, in the hour before now."""
    room, now_s = shift.room, shift.room.now_utc_s
    moved = []
    for place in range(count):
        at_s = now_s - 10.0 * (count - place)
        fault = Fault(LOSSY, Cause.DEGRADED, f"limit:rtt_s:0.{150 + place}", Priority.LOW, at_s - 1)
        moved.append(raised(100 + place, fault, at_s))
    room.store.commit(Batch(entries=[room.chain.append(each.entry) for each in moved]))
    shift.go_on()


def opened(shift: OpenDesk) -> AlarmHealthDialog:
    """Open the page by its key, and wait until it was read."""
    QTest.keyClick(shift.desk.window, Qt.Key.Key_F12)
    dialog = shift.desk.alarm_health.dialog
    assert dialog is not None
    read(shift, dialog)
    return dialog


def read(shift: OpenDesk, dialog: AlarmHealthDialog) -> None:
    """Wait until the log was read."""
    shift.qtbot.waitUntil(lambda: dialog.range.text() != READING, timeout=20_000)
    shift.qtbot.wait(20)  # what was added is laid out


def words_of(dialog: AlarmHealthDialog) -> list[str]:
    """All that is seen in the dialog."""
    labels = dialog.findChildren(QLabel)
    return [label.text() for label in labels if label.text() and not label.isHidden()]


def clicked(dialog: AlarmHealthDialog, name: str) -> None:
    """Press a button by its name."""
    button = next(each for each in dialog.findChildren(QPushButton) if each.accessibleName() == name)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_key_opens_the_page_with_figures_beside_targets(shift: OpenDesk) -> None:
    """The room's four alarms in an hour are few, and yet too short a time to say so of a day."""
    dialog = opened(shift)
    assert dialog.count.text().startswith("4 alarms from 4 sources")
    assert "The log begins within the range" in dialog.doubt.text()
    assert dialog.table.words_of(Measure.PER_DAY) == ("–", "unknown")
    assert dialog.table.words_of(Measure.MOST_IN_10_MIN)[1] == "met"
    assert dialog.table.words_of(Measure.LOW)[1] == "too few"
    assert "144, at most 288" in words_of(dialog)
    dialog.accept()
    assert shift.desk.alarm_health.dialog is None


def test_a_bad_limit_is_named_with_a_command_to_copy(shift: OpenDesk) -> None:
    """Twenty alarms of one limit: a flood, chattering, and advice with its backtest."""
    storm(shift, 20)
    dialog = opened(shift)
    assert dialog.table.words_of(Measure.CHATTERING) == ("1", "not met")
    assert dialog.table.words_of(Measure.MOST_IN_10_MIN)[1] == "not met"
    said = words_of(dialog)
    assert any("this limit made 83 % of all alarms (20)" in each for each in said)
    assert {"Floods: 1", "20", "83 %"} <= set(said)
    clicked(dialog, "Copy the command of advice 1")
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(
        f"controlroom backtest --since 1h --endpoint {LOSSY} --set rtt_s.raise_above=0.1"
    )
    assert dialog.foot.text().startswith("Copied.")


def test_the_range_and_the_positions_are_chosen(shift: OpenDesk) -> None:
    """For two positions the flood is none; how many there are is remembered."""
    storm(shift, 16)
    dialog = opened(shift)
    assert "Floods: 1" in words_of(dialog)
    clicked(dialog, "Alarms shared by 2 positions")
    read(shift, dialog)
    assert "Floods: 1" not in words_of(dialog)
    clicked(dialog, "The last 30 days")
    read(shift, dialog)
    assert DeskSettings(shift.folder / "desk.ini").positions() == 2
    assert shift.desk.alarm_health._days == 30


def test_a_quiet_range_says_so(shift: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the place of lists."""

    def last_seconds(store: ReadStore, _since_s: float, until_s: float, **_how: float) -> HealthRead:
        return read_alarm_health(store, until_s - 15.0, until_s)

    monkeypatch.setattr("ui.desk.alarm_health.leader.read_alarm_health", last_seconds)
    said = words_of(opened(shift))
    assert {NO_ALARMS, NOTHING_TO_DO, "0 alarms from 0 sources."} <= set(said)


def test_it_is_read_again_while_it_is_open(shift: OpenDesk) -> None:
    """After a minute, and only then."""
    dialog = opened(shift)
    storm(shift, 5)
    shift.desk.alarm_health.drain()
    assert dialog.count.text().startswith("4 alarms")
    shift.clock.ahead_s += READ_EVERY_S

    def is_new() -> bool:
        shift.desk.alarm_health.drain()
        return dialog.count.text().startswith("9 alarms")

    shift.qtbot.waitUntil(is_new, timeout=5000)


def test_an_older_answer_is_dropped(shift: OpenDesk) -> None:
    """What was asked for last counts."""
    dialog = opened(shift)
    leader = shift.desk.alarm_health
    shown = dialog.count.text()
    dialog.chosen.emit(1, 1)
    dialog.chosen.emit(30, 1)
    read(shift, dialog)
    assert dialog.range.text().endswith("it.") or "monitored" in dialog.range.text()
    assert (leader._days, dialog.count.text()) == (30, shown)


def test_a_store_that_cannot_be_read_is_said(shift: OpenDesk) -> None:
    """In the place of the range; the window goes on."""
    leader = shift.desk.alarm_health

    def fails() -> ReadStore:
        raise StoreError("store-missing", "The store is gone.")

    leader._means = replace(leader._means, open_store=fails)
    dialog = opened(shift)
    assert dialog.range.text().startswith("The log could not be read: The store is gone.")


def test_reading_never_waits_in_the_window(shift: OpenDesk) -> None:
    """While the store opens slowly the page is there and says that the log is being read."""
    leader, open_store = shift.desk.alarm_health, shift.desk.alarm_health._means.open_store
    goes_on = threading.Event()

    def slow() -> ReadStore:
        goes_on.wait(20.0)
        return open_store()

    leader._means = replace(leader._means, open_store=slow)
    QTest.keyClick(shift.desk.window, Qt.Key.Key_F12)
    assert leader.dialog is not None
    shift.qtbot.wait(200)
    assert leader.dialog.range.text() == READING
    goes_on.set()
    read(shift, leader.dialog)


def test_the_usual_range_is_a_week(shift: OpenDesk) -> None:
    """And one of the ranges that are offered."""
    dialog = opened(shift)
    assert USUAL_DAYS == 7
    assert dialog._chosen() == (USUAL_DAYS, 1)


def test_the_chart_tells_an_hour_in_words(shift: OpenDesk, qtbot: QtBot) -> None:
    """For the pointer; and for who hears it, how many there were."""
    storm(shift, 20)
    chart = opened(shift).chart
    qtbot.waitUntil(lambda: bool(chart._bars), timeout=2000)
    assert "at most in one hour" in chart.accessibleDescription()
    begun_s = 1_800_000_000.0
    assert chart.words_of(Bar(begun_s, 1, 12, True)) == "Fri 15 Jan 2027, 08:00 to 09:00: 12 alarms"
    assert chart.words_of(Bar(begun_s, 2, 1, True)).endswith("to 10:00: 1 alarm in the worst hour")
    assert chart.words_of(Bar(begun_s, 1, 0, False)).endswith(": not monitored")
