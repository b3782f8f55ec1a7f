"""What the terminal shows of a simulated site says so; of a real one nothing of the kind is ever said."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore
from tests.ui.terminal.site_stories import with_outage
from ui.terminal.clocks import Clocks
from ui.terminal.export import run_export
from ui.terminal.status import run_status
from ui.terminal.watch import WatchSettings, run_watch


def store(*, simulated: bool) -> MemoryStore:
    """A room with one thing wrong."""
    held = with_outage("mast-north", "mast-south")
    assert held.site is not None
    held.site = held.site.model_copy(update={"simulated": simulated})
    return held


@pytest.mark.parametrize("simulated", [True, False])
@pytest.mark.parametrize("columns", ["60", "140"])
def test_the_first_line_of_the_table_says_it(
    simulated: bool, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a narrow terminal as well as in a wide one."""
    monkeypatch.setenv("COLUMNS", columns)
    out = io.StringIO()
    run_status(store(simulated=simulated), utc_s=NOON_UTC_S, json=False, out=out)
    assert out.getvalue().lstrip().startswith("SIMULATED") is simulated
    assert ("SIMULATED" in out.getvalue()) is simulated


@pytest.mark.parametrize("simulated", [True, False])
def test_the_json_says_it_either_way(simulated: bool) -> None:
    """A program need not guess from a missing key."""
    out = io.StringIO()
    run_status(store(simulated=simulated), utc_s=NOON_UTC_S, json=True, out=out)
    assert json.loads(out.getvalue())["simulated"] is simulated


@pytest.mark.parametrize("ends", [True, False])
def test_every_picture_of_the_live_view_says_it(ends: bool) -> None:
    """And where the engine ends with the view, nothing is promised to go on."""
    clock = [0.0]

    def pause(seconds: float) -> None:
        clock[0] += seconds

    out = io.StringIO()
    clocks = Clocks(lambda: NOON_UTC_S, lambda: clock[0], pause)
    settings = WatchSettings(for_s=3, every_s=1, ends_engine=ends)
    run_watch(lambda: store(simulated=True), None, settings=settings, clocks=clocks, out=out)
    assert out.getvalue().count("SIMULATED") == out.getvalue().count("Mast North  ") >= 3
    assert ("Monitoring goes on" in out.getvalue()) is not ends


def test_an_exported_file_says_it_in_its_name(tmp_path: Path) -> None:
    """Whatever it was asked to be called; where it went is said."""
    err = io.StringIO()
    code = run_export(
        store(simulated=True),
        what="alarms",
        since=None,
        until=None,
        series=(),
        form="csv",
        output=tmp_path / "alarms.csv",
        utc_s=NOON_UTC_S,
        out=io.StringIO(),
        err=err,
    )
    assert code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["SIMULATED-alarms.csv"]
    assert "SIMULATED-alarms.csv" in err.getvalue()


def test_a_folder_is_refused_and_gets_no_neighbour(tmp_path: Path) -> None:
    """A marked name beside it would be a file that nobody asked for."""
    folder, err = tmp_path / "exports", io.StringIO()
    folder.mkdir()
    code = run_export(
        store(simulated=True),
        what="alarms",
        since=None,
        until=None,
        series=(),
        form="csv",
        output=folder,
        utc_s=NOON_UTC_S,
        out=io.StringIO(),
        err=err,
    )
    assert code == 1
    assert f"{folder} is a folder. Name a file in it." in err.getvalue()
    assert list(tmp_path.rglob("*")) == [folder]
