"""The command doctor: what is printed, its JSON, its exit codes, and that it changes nothing."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from controlroom.finding import Finding, Health
from tests.architecture.project import ROOT
from ui.terminal.doctor import run_doctor

WELL = Finding("clock", "Clock", Health.OK, "ok", "synchronised")
UNKNOWN = Finding("sound", "Sound", Health.UNKNOWN, "not-tried", "aplay found", "Try it.")
BAD = Finding("ping-ipv4", "Ping", Health.TROUBLE, "no-privilege", "not allowed", "sudo one\nOr two.")
NAMES = [
    *("ping-ipv4", "ping-ipv6", "snmp-stack", "certificate-authorities", "system-libraries"),
    *("qt-binding", "data-folder", "free-space", "set-aside"),
    *(
        "site-file",
        "time-zone",
        "secret-files",
        "keyring",
        "asking",
        "unsaved-secrets",
        "clock",
        "sound",
        "engine",
    ),
    "store",
]


def _printed(*findings: Finding, as_json: bool = False) -> tuple[int, str]:
    out = io.StringIO()
    code = run_doctor(lambda: findings, as_json=as_json, out=out)
    return code, out.getvalue()


def test_troubles_stand_first_and_columns_are_aligned() -> None:
    """Marked by a word, not by a colour; each command of a cure on a line of its own."""
    code, text = _printed(WELL, UNKNOWN, BAD)
    assert code == 1
    assert text.splitlines() == [
        "TROUBLE  Ping   not allowed",
        "                > sudo one",
        "                > Or two.",
        "unknown  Sound  aplay found",
        "                > Try it.",
        "ok       Clock  synchronised",
        "1 trouble, 1 unknown, 1 ok.",
    ]


@pytest.mark.parametrize(("findings", "code"), [((WELL,), 0), ((WELL, UNKNOWN), 1), ((BAD,), 1)])
def test_only_all_well_is_zero(findings: tuple[Finding, ...], code: int) -> None:
    """What cannot be told is not well."""
    assert _printed(*findings)[0] == code
    assert _printed(*findings, as_json=True)[0] == code


def test_the_keys_of_the_json_stay() -> None:
    """Programs read them."""
    told = json.loads(_printed(BAD, as_json=True)[1])
    assert told == [
        {
            "name": "ping-ipv4",
            "title": "Ping",
            "health": "trouble",
            "code": "no-privilege",
            "found": "not allowed",
            "cure": ["sudo one", "Or two."],
        }
    ]


def test_nothing_found_steers_the_terminal() -> None:
    """A file's name may hold anything."""
    nasty = Finding("x", "T\x1b[2J", Health.TROUBLE, "c", "a\x1b[31m\u202eb\nok  fake", "rm\x07\udcff")
    text = _printed(nasty)[1]
    assert all(line.isprintable() for line in text.splitlines())
    assert "\\x1b[31m\\u202eb ok  fake" in text
    assert _printed(nasty, as_json=True)[1].isascii()


def _doctor(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "doctor", *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, **environment},
    )


def test_the_program_looks_at_everything_and_changes_nothing(tmp_path: Path) -> None:
    """Even where neither data folder nor a right site file is there."""
    broken = tmp_path / "broken.toml"
    broken.write_text("name = [")
    began_s = time.monotonic()
    done = _doctor("--json", "--data", str(tmp_path / "data"), "--site", str(broken))
    assert time.monotonic() - began_s < 20, "in quiet it takes less than three"
    assert (done.returncode, done.stderr) == (1, "")
    told = json.loads(done.stdout)
    assert [each["name"] for each in told] == NAMES
    assert {each["name"]: each["code"] for each in told}["site-file"] == "site-mistakes"
    assert [path.name for path in tmp_path.iterdir()] == ["broken.toml"]


def test_it_works_where_qt_is_missing(tmp_path: Path) -> None:
    """It is what somebody runs whose desk does not open."""
    hidden = tmp_path / "PySide6"
    hidden.mkdir()
    (hidden / "__init__.py").write_text("raise ImportError('Qt is not here')")
    done = _doctor("--data", str(tmp_path / "data"), PYTHONPATH=str(tmp_path))
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1].endswith(" ok.")


def test_a_mistyped_option_is_bad_input() -> None:
    """Told in one sentence."""
    done = _doctor("--jsno")
    assert done.returncode == 2
    assert "--jsno" in done.stderr
