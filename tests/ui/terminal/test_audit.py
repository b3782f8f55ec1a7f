"""The command ``audit``: to a file whose name tells what it is, or to standard output, byte for byte."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from controlroom.errors import ControlroomError
from controlroom.report.audit.audit import Asking
from tests.controlroom.report.audit.rooms import room
from tests.controlroom.report.memory_store import NOON_UTC_S
from ui.terminal.arguments import parse
from ui.terminal.audit import run_audit


class Terminal(io.StringIO):
    """An output that somebody looks at."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def run(*typed: str, out: io.StringIO | None = None, simulated: bool = False) -> str:
    """What the command says on standard error; it ends well."""
    err = io.StringIO()
    view = room().model_copy(update={"simulated": simulated})
    chosen = parse(["audit", *typed])
    assert run_audit(view, None, Asking(), chosen, utc_s=NOON_UTC_S, out=out or io.StringIO(), err=err) == 0
    return err.getvalue()


@pytest.mark.parametrize(
    ("form", "beginning"),
    [("html", b"<!DOCTYPE html>"), ("pdf", b"%PDF-"), ("csv", b"rank,"), ("json", b"{")],
)
def test_each_format_is_written_to_a_file(form: str, beginning: bytes, tmp_path: Path) -> None:
    """And what was found is counted."""
    path = tmp_path / f"audit.{form}"
    told = run("--format", form, "--output", str(path))
    assert path.read_bytes().startswith(beginning)
    assert "1 serious" in told
    assert str(path) in told


def test_a_file_of_a_simulated_site_says_so_by_its_name(tmp_path: Path) -> None:
    """Whatever it is called."""
    run("--output", str(tmp_path / "audit.html"), simulated=True)
    assert [path.name for path in tmp_path.iterdir()] == ["SIMULATED-audit.html"]


def test_without_a_file_it_goes_to_standard_output() -> None:
    """And standard error stays empty; a dash is standard output too."""
    for typed in ((), ("--output", "-")):
        out = io.StringIO()
        assert run("--format", "json", *typed, out=out) == ""
        assert json.loads(out.getvalue())["site"] == "Leitstelle"


def test_a_pdf_is_not_thrown_at_a_terminal() -> None:
    """It would steer it."""
    with pytest.raises(ControlroomError) as refused:
        run("--format", "pdf", out=Terminal())
    assert refused.value.code == "options-contradict"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """Nothing is written beside it."""
    with pytest.raises(ControlroomError) as refused:
        run("--output", str(tmp_path), simulated=True)
    assert refused.value.code == "not-written"
    assert list(tmp_path.iterdir()) == []
