"""A difference as people read it: signs, places in words, colours of the theme."""

from __future__ import annotations

from PySide6.QtGui import QTextFormat
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from controlroom.site.difference import unified
from ui.desk.site_editor.difference_dialog import DifferenceDialog
from ui.desk.site_editor.difference_lines import LineKind, ShownLine, shown_lines, sides
from ui.desk.theme import Theme, load_fonts

BEFORE = "a = 1\nb = 2\n-- odd\nc = 3\nd = 4"
AFTER = "a = 1\nb = 9\n-- odd\nc = 3\nd = 4\ne = 5"


def test_lines_are_told_apart_by_their_signs() -> None:
    """No mark of a tool is left, and a text that looks like one is not taken for it."""
    lines = unified(BEFORE, AFTER, "now", "version 3")
    assert sides(lines) == ("now", "version 3")
    shown = shown_lines(lines)
    assert shown[0] == ShownLine(LineKind.PLACE, "…  line 1")
    assert ShownLine(LineKind.GONE, "−  b = 2") in shown
    assert ShownLine(LineKind.COME, "+  b = 9") in shown
    assert ShownLine(LineKind.COME, "+  e = 5") in shown
    assert ShownLine(LineKind.SAME, "   -- odd") in shown
    assert not any("@@" in line.text or "+++" in line.text for line in shown)
    assert shown_lines(unified(BEFORE, BEFORE, "now", "now")) == ()
    gone = shown_lines(unified("-- x", "y", "a", "b"))
    assert gone[1] == ShownLine(LineKind.GONE, "−  -- x")


def test_what_came_and_what_went_is_coloured(qtbot: QtBot) -> None:
    """Over the whole width, by the theme's roles, also after the theme was changed."""
    theme = Theme("dark", load_fonts())
    parent = QWidget()
    qtbot.addWidget(parent)
    lines = unified(BEFORE, AFTER, "now", "version 3")
    dialog = DifferenceDialog(theme, parent, "Title", [], lines)
    for name in ("dark", "light"):
        theme.use(name)
        marks = dialog.lines.extraSelections()
        found = {(mark.cursor.block().text()[0], mark.format.background().color().name()) for mark in marks}
        assert found == {("+", theme.tokens["difference.come"]), ("−", theme.tokens["difference.gone"])}
        whole = QTextFormat.Property.FullWidthSelection
        assert all(mark.format.boolProperty(whole) for mark in marks)
