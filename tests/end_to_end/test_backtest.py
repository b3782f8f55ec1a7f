"""``controlroom backtest`` on recordings of real paths, and on the history that a real engine wrote."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.room import MAIN
from tests.end_to_end.test_process import LOOPBACK_SITE

LATENCY = Path(os.environ.get("CONTROLROOM_DATA", "../shared/data")) / "latency"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the program and return what it said."""
    return subprocess.run([*MAIN, *words], capture_output=True, text=True, timeout=120, check=False)


def backtest(*words: str) -> dict[str, Any]:
    """Run a backtest that goes well, and return its JSON."""
    done = run("backtest", "--json", *words)
    assert (done.returncode, done.stderr) == (0, "")
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def recording(name: str) -> Path:
    """Name a recording, or skip."""
    path = LATENCY / name
    if not path.is_file():
        pytest.skip(f"there is no recording {path}; CONTROLROOM_DATA names the folder of recordings")
    return path


def test_changes_of_a_real_path_are_found_by_its_rows(tmp_path: Path) -> None:
    """Each by the time of its row; a file that ends sooner gives the same up to there."""
    path = recording("atlas-labelled/11323.csv")
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    found = backtest("--csv", str(path))
    assert found["rows"] == len(rows)
    assert len(found["detections"]) > 5
    for detection in found["detections"]:
        assert detection["time"][:19] == rows[detection["row"]]["time"][:19]
    half = tmp_path / "half.csv"
    half.write_text("".join(path.read_text().splitlines(keepends=True)[: len(rows) // 2]))
    rows_of_half = len(rows) // 2 - 1
    early = [each for each in found["detections"] if each["row"] < rows_of_half]
    assert backtest("--csv", str(half))["detections"] == early


def test_outages_of_a_real_path_raise_alarms() -> None:
    """A day-long silence of many rows is one alarm, which returns."""
    found = backtest("--csv", str(recording("atlas-labelled/11323.csv")))
    assert [each["condition"] for each in found["conditions"]] == ["down", "up"]
    (alarm,) = found["alarms"]
    assert alarm["raised"] < alarm["returned"]


def test_a_clock_that_steps_back_breaks_nothing() -> None:
    """Traces with repeated times, and times that step back by seconds."""
    for name in ("atlas-labelled/12120.csv", "satellite/starlink-seattle-no-isl.csv"):
        path = recording(name)
        assert backtest("--csv", str(path))["rows"] == path.read_text().count("\n") - 1


def test_the_history_of_an_engine_is_replayed_and_untouched(tmp_path: Path) -> None:
    """By other settings, without a trace in the folder."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "site.toml").write_text(LOOPBACK_SITE, encoding="utf-8")
    assert run("engine", "--data", str(folder), "--for", "4").returncode == 0
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found = backtest("--data", str(folder), "--set", "false_call_days=7", "--profile", "ptt-voice")
    assert found["rows"] > 0
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    text = run("backtest", "--data", str(folder))
    assert text.returncode == 0
    assert "Availability" in text.stdout or "No single readings" in text.stdout
