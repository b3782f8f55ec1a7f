"""A simulated desk says so on its window and on every dialog, whoever opens it; a real desk never does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from controlroom.store.interface import Batch
from tests.ui.desk.conftest import OpenDesk, open_desk
from tests.ui.desk.room import make_room
from ui.desk.band import Band
from ui.desk.openings import Openings
from ui.desk.simulation_mark import SimulationMark
from ui.desk.theme import Theme


@pytest.fixture
def simulated(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenDesk]:
    """A desk on a room whose readings are invented."""
    room = make_room(tmp_path, seconds=20)
    view = room.site.model_copy(update={"simulated": True})
    room.store.commit(Batch(site_json=view.model_dump_json()))
    opened, desk = open_desk(qtbot, tmp_path, room, asks_before_closing=False)
    try:
        qtbot.waitUntil(opened.has_seen, timeout=5000)
        opened.settle()
        yield opened
    finally:
        desk.close()
        room.store.close()


def opened(desk: OpenDesk) -> list[QWidget]:
    """The dialogs and windows that are open over the desk."""
    QApplication.processEvents()
    return [each for each in desk.desk.window.findChildren(QWidget) if each.isWindow() and each.isVisible()]


def says_it_at_its_top(widget: QWidget, theme: Theme) -> bool:
    """Whether its first lines are of the band's colour, from its left to its right."""
    QApplication.processEvents()
    picture = widget.grab().toImage()
    colour = theme.colour("band.simulated")
    return all(picture.pixelColor(x, 1) == colour for x in (1, picture.width() // 2, picture.width() - 2))


def test_the_window_says_it_for_good(simulated: OpenDesk) -> None:
    """In its title and in a band that stands above everything else."""
    window = simulated.desk.window
    assert window.windowTitle() == "SIMULATED – Controlroom"
    assert window.simulated.isVisible()
    assert window.simulated.headline.text().startswith("SIMULATED")
    assert window.simulated.mapTo(window, window.simulated.rect().topLeft()).y() == 0
    simulated.go_on(2)
    simulated.settle()
    assert window.simulated.isVisible()


def test_the_band_is_seen_in_both_themes(simulated: OpenDesk) -> None:
    """Its ground is not the window's."""
    window = simulated.desk.window
    for _ in range(2):
        picture = window.grab().toImage()
        assert picture.pixelColor(2, 2) == simulated.desk.theme.colour("band.simulated")
        assert picture.pixelColor(2, 2) != simulated.desk.theme.colour("surface.header")
        simulated.desk.theme.toggle()


def test_every_dialog_says_it(simulated: OpenDesk) -> None:
    """The sheet of keys, and windows that nobody has thought of yet: in the title and in a band."""
    window = simulated.desk.window
    window.show_keys()
    assert [each.windowTitle() for each in opened(simulated)] == ["SIMULATED – Keys and signs"]
    unforeseen = QDialog(window)
    QVBoxLayout(unforeseen).addWidget(QLabel("Unforeseen"))
    unforeseen.setWindowTitle("Unforeseen")
    unforeseen.open()
    inner = QWidget(unforeseen, Qt.WindowType.Window)
    QVBoxLayout(inner).addWidget(QLabel("Inner"))
    inner.show()
    assert len(opened(simulated)) == 3
    for each in opened(simulated):
        assert each.windowTitle().startswith("SIMULATED")
        assert says_it_at_its_top(each, simulated.desk.theme)
        each.resize(each.width() + 200, each.height() + 100)
        assert says_it_at_its_top(each, simulated.desk.theme)
    unforeseen.setWindowTitle("Renamed")
    assert unforeseen.windowTitle() == "SIMULATED – Renamed"
    for each in opened(simulated):
        each.close()


def test_the_band_hides_nothing(simulated: OpenDesk) -> None:
    """What stood at the top of a dialog stands below it."""
    dialog, label = QDialog(simulated.desk.window), QLabel("First line")
    QVBoxLayout(dialog).addWidget(label)
    dialog.open()
    QApplication.processEvents()
    (band,) = dialog.findChildren(Band)
    assert label.mapTo(dialog, label.rect().topLeft()).y() >= band.height() > 10
    dialog.reject()


def test_the_export_may_be_left_again_and_again(simulated: OpenDesk) -> None:
    """Ctrl+E and Esc: nothing holds a dialog that has gone, and the next one is marked anew."""
    window = simulated.desk.window
    for _ in range(5):
        window.log.export.click()
        _leave_the_dialog(simulated)
        # Nothing here holds the dialog any more: only what holds it too long could still touch it.
        simulated.qtbot.waitUntil(lambda: not window.findChildren(QFileDialog), timeout=5000)
        simulated.settle()


def _leave_the_dialog(desk: OpenDesk) -> None:
    (dialog,) = opened(desk)
    assert says_it_at_its_top(dialog, desk.desk.theme)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_what_was_open_before_is_marked_too(qtbot: QtBot) -> None:
    """And nothing is before it begins."""
    window = QWidget()
    qtbot.addWidget(window)
    window.setWindowTitle("Controlroom")
    mark, dialog = SimulationMark(window, Theme("dark", ""), Openings(window)), QDialog(window)
    dialog.setWindowTitle("Early")
    window.show()
    dialog.open()
    assert (window.windowTitle(), dialog.windowTitle()) == ("Controlroom", "Early")
    mark.begin()
    mark.begin()
    assert (window.windowTitle(), dialog.windowTitle()) == ("SIMULATED – Controlroom", "SIMULATED – Early")
    dialog.reject()


def test_the_log_is_exported_under_a_name_that_says_it(simulated: OpenDesk) -> None:
    """Whatever name was chosen."""
    simulated.desk.conductor.log_export.export(simulated.folder / "log.csv")
    simulated.qtbot.waitUntil(lambda: bool(simulated.exported), timeout=5000)
    assert simulated.exported == [simulated.folder / "SIMULATED-log.csv"]
    message = simulated.desk.window.log.message
    simulated.qtbot.waitUntil(lambda: "SIMULATED-log.csv" in message.text(), timeout=5000)


def test_a_real_desk_says_nothing_of_it(shift: OpenDesk) -> None:
    """No band, no title, no other name of a file."""
    window = shift.desk.window
    assert window.windowTitle() == "Controlroom"
    assert window.simulated.isHidden()
    shift.desk.conductor.log_export.export(shift.folder / "log.csv")
    shift.qtbot.waitUntil(lambda: bool(shift.exported), timeout=5000)
    assert shift.exported == [shift.folder / "log.csv"]


def test_closing_speaks_of_a_simulation(simulated: OpenDesk) -> None:
    """Nothing real ends with it, and no real monitoring is promised."""
    simulated.desk.conductor.closer._asks = True
    simulated.desk.conductor.closer.ask()
    (dialog,) = opened(simulated)
    said = [label.text() for label in dialog.findChildren(QLabel)]
    said += [button.text() for button in dialog.findChildren(QPushButton)]
    assert "Is the simulation to go on?" in said
    assert "Stop simulation and close" in said
    assert not any("onitoring" in words for words in said)
    dialog.close()


def test_closing_a_real_desk_speaks_of_monitoring(shift: OpenDesk) -> None:
    """As before, and of no simulation."""
    shift.desk.conductor.closer.ask()
    (dialog,) = opened(shift)
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert "Is monitoring to go on?" in said
    assert not any("simulat" in words.lower() for words in said)
    dialog.close()


def test_the_demonstration_closes_without_asking(simulated: OpenDesk) -> None:
    """Whoever opened it ends its engine; there is nothing to decide."""
    simulated.desk.window.close()
    simulated.qtbot.waitUntil(lambda: not simulated.desk.window.isVisible(), timeout=5000)
    assert not opened(simulated)
    assert simulated.engine.stops == 0
