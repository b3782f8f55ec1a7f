"""Files of rollups: minutes in one file a month, hours and days in one a year; a row holds a series' day."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

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


def _id(series: int, day: int) -> int:
    return series << _DAY_BITS | day
