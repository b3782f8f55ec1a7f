"""The pair of Qt binding and Python, by versions alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from controlroom.doctor.binding import check_binding, installed_version
from controlroom.finding import Health


def _installed(**packages: str) -> Callable[[str], str | None]:
    return lambda name: packages.get(name.replace("-", "_"))


@pytest.mark.parametrize(
    ("version", "python", "code"),
    [
        ("6.11.3", (3, 11), "ok"),
        ("6.10.0", (3, 13), "ok"),
        ("6.12.0", (3, 11), "qt-binding-broken"),
        ("6.12.1", (3, 11), "qt-binding-broken"),
        ("6.12.0", (3, 12), "ok"),
        ("6.9.2", (3, 12), "qt-too-old"),
        ("unheard of", (3, 12), "qt-too-old"),
    ],
)
def test_a_pair_is_judged(version: str, python: tuple[int, int], code: str) -> None:
    """6.12 aborts on Python before 3.12; before 6.10 the desk cannot be drawn."""
    (found,) = check_binding(_installed(PySide6_Essentials=version), python)
    assert found.code == code
    assert (found.health is Health.OK) is (code == "ok")
    assert bool(found.cure) is (code != "ok")


def test_no_binding_at_all_is_trouble_and_not_a_crash() -> None:
    """The cure is the command that installs the right one."""
    (found,) = check_binding(_installed(), (3, 11))
    assert (found.health, found.code) == (Health.TROUBLE, "qt-missing")
    assert found.cure == 'python -m pip install "PySide6-Essentials>=6.10,<6.12"'


def test_parts_of_different_versions_are_trouble() -> None:
    """An interrupted upgrade leaves such a pair."""
    (found,) = check_binding(_installed(PySide6_Essentials="6.11.3", shiboken6="6.10.1"), (3, 11))
    assert found.code == "qt-parts-differ"


def test_what_is_installed_here_is_well_and_qt_is_not_loaded() -> None:
    """Looking must not need what is looked at."""
    assert check_binding()[0].health is Health.OK
    assert installed_version("a-package-that-nobody-made") is None
    look = "import sys; from controlroom.doctor.binding import check_binding; check_binding()"
    loaded = "; print(any(name.startswith('PySide6') for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", look + loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
