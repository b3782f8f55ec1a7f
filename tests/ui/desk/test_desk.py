"""The desk as its operator uses it: real window, real store, keys pressed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from controlroom.alarms.alarm import ENGINE, Alarm, AlarmState, Cause, Priority
from controlroom.alarms.handling import acknowledged
from controlroom.logbook.act import ActKind
from controlroom.logbook.entry import Draft, LogKind
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, LeftOver, Second
from controlroom.store.sqlite import open_engine_store
from tests.ui.desk.conftest import OpenDesk, open_desk
from tests.ui.desk.room import DEGRADED, DOWN, LOSSY, RETURNED, UNKNOWN, Room, make_room
from ui.desk.close_dialog import CloseDialog
from ui.desk.faces import STALE
from ui.desk.keys import KEYS
from ui.desk.liveness import Liveness
from ui.desk.window import DeskWindow

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def _shapes(shift: OpenDesk) -> dict[str, str]:
    return {face.endpoint_id: face.shape for face in shift.desk.window.board_model.faces}


def _badges(shift: OpenDesk) -> dict[str, str]:
    return {face.subject: face.badge for face in shift.desk.window.alarms.model.faces}


def test_the_story_stands_on_the_desk(shift: OpenDesk) -> None:
    """Conditions in their shapes, alarms worst first and the returned last; name and blind time above."""
    shapes = _shapes(shift)
    assert (shapes[DOWN], shapes[DEGRADED], shapes[UNKNOWN]) == ("down", "degraded", "unknown")
    assert sum(shape == "up" for shape in shapes.values()) == len(shapes) - 3
    faces = shift.desk.window.alarms.model.faces
    assert [face.subject for face in faces] == [DOWN, DEGRADED, UNKNOWN, RETURNED]
    assert _badges(shift) == {DOWN: "NEW", DEGRADED: "Ack MK", UNKNOWN: "NEW", RETURNED: "Returned"}
    header = shift.desk.window.header
    assert header.site.text() == "Northern Fire and Rescue Control"
    assert "0 min 40 s" in header.blind.accessibleName()
    assert "10 s" not in header.monitoring.accessibleName()


def test_acknowledging_by_keyboard_writes_one_act_and_shows_it_pending(shift: OpenDesk) -> None:
    """F2, a note, Enter: one act in the inbox, pending until the engine has taken it, then acknowledged."""
    window, qtbot = shift.desk.window, shift.qtbot
    window.alarms.view.setFocus()
    assert window.alarms.current() is not None
    window.alarms.begin_acknowledging()
    note = window.alarms.findChildren(QLineEdit)[0]
    QTest.keyClicks(note, "Engineer called")
    QTest.keyClick(note, Qt.Key.Key_Return)
    assert _badges(shift)[DOWN] == "pending…"
    QTest.keyClick(window.alarms.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(shift.room.store.waiting_acts()) > 0, timeout=5000)
    (waiting,) = shift.room.store.waiting_acts()
    act = waiting.act
    assert (act.kind, act.alarm_number, act.operator, act.note) == (
        ActKind.ACKNOWLEDGE,
        4,
        "e.lindqvist",
        "Engineer called",
    )
    shift.go_on()
    qtbot.waitUntil(lambda: _badges(shift)[DOWN] == "Ack EL", timeout=5000)
    told = [e for e in shift.desk.conductor.picture.entries if e.kind is LogKind.ALARM_ACKNOWLEDGED]
    assert sum(entry.subject == DOWN for entry in told) == 1


def test_a_refused_act_says_why(shift: OpenDesk) -> None:
    """The alarm is new again and the reason stands below the list."""
    shift.room.refuse = "no_such_alarm"
    window = shift.desk.window
    shift.desk.conductor.alarms.acts.acknowledge([4])
    shift.qtbot.waitUntil(lambda: len(shift.room.store.waiting_acts()) > 0, timeout=5000)
    shift.go_on()
    shift.qtbot.waitUntil(lambda: "refused" in window.alarms.message.text(), timeout=5000)
    assert "there is no such alarm" in window.alarms.message.text()
    assert _badges(shift)[DOWN] == "NEW"


def test_a_note_is_pending_until_it_is_in_the_log(shift: OpenDesk) -> None:
    """A note typed into the log's line stands there at once, marked, and then as an entry."""
    window, qtbot = shift.desk.window, shift.qtbot
    QTest.keyClicks(window.log.note, "<b>Generator test</b> until 16:00")
    QTest.keyClick(window.log.note, Qt.Key.Key_Return)
    assert window.log.model.faces[0].number is None
    assert window.log.model.faces[0].text.startswith("pending…")
    qtbot.waitUntil(lambda: len(shift.room.store.waiting_acts()) > 0, timeout=5000)
    shift.go_on()
    qtbot.waitUntil(lambda: window.log.model.faces[0].number is not None, timeout=5000)
    assert "<b>Generator test</b>" in window.log.model.faces[0].text
    assert "&lt;b&gt;" in str(
        window.log.model.data(window.log.model.index(0, 0), Qt.ItemDataRole.ToolTipRole)
    )


def test_a_silent_engine_is_shown_and_started_within_five_seconds(shift: OpenDesk) -> None:
    """After 3.5 s without a heartbeat: the band, every condition stale, and the engine is started."""
    shift.engine.running = False
    shift.clock.ahead_s += 3.5
    shift.settle()
    window = shift.desk.window
    assert not window.stopped.isHidden()
    assert "MONITORING STOPPED" in window.stopped.headline.text()
    assert "14:00:02" in window.stopped.headline.text()
    assert set(_shapes(shift).values()) == {STALE}
    assert "Stale" in window.board_model.faces[0].spoken()
    shift.qtbot.waitUntil(lambda: shift.engine.starts == 1, timeout=1400)
    shift.go_on(2)
    shift.settle()
    assert window.stopped.isHidden()
    assert _shapes(shift)[DOWN] == "down"


def test_failed_starts_are_told_and_repeated_with_a_wait(shift: OpenDesk) -> None:
    """The band says what failed and when the next try is; no try before that."""
    shift.engine.running, shift.engine.fails = False, "The data folder is full."
    shift.clock.ahead_s += 4
    shift.settle()
    band = shift.desk.window.stopped.detail
    shift.qtbot.waitUntil(lambda: "The data folder is full." in band.text(), timeout=3000)
    assert "next try in" in band.text()
    shift.settle()
    assert shift.engine.starts == 1
    shift.clock.ahead_s += 2.1
    shift.settle()
    shift.qtbot.waitUntil(lambda: shift.engine.starts == 2, timeout=3000)


def test_setting_the_clock_makes_no_stale_figure_fresh(shift: OpenDesk) -> None:
    """Ages go by the monotonic clock: an hour back or forth by the time of day changes none."""
    conductor = shift.desk.conductor
    endpoint = conductor.picture.endpoints["router-a"]
    read_s = endpoint.read["icmp"][1]
    before = endpoint.age_s(100.0 + read_s)
    heartbeat = conductor.picture.heartbeat
    assert heartbeat is not None
    conductor.picture.heartbeat = replace(heartbeat, at_utc_s=heartbeat.at_utc_s - 3600)
    assert endpoint.age_s(100.0 + read_s) == before
    assert before is not None
    assert before >= 100


def test_the_loss_of_our_own_network_gets_a_band(shift: OpenDesk) -> None:
    """The engine's alarm about its own connection is said across the window."""
    lost = Alarm(
        9,
        ENGINE,
        Cause.OWN_CONNECTION_LOST,
        "own_connection_lost",
        Priority.CRITICAL,
        AlarmState.UNACKNOWLEDGED,
        shift.room.now_utc_s,
        shift.room.now_utc_s,
    )
    shift.room.store.commit(Batch(alarms=(lost,)))
    shift.go_on()
    shift.settle()
    assert "lost the network" in shift.desk.window.warning.headline.text()
    assert not shift.desk.window.warning.isHidden()


def test_choosing_an_alarm_shows_its_endpoint_as_plain_text(shift: OpenDesk) -> None:
    """The alarm's endpoint is selected on the board, in the graph and with what to do; nothing is markup."""
    window = shift.desk.window
    row = window.alarms.model.row_of(2)
    assert row is not None
    window.alarms.view.setCurrentIndex(window.alarms.model.index(row, 0))
    assert window.board_model.faces[window.board.currentIndex().row()].endpoint_id == DEGRADED
    assert window.graph.title.text() == "Ashby ambulance 4G"
    texts = [label.text() for label in window.detail.findChildren(QLabel)]
    assert any("watch manager" in text for text in texts)
    assert any("ticket 48213" in text for text in texts)
    formats = {label.textFormat() for label in window.findChildren(QLabel)}
    assert formats == {Qt.TextFormat.PlainText}


def test_odd_replies_are_told_beside_their_endpoint_alone(shift: OpenDesk) -> None:
    """Calmly, in words, and not at all where there are none."""
    window, conductor = shift.desk.window, shift.desk.conductor
    shift.room.health = {f"icmp_lately_late_replies@{DEGRADED}": 12.0, "icmp_lately_late_replies": 12.0}
    shift.go_on()
    shift.settle()
    told = {}
    for endpoint_id in (DEGRADED, "maps"):
        conductor.choose(endpoint_id)
        name, words = window.detail._fields["Odd replies"]
        told[endpoint_id] = (words.text(), name.isHidden())
    assert told == {DEGRADED: ("In the last hour 12 too late to count.", False), "maps": ("", True)}


def test_arrow_keys_move_over_the_board(shift: OpenDesk) -> None:
    """Down goes to the next endpoint, right to another column, and the graph follows."""
    window = shift.desk.window
    window.resize(1600, 900)
    window.board.setFocus()
    first = window.board.currentIndex().row()
    QTest.keyClick(window.board, Qt.Key.Key_Down)
    assert window.board.currentIndex().row() == first + 1
    here = window.board.visualRect(window.board.currentIndex())
    QTest.keyClick(window.board, Qt.Key.Key_Right)
    assert window.board.visualRect(window.board.currentIndex()).left() > here.left()
    name = window.board_model.faces[window.board.currentIndex().row()].name
    assert window.graph.title.text() == name


def test_a_graph_chosen_between_two_ticks_misses_nothing(shift: OpenDesk) -> None:
    """What came after the last tick is part of the history that is asked for."""
    window, conductor = shift.desk.window, shift.desk.conductor
    shift.qtbot.waitUntil(lambda: window.graph.plot is not None, timeout=15000)
    conductor._tick.stop()
    shift.go_on(2)
    conductor.choose(LOSSY)
    shift.qtbot.waitUntil(lambda: window.graph.settled, timeout=5000)
    assert window.graph.buffered() == 24


def test_the_graph_draws_the_selection_live_with_gaps(shift: OpenDesk) -> None:
    """The line of a lossy link has breaks at its losses; live readings come to its end."""
    window, qtbot = shift.desk.window, shift.qtbot
    qtbot.waitUntil(lambda: window.graph.plot is not None, timeout=15000)
    shift.desk.conductor.select(LOSSY)
    qtbot.waitUntil(lambda: window.graph.buffered() >= 20, timeout=5000)
    count = window.graph.buffered()
    shift.go_on(2)
    shift.settle()
    assert window.graph.buffered() >= count + 2
    shift.desk.conductor.select(DOWN)
    qtbot.waitUntil(lambda: window.graph.buffered() >= 20, timeout=5000)
    shift.settle()
    assert window.graph.plot is not None
    _, y = window.graph.plot.line_data()
    assert not np.isfinite(y).any()
    assert "no reply" in window.graph.figures.text()


def test_the_graph_names_its_endpoint_in_little_room(
    shift: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a choice of series; what is cut is cut in the middle, and its tool tip is the whole name."""
    shift.desk.window.resize(1280, 720)
    graph = shift.desk.window.graph
    choices = graph._choices or ()
    name = "Mobile data gateway, <b>Borealis"
    graph.choose(name, [*choices, *choices])
    # Or what the chosen endpoint told would be offered again, whenever its answer comes.
    for by in ("choose", "renew"):
        monkeypatch.setattr(graph, by, lambda *_: None)
    shift.qtbot.waitUntil(graph.series.isVisible, timeout=5000)
    graph.live_button.setVisible(True)
    shift.qtbot.wait(50)
    graph.grab()
    assert graph.title.width() >= shift.desk.theme.em(8)
    assert graph.title.elide is Qt.TextElideMode.ElideMiddle
    assert graph.title.toolTip() == "<span>Mobile data gateway, &lt;b&gt;Borealis</span>"


def test_going_back_in_history_and_to_live_again(shift: OpenDesk) -> None:
    """A key moves the graph into the past and offers the way back."""
    window, qtbot = shift.desk.window, shift.qtbot
    qtbot.waitUntil(lambda: window.graph.plot is not None, timeout=15000)
    assert window.graph.plot is not None
    shift.settle()
    QTest.keyClick(window.graph.plot, Qt.Key.Key_Left)
    assert not window.graph.live
    assert not window.graph.live_button.isHidden()
    QTest.keyClick(window.graph.plot, Qt.Key.Key_End)
    assert window.graph.live


def test_the_theme_toggles_and_is_remembered(shift: OpenDesk) -> None:
    """F8 goes to light, and the settings keep it."""
    theme = shift.desk.theme
    shift.qtbot.waitUntil(lambda: shift.desk.window.graph.plot is not None, timeout=15000)
    theme.toggle()
    assert theme.name == "light"
    assert shift.desk.settings.theme("dark") == "light"
    shift.settle()


def test_the_log_of_one_endpoint_and_its_export(shift: OpenDesk, tmp_path: Path) -> None:
    """The filter leaves only the selected endpoint's entries; the export runs and says so."""
    window = shift.desk.window
    shift.desk.conductor.select(DOWN)
    window.log.one_button.click()
    assert {face.subject for face in window.log.model.faces} == {DOWN}
    assert "Hillcrest" in window.log.note.placeholderText()
    shift.desk.conductor.log_export.export(tmp_path / "log.csv")
    shift.qtbot.waitUntil(lambda: shift.exported == [tmp_path / "log.csv"], timeout=3000)
    shift.qtbot.waitUntil(lambda: "Exported 1 entry" in window.log.message.text(), timeout=3000)


def _closing(shift: OpenDesk) -> CloseDialog:
    shift.desk.window.close()
    (dialog,) = shift.desk.window.findChildren(CloseDialog)
    assert shift.desk.window.isVisible()
    return dialog


def test_escape_leaves_everything_as_it_is(shift: OpenDesk) -> None:
    """Cancel is Escape; the default keeps the monitoring running."""
    dialog = _closing(shift)
    assert dialog.keep.isDefault()
    assert {button.text() for button in dialog.findChildren(QPushButton)} == {
        "Stop monitoring and close",
        "Close this window, monitoring goes on",
        "Cancel",
    }
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert shift.desk.window.isVisible()
    assert shift.engine.stops == 0


def test_closing_the_window_alone_keeps_the_engine(shift: OpenDesk) -> None:
    """Enter closes the window and stops nothing."""
    dialog = _closing(shift)
    with shift.qtbot.waitSignal(shift.desk.conductor.closer.finished, timeout=3000):
        QTest.keyClick(dialog.keep, Qt.Key.Key_Return)
    assert not shift.desk.window.isVisible()
    assert shift.engine.stops == 0


@pytest.mark.parametrize("may_close", [True, False])
def test_a_desk_that_need_not_ask_closes_at_once_unless_something_is_unsaved(
    qtbot: QtBot, tmp_path: Path, may_close: bool
) -> None:
    """A demo's desk asks nothing about the monitoring, but drops nothing that was typed."""
    room = make_room(tmp_path, seconds=2)
    opened, desk = open_desk(qtbot, tmp_path, room, asks_before_closing=False)
    try:
        desk.conductor.closer._may_close = lambda: may_close
        desk.window.close()
        assert desk.window.isVisible() is not may_close
        assert opened.engine.stops == 0
    finally:
        desk.close()
        room.store.close()


def test_stopping_writes_who_did_it_and_ends_the_engine(shift: OpenDesk) -> None:
    """The stop is an act in the inbox, then the engine is ended, then the window closes."""
    dialog = _closing(shift)
    with shift.qtbot.waitSignal(shift.desk.conductor.closer.finished, timeout=5000):
        dialog.stop.click()
    assert shift.engine.stops == 1
    assert [taken.act.kind for taken in shift.room.store.waiting_acts()] == [ActKind.STOP]
    assert not shift.desk.window.isVisible()


def test_what_could_not_be_kept_at_a_stop_is_said_and_the_window_stays(shift: OpenDesk) -> None:
    """The operator is to know that it is lost; closing once more closes."""
    shift.engine.left_over = LeftOver(12, 1)
    _closing(shift).stop.click()
    shift.qtbot.waitUntil(
        lambda: "12 seconds of readings and 1 entry" in shift.desk.window.alarms.message.text(), timeout=5000
    )
    assert shift.desk.window.isVisible()
    assert shift.engine.starts == 0


def test_an_engine_that_ended_without_a_word_is_not_praised(shift: OpenDesk) -> None:
    """It was killed meanwhile, perhaps: the operator is to know."""
    shift.engine.left_over = None
    _closing(shift).stop.click()
    shift.qtbot.waitUntil(
        lambda: "without saying whether" in shift.desk.window.alarms.message.text(), timeout=5000
    )
    assert shift.desk.window.isVisible()


def test_a_site_without_endpoints_says_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    """No tiles, no alarms, and words in their place; a permanent notice stands above."""
    room = make_room(tmp_path, seconds=2, endpoints=0, story=False)
    opened, desk = open_desk(qtbot, tmp_path, room, notice="Running as root.")
    try:
        qtbot.waitUntil(opened.has_seen, timeout=5000)
        opened.go_on(2)
        opened.settle()
        assert "no endpoints yet" in desk.window.board_empty.text()
        assert desk.window.notice.headline.text() == "Running as root."
    finally:
        desk.close()
        room.store.close()


def test_calm_says_that_all_are_measured(qtbot: QtBot, tmp_path: Path) -> None:
    """Without alarms the list says how many endpoints that is true of."""
    room = make_room(tmp_path, seconds=3, endpoints=10, story=False)
    opened, desk = open_desk(qtbot, tmp_path, room)
    try:
        qtbot.waitUntil(opened.has_seen, timeout=5000)
        opened.go_on(2)
        opened.settle()
        assert desk.window.alarms.empty_words() == "No alarms. All 9 endpoints measured."
    finally:
        desk.close()
        room.store.close()


def test_before_the_first_engine_nothing_is_claimed(qtbot: QtBot, tmp_path: Path) -> None:
    """An empty store shows waiting, and the engine is started at once."""
    store = open_engine_store(DataFolder(tmp_path))
    store.close()
    empty = Room(store, make_room(tmp_path / "other", seconds=1, story=False).site, 0.0)
    opened, desk = open_desk(qtbot, tmp_path, empty)
    opened.engine.running = False
    try:
        assert "Waiting" in desk.window.board_empty.text()
        qtbot.waitUntil(lambda: opened.engine.starts == 1, timeout=3000)
        assert desk.conductor.liveness is Liveness.STARTING
    finally:
        desk.close()


def test_two_thousand_endpoints_fit_without_scrolling(qtbot: QtBot, tmp_path: Path) -> None:
    """The mosaic holds them all at 1920 by 1080, and each is there for a screen reader."""
    room = make_room(tmp_path, seconds=2, endpoints=2000, story=False)
    opened, desk = open_desk(qtbot, tmp_path, room)
    desk.window.showNormal()
    desk.window.resize(1920, 1080)
    try:
        qtbot.waitUntil(opened.has_seen, timeout=8000)
        opened.go_on(2)
        opened.settle()
        board = desk.window.board
        assert desk.window.board_model.rowCount() == 2000
        assert board.verticalScrollBar().maximum() == 0
        last = desk.window.board_model.index(1999, 0)
        spoken = desk.window.board_model.data(last, Qt.ItemDataRole.AccessibleTextRole)
        assert "infrastructure 599, Up" in str(spoken)
        assert board.viewport().rect().contains(board.visualRect(last))
    finally:
        desk.close()
        room.store.close()


def test_text_takes_the_colours_of_the_theme_that_is_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    """After the toggle the words of the header are dark on light: what is painted, not what was asked for."""
    opened, desk = open_desk(qtbot, tmp_path, make_room(tmp_path, seconds=2, story=False))
    try:
        qtbot.waitUntil(opened.has_seen, timeout=8000)
        for _ in range(2):
            title = desk.window.board_panel.title
            picture = title.grab().toImage()
            wanted = desk.theme.colour("text.strong").lightness()
            ground = desk.theme.colour("surface.panel").lightness()
            seen = {
                picture.pixelColor(x, y).lightness()
                for x in range(min(60, picture.width()))
                for y in range(picture.height())
            }
            assert any(abs(lightness - wanted) < 25 for lightness in seen)
            assert abs(wanted - ground) > 100
            desk.theme.toggle()
    finally:
        desk.close()


def test_the_worst_alarm_leads_until_the_operator_chooses(shift: OpenDesk) -> None:
    """The first alarm is the selected one and its endpoint is shown; a choice by hand stays."""
    alarms, conductor = shift.desk.window.alarms, shift.desk.conductor
    current = alarms.current()
    assert current is not None
    assert alarms.model.row_of(current.number) == 0
    assert conductor.shown_endpoint() == current.subject
    conductor.choose(LOSSY)
    chosen = alarms.current()
    shift.settle()
    assert conductor.shown_endpoint() == LOSSY
    assert alarms.current() == chosen


def test_an_engine_that_holds_the_store_is_never_ended_by_a_desk(shift: OpenDesk, qtbot: QtBot) -> None:
    """A desk that slept, or cannot read, says so and leaves the engine to the operator."""
    for _ in range(12):
        shift.clock.ahead_s += 5.0
        shift.settle()
        qtbot.wait(20)
    shift.settle()
    assert shift.desk.conductor.liveness is Liveness.STOPPED
    assert (shift.engine.stops, shift.engine.starts) == (0, 0)
    assert "kill -9 4410" in shift.desk.window.stopped.detail.text()


def test_choosing_by_program_is_no_choice_of_the_operator(shift: OpenDesk, qtbot: QtBot) -> None:
    """The board announces what the operator does, and nothing else."""
    board = shift.desk.window.board
    board.choose(DOWN)
    with qtbot.assertNotEmitted(board.endpoint_chosen):
        board.choose(LOSSY)


def test_what_an_operator_stopped_at_another_desk_stays_stopped(shift: OpenDesk, qtbot: QtBot) -> None:
    """The log says that it was wanted: this desk says so too and starts nothing."""
    room = shift.room
    room.now_utc_s += 1.0
    stopped = Draft(room.now_utc_s, LogKind.ENGINE_STOPPED, "engine", "j.silva", {"cause": "operator"})
    room.store.commit(Batch(second=Second(room.now_utc_s), entries=(room.chain.append(stopped),)))
    qtbot.waitUntil(shift.has_seen, timeout=5000)
    shift.engine.running = False
    shift.clock.ahead_s += 20.0
    shift.settle()
    qtbot.wait(300)
    shift.settle()
    assert shift.engine.starts == 0
    assert "stopped by an operator" in shift.desk.window.stopped.detail.text()


def test_a_thread_of_the_desk_that_ends_is_named_for_good(shift: OpenDesk) -> None:
    """An old picture under a running clock would be worse than a red band."""
    shift.desk.faults.note(ValueError("a mistake"), "desk-reader")
    shift.settle()
    assert "THIS DESK HAS FAILED" in shift.desk.window.stopped.headline.text()
    assert "a mistake" in shift.desk.window.stopped.detail.text()


def test_a_second_acknowledgement_says_that_it_was_the_second(shift: OpenDesk) -> None:
    """At this desk, by its key; and when another desk was faster, with what became of the note."""
    window, qtbot, room = shift.desk.window, shift.qtbot, shift.room
    row = window.alarms.model.row_of(2)
    assert row is not None
    window.alarms.view.setCurrentIndex(window.alarms.model.index(row, 0))
    window.alarms.begin_acknowledging()
    assert window.alarms.message.text() == "Ashby ambulance 4G is acknowledged already."
    moved = acknowledged(room.alarms[4], "j.silva", "", room.now_utc_s)
    assert moved is not None
    shift.desk.conductor.alarms.acts.acknowledge([4], "Crew told")
    room.alarms[4] = moved.alarm
    room.store.commit(Batch(alarms=(moved.alarm,)))
    qtbot.waitUntil(lambda: len(room.store.waiting_acts()) > 0, timeout=5000)
    shift.go_on()
    words = "Hillcrest radio gateway was acknowledged already, by j.silva. Your note is in the log."
    qtbot.waitUntil(lambda: window.alarms.message.text() == words, timeout=5000)


def test_the_first_acknowledgement_says_nothing_of_the_kind(shift: OpenDesk) -> None:
    """It was the first."""
    window = shift.desk.window
    shift.desk.conductor.alarms.acts.acknowledge([4])
    shift.qtbot.waitUntil(lambda: len(shift.room.store.waiting_acts()) > 0, timeout=5000)
    shift.go_on()
    shift.qtbot.waitUntil(lambda: _badges(shift)[DOWN] == "Ack EL", timeout=5000)
    shift.settle()
    assert window.alarms.message.text() == "Hillcrest radio gateway is acknowledged."
    row = window.alarms.model.row_of(3)
    assert row is not None
    window.alarms.view.setCurrentIndex(window.alarms.model.index(row, 0))
    assert window.alarms.message.text() == ""


def test_while_nothing_is_measured_no_figure_is_one_of_now(shift: OpenDesk) -> None:
    """The graph's own figure goes stale with all others, and comes back with the heartbeat."""
    graph, qtbot = shift.desk.window.graph, shift.qtbot
    qtbot.waitUntil(lambda: graph.plot is not None, timeout=15000)
    shift.desk.conductor.select("router-a")
    qtbot.waitUntil(lambda: graph.figures.text()[:5] in {f"now {digit}" for digit in range(10)}, timeout=5000)
    shift.clock.ahead_s += 3.5
    shift.settle()
    assert graph.figures.text().startswith("not measured now")
    shift.go_on(2)
    shift.settle()
    assert graph.figures.text().startswith("now ")


def test_a_figure_says_its_age_while_readings_wait_for_room(shift: OpenDesk) -> None:
    """The engine lives, and the newest figure that could be kept is none of now."""
    graph, qtbot = shift.desk.window.graph, shift.qtbot
    qtbot.waitUntil(lambda: graph.plot is not None, timeout=15000)
    shift.desk.conductor.select("router-a")
    qtbot.waitUntil(lambda: graph.figures.text().startswith("now "), timeout=5000)
    shift.room.no_room = True
    shift.go_on(8)
    shift.settle()
    assert re.match(r"\d+ s ago ", graph.figures.text())
    shift.room.no_room = False
    shift.go_on(2)
    shift.settle()
    assert graph.figures.text().startswith("now ")


def test_the_graph_says_its_unit_at_its_axis(shift: OpenDesk) -> None:
    """At the top of it, and no value close by."""
    graph = shift.desk.window.graph
    shift.qtbot.waitUntil(lambda: graph.plot is not None, timeout=15000)
    shift.desk.conductor.select("router-a")
    shift.qtbot.waitUntil(lambda: graph.settled, timeout=5000)
    shift.settle()
    assert graph.plot is not None
    ticks = graph.plot.value_ticks()
    assert ticks[-1][1] == "ms"
    assert all(value < ticks[-1][0] for value, _ in ticks[:-1])


def _cut_off(window: DeskWindow) -> list[str]:
    """What is narrower than it should be, or lies partly outside the window."""
    header = window.header
    parts: list[QWidget] = [each for each in window.findChildren(QPushButton) if each.isVisibleTo(window)]
    parts += [header.clock, header.date, header.monitoring, header.operator, header.blind]
    parts += [hint for key in KEYS if (hint := window.status.hint(key.name)) is not None]
    return [
        part.accessibleName() or type(part).__name__
        for part in parts
        if part.width() < part.sizeHint().width()
        or not window.rect().contains(part.mapTo(window, part.rect().bottomRight()))
    ]


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720), (1920, 1080)])
def test_no_control_is_cut_off(shift: OpenDesk, size: tuple[int, int]) -> None:
    """Every button, figure and key lies inside the window at its full width, on small screens too."""
    window = shift.desk.window
    window.showNormal()
    window.resize(*size)
    shift.settle()
    shift.qtbot.waitUntil(lambda: _cut_off(window) == [], timeout=3000)
    assert window.header.site.width() >= 100
