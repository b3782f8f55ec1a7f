"""Stores to look through, copy and make smaller: made by the engine's own writer, and damaged on purpose."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from controlroom.finding import Health
from controlroom.logbook.chain import Chain
from controlroom.site.model import Criticality, EndpointKind
from controlroom.site.view import SeenEndpoint, SeenProbe, SiteView
from controlroom.store.care import Doing, Observation
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, EngineStore
from controlroom.store.sqlite import open_engine_store
from controlroom.store.sqlite.care.check import check_store
from tests.controlroom.store.examples import START_UTC_S, alarm, draft, lost, replied, second
from tests.controlroom.store.place import until_calm

DAY_S = 86_400
FIRST_DAY = "raw-2023-11-14.db"
LAST_DAY = "raw-2023-11-16.db"
MINUTES = "minutes-2023-11.db"
HOURS = "hours-2023.db"
SITE_OF_ONE_PROBE = SiteView(
    name="Room",
    endpoints=(
        SeenEndpoint(
            id="gateway",
            name="Gateway",
            kind=EndpointKind.PARTNER,
            address="192.0.2.1",
            criticality=Criticality.LOW,
            probes=(SeenProbe(name="icmp", type="icmp", title="Ping", period_s=1, timeout_s=1),),
        ),
    ),
)


def unheard(_: Doing) -> None:
    """Let progress go by."""


def commit(engine: EngineStore, begin_utc_s: float, seconds: int, *, entries: int = 0) -> None:
    """Commit seconds with a reading and a re-probe each, and entries with the first of them."""
    memory = engine.remember()
    chain = Chain(memory.last_entry_number, memory.last_entry_hash)
    for number in range(seconds):
        at_utc_s = begin_utc_s + number
        said = [chain.append(draft(at_utc_s, note="x" * 300))] if number < entries else []
        readings = (replied(at_utc_s, number / 1e4), lost(at_utc_s + 0.5, beat=False))
        engine.commit(Batch(second(at_utc_s, *readings), entries=said))


def fill(folder: DataFolder) -> None:
    """Two days of measurements with one between them; the first is rolled up, 100 seconds are not sealed."""
    with closing(open_engine_store(folder)) as engine:
        engine.commit(Batch(alarms=[alarm(1)]))
        commit(engine, START_UTC_S, 1300, entries=700)
        commit(engine, START_UTC_S + 2 * DAY_S, 1301)
        until_calm(engine)


def contents(folder: DataFolder) -> dict[str, tuple[int, bytes]]:
    """Every file of a folder with its time and its bytes, to see that nothing changed."""
    return {
        str(path.relative_to(folder.path)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.path.rglob("*"))
        if path.is_file()
    }


def troubles(folder: DataFolder) -> list[tuple[str, str, str]]:
    """File, aspect and code of all that is not well."""
    return [
        (each.file, each.aspect.value, each.code)
        for each in check_store(folder, unheard)
        if each.health is not Health.OK
    ]


def found(folder: DataFolder, code: str) -> Observation:
    """The one observation with a code."""
    (only,) = (each for each in check_store(folder, unheard) if each.code == code)
    return only


def damage_page(path: Path, page: int) -> None:
    """Write nonsense over a page, counted from 0, of a database that nobody has open."""
    size = int.from_bytes(path.read_bytes()[16:18], "big")
    with path.open("r+b") as file:
        file.seek(page * size)
        file.write(b"\xa5" * size)


def leaf_of(path: Path, table: str) -> int:
    """Return the number of a page with rows of a table, counted from 0."""
    with changing(path) as connection:
        rows = connection.execute(
            "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno", (table,)
        ).fetchall()
    return int(rows[len(rows) // 2][0]) - 1


def changing(path: Path) -> closing[sqlite3.Connection]:
    """Open a database to do something to it that the program never does."""
    return closing(sqlite3.connect(path, isolation_level=None))


def flip_a_byte(path: Path, table: str, column: str, *, offset: int = 1) -> None:
    """Change one bit within a blob, as a disk might: SQLite itself does not notice."""
    with changing(path) as connection:
        number, blob = connection.execute(
            f"SELECT rowid, {column} FROM {table} ORDER BY rowid LIMIT 1 OFFSET ?",  # noqa: S608 - ours
            (offset,),
        ).fetchone()
        flipped = bytearray(blob)
        flipped[len(flipped) // 2] ^= 0x10
        statement = f"UPDATE {table} SET {column} = ? WHERE rowid = ?"  # noqa: S608 - ours
        connection.execute(statement, (bytes(flipped), number))


def names_below(folder: Path) -> Iterator[str]:
    """All paths below a folder."""
    return (str(path.relative_to(folder)) for path in sorted(folder.rglob("*")))
