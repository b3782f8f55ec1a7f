"""The desk looks as it did: small pictures of a room at one moment, held to references block by block.

1. A picture fails where any block of 80 by 80 pixels differs by more than ``TOLERANCE`` in the mean.
2. Letters that another machine's font library draws a little differently stay far below it; a missing panel,
   a colour or a layout that moved by two pixels exceed it. The tests here prove both.
3. References change on purpose alone: ``make golden`` writes them anew, and they are then looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QImage
from pytestqt.qtbot import QtBot

from tests.golden.still import StillDesk, open_still_desk, worst_block
from ui.desk import theme as themes
from ui.desk.theme import NAMES, Theme
from ui.desk.tokens import Tokens
from ui.desk.views import VIEWS

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

REFERENCES = Path(__file__).parent
TOLERANCE = 2.0
"""Of 0 to 255. Measured: 0.0 on one machine, 0.2 without hinting, 2.6 and more for most wrong colours."""
RENEW = os.environ.get("CONTROLROOM_RENEW_GOLDEN") == "1"


@pytest.fixture
def still(qtbot: QtBot, tmp_path: Path) -> Iterator[StillDesk]:
    """A dark desk that stands still."""
    opened = open_still_desk(qtbot, tmp_path, "dark")
    yield opened
    opened.close()


def hold(name: str, taken: QImage, folder: Path) -> str:
    """Compare a picture with its reference; say what is wrong, or nothing. Renew it if that was asked for."""
    file = REFERENCES / f"{name}.png"
    if RENEW:
        assert taken.save(str(file))
        return ""
    reference = QImage(str(file))
    if reference.size() != taken.size():
        return f"{name}: there is no reference of this size"
    difference = worst_block(reference, taken)
    if difference <= TOLERANCE:
        return ""
    taken.save(str(folder / f"{name}.png"))
    return f"{name}: differs by {difference:.1f}; what was taken lies in {folder / name}.png"


@pytest.mark.parametrize("theme", NAMES)
def test_every_view_looks_as_it_did(qtbot: QtBot, tmp_path: Path, theme: str) -> None:
    """In both themes; at last the desk whose engine fell silent."""
    (tmp_path / "data").mkdir()
    still = open_still_desk(qtbot, tmp_path / "data", theme)
    wrong = [hold(f"{view}-{theme}", still.picture(view), tmp_path) for view in VIEWS]
    still.lose_the_heartbeat()
    wrong.append(hold(f"stopped-{theme}", still.picture(), tmp_path))
    still.close()
    assert [each for each in wrong if each] == []


def test_there_is_a_reference_for_every_view_and_no_other() -> None:
    """A view that is gone leaves no picture behind."""
    wanted = {f"{view}-{theme}.png" for view in (*VIEWS, "stopped") for theme in NAMES}
    assert {file.name for file in REFERENCES.glob("*.png")} == wanted


def test_two_pictures_of_one_moment_are_alike(still: StillDesk) -> None:
    """To the last pixel: nothing in them is left to chance or to this machine's clock."""
    assert worst_block(still.picture(), still.picture()) == 0.0


def test_letters_of_another_machine_pass(still: StillDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same font drawn in another way is the same desk."""
    before, plain = still.picture(), Theme.font

    def font(theme: Theme, size: float = 1.0, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        other = QFont(plain(theme, size, weight))
        other.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return other

    monkeypatch.setattr(Theme, "font", font)
    still.desk.theme.changed.emit()
    assert 0.0 < worst_block(before, still.picture()) <= TOLERANCE


def test_every_missing_panel_is_noticed(still: StillDesk) -> None:
    """Whichever it is."""
    window = still.desk.window
    for panel in (
        window.header,
        window.services,
        window.graph,
        window.detail,
        window.alarms,
        window.log,
        window.status,
    ):
        before = still.picture()
        panel.hide()
        assert worst_block(before, still.picture()) > TOLERANCE, panel.accessibleName()
        panel.show()


def test_a_wrong_colour_is_noticed(still: StillDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A critical alarm in green, a ground that is too light, text that is not to be read."""
    before, right = still.picture(), themes.load
    for role in ("urgency.1.fill", "urgency.1.line", "surface.panel", "text.main", "line.focus"):

        def broken(name: str, role: str = role) -> Tokens:
            tokens = right(name)
            return replace(tokens, colours={**tokens.colours, role: "#2f9e44"})

        monkeypatch.setattr(themes, "load", broken)
        still.desk.theme.use("dark")
        assert worst_block(before, still.picture()) > TOLERANCE, role
    monkeypatch.setattr(themes, "load", right)
    still.desk.theme.use("dark")
    assert worst_block(before, still.picture()) == 0.0


def test_a_layout_that_moved_by_two_pixels_is_noticed(still: StillDesk) -> None:
    """It is then no longer the desk that eyes have learnt."""
    before, layout = still.picture(), still.desk.window.layout()
    assert layout is not None
    layout.setContentsMargins(2, 0, 0, 0)
    assert worst_block(before, still.picture()) > TOLERANCE
