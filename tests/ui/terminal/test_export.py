"""The export command: the right bytes in the right place, and what must be said on the way."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from controlroom.logbook.entry import LogKind
from controlroom.report.range import TimePoint, time_point
from controlroom.store.interface import BlindTime, PassedOver
from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore, reading, view
from ui.terminal.export import run_export


def run(
    store: MemoryStore,
    what: str,
    *series: str,
    form: str = "csv",
    since: TimePoint | None = None,
    until: TimePoint | None = None,
    output: Path | None = None,
) -> tuple[str, str, int]:
    """What went to standard output and to standard error, and the exit code."""
    out, err = io.StringIO(), io.StringIO()
    code = run_export(
        store,
        what=what,
        since=since,
        until=until,
        series=series,
        form=form,
        output=output,
        utc_s=NOON_UTC_S + 3600,
        out=out,
        err=err,
    )
    return out.getvalue(), err.getvalue(), code


def store_with_notes(count: int) -> MemoryStore:
    """A log of so many notes."""
    store = MemoryStore(view("mast-north"))
    for place in range(count):
        store.tell(LogKind.NOTE, "mast-north", NOON_UTC_S + place, "meier", note=f"note {place}")
    return store


def test_an_export_to_a_file_is_complete_and_private(tmp_path: Path) -> None:
    """The file has it all, standard output nothing, and the count is said."""
    target = tmp_path / "log.json"
    out, err, code = run(store_with_notes(3), "log", form="json", output=target)
    assert (out, code) == ("", 0)
    assert len(json.loads(target.read_text())["rows"]) == 3
    assert target.stat().st_mode & 0o777 == 0o600
    assert err == f"3 rows to {target}.\n"


def test_a_broken_chain_is_named_and_exported_all_the_same() -> None:
    """Exit 1, the number of the entry, and the evidence."""
    store = store_with_notes(4)
    del store.log[1]
    out, err, code = run(store, "log")
    assert code == 1
    assert len(out.splitlines()) == 4
    assert "broken at entry 3" in err


def test_what_could_not_be_read_is_said_beside_the_rest() -> None:
    """The rows that are there are written, the exit code is 1, and file and time are named."""
    noon, file = NOON_UTC_S, "raw-2027-01-15.db"
    store = MemoryStore(
        view("mast-north"),
        readings=[reading("mast-north", noon, 0.01)],
        unreadable=[PassedOver(file, noon + 600 * place, noon + 600 * place + 599) for place in range(7)],
    )
    out, err, code = run(store, "samples", form="json")
    assert code == 1
    assert len(json.loads(out)["rows"]) == 1
    unreadable = json.loads(out)["unreadable"]
    assert len(unreadable) == 7
    assert unreadable[0] == {
        "file": file,
        "from": "2027-01-15T08:00:00.000000+00:00",
        "until": "2027-01-15T08:09:59.000000+00:00",
    }
    assert err.splitlines()[1] == (
        "From 2027-01-15T08:00:00.000+00:00 until 2027-01-15T08:09:59.000+00:00 something is missing, for"
        " raw-2027-01-15.db is damaged there and could not be read."
    )
    assert err.endswith("So it is in 2 further places.\n")


def test_blind_time_is_said_beside_every_export() -> None:
    """Who exports samples learns that there were none for a while."""
    store = MemoryStore(
        view("mast-north"),
        readings=[reading("mast-north", NOON_UTC_S, 0.01)],
        blind=[BlindTime(NOON_UTC_S + 10, NOON_UTC_S + 1065, "asleep")],
    )
    _, err, code = run(store, "samples")
    assert code == 0
    assert err == "1 row. Nothing could be measured for 17 min 35 s of that time (once).\n"


def test_wrong_requests_are_exit_2_and_write_nothing(tmp_path: Path) -> None:
    """A series nobody measured, a range the wrong way round, a log in parts."""
    store = store_with_notes(1)
    target = tmp_path / "out.csv"
    assert run(store, "samples", "nobody", output=target)[2] == 2
    assert run(store, "log", "mast-north", output=target)[2] == 2
    reversed_range = run(store, "log", since=time_point("1h"), until=time_point("2h"), output=target)
    assert reversed_range[2] == 2
    assert "Exchange --since and --until." in reversed_range[1]
    assert os.listdir(tmp_path) == []


def test_a_folder_as_output_is_refused(tmp_path: Path) -> None:
    """The sentence names it."""
    _, err, code = run(store_with_notes(1), "log", output=tmp_path)
    assert code == 1
    assert f"{tmp_path} is a folder." in err


def test_a_naive_time_is_the_sites_time() -> None:
    """08:00 UTC is nine o'clock in the site's zone."""
    store = store_with_notes(3)
    out, _, _ = run(store, "log", since=time_point("2027-01-15T09:00:02"))
    assert len(out.splitlines()) == 2


def test_a_reader_that_leaves_early_is_no_trouble() -> None:
    """`| head` ends a long export without a traceback, and the exit code says that nothing went wrong."""
    program = (
        "import sys\n"
        "from tests.ui.terminal.test_export import store_with_notes\n"
        "from ui.terminal.export import run_export\n"
        "sys.exit(run_export(store_with_notes(3000), what='log', since=None, until=None, series=(),\n"
        "    form='json', output=None, utc_s=2e9, out=sys.stdout, err=sys.stderr))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(100)
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(timeout=30) == 0
    assert b"Traceback" not in said
    assert b"Error" not in said


def test_a_dash_is_standard_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in other programs; no file of that name is made."""
    monkeypatch.chdir(tmp_path)
    out, err, code = run(store_with_notes(3), "log", form="json", output=Path("-"))
    assert code == 0
    assert len(json.loads(out)["rows"]) == 3
    assert "to -" not in err
    assert not list(tmp_path.iterdir())
