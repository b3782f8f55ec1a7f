"""What is written of an alarm in its row: the whole name, also where the list is as narrow as it gets."""

from __future__ import annotations

import tomllib

import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem
from pytestqt.qtbot import QtBot

import resources
from ui.desk.alarm_list.delegate import AlarmDelegate
from ui.desk.alarm_list.face import AlarmFace
from ui.desk.alarm_list.model import AlarmModel
from ui.desk.theme import Theme, load_fonts

NAMES = [
    endpoint["name"]
    for endpoint in tomllib.loads(resources.path("demo/site.toml").read_text(encoding="utf-8"))["endpoints"]
]
NARROWEST, WIDE = 385, 580
"""The list's width on screens of 1280 and of 1920 pixels."""


class _Recorder(QPainter):
    """A painter that remembers the words that it was given, and where they stand."""

    def __init__(self, image: QImage) -> None:
        super().__init__(image)
        self.words: dict[str, QRectF] = {}

    def drawText(self, *given: object) -> None:  # type: ignore[override]  # noqa: N802 - Qt's name
        box, *_, words = given
        assert isinstance(box, QRectF)
        self.words[str(words)] = box


def written(face: AlarmFace, width: int) -> dict[str, QRectF]:
    """Paint one row of a width; return its words, each with its box."""
    theme = Theme("dark", load_fonts())
    model = AlarmModel()
    model.show([face])
    delegate = AlarmDelegate(model, theme)
    option = QStyleOptionViewItem()
    height = delegate.sizeHint(option, model.index(0, 0)).height()
    option.rect = QRect(0, 0, width, height)
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    painter = _Recorder(image)
    delegate.paint(painter, option, model.index(0, 0))
    painter.end()
    return painter.words


@pytest.mark.parametrize("badge", ["NEW", "Returned"])
def test_names_stand_whole_in_a_narrow_list(qtbot: QtBot, badge: str) -> None:
    """Nine of ten do; no other is cut at its end, where names of one kind differ."""
    new = badge == "NEW"
    cut = 0
    for name in NAMES:
        face = AlarmFace(1, "a", 1, name, "Down, no reply in time", "05:33:10", "3:34", badge, new, not new)
        words = written(face, NARROWEST)
        (shown,) = (word for word in words if word[:5] == name[:5])
        assert shown[-4:] == name[-4:]
        cut += shown != name
    assert cut <= len(NAMES) / 10


@pytest.mark.parametrize("width", [NARROWEST, WIDE])
def test_nothing_lies_over_the_name(qtbot: QtBot, width: int) -> None:
    """Whatever its length: the age gives way downwards, the state to the right."""
    name = "Westmarch control room, mutual aid and reserve, second line by the harbour exchange"
    face = AlarmFace(1, "a", 1, name, "Down", "21 Nov 05:33", "23:59 h", "pending…", True, False)
    words = written(face, width)
    (shown,) = (word for word in words if word.startswith("Westm"))
    for other, box in words.items():
        assert other == shown or not box.intersects(words[shown])


def test_a_narrow_list_says_the_minute_and_a_wide_one_the_second(qtbot: QtBot) -> None:
    """The age is in both."""
    face = AlarmFace(1, "a", 1, "Map server", "Down", "05:33:10", "3:34", "NEW", True, False)
    assert {"05:33", "3:34"} <= set(written(face, NARROWEST))
    assert {"05:33:10", "3:34"} <= set(written(face, WIDE))
