"""The libraries of a window: what is missing is named by its Debian package."""

from __future__ import annotations

import subprocess
from importlib import util
from pathlib import Path

import pytest

from controlroom.doctor.libraries import PACKAGES, check_libraries, linker_finds
from controlroom.finding import Health
from tests.architecture.project import ROOT


def test_the_list_is_that_of_the_set_up() -> None:
    """Package for package, in the same order."""
    lines = (ROOT / ".ci" / "debian-packages.txt").read_text().splitlines()
    assert list(PACKAGES.values()) == [line.split()[1] for line in lines if line.startswith("window")]


def test_what_is_missing_is_cured_by_one_command() -> None:
    """With the packages of just the missing libraries."""
    (found,) = check_libraries(lambda name: "xcb" not in name)
    assert (found.health, found.code) == (Health.TROUBLE, "libraries-missing")
    assert (
        found.cure
        == "sudo apt-get install libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1"
    )
    assert "libxcb-cursor.so.0" in found.found


def test_nothing_missing_is_well() -> None:
    """And nothing is to be done."""
    (found,) = check_libraries(lambda _name: True)
    assert (found.health, found.cure) == (Health.OK, "")


def test_the_linker_is_really_asked() -> None:
    """It knows the C library and no library of a made-up name."""
    assert linker_finds("libc.so.6")
    assert not linker_finds("libcontrolroom-has-none.so.9")


def test_the_names_are_those_that_qt_asks_the_linker_for() -> None:
    """Every listed library that Qt's own X11 and Wayland parts link to directly is named as they name it."""
    spec = util.find_spec("PySide6")
    if spec is None or spec.origin is None:
        pytest.skip("PySide6 is not installed")
    qt = Path(spec.origin).parent / "Qt"
    parts = [qt / "lib" / "libQt6XcbQpa.so.6", *qt.glob("plugins/platforms/libqwayland*.so")]
    linked = ""
    for part in parts:
        linked += subprocess.run(["ldd", part], capture_output=True, text=True, check=True).stdout
    for name in ("libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxkbcommon-x11.so.0", "libEGL.so.1"):
        assert name in PACKAGES
        assert name in linked
