"""The engine as a process: one per store, ended within two seconds, found and started by others."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from controlroom.engine.process import EngineProcess
from controlroom.errors import EngineError
from controlroom.logbook.entry import LogKind
from controlroom.store.folder import DataFolder
from tests.end_to_end.room import MAIN, Room

LOOPBACK_SITE = """
format = 1
name = "Loopback"
[[endpoints]]
id = "loopback"
name = "Loopback"
kind = "infrastructure"
address = "127.0.0.1"
[[endpoints.probes]]
type = "icmp"
"""


@pytest.fixture
def process(tmp_path: Path) -> Iterator[EngineProcess]:
    """An engine's process on a site of the loopback alone; ended after the test."""
    site = tmp_path / "site.toml"
    site.write_text(LOOPBACK_SITE, encoding="utf-8")
    data = tmp_path / "data"
    command = [*MAIN, "engine", "--site", str(site), "--data", str(data)]
    process = EngineProcess(DataFolder(data), command)
    yield process
    process.stop()


@pytest.mark.lab
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_with_everything_committed(
    make_room: Callable[[int], Room], number: signal.Signals
) -> None:
    """Within two seconds, the last entry says that and why it stopped."""
    room = make_room(10)
    room.start()
    time.sleep(1.0)
    assert room.end(number) < 2.0
    last = room.entries()[-1]
    assert (last.kind, last.facts["cause"]) == (LogKind.ENGINE_STOPPED, number.name)
    assert room.engine is not None
    assert room.engine.returncode == 0


def test_the_stop_command_and_a_second_engine(process: EngineProcess, tmp_path: Path) -> None:
    """A second engine refuses and names the first one's pid; stop ends the first within two seconds."""
    pid = process.start()
    assert process.pid() == pid
    command = [*MAIN, "engine", "--site", str(tmp_path / "site.toml"), "--data", str(tmp_path / "data")]
    second = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert second.returncode == 1
    assert str(pid) in second.stderr
    assert "Traceback" not in second.stderr
    began_s = time.monotonic()
    stop = [*MAIN, "stop", "--data", str(tmp_path / "data")]
    subprocess.run(stop, capture_output=True, timeout=30, check=True)
    took_s = time.monotonic() - began_s
    assert process.pid() is None
    assert took_s < 2.0 + _start_of_python_s()


def test_an_engine_that_cannot_start_says_why(tmp_path: Path) -> None:
    """A broken site is reported with the engine's own words."""
    site = tmp_path / "site.toml"
    site.write_text("format = 1\nnam = 'x'\n", encoding="utf-8")
    data = tmp_path / "data"
    process = EngineProcess(DataFolder(data), [*MAIN, "engine", "--site", str(site), "--data", str(data)])
    with pytest.raises(EngineError, match="nam") as caught:
        process.start()
    assert caught.value.code == "engine-failed"


def test_starting_twice_is_starting_once(process: EngineProcess) -> None:
    """The running engine is found, not doubled."""
    assert process.start() == process.start()


def _start_of_python_s() -> float:
    began_s = time.monotonic()
    command = [sys.executable, "-c", "import pydantic, numpy"]
    subprocess.run(command, check=True, timeout=30)
    return time.monotonic() - began_s
