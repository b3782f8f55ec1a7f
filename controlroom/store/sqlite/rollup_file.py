"""Files of rollups: minutes in one file a month, hours and days in one a year; a row holds a series' day.

Rules
1. The file stands by itself: it names its store, and every series whose number it uses, with its probe.
2. What a number stands for is written in the same transaction as the first row that uses it.
3. A reader believes a row only in a file of its own store that names the row's series as the store does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Final

from controlroom.reading import SeriesKey
from controlroom.store.sqlite.day_file import Named, put_names
from controlroom.store.sqlite.schema import Rung

_NAMES: Final[Rung] = (
    """CREATE TABLE about (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        store TEXT NOT NULL,
        series INTEGER NOT NULL -- how many are named here: fewer show that damage cost some
    )""",
    "CREATE TABLE probe (id INTEGER PRIMARY KEY, endpoint_id TEXT NOT NULL, probe_name TEXT NOT NULL)",
    "CREATE TABLE series (id INTEGER PRIMARY KEY, probe_id INTEGER NOT NULL, metric TEXT NOT NULL)",
)
MINUTES_LADDER: Final[tuple[Rung, ...]] = (
    (
        """CREATE TABLE minutes (
            id INTEGER PRIMARY KEY, -- series << 32 | day
            packed BLOB NOT NULL
        )""",
    ),
    _NAMES,
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
    _NAMES,
)
NAMED_SINCE: Final = 2
"""The first format that names the store and the series."""

_DAY_BITS: Final = 32
_DAYS: Final = (1 << _DAY_BITS) - 1


def put_whose(connection: sqlite3.Connection, store: str, named: Named) -> None:
    """Name the store that the file belongs to, once, and series, those that are named already left alone."""
    connection.execute("INSERT OR IGNORE INTO about VALUES (1, ?, 0)", (store,))
    put_names(connection, named)
    _count_series(connection)


def series_named(connection: sqlite3.Connection) -> int | None:
    """Return how many series were named when that was last written; ``None`` in a file of no store."""
    row = connection.execute("SELECT series FROM about").fetchone()
    return int(row[0]) if row else None


def store_of(connection: sqlite3.Connection) -> str:
    """Return the store that a file of the history, of any kind, belongs to; the empty word for none."""
    row = connection.execute("SELECT store FROM about").fetchone()
    return str(row[0]) if row else ""


def names_as(connection: sqlite3.Connection, series: int, key: SeriesKey) -> bool:
    """Tell whether the file's number stands for this series."""
    row = connection.execute(
        """SELECT endpoint_id, probe_name, metric FROM series
            JOIN probe ON probe.id = probe_id WHERE series.id = ?""",
        (series,),
    ).fetchone()
    return row is not None and SeriesKey(*row) == key


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
    return {row[0] & _DAYS: row[1] for row in rows}


def rollup_slices(connection: sqlite3.Connection, table: str, most: int) -> Iterator[list[tuple[Any, ...]]]:
    """Return all rows of ``minutes`` or ``hours``, some at a time: series, day, and what is packed."""
    columns = {"minutes": "packed", "hours": "day, hours, histograms"}[table]
    query = f"SELECT id, {columns} FROM {table} WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608 - names of this module's own
    last = -1
    while rows := connection.execute(query, (last, most)).fetchall():
        yield [(row[0] >> _DAY_BITS, row[0] & _DAYS, *row[1:]) for row in rows]
        last = rows[-1][0]


def day_of_row(row_id: int) -> int:
    """Return the day that a row of minutes or hours is of."""
    return row_id & _DAYS


def rows_in(connection: sqlite3.Connection, table: str) -> int:
    """Return the rows of ``minutes`` or ``hours``: one a series and day."""
    (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - names of this module's own
    return int(rows)


def first_days(connection: sqlite3.Connection) -> dict[int, int]:
    """Return the first day of every series that has rows, from whichever table the file has.

    The numbers are sought one after another: a row is long, and there are as many of a series as days.
    """
    query = f"SELECT min(id) FROM {_table_of(connection)} WHERE id >= ?"  # noqa: S608 - one of ours
    found: dict[int, int] = {}
    series = 0
    while (row := connection.execute(query, (_id(series, 0),)).fetchone())[0] is not None:
        series = row[0] >> _DAY_BITS
        found[series] = row[0] & _DAYS
        series += 1
    return found


def forget_numbers_behind(connection: sqlite3.Connection, probe: int, series: int) -> None:
    """Drop the rows of series with numbers above this one, and the names of such probes and series."""
    table = _table_of(connection)
    (named,) = connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'series'").fetchone()
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"DELETE FROM {table} WHERE id >= ?", (_id(series + 1, 0),))  # noqa: S608 - one of ours
        if named:
            connection.execute("DELETE FROM series WHERE id > ?", (series,))
            connection.execute("DELETE FROM probe WHERE id > ?", (probe,))
            _count_series(connection)


def _count_series(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE about SET series = (SELECT count(*) FROM series)")


def _table_of(connection: sqlite3.Connection) -> str:
    (table,) = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN ('minutes', 'hours')"
    ).fetchone()
    return str(table)


def _id(series: int, day: int) -> int:
    return series << _DAY_BITS | day
