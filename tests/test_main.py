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

from tests.end_to_end.room import MAIN, Program, until
from tests.end_to_end.test_process import LOOPBACK_SITE
from tests.lab import snmpd

COMMANDS = [
    *("demo", "engine", "check", "probe", "trace", "status", "watch", "poll", "export", "backtest", "stop"),
    *("store", "figures", "alarm"),
]


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
        ["status", "--data", "/dev/null"],
        ["watch", "--data", "/nowhere/data"],
        ["stop", "--data", "/nowhere/data"],
        ["store", "check", "--data", "/nowhere/data"],
        ["store", "backup", "--data", "{data}"],
        ["export", "log", "--data", "/nowhere/data"],
        ["export", "nonsense", "--data", "{data}"],
        ["export", "log", "--since", "yesterdayish", "--data", "{data}"],
        ["figures", "--data", "/nowhere/data"],
        ["alarm", "--data", "{data}"],
        ["alarm", "health", "--data", "/nowhere/data"],
        ["alarm", "health", "--days", "0", "--data", "{data}"],
        ["alarm", "list", "--data", "/nowhere/data"],
        ["alarm", "ack", "1", "--data", "/nowhere/data"],
        ["alarm", "shelve", "1", "--for", "soon", "--reason", "x", "--data", "{data}"],
        ["figures", "--window", "fortnight", "--data", "{data}"],
        ["backtest", "--data", "/nowhere/data"],
        ["backtest", "--csv", "/nowhere/link.csv"],
        ["backtest", "--csv", "{data}/site.toml"],
        ["backtest", "--csv", "{data}/site.toml", "--data", "{data}"],
        ["backtest", "--csv", "{data}/site.toml", "--set", "frobs=1"],
        ["backtest", "--csv", "{data}/site.toml", "--since", "yesterdayish"],
        ["probe", "icmp", "not a host"],
        ["probe", "icmp", "http://example.org/"],
        ["probe", "icmp", "127.0.0.1/8"],
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
    assert done.stdout == ""
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
    with Program(
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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_desk_asked_to_end_closes_and_leaves_the_monitoring(data: Path, number: signal.Signals) -> None:
    """In order: exit 0 without a word, where the window was is remembered, the engine goes on."""
    with Program(
        [*MAIN, "--data", str(data)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    ) as program:
        until(lambda: run("status", "--data", str(data)).returncode == 0, 20, "a good status")
        time.sleep(1.0)
        program.send_signal(number)
        program.send_signal(number)
        _, complaint = program.communicate(timeout=20)
    assert (program.returncode, complaint) == (0, "")
    assert "geometry" in (data / "desk.ini").read_text(encoding="utf-8")
    assert run("status", "--data", str(data)).returncode == 0


def test_the_desk_is_not_run_by_sudo(data: Path) -> None:
    """Root reached by sudo gets the terminal and is told to start the desk without."""
    if os.geteuid() != 0:
        pytest.skip("only root can be refused")
    variables = {**os.environ, "DISPLAY": ":99", "SUDO_UID": "1000"}
    with Program(
        [*MAIN, "--data", str(data)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables
    ) as program:
        until(lambda: run("status", "--data", str(data)).returncode == 0, 20, "a good status")
        program.send_signal(signal.SIGINT)
        _, complaint = program.communicate(timeout=20)
    assert "without sudo" in complaint


def test_status_tells_the_engine_from_its_absence(data: Path) -> None:
    """Exit 0 while it lives and all is well; exit 1 and no healthy word once it has ended."""
    with Program([*MAIN, "engine", "--data", str(data)], stderr=subprocess.DEVNULL) as engine:
        until(lambda: run("status", "--data", str(data)).returncode == 0, 20, "a good status")
        live = json.loads(run("status", "--data", str(data), "--json").stdout)
        assert live["engine"]["alive"] is True
        engine.terminate()
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


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose engine has measured for a moment and has ended; its names are not all ASCII."""
    folder = tmp_path_factory.mktemp("measured")
    folder.chmod(0o700)
    site = LOOPBACK_SITE.replace('name = "Loopback"', 'name = "Löopback → “1”"')
    (folder / "site.toml").write_text(site, encoding="utf-8")
    done = run("engine", "--data", str(folder), "--for", "1.5")
    assert done.returncode == 0, done.stderr
    first, *_, last = done.stderr.splitlines()
    assert "INFO controlroom watching 1 endpoint, 1 probe, 0 services, process " in first
    assert "ended with everything committed" in last
    return folder


def shell(line: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which ``$C`` is the program and ``$D`` a data folder."""
    variables = os.environ | {"C": " ".join(MAIN), "D": str(folder)} | environment
    return subprocess.run(
        ["/bin/bash", "-c", line], capture_output=True, text=True, timeout=60, check=False, env=variables
    )


@pytest.mark.parametrize("words", ["status", "status --json", "export log", "watch --for 0.1", "--help"])
def test_an_output_that_is_full_is_one_sentence(words: str, measured: Path) -> None:
    """Whether it is found at once or only when the program ends."""
    data = "" if words == "--help" else '--data "$D"'
    done = shell(f"$C {words} {data} >/dev/full", measured)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "The standard output cannot be written: No space left on device." in done.stderr


def test_streams_that_are_full_or_closed_harm_nothing(measured: Path) -> None:
    """Where nobody can be told, the exit code still tells."""
    assert shell("$C status --data /nowhere 2>/dev/full", measured).returncode == 2
    assert shell('$C export log --data "$D" 2>/dev/full >/dev/null', measured).returncode == 0
    assert shell('$C export log --data "$D" >&- 2>&- <&-', measured).returncode == 0
    assert shell('$C engine --data "$D" --for 0.5 >&- 2>&- <&-', measured).returncode == 0
    assert shell('$C export log --data "$D" >/dev/null', measured).returncode == 0


@pytest.mark.parametrize(
    "environment", [{"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "C"}]
)
def test_an_output_that_cannot_encode_shows_escapes(environment: dict[str, str], measured: Path) -> None:
    """The table comes whole, whatever the encoding."""
    done = shell('$C status --data "$D" | iconv -f latin1 -t ascii//TRANSLIT', measured, **environment)
    assert done.stderr == ""
    assert "No alarms." in done.stdout
    if environment.get("PYTHONIOENCODING") == "ascii":
        assert r"L\xf6opback" in done.stdout


@pytest.mark.parametrize("words", ["status", "watch --for 5", "export log --format json"])
def test_a_reader_that_leaves_is_quiet(words: str, measured: Path) -> None:
    """A pipe that breaks says nothing, and never that all is well."""
    done = shell(f'$C {words} --data "$D" | true; exit ${{PIPESTATUS[0]}}', measured)
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr
    assert words.startswith("export") or done.returncode == 1


@pytest.mark.parametrize("after_s", [0.1, 0.2, 0.35, 0.5])
def test_an_interrupt_while_it_starts_is_quiet(after_s: float, measured: Path) -> None:
    """While everything is imported, Ctrl-C ends the process as any other would be ended."""
    with Program(
        [*MAIN, "watch", "--data", str(measured)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        time.sleep(after_s)
        program.send_signal(signal.SIGINT)
        _, complaint = program.communicate(timeout=20)
    assert complaint == ""
    assert program.returncode in (-signal.SIGINT, 0)


def test_columns_bound_the_table(measured: Path) -> None:
    """Where the output is no terminal, COLUMNS says how wide it may be."""
    narrow = run("status", "--data", str(measured), COLUMNS="60").stdout
    assert max(len(line) for line in narrow.splitlines()) <= 60
    wide = run("status", "--data", str(measured), COLUMNS="").stdout
    assert max(len(line) for line in wide.splitlines()) == 140


def test_a_range_in_the_future_is_refused(measured: Path) -> None:
    """It would be empty whatever was measured."""
    done = run("export", "log", "--since", "2099-01-01", "--data", str(measured))
    assert done.returncode == 2
    assert "begins in the future" in done.stderr


def test_an_export_before_the_first_engine_says_so(tmp_path: Path) -> None:
    """The folder is right, and there is nothing in it yet."""
    (tmp_path / "site.toml").write_text(LOOPBACK_SITE, encoding="utf-8")
    done = run("export", "log", "--data", str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert "No engine has run" in done.stderr
    assert run("status", "--data", str(tmp_path)).returncode == 1


def test_a_folder_of_another_account_is_not_called_unmonitored(measured: Path) -> None:
    """What may not be read is said to be so, and nothing is claimed of its engine."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another account")
    as_nobody = "setpriv --reuid 65534 --clear-groups --bounding-set -all --inh-caps -all"
    probe = shell(f"{as_nobody} $C --version", measured)
    if probe.returncode != 0:
        pytest.skip("another account cannot run the program here")
    for command in ("watch", "status", "stop"):
        done = shell(f'{as_nobody} $C {command} --data "$D"', measured)
        assert done.returncode == 2
        assert "cannot be read by this account" in done.stderr
        assert "No engine" not in done.stdout + done.stderr


def test_a_pipe_is_no_site_file(tmp_path: Path) -> None:
    """One that nobody writes to is refused at once."""
    os.mkfifo(tmp_path / "site.toml")
    done = run("check", str(tmp_path / "site.toml"))
    assert done.returncode == 2
    assert "no regular file" in done.stderr


@pytest.mark.lab
def test_an_object_that_is_missing_is_named(tmp_path: Path) -> None:
    """The other value is shown, the missing one is named, and the exit code tells."""
    if (reason := snmpd.why_not()) is not None:
        pytest.skip(reason)
    secret = snmpd.secret_file(tmp_path, "community", snmpd.COMMUNITY)
    wanted = ["--object", f"{snmpd.CONTACT}=rsrp_dbm"]
    with snmpd.running_agent(tmp_path / "agent") as agent:
        words = ["probe", "snmp", snmpd.ADDRESS, "--port", str(agent.port), "--community", f"file:{secret}"]
        whole = run(*words, *wanted)
        partly = run(*words, *wanted, "--object", f"{snmpd.NO_OBJECT}=missing_count")
    assert whole.returncode == 0, whole.stdout
    assert partly.returncode == 1
    assert "-98 dBm" in partly.stdout
    assert "missing_count: unknown (no such object)" in partly.stdout
