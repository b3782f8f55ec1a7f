"""Stores with days that are rolled up, and files of rollups as other stores and programs leave them."""

from __future__ import annotations

import atexit
import math
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

from controlroom.logbook.chain import Chain
from controlroom.reading import ProbeKey, SeriesKey
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, EngineStore, ReadStore, Resolution
from controlroom.store.sqlite import open_engine_store, open_read_store
from controlroom.store.sqlite.connection import open_to_write
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.rollup_file import HOURS_LADDER, MINUTES_LADDER
from controlroom.store.sqlite.schema import Rung
from tests.controlroom.store.examples import GATEWAY, RTT, START_UTC_S, draft, lost, replied, second
from tests.controlroom.store.place import told_by, until_calm

DAY_S = 86_400
BEGIN_S = START_UTC_S // DAY_S * DAY_S
STRIDE_S = 900
MAST = ProbeKey("mast", "icmp")
MAST_RTT = SeriesKey("mast", "icmp", "rtt_s")
ROLLED_UP = (Resolution.MINUTE, Resolution.HOUR, Resolution.DAY)


def measure(engine: EngineStore, days: Sequence[int], *probes: ProbeKey) -> None:
    """Commit days of readings, some of them lost, and roll them up."""
    for day in days:
        for number in range(DAY_S // STRIDE_S):
            at_utc_s = BEGIN_S + day * DAY_S + number * STRIDE_S
            readings = [
                lost(at_utc_s, probe=probe)
                if number % 9 == place
                else replied(at_utc_s, _rtt(number, place), probe=probe)
                for place, probe in enumerate(probes)
            ]
            engine.commit(Batch(second(at_utc_s, *readings)))
    engine.commit(Batch(second(BEGIN_S + (days[-1] + 1) * DAY_S + 7200)))
    until_calm(engine)


def _rtt(number: int, place: int) -> float:
    return round(0.02 + place + number % 13 / 7000, 6)


def rolled_store(
    folder: DataFolder, days: Sequence[int], *probes: ProbeKey, entry_s: float | None = None
) -> None:
    """Make a store of some days; ``entry_s`` is the time of the first entry of its log, if it has one.

    Stores that are asked for alike are copies of one: they are one and the same store.
    """
    shutil.copytree(_made_once(tuple(days), probes or (GATEWAY,), entry_s), folder.path)


def store_of_its_own(
    folder: DataFolder, days: Sequence[int], *probes: ProbeKey, entry_s: float | None = None
) -> None:
    """Make such a store that is none of the others."""
    with closing(open_engine_store(folder)) as engine:
        if entry_s is not None:
            chain = Chain()
            engine.commit(Batch(entries=[chain.append(draft(entry_s)), chain.append(draft(entry_s + 1))]))
        measure(engine, days, *(probes or (GATEWAY,)))


@cache
def _made_once(days: tuple[int, ...], probes: tuple[ProbeKey, ...], entry_s: float | None) -> Path:
    place = Path(tempfile.mkdtemp(prefix="controlroom-rolled-"))
    atexit.register(shutil.rmtree, place)
    store_of_its_own(DataFolder(place / "data"), days, *probes, entry_s=entry_s)
    return place / "data"


def rollup_files(folder: DataFolder) -> list[tuple[Path, Sequence[Rung], str]]:
    """Return the files of rollups with their ladders and tables."""
    history = HistoryFolder(folder.history)
    return [
        *((path, MINUTES_LADDER, "minutes") for path in history.minute_files()),
        *((path, HOURS_LADDER, "hours") for path in history.hour_files()),
    ]


def put_back_to(version: int, folder: DataFolder) -> None:
    """Write the files of rollups as a program of an earlier format did."""
    for path, ladder, table in rollup_files(folder):
        rows = rows_of(path, table)
        path.unlink()
        with closing(open_to_write(path, ladder[:version], checked=())) as connection, connection:
            place = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({place})", rows)  # noqa: S608 - ours


def rows_of(path: Path, table: str) -> list[tuple[int, bytes]]:
    """Return all rows of a file as they lie in it."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()  # noqa: S608 - ours


def all_rows(folder: DataFolder) -> dict[str, list[tuple[int, bytes]]]:
    """Return the rows of all files of rollups."""
    return {path.name: rows_of(path, table) for path, _, table in rollup_files(folder)}


def drop_raw(folder: DataFolder) -> None:
    """Let the readings go, as retention does."""
    for path in folder.history.glob("raw-*"):
        path.unlink()
    with closing(sqlite3.connect(folder.store_file)) as connection, connection:
        connection.execute("DELETE FROM history_file")


def put_store(folder: DataFolder, store_file: Path) -> None:
    """Put another ``store.db`` in the place of a folder's."""
    for suffix in ("", "-wal", "-shm"):
        folder.store_file.with_name(folder.store_file.name + suffix).unlink(missing_ok=True)
    shutil.copy(store_file, folder.store_file)


def asked(reader: ReadStore, series: SeriesKey = RTT) -> dict[Resolution, int]:
    """Return how many askings a reader is told of a series, at every resolution that is rolled up."""
    found = {}
    for resolution in ROLLED_UP:
        rollup = reader.curves([series], 0, math.inf, resolution)[series].rollup
        assert rollup is not None
        found[resolution] = int((rollup.count + rollup.lost).sum())
    return found


def asked_in(folder: DataFolder, series: SeriesKey = RTT) -> dict[Resolution, int]:
    """Ask so while no engine runs."""
    with closing(open_read_store(folder)) as reader:
        return asked(reader, series)


def said_by(engine: EngineStore) -> list[str]:
    """Tend until nothing waits; return the sentences that were told."""
    return [error.happened for error in told_by(engine)]


def set_aside_in(folder: DataFolder) -> list[str]:
    """Return the names of the files that were set aside."""
    return sorted(path.name for path in folder.path.rglob("*.damaged-*.db"))
