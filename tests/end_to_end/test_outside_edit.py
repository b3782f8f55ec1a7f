"""The site file is changed with a text editor under a running engine: taken if right, else refused."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from controlroom.engine.process import EngineProcess
from controlroom.engine.running_site import RunningSite
from controlroom.engine.site_keeper import FileSiteKeeper
from controlroom.store.folder import DataFolder
from probes.registry import PROBE_TYPES
from tests.end_to_end.room import MAIN, until
from tests.end_to_end.test_process import LOOPBACK_SITE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a site of the loopback alone."""
    (tmp_path / "site.toml").write_text(LOOPBACK_SITE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def engine(folder: Path) -> Iterator[EngineProcess]:
    """The engine of the folder, which runs; ended after the test."""
    process = EngineProcess(DataFolder(folder), _command(folder, "engine"))
    process.start()
    until(lambda: RunningSite(folder).text(), 10, "what the engine was given")
    yield process
    process.stop()


def _command(folder: Path, command: str) -> list[str]:
    site = ["--site", str(folder / "site.toml")] if command == "engine" else []
    return [*MAIN, command, *site, "--data", str(folder)]


def run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(_command(folder, command), capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('type = "icmp"', 'type = "icpm"', 'site.toml:10: endpoints[loopback].probes[icpm].type: is not'),
        ('"Loopback"', '"Loopback', "site.toml:3: This is not TOML"),
    ],
)  # fmt: skip
def test_a_broken_edit_is_refused_with_its_place_and_the_engine_goes_on(
    folder: Path, engine: EngineProcess, right: str, wrong: str, said: str
) -> None:
    """File, line and cause are told; what runs is what ran, and is still known as that."""
    pid = engine.pid()
    (folder / "site.toml").write_text(LOOPBACK_SITE.replace(right, wrong, 1), encoding="utf-8")
    told = run(folder, "reload")
    assert told.returncode == 1
    assert said in told.stdout
    assert engine.pid() == pid
    assert RunningSite(folder).text() == LOOPBACK_SITE


def test_a_right_edit_runs_and_is_a_version_from_outside(folder: Path, engine: EngineProcess) -> None:
    """The engine gave the text it runs; a second engine, which may not run, does not."""
    changed = LOOPBACK_SITE.replace('name = "Loopback"\nkind', 'name = "This machine"\nkind')
    (folder / "site.toml").write_text(changed, encoding="utf-8")
    assert run(folder, "reload").returncode == 0
    assert RunningSite(folder).text() == changed
    keeper = FileSiteKeeper(folder / "site.toml", folder, PROBE_TYPES, time.time)
    newest, first = keeper.versions()
    assert (newest.by.outside, newest.what) == (True, "Renamed Loopback to This machine")
    assert (first.by.outside, first.what) == (False, "The first text that was kept")
    assert newest.digest == RunningSite(folder).digest()
    (folder / "site.toml").write_text(LOOPBACK_SITE, encoding="utf-8")
    assert run(folder, "engine").returncode == 1
    assert RunningSite(folder).text() == changed
    assert len(keeper.versions()) == 2


def test_the_starter_site_is_a_version_of_the_programs_own(tmp_path: Path) -> None:
    """The first start writes it, and says so where versions are listed; the engine runs that very text."""
    command = [*MAIN, "engine", "--for", "1", "--data", str(tmp_path)]
    subprocess.run(command, capture_output=True, timeout=60, check=True)
    (only,) = FileSiteKeeper(tmp_path / "site.toml", tmp_path, PROBE_TYPES, time.time).versions()
    assert (only.by.program, only.what) == (True, "Starter site of this very machine")
    assert only.digest == RunningSite(tmp_path).digest()
