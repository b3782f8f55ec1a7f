"""The desk is killed while it tests with a secret that nobody saved: the next start leaves no trace of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from controlroom.engine.process import EngineProcess
from controlroom.store.folder import DataFolder
from tests.end_to_end.room import MAIN, ROOT, Program, until
from tests.end_to_end.test_process import LOOPBACK_SITE

HUSH = "correct horse battery staple"
TESTER = """
import sys, time
from pathlib import Path
from controlroom.engine.site_keeper import FileSiteKeeper
from controlroom.engine.trial import TrialProcess
from controlroom.site.trial import TrialRequest
from probes.registry import PROBE_TYPES
from ui.desk.site_editor.desk_work import try_probe
from ui.desk.site_editor.draft import ProbeDraft
folder, port, hush = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
keeper = FileSiteKeeper(folder / "site.toml", folder, PROBE_TYPES, time.time)
trials = TrialProcess([sys.executable, "main.py", "trial", "--data", str(folder)])
request = TrialRequest("snmp", {"port": port}, "127.0.0.1", 3, 3.0)
draft = ProbeDraft({"type": "snmp"}, {"community": hush})
try_probe(keeper, trials, request, draft, print, lambda: False)
"""
"""Does what the form does when *Test now* is pressed, in a process that can be killed."""


def holders(folder: Path) -> list[Path]:
    """The files of the data folder that hold the secret."""
    return [path for path in folder.rglob("*") if path.is_file() and HUSH.encode() in path.read_bytes()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a site of the loopback alone."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "site.toml").write_text(LOOPBACK_SITE, encoding="utf-8")
    return data


@pytest.fixture
def engine(folder: Path) -> Iterator[EngineProcess]:
    """The engine of the folder; ended after the test."""
    command = [*MAIN, "engine", "--site", str(folder / "site.toml"), "--data", str(folder)]
    process = EngineProcess(DataFolder(folder), command)
    yield process
    process.stop()


def kill_while_testing(folder: Path) -> None:
    """Test a probe that gets no answer, and kill the desk once the question is out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.settimeout(30)
        command = [sys.executable, "-c", TESTER, str(folder), str(silent.getsockname()[1]), HUSH]
        with Program(command, cwd=ROOT, stdout=subprocess.DEVNULL) as desk:
            question = silent.recv(4096)
            assert HUSH.encode() in question, "the test asks with the secret"
            assert len(holders(folder)) == 1
            desk.send_signal(signal.SIGKILL)
    assert len(holders(folder)) == 1, "the kill left it behind"


def doctor(folder: Path) -> dict[str, str]:
    """What the doctor finds of unsaved secrets."""
    command = [*MAIN, "doctor", "--json", "--data", str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert HUSH not in told.stdout + told.stderr
    found = {each["name"]: each for each in json.loads(told.stdout)}
    return dict(found["unsaved-secrets"])


def test_the_doctor_tells_and_the_next_engine_wipes(folder: Path, engine: EngineProcess) -> None:
    """Not one file of the data folder holds it any more; the engine's log says what was done."""
    kill_while_testing(folder)
    told = doctor(folder)
    assert (told["health"], told["code"]) == ("trouble", "secrets-left-behind")
    assert told["cure"]
    assert len(holders(folder)) == 1, "the doctor changes nothing"
    engine.start()
    until(lambda: not holders(folder), 10, "the wiping")
    until(lambda: "1 that a killed test had left behind: wiped" in _log(folder), 10, "the log")
    assert doctor(folder)["code"] == "ok"


def test_the_next_desk_wipes_beside_an_engine_that_runs_on(folder: Path, engine: EngineProcess) -> None:
    """Nothing else has to be started anew."""
    engine.start()
    kill_while_testing(folder)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [*MAIN, "--site", str(folder / "site.toml"), "--data", str(folder)]
    with Program(command, env=environment, stderr=subprocess.DEVNULL) as desk:
        try:
            until(lambda: not holders(folder), 30, "the wiping")
            time.sleep(0.5)
            assert desk.poll() is None
        finally:
            desk.send_signal(signal.SIGKILL)


def _log(folder: Path) -> str:
    return DataFolder(folder).log_file.read_text(encoding="utf-8")
