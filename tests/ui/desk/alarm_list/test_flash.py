"""Markers flash about once a second, and stand still for who wants that."""

from __future__ import annotations

import time

from pytestqt.qtbot import QtBot

from tests.ui.desk.conftest import OpenDesk
from ui.desk.alarm_list.flash import HALF_MS, Flash
from ui.desk.settings import DeskSettings


def test_no_more_than_three_flashes_a_second(qtbot: QtBot) -> None:
    """One, in fact: half a second lit, half not."""
    flash = Flash()
    turns: list[float] = []
    flash.changed.connect(lambda: turns.append(time.monotonic()))
    flash.need(True)
    qtbot.waitUntil(lambda: len(turns) >= 4, timeout=4000)
    assert turns[3] - turns[1] >= 0.8
    assert HALF_MS * 2 >= 1000 / 3


def test_nothing_flashes_without_need_or_with_reduced_motion(qtbot: QtBot) -> None:
    """It is left lit."""
    flash = Flash()
    flash.need(True)
    qtbot.waitUntil(lambda: not flash.lit, timeout=2000)
    flash.hold_still(True)
    assert flash.lit
    assert not flash.running
    flash.hold_still(False)
    assert flash.running
    flash.need(False)
    assert not flash.running


def test_the_choice_is_kept(shift: OpenDesk) -> None:
    """A key holds the markers still, and the next desk knows it."""
    flash = shift.desk.window.alarms.flash
    assert flash.running, "there is a new alarm"
    shift.desk.window.motion_wanted.emit()
    assert not flash.running
    assert DeskSettings(shift.folder / "desk.ini").reduced_motion()
    shift.desk.window.motion_wanted.emit()
    assert flash.running
