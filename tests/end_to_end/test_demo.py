"""The demonstration as a user starts it: real processes, a folder of its own, an engine that ends with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest

import resources
from tests.end_to_end.room import MAIN, Program, until
from tests.soak import cases

DEMO = str(resources.path("demo/site.toml"))
REAL = """
name = "Room"
[[endpoints]]
id = "here"
name = "Here"
kind = "infrastructure"
address = "127.0.0.1"
probes = [{ type = "host" }]
"""


def environment(home: Path, **more: str) -> dict[str, str]:
    """Variables of an account without a display, whose data lie below a folder of the test."""
    without = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "SUDO_UID")
    kept = {key: value for key, value in os.environ.items() if key not in without}
    return {**kept, "XDG_DATA_HOME": str(home), **more}


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return subprocess.run(
        [*MAIN, *words], capture_output=True, text=True, timeout=60, check=False, env=environment(home)
    )


@contextmanager
def demo(home: Path, *words: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """Have the demonstration run."""
    with Program(
        [*MAIN, "demo", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(home, **more),
    ) as program:
        try:
            yield program
        finally:
            if program.poll() is None:
                program.kill()


def status(home: Path, data: Path) -> dict[str, object] | None:
    """What a program is told of a data folder; ``None`` while there is nothing to tell."""
    done = run(home, "status", "--json", "--data", str(data))
    if not done.stdout:
        return None
    found: dict[str, object] = json.loads(done.stdout)
    return found


def runs(home: Path, data: Path) -> bool:
    """Whether an engine runs there, on a site that says that it is simulated."""
    told = status(home, data)
    return told is not None and bool(told["well"]) and told["simulated"] is True


@pytest.mark.parametrize("platform", ["", "offscreen"])
def test_it_has_a_folder_of_its_own_and_ends_its_engine(tmp_path: Path, platform: str) -> None:
    """In the terminal as well as on the desk; the folder of real measurements does not even come to be."""
    data = tmp_path / "controlroom-demo"
    with demo(tmp_path, **({"QT_QPA_PLATFORM": platform} if platform else {})) as program:
        until(lambda: runs(tmp_path, data), 25, "the demonstration's first readings")
        assert program.stdout is not None
        lines = () if platform else islice(program.stdout, 400)
        assert platform or any(line.startswith(" SIMULATED: ") for line in lines)
        program.send_signal(signal.SIGINT)
        said, complaint = program.communicate(timeout=20)
    assert "The demonstration has ended." in complaint
    assert "Traceback" not in complaint
    assert "goes on" not in said
    assert "No engine runs" in run(tmp_path, "stop", "--data", str(data)).stdout
    assert [path.name for path in tmp_path.iterdir()] == ["controlroom-demo"]


def takes_requests_to_end(program: subprocess.Popen[str]) -> bool:
    """Whether a process has taken SIGTERM over: until then it is one that is only starting."""
    status = Path(f"/proc/{program.pid}/status").read_text(encoding="ascii")
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


@pytest.mark.skipif(sys.platform != "linux", reason="what a process does with signals is told by Linux alone")
@pytest.mark.parametrize(
    ("platform", "after_s"),
    cases(
        [("", 0.0), ("offscreen", 1.0)],
        besides=[("offscreen", 0.0), ("", 1.0), ("", 2.0), ("offscreen", 2.0), ("", 5.0), ("offscreen", 5.0)],
    ),
)
def test_impatient_signals_leave_no_engine(tmp_path: Path, platform: str, after_s: float) -> None:
    """While it starts, while its engine starts, and later; asked again and again while it ends."""
    data = tmp_path / "controlroom-demo"
    with demo(tmp_path, **({"QT_QPA_PLATFORM": platform} if platform else {})) as program:
        until(lambda: takes_requests_to_end(program), 60, "the demonstration to take requests to end")
        time.sleep(after_s)
        while program.poll() is None:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                program.send_signal(number)
            time.sleep(0.1)
        _, complaint = program.communicate(timeout=60)
    assert program.returncode == 0
    assert complaint.endswith("The demonstration has ended.\n")
    assert "Traceback" not in complaint
    time.sleep(2.0)
    assert "No engine runs" in run(tmp_path, "stop", "--data", str(data)).stdout


def test_real_and_simulated_never_share_a_folder(tmp_path: Path) -> None:
    """Whichever came first; the refusal is one sentence, and the folder is left as it was."""
    data, real_site = tmp_path / "data", tmp_path / "real.toml"
    real_site.write_text(REAL, encoding="utf-8")
    assert (
        run(tmp_path, "engine", "--site", str(real_site), "--data", str(data), "--for", "1").returncode == 0
    )
    before = {path: path.read_bytes() for path in data.rglob("*.toml")}
    for words in (
        ("demo", "--data", str(data)),
        ("demo", "--fresh", "--data", str(data)),
        ("poll", "--for", "1", "--site", DEMO, "--data", str(data)),
        ("engine", "--for", "1", "--site", DEMO, "--data", str(data)),
    ):
        done = run(tmp_path, *words)
        assert done.returncode == 2, words
        assert "real measurements" in done.stderr
        assert done.stderr.startswith("controlroom: ")
    assert {path: path.read_bytes() for path in data.rglob("*.toml")} == before
    other = tmp_path / "other"
    assert run(tmp_path, "engine", "--site", DEMO, "--data", str(other), "--for", "1").returncode == 0
    done = run(tmp_path, "engine", "--site", str(real_site), "--data", str(other), "--for", "1")
    assert done.returncode == 2
    assert "SIMULATED measurements" in done.stderr


def test_the_default_folder_of_real_measurements_is_refused(tmp_path: Path) -> None:
    """Though nothing was measured there yet."""
    done = run(tmp_path, "demo", "--data", str(tmp_path / "controlroom"))
    assert done.returncode == 2
    assert "leaves it alone" in done.stderr
    assert not (tmp_path / "controlroom").exists()
