"""Finds rows whose packed content does not fit its checksum, and takes them out. Pages it leaves to others.

A flipped bit inside of what is packed leaves all pages sound, and whoever reads the row meets it. Where the
row is gone the reading goes on beside it: a second, or ten minutes of a probe; rollups are made again. Of the
journal's newest second the readings alone go, for it is the engine's sign of life.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from controlroom.errors import StoreError
from controlroom.store.sqlite.chunk import check_chunk
from controlroom.store.sqlite.packing import check_second, joined, pack
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


def take_out(connection: sqlite3.Connection, table: str, rows: Sequence[int]) -> int:
    """Drop those of these rows that still do not fit, in a transaction of its own; return how many."""
    key, columns = _KINDS[table]
    listed = ", ".join(column for column, _ in columns)
    read = f"SELECT {listed} FROM {table} WHERE {key} = ?"  # noqa: S608 - names of this module's own
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        found = [(row, connection.execute(read, (row,)).fetchone()) for row in rows]
        unfit = [(row,) for row, blobs in found if blobs is not None and not _fits(blobs, columns)]
        count = len(unfit)
        if table == "journal":
            unfit = [row for row in unfit if not _emptied(connection, *row)]
        connection.executemany(f"DELETE FROM {table} WHERE {key} = ?", unfit)  # noqa: S608 - names of this module's own
    return count


def _emptied(connection: sqlite3.Connection, key: int) -> bool:
    """Leave the newest second without readings; return whether it is this one."""
    return connection.execute(_EMPTY_NEWEST, (pack(joined(())), key)).rowcount == 1


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
