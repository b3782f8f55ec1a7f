"""What is written of an endpoint in its place: its name comes first, and it is told from all others."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

import resources
from ui.desk.board.name_lines import two_lines
from ui.desk.board.plan import Density
from ui.desk.board.tile import TilePainter
from ui.desk.faces import TileFace
from ui.desk.theme import Theme, load_fonts

NAMES = [
    endpoint["name"]
    for endpoint in tomllib.loads(resources.path("demo/site.toml").read_text(encoding="utf-8"))["endpoints"]
]
CALM = TileFace("one", "", "up", "Up", "", 0, "29.0 ms", "0.00 %", False, "")


class _Recorder(QPainter):
    """A painter that remembers the words that it was given."""

    def __init__(self, image: QImage) -> None:
        super().__init__(image)
        self.words: list[str] = []

    def drawText(self, *given: object) -> None:  # type: ignore[override]  # noqa: N802 - Qt's name
        self.words.append(str(given[-1]))


def written(face: TileFace, density: Density, width: int, height: int) -> list[str]:
    """The words that are painted into a place of a size."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    painter = _Recorder(image)
    TilePainter(Theme("dark", load_fonts())).paint(
        painter, QRectF(0, 0, width, height), face, density, selected=False
    )
    painter.end()
    return painter.words


def test_the_names_of_a_full_board_are_told_apart_in_little_room(qtbot: QtBot) -> None:
    """Sixty endpoints on a small screen: most names stand whole, and no two are written alike."""
    shown = [" ".join(written(replace(CALM, name=name), Density.NAME, 109, 24)) for name in NAMES]
    assert len(NAMES) >= 60
    assert len(set(shown)) == len(shown)
    assert sum("…" not in words for words in shown) > 0.75 * len(shown)
    for name, words in zip(NAMES, shown, strict=True):
        assert words[:5] == name[:5]
        assert words[-4:] == name[-4:]


def test_a_name_that_fits_one_line_stands_in_one(qtbot: QtBot) -> None:
    """In the middle of its place."""
    assert written(replace(CALM, name="Map server"), Density.NAME, 109, 24) == ["Map server"]


@pytest.mark.parametrize("density", [Density.LINE, Density.NARROW])
def test_a_figure_gives_way_to_the_name(qtbot: QtBot, density: Density) -> None:
    """What is the matter never does."""
    name = "Westmarch control room"
    figure = "29.0 ms" if density is Density.LINE else "29.0"
    assert written(replace(CALM, name=name), density, 400, 24) == [figure, name]
    assert written(replace(CALM, name=name), density, 175, 24) == [name]
    down = replace(CALM, name=name, shape="down", word="Down", urgency=1, lasting="3 min")
    assert written(down, density, 175, 24)[0] == "Down"


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40), st.integers(1, 20))
def test_two_lines_hold_all_of_a_name(name: str, room: int) -> None:
    """Nothing is lost between them but white space, and the first fits."""
    first, second = two_lines(name, lambda words: len(words) <= room)
    assert len(first) <= room
    assert "".join((first + second).split()) == "".join(name.split())


NAMED = replace(CALM, name="UPS", figure="not needed", title="Battery replacement")


@pytest.mark.parametrize(
    ("density", "width", "height"),
    [(Density.TILE, 260, 42), (Density.LINE, 300, 24), (Density.NARROW, 300, 24)],
)
def test_a_figure_never_stands_without_its_name(
    qtbot: QtBot, density: Density, width: int, height: int
) -> None:
    """*Not needed* alone reads as if the endpoint were not."""
    words = " ".join(written(NAMED, density, width, height))
    assert "not needed" in words
    assert "Battery replacement" in words


def test_in_little_room_a_name_is_cut_or_the_figure_left_out(qtbot: QtBot) -> None:
    """The middle gives way; where not even that has room there is no figure."""
    assert "Batter…ement not needed" in written(NAMED, Density.LINE, 250, 24)
    crowded = replace(NAMED, name="Power supply of the equipment room")
    assert "not needed" not in " ".join(written(crowded, Density.LINE, 210, 24))
    (below,) = [each for each in written(NAMED, Density.TILE, 140, 42) if "…" in each]
    assert below[0] == "B"
    assert below[-1] == "t"


def test_below_a_named_figure_loss_is_told_where_it_deserves_a_look(qtbot: QtBot) -> None:
    """Its name has the room; a round-trip time has none, and its loss is told in any case."""
    assert "Battery replacement" in written(NAMED, Density.TILE, 300, 42)
    lossy = replace(NAMED, lossy=True, loss="4.0 %")
    assert "Battery replacement, loss 4.0 %" in written(lossy, Density.TILE, 300, 42)
    assert "Battery replacement, 20 s old" in written(replace(lossy, age="20 s old"), Density.TILE, 300, 42)
    assert "loss 0.00 %" in written(CALM, Density.TILE, 260, 42)
