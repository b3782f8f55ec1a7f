"""The set-up does only what is needed, asks for root only for apt-get, and fails in sentences."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.project import ROOT


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A copy of the set-up, and a folder of programs that stand for those of a machine."""
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    (tmp_path / "bin").mkdir()
    for name in ("bash", "awk", "cat", "dirname", "mktemp", "rm", "env"):
        found = shutil.which(name)
        assert found is not None
        (tmp_path / "bin" / name).symlink_to(found)
    return tmp_path


def program(machine: Path, name: str, text: str) -> None:
    """Put a program on the machine."""
    path = machine / "bin" / name
    path.write_text(f"#!/usr/bin/env bash\n{text}\n")
    path.chmod(0o755)


def run(machine: Path, *command: str, python: str = "python3") -> subprocess.CompletedProcess[str]:
    """Run a script of the set-up on the machine."""
    return subprocess.run(
        [machine / ".ci" / command[0], *command[1:]],
        cwd=machine,
        env={"PATH": str(machine / "bin"), "PYTHON": python, "TMPDIR": str(machine)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def debian(machine: Path, *installed: str, user: int = 0) -> None:
    """Make it a Debian with these packages, on which apt-get and sudo only write down their calls."""
    shown = "\n".join(f"installed {name}" for name in installed)
    program(machine, "dpkg-query", f"cat <<'END'\n{shown}\nnot-installed libgl1\nEND")
    program(machine, "apt-get", 'echo "apt-get $*" >> calls')
    program(machine, "sudo", 'echo "sudo $1" >> calls; "$@"')
    program(machine, "id", f"echo {user}")


def calls(machine: Path) -> list[str]:
    """What was called, in order."""
    path = machine / "calls"
    return path.read_text().splitlines() if path.exists() else []


def wanted(group: str) -> list[str]:
    """The packages of a group."""
    lines = (ROOT / ".ci" / "debian-packages.txt").read_text().splitlines()
    rows = [line.split(None, 2) for line in lines if line and not line.startswith("#")]
    assert all(len(row) == 3 for row in rows), "a package without a reason"
    assert {row[0] for row in rows} == {"venv", "window", "tests"}
    return [row[1] for row in rows if row[0] == group]


def test_only_missing_packages_are_installed(machine: Path) -> None:
    """apt-get is told once to look and once to install, and only what is not there."""
    missing = ["libgl1", "libegl1"]
    debian(machine, *[name for name in wanted("window") if name not in missing])
    done = run(machine, "install-debian-packages", "the window", "window")
    assert done.returncode == 0, done.stderr
    assert calls(machine) == [
        "apt-get update -qq",
        "apt-get install -qq -y --no-install-recommends libgl1 libegl1",
    ]
    assert "installing the Debian packages libgl1 libegl1, for the window." in done.stdout


def test_nothing_is_called_where_nothing_is_missing(machine: Path) -> None:
    """Not even apt-get update; a package may be there under a name that another provides."""
    debian(machine, *wanted("window")[1:], f"libglib2.0-0t64 libfoo (= 2), {wanted('window')[0]} (= 2.8)")
    done = run(machine, "install-debian-packages", "the window", "window")
    assert (done.returncode, done.stdout, calls(machine)) == (0, "", [])


def test_sudo_is_for_apt_get_alone_and_only_where_needed(machine: Path) -> None:
    """An ordinary account uses sudo for the two calls of apt-get."""
    debian(machine, user=1000)
    assert run(machine, "install-debian-packages", "the tests", "venv").returncode == 0
    assert [call for call in calls(machine) if call.startswith("sudo")] == ["sudo apt-get", "sudo apt-get"]


def test_without_root_and_sudo_the_command_is_named(machine: Path) -> None:
    """Somebody else can then do it."""
    debian(machine, user=1000)
    (machine / "bin" / "sudo").unlink()
    done = run(machine, "install-debian-packages", "the tests", "venv")
    assert done.returncode == 1
    assert "As root: apt-get update && apt-get install python3-venv" in done.stderr


def test_a_failing_apt_get_is_a_sentence(machine: Path) -> None:
    """With what apt-get itself said above it."""
    debian(machine)
    program(machine, "apt-get", "echo E: no network >&2; exit 100")
    done = run(machine, "install-debian-packages", "the tests", "venv")
    assert done.returncode == 1
    assert "E: no network" in done.stderr
    assert "apt-get could not install python3-venv" in done.stderr


def test_another_system_is_told_what_it_needs(machine: Path) -> None:
    """The names Debian has for it are the best that can be said."""
    done = run(machine, "install-debian-packages", "the window", "window")
    assert done.returncode == 0
    assert "libxcb-cursor0" in done.stderr


@pytest.mark.parametrize("purpose", ["program", "tests"])
def test_a_python_that_is_missing_or_too_old_is_a_sentence(machine: Path, purpose: str) -> None:
    """With how to name another."""
    missing = run(machine, "set-up", purpose, python="python9")
    assert missing.returncode == 1
    assert "there is no python9" in missing.stderr
    program(machine, "old", "case $1 in --version) echo Python 3.9.2 ;; *) exit 1 ;; esac")
    old = run(machine, "set-up", purpose, python="old")
    assert old.returncode == 1
    assert "Python 3.9.2 is too old: Controlroom needs 3.11 or newer" in old.stderr
    assert "make PYTHON=" in old.stderr


def test_an_index_that_cannot_be_reached_is_a_sentence(machine: Path) -> None:
    """What pip said stands above it."""
    (machine / ".venv" / "bin").mkdir(parents=True)
    for name in ("pip", "python"):
        program(machine, name, 'case "$*" in *install*) echo no route to host >&2; exit 1 ;; esac')
        shutil.move(machine / "bin" / name, machine / ".venv" / "bin" / name)
    done = run(machine, "set-up", "program")
    assert done.returncode == 1
    assert "no route to host" in done.stderr
    assert "cannot reach its package index" in done.stderr


def test_a_window_is_set_up_only_for_a_display(tmp_path: Path) -> None:
    """Without one `make run` asks for no window packages."""
    environment = {"PATH": os.environ["PATH"]}
    for display, needed in ((None, False), ("DISPLAY", True), ("WAYLAND_DISPLAY", True)):
        chosen = environment | ({display: ":0"} if display else {})
        planned = subprocess.run(
            ["make", "-n", "-B", "run"], cwd=ROOT, env=chosen, capture_output=True, text=True, check=True
        )
        assert (".ci/set-up window" in planned.stdout) is needed
        assert ".ci/set-up program" in planned.stdout
        assert planned.stdout.strip().endswith("python main.py")
