"""Keeps rows that cannot be read in a database of their own beside their file, as they are. It mends nothing.

Rules
1. The file is named like one that was set aside, and holds one table with the rows' own columns.
2. Nothing in the damaged file's schema is believed: the table is made from the names of its columns alone.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from controlroom.store.sqlite.set_aside import free_name


def keep_rows(path: Path, connection: sqlite3.Connection, table: str, key: str, rows: Sequence[int]) -> Path:
    """Copy rows of a table, by their keys, into a new file; return it.

    Raises ``sqlite3.Error`` or ``OSError``; then no file is left.
    """
    query = f'SELECT * FROM "{table}" WHERE [{key}] = ?'  # noqa: S608 - names of our own
    aside = free_name(path, "damaged")
    os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    try:
        with closing(sqlite3.connect(aside, isolation_level=None)) as kept:
            kept.execute("BEGIN")
            for number, row in enumerate(rows):
                cursor = connection.execute(query, (row,))
                if number == 0:
                    kept.execute(f'CREATE TABLE "{table}" ({_listed(cursor)})')
                places = ", ".join("?" * len(cursor.description))
                kept.executemany(f'INSERT INTO "{table}" VALUES ({places})', cursor.fetchall())  # noqa: S608
            kept.execute("COMMIT")
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return aside


def _listed(cursor: sqlite3.Cursor) -> str:
    """Name the columns of what was asked for, quoted."""
    names = [str(column[0]).replace('"', "") for column in cursor.description]
    return ", ".join(f'"{name}"' for name in names)
