"""Rows out of bare pages are the very rows that SQLite gives, and none that was deleted."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.store.sqlite.connection import open_to_write
from controlroom.store.sqlite.page_file import LARGE_PAGE_BYTES, PAGE_BYTES, PageFile
from controlroom.store.sqlite.page_rows import fitted, rows_by_root

VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300),
    st.binary(max_size=20_000),
)
TABLES = (
    (
        "CREATE TABLE numbered (id INTEGER PRIMARY KEY, a, b)",
        "CREATE TABLE keyed (name TEXT PRIMARY KEY, a, b) WITHOUT ROWID",
    ),
)


def make(path: Path, page_bytes: int = PAGE_BYTES) -> sqlite3.Connection:
    """Make a database with both kinds of tables."""
    return open_to_write(path, TABLES, page_bytes=page_bytes)


def told(path: Path) -> dict[str, set[tuple[object, ...]]]:
    """Return the rows of each table as its pages tell them."""
    with closing(sqlite3.connect(path)) as connection:
        roots = dict(connection.execute("SELECT rootpage, name FROM sqlite_schema WHERE rootpage > 0"))
    return told_of(path, roots)


def told_of(path: Path, roots: dict[int, str]) -> dict[str, set[tuple[object, ...]]]:
    """Return the rows of the tables with these roots."""
    found: dict[str, set[tuple[object, ...]]] = {"numbered": set(), "keyed": set()}
    with closing(PageFile(path)) as pages:
        for root, key, row in rows_by_root(pages):
            table = roots.get(root)
            if table == "numbered":
                found[table].add(fitted(row, key, ["id", "a", "b"], "id") or ())
            elif table == "keyed":
                found[table].add(fitted(row, key, ["name", "a", "b"], None) or ())
    return found


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(VALUES, VALUES), max_size=60),
    chance=st.randoms(),
    page_bytes=st.sampled_from((PAGE_BYTES, LARGE_PAGE_BYTES)),
)
def test_every_row_and_no_other(
    rows: list[tuple[object, object]],
    chance: random.Random,
    page_bytes: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Short and long values, many pages, deleted rows, a log that was not folded in."""
    folder = tmp_path_factory.mktemp("pages")
    path, copy = folder / "a.db", folder / "copy.db"
    with closing(make(path, page_bytes)) as connection:
        for number, (a, b) in enumerate(rows):
            connection.execute("INSERT INTO numbered VALUES (?, ?, ?)", (number * 1_000_003, a, b))
            connection.execute("INSERT INTO keyed VALUES (?, ?, ?)", (f"{number:x}" * 40, a, b))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        for number in range(len(rows)):
            if chance.random() < 0.3:
                connection.execute("DELETE FROM numbered WHERE id = ?", (number * 1_000_003,))
                connection.execute("UPDATE keyed SET a = 'new' WHERE name = ?", (f"{number:x}" * 40,))
        expected = {
            "numbered": set(connection.execute("SELECT * FROM numbered").fetchall()),
            "keyed": set(connection.execute("SELECT * FROM keyed").fetchall()),
        }
        roots = dict(connection.execute("SELECT rootpage, name FROM sqlite_schema WHERE rootpage > 0"))
        shutil.copy(path, copy)
        shutil.copy(f"{path}-wal", f"{copy}-wal")
    assert told_of(copy, roots) == expected
    assert told(path) == expected


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_nonsense_gives_fewer_rows_and_no_error(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Any page may hold anything."""
    path = tmp_path_factory.mktemp("pages") / "a.db"
    with closing(make(path)) as connection:
        for number in range(200):
            connection.execute(
                "INSERT INTO numbered VALUES (?, ?, ?)", (number, "x" * 90, b"y" * (number * 50))
            )
        roots = dict(connection.execute("SELECT rootpage, name FROM sqlite_schema WHERE rootpage > 0"))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(content) - 1))
        junk = data.draw(st.binary(min_size=1, max_size=PAGE_BYTES))
        content[place : place + len(junk)] = junk
    path.write_bytes(content)
    told_of(path, roots)
