"""Every export of a simulated site says that it is one; a real one's is as it always was."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from controlroom.logbook.entry import LogKind
from controlroom.report.csv_export import export_csv
from controlroom.report.export_table import COLUMNS, ExportKind, ExportRequest
from controlroom.report.json_export import export_json
from controlroom.report.simulation import marked_path
from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore, reading, view
from tests.ui.terminal.site_stories import alarm

KINDS = pytest.mark.parametrize("kind", ExportKind)


def store(*, simulated: bool) -> MemoryStore:
    """A store with readings of one endpoint."""
    room = view("mast-north").model_copy(update={"simulated": simulated})
    readings = [reading("mast-north", NOON_UTC_S, 0.012)]
    held = MemoryStore(room, readings=readings, all_alarms=[alarm("mast-north")])
    held.tell(LogKind.NOTE, "mast-north", NOON_UTC_S, "meier", note="a note")
    return held


def as_csv(kind: ExportKind, *, simulated: bool) -> list[list[str]]:
    """All lines of a CSV export, the header first."""
    out = io.StringIO(newline="")
    export_csv(store(simulated=simulated), ExportRequest(kind), out, now_utc_s=NOON_UTC_S + 60)
    return list(csv.reader(io.StringIO(out.getvalue(), newline="")))


@KINDS
def test_a_csv_ends_every_row_with_the_mark(kind: ExportKind) -> None:
    """The columns before it keep their places; the header says it even where there is no row."""
    header, *rows = as_csv(kind, simulated=True)
    assert header == [*COLUMNS[kind], "simulated"]
    assert all(row[-1] == "true" for row in rows)
    assert rows
    real, *real_rows = as_csv(kind, simulated=False)
    assert real == list(COLUMNS[kind])
    assert [row[:-1] for row in rows] == real_rows


@KINDS
@pytest.mark.parametrize("simulated", [True, False])
def test_a_json_says_it_in_its_head_and_in_every_row(kind: ExportKind, simulated: bool) -> None:
    """The head always says which of the two it is."""
    out = io.StringIO()
    export_json(store(simulated=simulated), ExportRequest(kind), out, now_utc_s=NOON_UTC_S + 60)
    read = json.loads(out.getvalue())
    assert read["simulated"] is simulated
    for row in read["rows"]:
        assert row.get("simulated", False) is simulated


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("alarms.csv", "SIMULATED-alarms.csv"),
        ("SIMULATED-alarms.csv", "SIMULATED-alarms.csv"),
        ("my-simulated-shift.json", "my-simulated-shift.json"),
    ],
)
def test_the_file_says_it_in_its_name(name: str, marked: str) -> None:
    """Once, in the same folder; the name of a real export is left as it was given."""
    assert marked_path(Path("/srv") / name, simulated=True) == Path("/srv") / marked
    assert marked_path(Path("/srv") / name, simulated=False) == Path("/srv") / name
