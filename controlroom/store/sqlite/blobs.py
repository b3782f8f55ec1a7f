"""Finds rows whose packed content does not fit its checksum, and takes them out. Pages it leaves to others.

A flipped bit inside of what is packed leaves all pages sound, and whoever reads the row meets it. Where the
row is gone the reading goes on beside it: a second, or ten minutes of a probe; rollups are made again.

Rules
1. Of the journal's newest second the readings alone go, for it is the engine's sign of life.
2. What is taken out of a live file is kept first (``evidence``): somebody may still make something of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from controlroom.errors import StoreError
from controlroom.store.sqlite.chunk import check_chunk, decode
from controlroom.store.sqlite.columns import no_readings
from controlroom.store.sqlite.evidence import keep_rows
from controlroom.store.sqlite.failure import rows_taken_out
from controlroom.store.sqlite.packing import check_second, pack, unpack
from controlroom.store.sqlite.rollup_packing import check_histograms, check_rollup

_AT_ONCE: Final = 200
_EMPTY_NEWEST: Final = (
    "UPDATE journal SET readings = ? WHERE key = ? AND key = (SELECT max(key) FROM journal)"
)

Check = Callable[[bytes], object]

_KINDS: Final[dict[str, tuple[str, tuple[tuple[str, Check], ...]]]] = {
    "journal": ("key", (("readings", check_second),)),
    "chunk": ("id", (("packed", check_chunk),)),
    "minutes": ("id", (("packed", check_rollup),)),
    "hours": (
        "id",
        (("day", check_rollup), ("hours", check_rollup), ("histograms", check_histograms)),
    ),
}
"""The tables with packed columns: their key, and what looks at each column."""

_WHOLE: Final[dict[str, Check]] = {"journal": lambda blob: unpack([blob]), "chunk": decode}
"""What meets more than a checksum shows, and takes too long for whole files."""


def unreadable_rows(
    connection: sqlite3.Connection, pause: Callable[[], object] = lambda: None
) -> tuple[str, list[int]]:
    """Return the table with packed content that a database has, and the keys of rows that do not fit.

    ``pause`` is called now and then, so that a long look leaves the processor to others.
    """
    for table, (key, columns) in _KINDS.items():
        found = connection.execute(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)
        )
        if found.fetchone() == (1,):
            return table, list(_unfit(connection, table, key, columns, pause))
    return "", []


def set_rows_aside(
    path: Path, connection: sqlite3.Connection, table: str, rows: Sequence[int]
) -> StoreError | None:
    """Take those of these rows that cannot be read out of a live file; return what is to be told, if any.

    May raise ``sqlite3.Error`` or ``OSError``; then nothing was taken out.
    """
    unfit = _still_unfit(connection, table, rows)
    if not unfit:
        return None
    aside = keep_rows(path, connection, table, _KINDS[table][0], unfit)  # rule 2
    return rows_taken_out(path, _drop(connection, table, unfit), aside)


def take_out(connection: sqlite3.Connection, table: str, rows: Sequence[int]) -> int:
    """Drop those of these rows that cannot be read from a copy; return how many."""
    return _drop(connection, table, _still_unfit(connection, table, rows))


def _still_unfit(connection: sqlite3.Connection, table: str, rows: Sequence[int]) -> list[int]:
    key, columns = _KINDS[table]
    listed = ", ".join(column for column, _ in columns)
    read = f"SELECT {listed} FROM {table} WHERE {key} = ?"  # noqa: S608 - names of this module's own
    whole = [(column, _WHOLE.get(table, check)) for column, check in columns]
    found = [(row, connection.execute(read, (row,)).fetchone()) for row in rows]
    return [row for row, blobs in found if blobs is not None and not _fits(blobs, whole)]


def _drop(connection: sqlite3.Connection, table: str, rows: Sequence[int]) -> int:
    key, _ = _KINDS[table]
    going = [(row,) for row in rows]
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if table == "journal":
            going = [row for row in going if not _emptied(connection, *row)]
        connection.executemany(f"DELETE FROM {table} WHERE {key} = ?", going)  # noqa: S608 - names of this module's own
    return len(rows)


def _emptied(connection: sqlite3.Connection, key: int) -> bool:
    """Leave the newest second without readings; return whether it is this one."""
    return connection.execute(_EMPTY_NEWEST, (pack(no_readings()), key)).rowcount == 1


def _unfit(
    connection: sqlite3.Connection,
    table: str,
    key: str,
    columns: Sequence[tuple[str, Check]],
    pause: Callable[[], object],
) -> Iterator[int]:
    listed = ", ".join(column for column, _ in columns)
    cursor = connection.execute(f"SELECT {key}, {listed} FROM {table}")  # noqa: S608 - names of this module's own
    while rows := cursor.fetchmany(_AT_ONCE):
        yield from (row[0] for row in rows if not _fits(row[1:], columns))
        pause()


def _fits(blobs: Sequence[bytes], columns: Sequence[tuple[str, Check]]) -> bool:
    try:
        for blob, (_, check) in zip(blobs, columns, strict=True):
            check(blob)
    except (StoreError, TypeError):  # what is packed may have become a text
        return False
    return True
