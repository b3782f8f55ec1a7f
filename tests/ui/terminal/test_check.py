"""The command check: exit codes, the summary, a line for each mistake, and nothing that steers a screen."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path

import pytest

import resources
from controlroom.doctor.asking import by_files
from controlroom.engine.site_file import read_site
from controlroom.site.load import LARGEST_FILE_BYTES
from probes.registry import PROBE_TYPES
from ui.terminal.check import run_check


def _checked(path: Path) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    doubts = partial(by_files, probe_types=PROBE_TYPES, base=path.parent)
    code = run_check(path, lambda file: read_site(file, PROBE_TYPES).site, doubts, out, err)
    return code, out.getvalue(), err.getvalue()


def test_a_right_file_is_summed_up_in_one_line() -> None:
    """The minimal example has one endpoint with one probe and no service."""
    code, out, err = _checked(resources.path("examples/minimal.toml"))
    assert (code, err) == (0, "")
    assert out.endswith("minimal.toml: no mistakes; 1 endpoint, 1 probe, 0 services.\n")


def test_all_mistakes_are_written_each_on_its_line(tmp_path: Path) -> None:
    """File, line, key path, what and what to do stand in the order of the file."""
    path = tmp_path / "room.toml"
    path.write_text('name = "Room"\ntimezone = "UTC"\n[[endpoints]]\nid = "a"\nadress = "192.0.2.1"\n')
    code, out, err = _checked(path)
    assert (code, out) == (2, "")
    lines = err.splitlines()
    assert lines[0].startswith(f"{path}:2: timezone: is not a known key.")
    assert 'Did you mean "time_zone"?' in lines[0]
    assert any(line.startswith(f"{path}:5: endpoints[a].adress: ") for line in lines)
    assert any(line.startswith(f"{path}:3: endpoints[a]: has no probe") for line in lines)


def test_nothing_of_the_file_steers_the_terminal(tmp_path: Path) -> None:
    """Control characters of the file, even in keys, are written as text."""
    path = tmp_path / "room.toml"
    path.write_text('"a\\u001b[31m\\n\\u202e" = 1\nname = "Room"\n')
    _, _, err = _checked(path)
    assert err.count("\n") == 1
    assert err.rstrip("\n").isprintable()
    assert "\\x1b[31m" in err


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        (b"name = 'x'\nb = '\xff'\n", 2, "UTF-8"),
        (b"#" * (LARGEST_FILE_BYTES + 1), 1, "larger than 4 MiB"),
        ("é".encode() * LARGEST_FILE_BYTES, 1, "larger than 4 MiB"),
    ],
)
def test_an_unusable_file_is_one_line(tmp_path: Path, content: bytes, line: int, word: str) -> None:
    """Wrong encoding and size are mistakes like any other."""
    path = tmp_path / "room.toml"
    path.write_bytes(content)
    code, _, err = _checked(path)
    assert code == 2
    assert err.startswith(f"{path}:{line}: ")
    assert word in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("name", ["missing.toml", "folder", "no\x00name", "file/deeper"])
def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, name: str) -> None:
    """Missing files, folders and names that are none end in a sentence and exit code 2."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    code, out, err = _checked(tmp_path / name)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "Check its name" in err


def test_the_oldest_version_of_snmp_is_warned_of(tmp_path: Path) -> None:
    """It is no mistake: some devices speak nothing newer."""
    path = tmp_path / "room.toml"
    path.write_text(
        'name = "Room"\n[[endpoints]]\nid = "mast"\nname = "Mast"\nkind = "radio-gateway"\n'
        'address = "192.0.2.1"\nprobes = [{ type = "snmp", version = "1", community = "file:x" }]\n'
    )
    code, out, err = _checked(path)
    assert (code, err) == (0, "")
    assert out.splitlines()[1].startswith("Warning: mast/snmp: SNMP version 1 is asked")


@pytest.mark.parametrize(("community", "warned"), [("public", True), ("lab-7f31", False), (None, False)])
def test_a_community_that_everybody_knows_is_warned_of(
    tmp_path: Path, community: str | None, warned: bool
) -> None:
    """It is read from its file, which may be missing: then nothing is said, and it is no mistake here."""
    path = tmp_path / "room.toml"
    path.write_text(
        """
name = "Room"
[[endpoints]]
id = "mast"
name = "Mast"
kind = "radio-gateway"
address = "192.0.2.1"
[[endpoints.probes]]
type = "snmp"
period_s = 10
timeout_s = 2
community = "file:community"
objects = [{ oid = "1.3.6.1.2.1.1.3.0", metric = "uptime_s" }]
""",
        encoding="utf-8",
    )
    if community is not None:
        secret = tmp_path / "community"
        secret.touch(mode=0o600)
        secret.write_text(f"{community}\n", encoding="ascii")
    code, out, err = _checked(path)
    assert (code, err) == (0, "")
    assert ("devices are delivered with" in out) is warned


def test_a_limit_that_no_answer_passes_is_warned_of(tmp_path: Path) -> None:
    """The file is right all the same, so that a site that runs can still be loaded."""
    path = tmp_path / "room.toml"
    limit = '[[endpoints.probes.limits]]\nmetric = "rtt_s"\nraise_above = 150\nclear_below = 100\n'
    path.write_text(resources.path("examples/minimal.toml").read_text() + limit)
    code, out, err = _checked(path)
    assert (code, err) == (0, "")
    assert "Warning: " in out
    assert "The limit on rtt_s never alarms: raise_above is 150 s" in out
