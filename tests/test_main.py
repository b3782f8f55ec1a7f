"""The commands as a user types them: real processes, exit codes, sentences and never a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.room import MAIN, until
from tests.end_to_end.test_process import LOOPBACK_SITE

COMMANDS = ["engine", "check", "probe", "status", "watch", "poll", "export", "stop"]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program and return what it said."""
    variables = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "SUDO_UID")}
    variables |= environment
    return subprocess.run(
        [*MAIN, *words], capture_output=True, text=True, timeout=60, check=False, env=variables
    )


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder with a site of the loopback; its engine is stopped afterwards."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "site.toml").write_text(LOOPBACK_SITE, encoding="utf-8")
    yield folder
    run("stop", "--data", str(folder))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    """Help is exit 0 and says how to call it."""
    done = run(command, "--help")
    assert done.returncode == 0
    assert f"controlroom {command}" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["check", "/nowhere/site.toml"],
        ["engine", "--site", "/nowhere/site.toml", "--data", "{data}"],
        ["engine", "--data", "/dev/null/data"],
        ["export", "nonsense", "--data", "{data}"],
        ["export", "log", "--since", "yesterdayish", "--data", "{data}"],
        ["probe", "icmp", "not a host"],
        ["probe", "icmp", "http://example.org/"],
        ["probe", "snmp", "127.0.0.1"],
        ["probe", "snmp", "127.0.0.1", "--community", "public"],
        ["frobnicate"],
        ["--theme", "pink"],
    ],
)
def test_bad_input_is_exit_two_and_one_sentence(words: list[str], tmp_path: Path) -> None:
    """A user's mistake is told on stderr, never as a traceback."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "site.toml").write_text(LOOPBACK_SITE, encoding="utf-8")
    done = run(*[word.replace("{data}", str(folder)) for word in words])
    assert done.returncode == 2, done.stderr
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert "public" not in done.stderr


def test_all_mistakes_of_a_site_at_once(tmp_path: Path) -> None:
    """Each with file, line, key path and the nearest known key; exit 2."""
    site = tmp_path / "site.toml"
    site.write_text(LOOPBACK_SITE.replace("kind =", "knid =") + "perod_s = 1\n", encoding="utf-8")
    done = run("check", str(site))
    assert done.returncode == 2
    assert f"{site}:7:" in done.stderr
    assert "knid" in done.stderr
    assert "kind" in done.stderr
    assert "period_s" in done.stderr
    (tmp_path / "good.toml").write_text(LOOPBACK_SITE, encoding="utf-8")
    assert run("check", str(tmp_path / "good.toml")).returncode == 0


def test_without_a_display_it_monitors_in_the_terminal(data: Path) -> None:
    """One sentence says so, and the table shows the loopback measured live."""
    variables = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
    variables.pop("QT_QPA_PLATFORM", None)
    with subprocess.Popen(
        [*MAIN, "--data", str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=variables,
    ) as program:
        until(lambda: run("status", "--data", str(data)).returncode == 0, 20, "a good status")
        time.sleep(6.0)
        program.send_signal(signal.SIGINT)
        said, complaint = program.communicate(timeout=20)
    assert "There is no display" in complaint
    assert "Traceback" not in complaint
    assert "Loopback" in said
    assert "Monitoring goes on" in said


def test_the_desk_is_not_run_by_sudo(data: Path) -> None:
    """Root reached by sudo gets the terminal and is told to start the desk without."""
    if os.geteuid() != 0:
        pytest.skip("only root can be refused")
    variables = {**os.environ, "DISPLAY": ":99", "SUDO_UID": "1000"}
    with subprocess.Popen(
        [*MAIN, "--data", str(data)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables
    ) as program:
        until(lambda: run("status", "--data", str(data)).returncode == 0, 20, "a good status")
        program.send_signal(signal.SIGINT)
        _, complaint = program.communicate(timeout=20)
    assert "without sudo" in complaint


def test_status_tells_the_engine_from_its_absence(data: Path) -> None:
    """Exit 0 while it lives and all is well; exit 1 and no healthy word once it has ended."""
    with subprocess.Popen(
        [*MAIN, "engine", "--data", str(data), "--for", "4"], stderr=subprocess.DEVNULL
    ) as engine:
        until(lambda: run("status", "--data", str(data)).returncode == 0, 20, "a good status")
        live = json.loads(run("status", "--data", str(data), "--json").stdout)
        assert live["engine"]["alive"] is True
        assert engine.wait(20) == 0
    ended = run("status", "--data", str(data), "--json")
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["engine"]["alive"] is False


def test_probing_by_hand_answers_with_the_raw_truth() -> None:
    """The loopback replies; a name that does not exist is not run, exit 1."""
    done = run("probe", "icmp", "127.0.0.1", "--count", "2", "--json")
    assert done.returncode == 0, done.stderr
    assert [reading["outcome"] for reading in json.loads(done.stdout)["readings"]] == ["replied"] * 2
    missing = run("probe", "icmp", "no-such-host.invalid", "--json")
    assert missing.returncode == 1
    assert json.loads(missing.stdout)["readings"][0]["outcome"] == "not_run"
