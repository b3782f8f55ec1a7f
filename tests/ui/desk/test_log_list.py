"""The event log's lines, its place while it grows, and its export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from controlroom.errors import StoreError
from tests.ui.desk.conftest import OpenDesk
from ui.desk.faces import LogFace
from ui.desk.log_list.change import change_between
from ui.desk.log_list.delegate import LogDelegate
from ui.desk.log_list.export import LogExport
from ui.desk.log_list.model import LogModel
from ui.desk.log_list.panel import LogPanel
from ui.desk.theme import Theme, load_fonts

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def _faces(numbers: Sequence[int | None]) -> list[LogFace]:
    return [
        LogFace(number, "x", "14:00:00", "auto", f"Line {number}: " + "words " * 9, False)
        for number in numbers
    ]


def _newest_first(last: int, count: int) -> list[int]:
    return list(range(last, last - count, -1))


numbers = st.lists(st.integers(1, 40), unique=True, max_size=25).map(
    lambda found: sorted(found, reverse=True)
)


@given(before=numbers, after=numbers, waiting=st.integers(0, 2))
def test_whatever_comes_and_goes_the_lines_are_those_wanted(
    before: list[int], after: list[int], waiting: int
) -> None:
    """And the model never breaks its promises to a view."""
    model = LogModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(_faces([*[None] * waiting, *before]))
    model.show(_faces(after))
    assert [face.number for face in model.faces] == after
    model.show(_faces([None, *after]))
    assert [face.number for face in model.faces] == [None, *after]


def test_beyond_its_limit_lines_go_at_the_end_and_come_at_the_top(qtbot: QtBot) -> None:
    """No reset: two rows out, two rows in."""
    model = LogModel()
    model.show(_faces(_newest_first(1000, 1000)))
    with qtbot.assertNotEmitted(model.modelReset):
        model.show(_faces(_newest_first(1002, 1000)))
    change = change_between(_faces(_newest_first(1000, 1000)), _faces(_newest_first(1002, 1000)))
    assert change is not None
    assert (change.removed, change.inserted) == ([(998, 2)], [(0, 2)])


def test_the_place_and_the_selection_stay_while_it_grows(qtbot: QtBot) -> None:
    """An operator reading an old line goes on reading it; at the top, the newest stays in sight."""
    panel = LogPanel(Theme("dark", load_fonts()))
    qtbot.addWidget(panel)
    panel.resize(400, 300)
    panel.show()
    panel.show_lines(_faces(_newest_first(1000, 1000)))
    qtbot.wait(20)
    panel.show_lines(_faces(_newest_first(1001, 1000)))
    assert panel.view.verticalScrollBar().value() == 0
    panel.view.setCurrentIndex(panel.model.index(500, 0))
    panel.view.scrollTo(panel.model.index(500, 0))
    qtbot.wait(20)
    chosen = panel.model.faces[500].number
    point = QPoint(100, 40)
    read = panel.model.faces[panel.view.indexAt(point).row()].number
    top = panel.view.visualRect(panel.view.indexAt(point)).top()
    for last in range(1002, 1012):
        panel.show_lines(_faces(_newest_first(last, 1000)))
        qtbot.wait(5)
    index = panel.view.indexAt(point)
    assert panel.model.faces[index.row()].number == read
    assert panel.view.visualRect(index).top() == top
    assert panel.model.faces[panel.view.currentIndex().row()].number == chosen


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("who", ["WWWWWWWWWWWW", "漢字漢字漢字", "superintendent"])
def test_nobody_lies_over_the_sentence(qtbot: QtBot, name: str, who: str) -> None:
    """A long account is shortened: the gap before the sentence stays empty, in every row."""
    panel = LogPanel(Theme(name, load_fonts()))
    qtbot.addWidget(panel)
    panel.resize(380, 300)
    panel.show_lines([replace(face, who=who, by_person=True) for face in _faces([3, 2, 1])])
    panel.show()
    qtbot.wait(20)
    delegate = panel.view.itemDelegate()
    assert isinstance(delegate, LogDelegate)
    end = delegate._theme.em(0.2) + delegate._indent()
    image = panel.view.viewport().grab().toImage()
    rows = panel.view.visualRect(panel.model.index(2, 0)).bottom()
    gap = {image.pixel(x, y) for x in range(end - delegate._theme.em(0.2), end - 1) for y in range(1, rows)}
    assert len(gap) == 1


def test_the_export_names_its_file_and_passes(qtbot: QtBot, tmp_path: Path) -> None:
    """In the log panel; after a while the words are gone."""
    panel = LogPanel(Theme("dark", load_fonts()))
    qtbot.addWidget(panel)
    export = LogExport(panel, lambda: "log.csv", lambda file: file, lambda file: len(file.name))
    export.start()
    panel._passing.setInterval(50)
    export.export(tmp_path / "a.csv")
    assert panel.message.text() == "Exporting the log…"

    def said() -> bool:
        export.drain()
        return panel.message.text() == f"Exported 5 entries to {tmp_path / 'a.csv'}"

    qtbot.waitUntil(said, timeout=3000)
    assert not panel.message.isHidden()
    qtbot.waitUntil(panel.message.isHidden, timeout=3000)
    export.end(3.0)


def test_a_failed_export_stays_said(qtbot: QtBot, tmp_path: Path) -> None:
    """Until the next one."""

    def fail(_file: Path) -> int:
        raise StoreError("disk-full", "The disk is full.")

    panel = LogPanel(Theme("dark", load_fonts()))
    qtbot.addWidget(panel)
    export = LogExport(panel, lambda: "log.csv", lambda file: file, fail)
    export.start()
    panel._passing.setInterval(20)
    export.export(tmp_path / "a.csv")

    def said() -> bool:
        export.drain()
        return "The disk is full." in panel.message.text()

    qtbot.waitUntil(said, timeout=3000)
    qtbot.wait(100)
    assert str(tmp_path / "a.csv") in panel.message.text()
    export.end(3.0)


def test_a_name_without_a_suffix_becomes_csv(shift: OpenDesk, tmp_path: Path) -> None:
    """As the dialog gives it, so that overwriting is asked for the right file."""
    window = shift.desk.window
    window.log.export.click()
    (dialog,) = window.findChildren(QFileDialog)
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("handover")
    dialog.accept()
    shift.qtbot.waitUntil(lambda: "handover" in window.log.message.text(), timeout=3000)
    assert shift.exported == [tmp_path / "handover.csv"]
    assert "handover.csv" in window.log.message.text()


def test_a_line_that_grows_gets_its_second_row(qtbot: QtBot) -> None:
    """No line lies over the next, whatever becomes of its words or of the width."""
    theme = Theme("dark", load_fonts())
    panel = LogPanel(theme)
    qtbot.addWidget(panel)
    panel.resize(420, 500)
    panel.show()
    short = [LogFace(number, "x", "14:00:00", "auto", "Short.", False) for number in (2, 1)]
    panel.show_lines(short)
    qtbot.wait(50)
    low = panel.view.visualRect(panel.model.index(0)).height()
    panel.show_lines([replace(short[0], text="word " * 30), short[1]])
    qtbot.waitUntil(lambda: panel.view.visualRect(panel.model.index(0)).height() > low)
    assert panel.view.visualRect(panel.model.index(1)).height() == low
