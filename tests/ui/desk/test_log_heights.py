"""The heights of the event log's rows: each sentence has the lines that it needs, whatever the width."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from ui.desk.faces import LogFace
from ui.desk.log_list.delegate import LogDelegate
from ui.desk.log_list.panel import LogPanel
from ui.desk.theme import Theme, load_fonts

WORDS = "Site Northshire Combined Control loaded: 60 endpoints, 60 probes, 12 services (digest c9fb439a65f2)."


@pytest.fixture
def make_panel(qtbot: QtBot) -> Callable[[int, int], LogPanel]:
    """Make a panel in its style, of a width, with so many entries, each a little longer than the last."""
    theme = Theme("dark", load_fonts())

    def make(width: int, entries: int) -> LogPanel:
        panel = LogPanel(theme)
        panel.setStyleSheet(theme.style_sheet())
        panel.setFont(theme.font())
        qtbot.addWidget(panel)
        panel.resize(width, 400)
        panel.show()
        panel.show_lines(
            [LogFace(n, "x", "14:00:00", "auto", WORDS[: 20 + n % 52].strip(), False) for n in range(entries)]
        )
        qtbot.wait(1)
        return panel

    return make


def wrong_rows(panel: LogPanel) -> list[tuple[int, list[str]]]:
    """Rows that leave words out, are wider than the room for them, or lie over the next or away from it."""
    theme, view = panel._theme, panel.view
    metrics, found = QFontMetrics(theme.font()), []
    delegate = view.itemDelegate()
    assert isinstance(delegate, LogDelegate)
    left = delegate._indent() + theme.em(0.2)
    tops = [view.visualRect(panel.model.index(row, 0)).top() for row in range(len(panel.model.faces))]
    for row, face in enumerate(panel.model.faces[:-1]):
        lines = delegate.lines_of(face.text)
        whole = " ".join(lines).replace(" ", "") == face.text.replace(" ", "")
        fits = all(left + metrics.horizontalAdvance(line) <= view.viewport().width() for line in lines)
        if not (whole and fits and tops[row + 1] - tops[row] == theme.em(0.3) + len(lines) * theme.em(1.05)):
            found.append((row, lines))
    return found


@pytest.mark.parametrize("width", [400, 431, 500, 586, 640])
@pytest.mark.parametrize("entries", [6, 75], ids=["without scroll bar", "with scroll bar"])
def test_every_sentence_has_the_lines_it_needs(
    make_panel: Callable[[int, int], LogPanel], width: int, entries: int
) -> None:
    """At once: nobody waits for a second layout, and no length of a sentence is at the edge of another."""
    panel = make_panel(width, entries)
    assert panel.view.verticalScrollBar().isVisible() == (entries > 6)
    assert wrong_rows(panel) == []


def test_the_heights_follow_the_window(make_panel: Callable[[int, int], LogPanel], qtbot: QtBot) -> None:
    """Wider and narrower again, and when the scroll bar comes with one entry more."""
    panel = make_panel(431, 75)
    for width in (640, 450, 586, 400):
        panel.resize(width, 400)
        qtbot.wait(1)
        assert wrong_rows(panel) == []
    faces = panel.model.faces
    for count in (4, 8, 12, 20, 40, 5):
        panel.show_lines(faces[:count])
        qtbot.wait(1)
        assert wrong_rows(panel) == []


def test_a_word_longer_than_a_line_goes_on_to_the_next(make_panel: Callable[[int, int], LogPanel]) -> None:
    """An address or a digest is not cut off at the edge."""
    delegate = make_panel(400, 6).view.itemDelegate()
    assert isinstance(delegate, LogDelegate)
    first, second = delegate.lines_of("0123456789" * 5 + " and more")
    assert first + second == "0123456789" * 5 + " and more"
    assert delegate._advance(first) <= delegate._text_width()


def test_a_long_note_has_the_lines_it_needs_where_more_are_allowed(
    make_panel: Callable[[int, int], LogPanel],
) -> None:
    """Up to their number, every word as it was typed; only then it is shortened. The log keeps to two."""
    panel = make_panel(400, 6)
    wide = LogDelegate(panel.model, panel._theme, panel.view, most_lines=6)
    note = "Alarm 2 acknowledged: “carrier told,  ticket 4711, they send a crew to the north duct at nine”"
    faces = [LogFace(n, "x", "14:00:00", "EL", note * times, True) for n, times in enumerate((1, 9))]
    panel.show_lines(faces)
    lines = wide.lines_of(note)
    assert len(lines) > 2
    assert " ".join(lines).split() == note.split()
    assert len(wide.lines_of(note * 9)) == 6
    assert wide.lines_of(note * 9)[-1].endswith("…")
    indexes = [panel.model.index(row, 0) for row in range(2)]
    option = QStyleOptionViewItem()
    line = panel._theme.em(1.05)
    heights = [wide.sizeHint(option, index).height() - panel._theme.em(0.3) for index in indexes]
    assert heights == [len(lines) * line, 6 * line]
    log = panel.view.itemDelegate()
    assert isinstance(log, LogDelegate)
    assert log.sizeHint(option, indexes[1]).height() == panel._theme.em(0.3) + 2 * line
