"""The walls between the folders stand, and the check that guards them bites."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.project import CODE_FOLDERS, ROOT


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the walls of a tree."""
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_walls_stand() -> None:
    """Every contract of pyproject.toml is kept."""
    checked = lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout
    assert "0 broken" in checked.stdout


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("controlroom/site/view.py", "import PySide6.QtCore"),
        ("controlroom/condition/state.py", "import time"),
        ("controlroom/report/range.py", "import sqlite3"),
        ("ui/engine_control.py", "import controlroom.engine.schedule"),
        ("ui/terminal/picture.py", "import PySide6.QtCore"),
        ("probes/registry.py", "import ui.engine_control"),
        ("controlroom/newcomer.py", ""),
    ],
)
def test_a_broken_wall_is_found(file: str, line: str, tmp_path: Path) -> None:
    """One forbidden import, or a module without a layer, fails the check."""
    for folder in CODE_FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / file).open("a") as changed:
        changed.write(f"\n{line}\n")
    checked = lint_imports(tmp_path)
    assert checked.returncode != 0
    assert "Contracts: " in checked.stdout
    assert "0 broken" not in checked.stdout
