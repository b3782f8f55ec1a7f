"""Saves what can be read of a damaged database into a new one. The damaged one is kept under another name.

Rules
1. Rows are read in the order of their keys; where a page cannot be read, the reading goes on behind it, and
   once more from the end backwards. So what is lost is what stood on damaged pages.
2. What does not fit the tables any more (a row without what it refers to) is left where it is.
3. Triggers that guard the log are made after its rows: a gap that damage tore stays a visible gap.
4. The new database takes the old one's name only when it is complete (``replacing``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from controlroom.store.sqlite.connection import open_to_write
from controlroom.store.sqlite.failure import is_damage
from controlroom.store.sqlite.replacing import begin_new, make_ready, put_in_place
from controlroom.store.sqlite.schema import Rung

_LONGEST_JUMP: Final = 1 << 62

Row = tuple[Any, ...]


def replace_damaged(
    path: Path, ladder: Sequence[Rung], complete: Callable[[sqlite3.Connection], None] = lambda _: None
) -> Path | None:
    """Put a new database with what can be read in a damaged one's place; return where the old one is now.

    ``complete`` is called with what was saved, to add what is known besides. ``None`` where the database is
    not there or all of it can be read.
    """
    if not path.exists() or is_sound(path):
        return None
    with closing(open_to_write(begin_new(path), ladder, checked=())) as target:
        triggers = target.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            target.execute(f'DROP TRIGGER "{name}"')
        target.execute("PRAGMA foreign_keys = OFF")
        with suppress(sqlite3.DatabaseError), closing(_opened_as_it_is(path)) as source:
            _copy_all(source, target)
        with target:
            target.execute("BEGIN")
            complete(target)
        for _, sql in triggers:
            target.execute(sql)
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    make_ready(path)
    return put_in_place(path, "damaged")


def is_sound(path: Path) -> bool:
    """Tell whether every page and row of a database can be read."""
    try:
        with closing(_opened_as_it_is(path)) as connection:
            return connection.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return False
        raise


def _opened_as_it_is(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def _copy_all(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    names = target.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    for (table,) in names:
        columns = target.execute(f"PRAGMA table_info('{table}')").fetchall()
        place = ", ".join("?" * len(columns))
        listed = ", ".join(f'"{column[1]}"' for column in columns)
        put = f'INSERT OR IGNORE INTO "{table}" ({listed}) VALUES ({place})'  # noqa: S608 - our own schema
        target.execute("BEGIN")
        seeded = True
        for row in _readable(source, table, listed, [column[1] for column in columns if column[5]]):
            if seeded:  # what a new database begins with gives way to what the old one knew
                target.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our own schema
                seeded = False
            with suppress(sqlite3.IntegrityError):
                target.execute(put, row)
        target.execute("COMMIT")


def _readable(source: sqlite3.Connection, table: str, listed: str, key: Sequence[str]) -> Iterator[Row]:
    """Return the rows that can be read (rule 1); some may come twice."""
    if len(key) != 1:
        yield from _run(source, f'SELECT {listed} FROM "{table}"', ())  # noqa: S608 - our own schema
        return
    select = f'SELECT "{key[0]}", {listed} FROM "{table}"'  # noqa: S608 - our own schema
    last: object = None
    for row in _run(source, f'{select} ORDER BY "{key[0]}"', ()):
        last = row[0]
        yield row[1:]
    yield from _behind(source, select, key[0], last)
    for row in _run(source, f'{select} ORDER BY "{key[0]}" DESC', ()):
        yield row[1:]


def _behind(source: sqlite3.Connection, select: str, key: str, last: object) -> Iterator[Row]:
    """Go on behind unreadable pages by jumps that grow until something can be read again."""
    jump = 1
    at = last if isinstance(last, int) else 0
    while isinstance(at, int) and jump < _LONGEST_JUMP:
        found = False
        for row in _run(
            source, f'{select} WHERE "{key}" > ? ORDER BY "{key}"', (min(at + jump, _LONGEST_JUMP),)
        ):
            at, found = row[0], True
            yield row[1:]
        jump = 1 if found else jump * 2


def _run(source: sqlite3.Connection, query: str, parameters: tuple[object, ...]) -> Iterator[Row]:
    """Return rows until one cannot be read."""
    try:
        cursor = source.execute(query, parameters)
        while rows := cursor.fetchmany(1):
            yield from rows
    except (sqlite3.DatabaseError, UnicodeError):
        return
