"""A box that is ticked has a tick: its colour alone does not tell."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QStyle, QStyleOptionButton
from pytestqt.qtbot import QtBot

from ui.desk.theme import Theme
from ui.desk.tick_box import TickBox


@pytest.mark.parametrize("name", ["dark", "light"])
def test_a_tick_is_seen_on_the_grounds_colour(qtbot: QtBot, name: str) -> None:
    """In the theme's own colours; a box that is not ticked has none of it."""
    theme, box = Theme(name, ""), TickBox("Speak")
    qtbot.addWidget(box)
    box.setStyleSheet(theme.style_sheet())
    box.setPalette(theme.palette())
    box.show()
    inks = []
    for ticked in (True, False):
        box.setChecked(ticked)
        option = QStyleOptionButton()
        box.initStyleOption(option)
        place = box.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, box)
        picture = box.grab(place).toImage()
        pixels = [picture.pixelColor(x, y) for x in range(place.width()) for y in range(place.height())]
        inks.append({colour.name() for colour in pixels})
    ground, ink = theme.colour("line.focus").name(), theme.colour("surface.window").name()
    assert {ground, ink} <= inks[0]
    assert ground not in inks[1]
