"""Files of rollups: minutes in one file a month, hours and days in one a year; a row holds a series' day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Final

from controlroom.store.sqlite.schema import Rung

MINUTES_LADDER: Final[tuple[Rung, ...]] = (
    (
        """CREATE TABLE minutes (
            id INTEGER PRIMARY KEY, -- series << 32 | day
            packed BLOB NOT NULL
        )""",
    ),
)
HOURS_LADDER: Final[tuple[Rung, ...]] = (
    (
        """CREATE TABLE hours (
            id INTEGER PRIMARY KEY, -- series << 32 | day
            day BLOB NOT NULL,
            hours BLOB NOT NULL,
            histograms BLOB NOT NULL -- one for each hour
        )""",
    ),
)

_DAY_BITS: Final = 32


def put_minutes(connection: sqlite3.Connection, rows: Sequence[tuple[int, int, bytes]]) -> None:
    """Write rows of series, day and packed minutes."""
    connection.executemany(
        "INSERT OR REPLACE INTO minutes VALUES (?, ?)",
        [(_id(series, day), packed) for series, day, packed in rows],
    )


def put_hours(connection: sqlite3.Connection, rows: Sequence[tuple[int, int, bytes, bytes, bytes]]) -> None:
    """Write rows of series, day, packed day, packed hours and packed histograms."""
    connection.executemany(
        "INSERT OR REPLACE INTO hours VALUES (?, ?, ?, ?)",
        [(_id(series, day), *packed) for series, day, *packed in rows],
    )


def packed_between(
    connection: sqlite3.Connection, what: str, series: int, first_day: int, last_day: int
) -> dict[int, bytes]:
    """Return ``minutes``, ``hours``, ``day`` or ``histograms`` of a series, by day; both ends included."""
    table = "minutes" if what == "minutes" else "hours"
    column = {"minutes": "packed", "hours": "hours", "day": "day", "histograms": "histograms"}[what]
    rows = connection.execute(
        f"SELECT id, {column} FROM {table} WHERE id BETWEEN ? AND ?",  # noqa: S608 - names of this module's own
        (_id(series, max(first_day, 0)), _id(series, max(last_day, 0))),
    )
    return {row[0] & ((1 << _DAY_BITS) - 1): row[1] for row in rows}


def rollup_slices(connection: sqlite3.Connection, table: str, most: int) -> Iterator[list[tuple[Any, ...]]]:
    """Return all rows of ``minutes`` or ``hours``, some at a time: series, day, and what is packed."""
    columns = {"minutes": "packed", "hours": "day, hours, histograms"}[table]
    query = f"SELECT id, {columns} FROM {table} WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608 - names of this module's own
    last = -1
    while rows := connection.execute(query, (last, most)).fetchall():
        yield [(row[0] >> _DAY_BITS, row[0] & ((1 << _DAY_BITS) - 1), *row[1:]) for row in rows]
        last = rows[-1][0]


def rows_in(connection: sqlite3.Connection, table: str) -> int:
    """Return the rows of ``minutes`` or ``hours``: one a series and day."""
    (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - names of this module's own
    return int(rows)


def forget_series_behind(connection: sqlite3.Connection, series: int) -> None:
    """Drop the rows of series with numbers above this one, from whichever table the file has."""
    (table,) = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchone()
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"DELETE FROM {table} WHERE id >= ?", (_id(series + 1, 0),))  # noqa: S608 - one of ours


def _id(series: int, day: int) -> int:
    return series << _DAY_BITS | day
