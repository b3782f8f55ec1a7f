"""Saves what can be read of a damaged database into a new one. The damaged one is kept under another name.

Rules
1. Rows are read table by table as long as that goes. Where it stops at a damaged page, the pages of the file
   are gone through one by one (``page_rows``). So what is lost is what stood on damaged pages.
2. Where the list of tables was damaged too, what it lacks is looked for among the pages, and then taken from
   a new database of the same format: ours lay out their tables in one order.
3. What does not fit the tables any more (a row without what it refers to) is left where it is.
4. Triggers that guard the log are made after its rows: a gap that damage tore stays a visible gap.
5. The new database takes the old one's name only when it is complete (``replacing``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controlroom.store.sqlite.connection import Guarded, open_to_write
from controlroom.store.sqlite.failure import is_damage
from controlroom.store.sqlite.page_file import PageFile
from controlroom.store.sqlite.page_rows import Row, fitted, rows_by_root
from controlroom.store.sqlite.replacing import begin_new, make_ready, put_in_place
from controlroom.store.sqlite.schema import Rung, has_its_columns

_NAMES: Final = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_ROOTS: Final = "SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'"
_SCHEMA_COLUMNS: Final = 5


def replace_damaged(
    path: Path, ladder: Sequence[Rung], complete: Callable[[sqlite3.Connection], None] = lambda _: None
) -> Path | None:
    """Put a new database with what can be read in a damaged one's place; return where the old one is now.

    ``complete`` is called with what was saved, to add what is known besides. ``None`` where the database is
    not there or all of it can be read.
    """
    if not path.exists() or is_sound(path, ladder):
        return None
    with closing(PageFile(path)) as pages:
        page_bytes = pages.page_bytes
    with closing(open_to_write(begin_new(path), ladder, checked=(), page_bytes=page_bytes)) as target:
        triggers = target.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            target.execute(f'DROP TRIGGER "{name}"')
        target.execute("PRAGMA foreign_keys = OFF")
        with closing(PageFile(path)) as pages:
            _copy_all(path, pages, target)
        with target:
            target.execute("BEGIN")
            complete(target)
        for _, sql in triggers:
            target.execute(sql)
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    make_ready(path)
    return put_in_place(path, "damaged")


def is_sound(path: Path, ladder: Sequence[Rung] = ()) -> bool:
    """Tell whether every page and row of a database can be read, and its tables are those of its format.

    The tables are compared by the names of their columns (``has_its_columns``).
    """
    try:
        with closing(_opened_as_it_is(path)) as connection:
            if connection.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
                return False
            return not ladder or has_its_columns(connection, ladder)
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return False
        raise


def _opened_as_it_is(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, factory=Guarded
    )
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def _copy_all(path: Path, pages: PageFile, target: sqlite3.Connection) -> None:
    tables = {table.name: table for table in _tables(target)}
    incomplete = dict(tables)
    roots: dict[str, int] = {}
    with suppress(sqlite3.DatabaseError), closing(_opened_as_it_is(path)) as source:
        roots = dict(source.execute(_ROOTS).fetchall())
        for table in tables.values():
            if _copy_readable(source, table, target):
                del incomplete[table.name]
    if not incomplete:
        return
    for guess in (_roots_among(pages), dict(target.execute(_ROOTS).fetchall())):  # rule 2
        taken = set(roots.values())
        roots |= {name: root for name, root in guess.items() if name not in roots and root not in taken}
    by_root = {roots[name]: table for name, table in incomplete.items() if name in roots}
    target.execute("BEGIN")
    for root, key, found in rows_by_root(pages):
        wanted = by_root.get(root)
        row = None if wanted is None else fitted(found, key, wanted.columns, wanted.number_column)
        if wanted is not None and row is not None:
            wanted.put(target, row)
    target.execute("COMMIT")


def _copy_readable(source: sqlite3.Connection, table: _Table, target: sqlite3.Connection) -> bool:
    """Copy rows until one cannot be read; return whether all could."""
    # In brackets: SQLite takes a name in double quotes that is no column for a text, and says nothing.
    listed = ", ".join(f"[{column}]" for column in table.columns)
    target.execute("BEGIN")
    try:
        for row in source.execute(f'SELECT {listed} FROM "{table.name}"'):  # noqa: S608 - our own schema
            table.put(target, row)
    except (sqlite3.DatabaseError, UnicodeError):
        return False
    finally:
        target.execute("COMMIT")
    return True


def _roots_among(pages: PageFile) -> dict[str, int]:
    """Find the list of tables on the pages that it grew to (rule 2)."""
    listed = (row for root, _, row in rows_by_root(pages) if root == 1 and len(row) == _SCHEMA_COLUMNS)
    return {str(row[1]): row[3] for row in listed if row[0] == "table" and isinstance(row[3], int)}


def _tables(target: sqlite3.Connection) -> Iterator[_Table]:
    names = target.execute(_NAMES).fetchall()
    for (name,) in names:
        columns = target.execute(f"PRAGMA table_info('{name}')").fetchall()
        (sql,) = target.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
        numbered = [column[1] for column in columns if column[5] and column[2] == "INTEGER"]
        by_number = numbered[0] if len(numbered) == 1 and "WITHOUT ROWID" not in sql else None
        yield _Table(str(name), tuple(column[1] for column in columns), by_number)


@dataclass(slots=True)
class _Table:
    name: str
    columns: tuple[str, ...]
    number_column: str | None
    seeded: bool = True

    def put(self, target: sqlite3.Connection, row: Row) -> None:
        """Write a row that is not there yet."""
        if self.seeded:  # what a new database begins with gives way to what the old one knew
            target.execute(f'DELETE FROM "{self.name}"')  # noqa: S608 - our own schema
            self.seeded = False
        place = ", ".join("?" * len(row))
        with suppress(sqlite3.IntegrityError):
            target.execute(f'INSERT OR IGNORE INTO "{self.name}" VALUES ({place})', row)  # noqa: S608 - our own schema
