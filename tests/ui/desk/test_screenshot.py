"""The command screenshot: a picture of exactly the size asked for, a data folder left alone, and refusals."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from controlroom.engine.roster_file import RosterFile
from controlroom.operators.role import Role
from controlroom.operators.roster import Operator, Roster
from tests.architecture.project import ROOT
from tests.controlroom.doctor.test_engine import contents
from tests.ui.desk.room import DEGRADED, make_room
from ui.desk.screenshot import as_png, unlikeness
from ui.desk.theme import load


def begin(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the command; no display is to be had."""
    command = [sys.executable, str(ROOT / "main.py"), "screenshot", *arguments, "--data", str(folder)]
    without = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in without}
    environment["QT_SCALE_FACTOR"] = "2"
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=folder.parent
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Its exit code and what it said."""
    out, err = process.communicate(timeout=60)
    assert out == ""
    return process.returncode, err


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A store of some seconds that no engine has open."""
    (tmp_path / "data").mkdir()
    make_room(tmp_path / "data", seconds=20).store.close()
    return tmp_path / "data"


def test_a_living_desk_is_shown_as_living(tmp_path: Path) -> None:
    """With the endpoint and the size asked for, whatever the machine's scale; nothing else is written."""
    (tmp_path / "data").mkdir()
    room = make_room(tmp_path / "data", seconds=20)
    chosen = ["desk", "--theme", "light", "--size", "1280x720", "--output", "a.png", "--select", DEGRADED]
    process = begin(tmp_path / "data", *chosen, "--settle", "0.2")
    until_s = time.monotonic() + 40
    while process.poll() is None and time.monotonic() < until_s:
        room.second()
        time.sleep(0.2)
    assert ended(process) == (0, "")
    room.store.close()
    image = QImage(str(tmp_path / "a.png"))
    assert (image.width(), image.height()) == (1280, 720)
    assert colours(image) & {
        QColor(load("light")[role]).rgb() for role in ("surface.panel", "urgency.1.tint")
    }
    assert QColor(load("light")["band.stopped"]).rgb() not in colours(image)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "data"]
    held = sorted(path.name for path in (tmp_path / "data").iterdir())
    assert held == ["committed", "engine.lock", "history", "inbox", "reserve", "store.db"]


def test_a_stopped_room_is_shown_as_stopped_and_left_as_it_was(data: Path) -> None:
    """No engine is started, no file in the data folder made or changed; the dialog stands over the desk."""
    before = contents(data)
    process = begin(
        data, "keys", "--size", "1000x700", "--output", str(data.parent / "k.png"), "--settle", "0"
    )
    assert ended(process) == (0, "")
    assert contents(data) == before
    image = QImage(str(data.parent / "k.png"))
    assert (image.width(), image.height()) == (1000, 700)
    assert QColor(load("dark")["band.stopped"]).rgb() in colours(image)
    assert image.pixelColor(500, 250).rgb() != QColor(load("dark")["surface.tile"]).rgb()


def test_a_room_with_operators_is_shown_as_it_is(data: Path) -> None:
    """Nobody is asked to sign in, the list is read and left as it was; a dialog stands over the desk."""
    listed = (Operator("Eva Lindqvist", Role.CONFIGURE, "hash"), Operator("Ben Okoro", Role.ACT))
    RosterFile(data).save(Roster(listed))
    (data / "site.toml").write_text((ROOT / "resources/examples/control-room.toml").read_text())
    before = contents(data)
    pictures = {view: data.parent / f"{view}.png" for view in ("desk", "operators", "sign-in", "form")}
    chosen = ["--size", "1280x720", "--theme", "light", "--settle", "0"]
    # All at once: each mostly waits for the end of a heartbeat that does not come.
    taken = [begin(data, view, *chosen, "--output", str(path)) for view, path in pictures.items()]
    assert [ended(process) for process in taken] == [(0, "")] * len(pictures)
    assert contents(data) == before
    desk = QImage(str(pictures.pop("desk"))).copy(300, 150, 680, 420)
    for view, path in pictures.items():
        assert unlikeness(QImage(str(path)).copy(300, 150, 680, 420), desk) > 5, view


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["dsek"],
            "There is no view “dsek”. Did you mean “desk”? The views are desk, form,",
        ),
        (["desk", "--size", "300x200"], "The desk needs at least "),
        (["desk", "--size", "wide"], "“wide” is no size in pixels such as 1920x1080"),
        (["desk", "--theme", "pink"], "invalid choice: 'pink'"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_a_sentence(data: Path, arguments: list[str], words: str) -> None:
    """Exit 2, and no picture."""
    code, err = ended(begin(data, *arguments, "--output", "x.png"))
    assert code == 2
    assert words in err
    assert not (data.parent / "x.png").exists()


def test_an_unknown_endpoint_is_refused_with_the_nearest(data: Path) -> None:
    """Once the site is known."""
    code, err = ended(begin(data, "desk", "--select", "ashby4g", "--output", "x.png"))
    assert code == 2
    assert "There is no endpoint “ashby4g”. Did you mean “ashby-4g”?" in err
    assert not (data.parent / "x.png").exists()


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    """One that is not there, and one in which no engine has run."""
    code, err = ended(begin(tmp_path / "nowhere", "desk", "--output", "x.png"))
    assert (code, "There is no data folder" in err) == (2, True)
    (tmp_path / "empty" / "inbox").mkdir(parents=True)
    code, err = ended(begin(tmp_path / "empty", "desk", "--output", "x.png"))
    assert (code, "there is nothing to show" in err) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_images_are_compared_channel_by_channel() -> None:
    """Whatever the padding of their rows."""
    one, other = QImage(5, 3, QImage.Format.Format_RGB32), QImage(5, 3, QImage.Format.Format_RGB32)
    one.fill(QColor(10, 10, 10))
    other.fill(QColor(13, 10, 10))
    assert unlikeness(one, one) == 0.0
    assert unlikeness(one, other) == 1.0
    assert as_png(one).startswith(b"\x89PNG")


def colours(image: QImage) -> set[int]:
    """Every colour of every fourth pixel."""
    return {image.pixel(x, y) for x in range(0, image.width(), 4) for y in range(0, image.height(), 4)}
