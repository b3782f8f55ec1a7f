"""The command store: what its parts print, their JSON, their exit codes, and what they do for a user."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from controlroom.finding import Health
from controlroom.store import care
from controlroom.store.care import (
    Aspect,
    BackupDone,
    Compacted,
    Doing,
    Held,
    LeftOut,
    Observation,
    RowsLeftOut,
    StoreStats,
)
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, Retention
from controlroom.store.sqlite import open_engine_store
from tests.architecture.project import ROOT
from tests.controlroom.store.place import until_calm
from tests.controlroom.store.sqlite.care.stores import FIRST_DAY, contents, damage_page, fill, leaf_of
from tests.end_to_end.room import MAIN, until
from ui.terminal.store_backup import print_backup
from ui.terminal.store_check import run_store_check
from ui.terminal.store_compact import print_compacted
from ui.terminal.store_progress import ProgressLine
from ui.terminal.store_stats import print_stats
from ui.terminal.store_wording import WORDED

DATA = Path("/srv/control room")
STEERING = "\x1b[2Jevil\u202e"
WELL = Observation("store.db", Aspect.PAGES, Health.OK, "pages-sound")
LOG = Observation("store.db", Aspect.LOG, Health.OK, "log-whole", {"entries": 7000})
BROKEN = Observation("store.db", Aspect.LOG, Health.TROUBLE, "log-broken", {"entry": 12})
STATS = StoreStats(
    store_bytes=1024**2,
    raw=Held(2, 2 * 1024**2, "2026-03-28", "2026-03-29", 2 * 1024**2),
    minutes=Held(1, 1024, "2026-03", "2026-03", 1024),
    hours=Held(1, 1024, "2026", "2026", 1024),
    set_aside=[],
    probes=3,
    series=4,
    log_entries=5,
    sealed_readings=1024**2,
    backlog_seconds=75,
    readings_per_s=10.0,
    rolled_series_days=4,
    free_bytes=10 * 1024**3,
)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the program and return what it said."""
    return subprocess.run([*MAIN, "store", *words], capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A data folder with measurements, for copying alone."""
    folder = DataFolder(tmp_path_factory.mktemp("filled") / "data")
    fill(folder)
    return folder


@pytest.fixture
def folder(filled: DataFolder, tmp_path: Path) -> DataFolder:
    """A data folder with measurements."""
    return DataFolder(Path(shutil.copytree(filled.path, tmp_path / "data")))


def _checked(*found: Observation, as_json: bool = False, simulated: bool | None = False) -> tuple[int, str]:
    out = io.StringIO()
    return run_store_check(found, DATA, simulated=simulated, as_json=as_json, out=out), out.getvalue()


def test_what_is_well_of_a_file_is_one_line() -> None:
    """Troubles stand first, with their cure; the exit code says whether there is any."""
    assert _checked(WELL, LOG) == (
        0,
        "ok       store.db  pages sound; log whole: 7,000 entries, each following the one before\n1 ok.\n",
    )
    code, text = _checked(WELL, BROKEN)
    assert code == 1
    lines = text.splitlines()
    assert lines[0].startswith("TROUBLE  store.db  the log does not fit together at entry 12: ")
    assert lines[1].startswith("                   > Keep a copy of the data folder as evidence")
    assert lines[2:] == [
        "                   > controlroom export log --format json --data '/srv/control room'",
        "ok       store.db  pages sound",
        "1 trouble, 1 ok.",
    ]


def test_a_long_line_goes_on_below_itself_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for commands, which are to be copied; elsewhere a line stays one for other programs."""
    monkeypatch.setenv("COLUMNS", "60")
    out = _Terminal()
    run_store_check([WELL, LOG, BROKEN], DATA, simulated=False, as_json=False, out=out)
    lines = out.getvalue().splitlines()
    assert max(len(line) for line in lines if "  > " not in line) <= 60
    assert len(lines) > 6
    assert sum("controlroom export log --format json --data" in line for line in lines) == 1


def test_what_cannot_be_told_is_not_well() -> None:
    """Neither for people nor for programs."""
    gap = Observation("store.db", Aspect.SEALING, Health.UNKNOWN, "history-gap", {"seconds": 9, "key": 1})
    code, text = _checked(gap)
    assert (code, text.split()[0]) == (1, "unknown")
    code, text = _checked(gap, as_json=True)
    assert (code, json.loads(text)["well"]) == (1, False)


def test_the_keys_of_the_json_of_check_stay() -> None:
    """Programs read them; each aspect stands by itself."""
    told = json.loads(_checked(WELL, BROKEN, as_json=True, simulated=None)[1])
    assert told.keys() == {"simulated", "well", "findings"}
    assert told["simulated"] is None
    assert [(each["file"], each["aspect"], each["code"]) for each in told["findings"]] == [
        ("store.db", "pages", "pages-sound"),
        ("store.db", "log", "log-broken"),
    ]
    assert told["findings"][1].keys() == {"file", "aspect", "health", "code", "found", "facts", "cure"}
    assert told["findings"][1]["facts"] == {"entry": 12}


def test_every_code_has_its_sentence() -> None:
    """Whatever a look can find is worded, and every trouble has a cure."""
    place = ROOT / "controlroom" / "store" / "sqlite" / "care"
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted(place.glob("*.py")))
    judged = re.findall(r"Health\.(\w+),\s+\"([a-z-]+)\"", source)
    judged += [("TROUBLE", code) for code in re.findall(r"_trouble\(file, \"([a-z-]+)\"", source)]
    judged += [("TROUBLE", "store-newer"), ("TROUBLE", "store-foreign"), ("UNKNOWN", "store-older")]
    assert len(judged) > 25
    assert {code for _, code in judged} == WORDED.keys()
    assert [code for health, code in judged if health != "OK" and not WORDED[code]] == []


def test_names_out_of_a_file_cannot_steer_the_screen() -> None:
    """A probe's name, a file's name and what SQLite says are all text of others."""
    facts: dict[str, care.Fact] = {
        "damaged": 1,
        "rows": 2,
        "readings": 3,
        "probe": STEERING,
        "from_us": 10**15,
    }
    bad = Observation(STEERING, Aspect.READINGS, Health.TROUBLE, "chunks-damaged", facts)
    out = io.StringIO()
    run_store_check([bad], Path(f"/{STEERING}"), simulated=False, as_json=False, out=out)
    done = BackupDone(Path(f"/{STEERING}"), 1, 1, [STEERING], [LeftOut(STEERING, STEERING)], [STEERING])
    print_backup(done, Path(f"/{STEERING}"), simulated=False, out=out)
    print_compacted([Compacted(STEERING, 1, 1, STEERING)], out)
    held = Held(1, 1, "2026", "2026", 1)
    stats = StoreStats(1, held, held, held, [(STEERING, 1)], 1, 1, 1, 1, 1, None, 1, 1)
    print_stats(stats, None, simulated=False, as_json=False, out=out)
    assert out.getvalue().count("\\x1b[2Jevil\\u202e") >= 8
    assert "\x1b" not in out.getvalue()
    assert "\u202e" not in out.getvalue()


@pytest.mark.parametrize("simulated", [True, False])
def test_a_simulated_store_says_so_first(simulated: bool) -> None:
    """In every part that shows what is stored, and in the JSON either way."""
    done = BackupDone(DATA, 1, 1, [], [], [])
    out = [io.StringIO() for _ in range(3)]
    run_store_check([WELL], DATA, simulated=simulated, as_json=False, out=out[0])
    print_backup(done, DATA, simulated=simulated, out=out[1])
    print_stats(STATS, None, simulated=simulated, as_json=False, out=out[2])
    assert [each.getvalue().startswith("SIMULATED") for each in out] == [simulated] * 3
    assert json.loads(_checked(WELL, as_json=True, simulated=simulated)[1])["simulated"] is simulated


def test_stats_are_one_figure_a_line() -> None:
    """With units, spans, and how long the room lasts."""
    out = io.StringIO()
    assert print_stats(STATS, Retention(most_bytes=10**9), simulated=False, as_json=False, out=out) == 0
    lines = dict(line.split("  ", 1) for line in out.getvalue().splitlines())
    told = {name.strip(): value.strip() for name, value in lines.items()}
    assert told["Readings"] == "2.1 MB; 2 days: 2026-03-28 to 2026-03-29"
    assert told["Packed"] == "1,048,576 readings, 2.00 bytes each"
    assert told["Waiting"] == "1 min 15 s of the journal not packed yet"
    assert told["A day"].startswith("1.73 MB of readings")
    assert told["Lasts"].startswith("for good: it levels off at ")
    assert "Set aside" not in told


def test_what_was_set_aside_is_told_with_what_may_be_done() -> None:
    """It takes room and counts for no limit."""
    out = io.StringIO()
    aside = replace(STATS, set_aside=[("raw-2026-02-01.newer-1.db", 2 * 1024 * 1024)])
    print_stats(aside, None, simulated=False, as_json=False, out=out)
    told = out.getvalue()
    assert "2.1 MB, not counted for the limit: raw-2026-02-01.newer-1.db" in told
    assert "Move them away" in told
    assert "damaged" not in told


def test_what_is_not_known_of_growth_is_said() -> None:
    """No site file, no rate: no number is made up."""
    out = io.StringIO()
    print_stats(
        StoreStats(1, Held(), Held(), Held(), [], 0, 0, 0, 0, 0, None, 0, 1),
        None,
        simulated=None,
        as_json=False,
        out=out,
    )
    assert "the defaults" in out.getvalue()
    assert "A day             –" in out.getvalue()
    assert "Lasts" not in out.getvalue()
    out = io.StringIO()
    print_stats(STATS, None, simulated=None, as_json=True, out=out)
    told = json.loads(out.getvalue())
    assert (told["simulated"], told["kept"]["assumed"]) == (None, True)
    assert told["growth"]["full_in_days"] is None


def test_what_was_left_out_of_a_backup_is_trouble() -> None:
    """It is named, with the reason, and the exit code says so."""
    out = io.StringIO()
    left = BackupDone(
        Path("/b"), 2, 5, ["inbox/d.jsonl"], [LeftOut(FIRST_DAY, "store-damaged")], ["community"]
    )
    assert print_backup(left, DATA, simulated=False, out=out) == 1
    assert f"LEFT OUT: {FIRST_DAY}, for it is damaged" in out.getvalue()
    assert "keep the one that the engine is given" in out.getvalue()
    assert "community" in out.getvalue()


def test_rows_that_were_left_out_of_a_backup_are_trouble() -> None:
    """How many of what, of which file."""
    out = io.StringIO()
    rows = [RowsLeftOut(FIRST_DAY, "chunk", 2), RowsLeftOut("store.db", "journal", 1)]
    left = BackupDone(Path("/b"), 2, 5, ["site.toml"], [], [], rows)
    assert print_backup(left, DATA, simulated=False, out=out) == 1
    told = out.getvalue()
    assert f"LEFT OUT: 2 chunks (ten minutes of a probe each) of {FIRST_DAY} that do not fit" in told
    assert "LEFT OUT: 1 second of store.db that does not fit its checksum; the rest of that file" in told


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_of_a_terminal_and_nothing_elsewhere() -> None:
    """Written at most ten times a second, and wiped at the end."""
    for err, writes in ((_Terminal(), True), (io.StringIO(), False)):
        clock = [0.0]
        with ProgressLine(err, lambda clock=clock: clock[0]) as tell:  # type: ignore[misc]
            for done in range(100):
                clock[0] += 0.01
                tell(Doing(f"raw{STEERING}", "copy", done, 100))
        assert bool(err.getvalue()) is writes
        if writes:
            assert err.getvalue().endswith("\r\x1b[K")
            assert 8 <= err.getvalue().count("copying, ") <= 12
            assert "evil\\u202e" in err.getvalue()
            assert "\n" not in err.getvalue()


def test_a_check_by_hand_is_well_and_then_finds_the_damage(folder: DataFolder) -> None:
    """As a user types it; the folder stays as it was."""
    before = contents(folder)
    done = run("check", "--data", str(folder.path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "5 ok." in done.stdout
    assert contents(folder) == before
    path = folder.history / FIRST_DAY
    damage_page(path, leaf_of(path, "chunk"))
    done = run("check", "--json", "--data", str(folder.path))
    assert done.returncode == 1
    bad = [each for each in json.loads(done.stdout)["findings"] if each["health"] != "ok"]
    assert {each["file"] for each in bad} == {FIRST_DAY}
    assert all(each["cure"] for each in bad)


@pytest.mark.parametrize("part", ["check", "backup", "compact", "stats"])
@pytest.mark.parametrize("made", [None, "", "site.toml"])
def test_a_folder_without_a_store_is_one_sentence(tmp_path: Path, part: str, made: str | None) -> None:
    """Not there, empty: bad input. Made ready but never used: nothing to do, and nothing is made."""
    data = tmp_path / "data"
    if made is not None:
        data.mkdir(mode=0o700)
    if made:
        (data / made).touch()
    more = ["--output", str(tmp_path / "backup")] if part == "backup" else []
    done = run(part, "--data", str(data), *more)
    assert done.returncode == (1 if made else 2)
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.rglob("*")] == [
        name for name in ("data", made) if name and made is not None
    ]


def test_a_backup_by_hand_and_one_that_is_refused(folder: DataFolder, tmp_path: Path) -> None:
    """The second finds the folder full: exit 2 and a sentence."""
    output = tmp_path / "backup"
    done = run("backup", "--data", str(folder.path), "--output", str(output))
    assert (done.returncode, done.stderr) == (0, "")
    assert "To restore" in done.stdout
    assert run("check", "--data", str(output)).returncode == 0
    again = run("backup", "--data", str(folder.path), "--output", str(output))
    assert (again.returncode, again.stdout) == (2, "")
    assert "is not empty" in again.stderr


def test_compact_and_stats_by_hand(folder: DataFolder) -> None:
    """Each file is told; while an engine holds the store, it is refused in one sentence."""
    with closing(open_engine_store(folder)) as engine:
        engine.commit(Batch(site_json="x" * 500_000))
        engine.commit(Batch(site_json="x"))
        until_calm(engine)
        refused = run("compact", "--data", str(folder.path))
        told = run("stats", "--json", "--data", str(folder.path))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "An engine already runs" in refused.stderr
    assert json.loads(told.stdout)["sealed_readings"] == 2 * 2500
    done = run("compact", "--data", str(folder.path))
    assert done.returncode == 0
    assert re.search(r"store\.db +\S+ [kM]B → \S+ kB, \S+ kB gained", done.stdout)
    assert done.stdout.splitlines()[-1].startswith("all ")


@pytest.fixture
def endless(folder: DataFolder) -> Iterator[DataFolder]:
    """A store that takes some seconds to look through."""
    with closing(open_engine_store(folder)) as engine:
        engine.commit(Batch(site_json="x" * 300_000_000))
    yield folder
    folder.store_file.unlink()


def test_an_interrupt_by_hand_is_quick_and_clean(endless: DataFolder, tmp_path: Path) -> None:
    """Nothing of the backup stays, one sentence says so, and there is no traceback."""
    output = tmp_path / "backup"
    command = [*MAIN, "store", "backup", "--data", str(endless.path), "--output", str(output)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        until(lambda: list(tmp_path.glob(".backup.*.part/store.db")), 20, "a backup under way")
        os.kill(program.pid, signal.SIGINT)
        interrupted_s = time.monotonic()
        said, complaint = program.communicate(timeout=20)
    assert program.returncode == 1
    assert (said, complaint) == ("", "Interrupted. There is no backup; what had been copied was removed.\n")
    assert time.monotonic() - interrupted_s < 5
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
