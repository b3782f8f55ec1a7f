"""Days and logs from which something could slip away in silence: it does not, or it is told."""

from __future__ import annotations

import math
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, EngineStore, Resolution, Retention
from controlroom.store.sqlite import open_engine_store, open_read_store
from tests.controlroom.store.examples import GATEWAY, RTT, START_UTC_S, lost, replied, second
from tests.controlroom.store.place import told_by, until_calm
from tests.controlroom.store.sqlite.rolled import (
    BEGIN_S,
    DAY_S,
    ROLLED_UP,
    asked,
    asked_in,
    measure,
    rolled_store,
)
from tests.soak import SOAK, cases

BEATS = 96
OTHERS = [ProbeKey(f"other-{place}", "icmp") for place in range(4)]


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Name a data folder."""
    return DataFolder(tmp_path / "data")


def a_day(engine: EngineStore, day: int, *, dead: bool) -> None:
    """Commit a day of a probe that answers, or that does not once."""
    for number in range(BEATS):
        at_utc_s = BEGIN_S + day * DAY_S + number * 900
        engine.commit(Batch(second(at_utc_s, lost(at_utc_s) if dead else replied(at_utc_s))))


@pytest.mark.parametrize("days", [(False, True, False), (True, True, False)])
def test_a_day_of_losses_alone_is_kept_as_one(folder: DataFolder, days: tuple[bool, ...]) -> None:
    """In minutes, hours and days, for charts too, once it is rolled up as before."""
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        for day, dead in enumerate(days):
            a_day(engine, day, dead=dead)
        before = {each: reader.curves([RTT], 0, math.inf, each)[RTT].rollup for each in ROLLED_UP}
        engine.commit(Batch(second(BEGIN_S + len(days) * DAY_S + 7200)))
        until_calm(engine)
        for resolution, was in before.items():
            now = reader.curves([RTT], 0, math.inf, resolution)[RTT].rollup
            assert was is not None
            assert now is not None
            assert int(now.lost.sum()) == days.count(True) * BEATS
            assert now.start_utc_s.tolist() == was.start_utc_s.tolist()
            assert (now.count.tolist(), now.lost.tolist()) == (was.count.tolist(), was.lost.tolist())
        dead_day = BEGIN_S + days.index(True) * DAY_S
        assert reader.stretches(RTT, dead_day, dead_day + DAY_S, 24)


def test_a_probe_that_never_answered_is_not_one_that_nobody_asked(folder: DataFolder) -> None:
    """It has no series yet; its days are made of its readings."""
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        a_day(engine, 0, dead=True)
        engine.commit(Batch(second(BEGIN_S + DAY_S + 7200)))
        until_calm(engine)
        assert asked(reader) == dict.fromkeys(ROLLED_UP, BEATS)


def gone(log: Path) -> None:
    """Lose a log."""
    log.unlink()


def halved(log: Path) -> None:
    """Cut a log in the middle."""
    log.write_bytes(log.read_bytes()[: log.stat().st_size // 2])


def spoilt(log: Path) -> None:
    """Flip a bit of every byte of a log."""
    log.write_bytes(bytes(each ^ 1 for each in log.read_bytes()))


STEPS = {"raw": (7, 90, 130, 201), "minutes": (40, 120, 215, 240), "hours": (60, 118, 220, 245)}
"""After how many steps of tending the files of each kind have a log at work."""
SPOILS = (gone, halved, spoilt)
ROUNDS = [
    (kind, spoil, step, place == (kind_place + spoil_place) % 4)
    for kind_place, (kind, steps) in enumerate(STEPS.items())
    for spoil_place, spoil in enumerate(SPOILS)
    for place, step in enumerate(steps)
]
"""What is lost of which log, when, and whether the suite tries it: each loss of each kind once."""


@pytest.fixture(scope="module")
def at_work(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Copies of a data folder as kills would leave it, by the steps of tending done."""
    place = tmp_path_factory.mktemp("at-work")
    wanted = {step for _, _, step, in_the_suite in ROUNDS if in_the_suite or SOAK}
    copies = {}
    with closing(open_engine_store(DataFolder(place / "data"))) as engine:
        measure(engine, [0], GATEWAY)
        for day in (1, 2):
            a_day(engine, day, dead=False)
            for number in range(900):
                at_utc_s = BEGIN_S + (day + 1) * DAY_S - 900 + number
                engine.commit(Batch(second(at_utc_s, replied(at_utc_s))))
        for step in range(max(wanted) + 1):
            engine.tend(Retention())
            if step in wanted:
                copies[step] = Path(shutil.copytree(place / "data", place / f"killed-{step}"))
                (copies[step] / "engine.lock").unlink()
    return copies


@pytest.mark.parametrize(
    ("kind", "spoil", "step"),
    cases(
        [(kind, spoil, step) for kind, spoil, step, in_the_suite in ROUNDS if in_the_suite],
        besides=[(kind, spoil, step) for kind, spoil, step, in_the_suite in ROUNDS if not in_the_suite],
    ),
)
def test_a_log_of_the_history_may_be_lost_without_a_reading(
    folder: DataFolder, at_work: dict[int, Path], kind: str, spoil: Callable[[Path], None], step: int
) -> None:
    """Killed at any moment: what is not in the file itself yet is in the journal, or is made again."""
    shutil.copytree(at_work[step], folder.path)
    logs = list(folder.history.glob(f"{kind}-*.db-wal"))
    assert logs
    for log in logs:
        spoil(log)
    with closing(open_engine_store(folder)) as after:
        measure(after, [4], GATEWAY)
        until_calm(after)
    assert asked_in(folder) == dict.fromkeys(ROLLED_UP, 2 * BEATS + 2 * (BEATS + 900))


@pytest.mark.parametrize(
    ("pattern", "old", "new"),
    [
        ("store.db", b"below_key", b"bemow_key"),
        ("store.db", b"endpoint_id TEXT", b"endpoint_ie TEXT"),
        ("history/raw-*.db", b"packed BLOB", b"pakked BLOB"),
        ("history/raw-*.db", b"until_us", b"untim_us"),
        ("history/minutes-*.db", b"probe (id", b"probe (ie"),
        ("history/hours-*.db", b"histograms", b"histogramt"),
    ],
)
def test_a_letter_of_a_table_that_changed_is_damage_like_any_other(
    folder: DataFolder, pattern: str, old: bytes, new: bytes
) -> None:
    """The engine starts, mends and tells; a desk shows all else meanwhile."""
    rolled_store(folder, [0, 1])
    path = min(folder.path.glob(pattern))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    spoilt = path.read_bytes()
    assert old in spoilt
    path.write_bytes(spoilt.replace(old, new, 1))
    if pattern != "store.db":
        with closing(open_read_store(folder)) as reader:
            assert asked(reader)[Resolution.HOUR] >= BEATS
    with closing(open_engine_store(folder, patrol_every_s=0.02)) as engine:
        engine.remember()
        until_s, told = time.monotonic() + 10, told_by(engine)
        while not told and time.monotonic() < until_s:
            told = told_by(engine)
        assert [error.code for error in told] == ["store-mended"]
        measure(engine, [3], GATEWAY)
    assert asked_in(folder) == dict.fromkeys(ROLLED_UP, 3 * BEATS)


def test_what_was_told_again_counts_once_however_seconds_are_shaped(folder: DataFolder) -> None:
    """While both lie in the journal, and with a clock that was set back between them."""
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        at_utc_s = START_UTC_S
        in_doubt: list[Reading] = []
        for number in range(240):
            at_utc_s += -61.0 if number in (75, 155) else 1.0
            seen = lost(at_utc_s) if number % 40 > 30 else replied(at_utc_s)
            others = [replied(at_utc_s, probe=OTHERS[place]) for place in range(number * number % 4)]
            again = []
            if number % 40 == 39:
                again = [replace(each, reason=Reason.BLIND) for each in in_doubt]
                in_doubt = []
            elif seen.outcome is Outcome.NO_REPLY:
                in_doubt.append(seen)
            engine.commit(Batch(second(at_utc_s, *others, seen, *again)))
        curve = reader.curves([RTT], 0, math.inf, Resolution.DAY)[RTT].rollup
        samples = reader.samples(RTT, 0, math.inf)
        assert curve is not None
        assert len(samples.value) == 240
        assert int(curve.lost.sum()) == 6  # the last of each run was told but once


@pytest.mark.parametrize("log", [None, b""])
def test_a_file_without_a_byte_is_told_whatever_log_lies_beside_it(
    folder: DataFolder, log: bytes | None
) -> None:
    """A kill leaves an emptied log behind; the day is missed all the same."""
    rolled_store(folder, [0, 1])
    path = min(folder.history.glob("raw-????-??-??.db"))
    path.write_bytes(b"")
    if log is not None:
        path.with_name(f"{path.name}-wal").write_bytes(log)
    with closing(open_engine_store(folder)) as engine:
        (told,) = told_by(engine)
    assert f"{path.name} was empty" in told.happened
