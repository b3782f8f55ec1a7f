"""Opening the database: durable, growing by the ladder, refusing what is not ours."""

from __future__ import annotations

import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from controlroom.errors import StoreError
from controlroom.store.sqlite.connection import open_to_read, open_to_write
from controlroom.store.sqlite.schema import APPLICATION_ID, LADDER

NEXT = ("ALTER TABLE site ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'",)
BROKEN = ("ALTER TABLE site ADD COLUMN smell TEXT", "CREATE TABLE site (x)")


def pragma(connection: sqlite3.Connection, name: str) -> object:
    """Ask for one setting."""
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_new_store_is_durable_and_ours(tmp_path: Path) -> None:
    """Write-ahead log, full synchronisation, our mark, room to shrink, for the owner alone."""
    with closing(open_to_write(tmp_path / "store.db")) as connection:
        assert pragma(connection, "journal_mode") == "wal"
        assert pragma(connection, "synchronous") == 2
        assert pragma(connection, "foreign_keys") == 1
        assert pragma(connection, "trusted_schema") == 0
        assert pragma(connection, "auto_vacuum") == 2
        assert pragma(connection, "application_id") == APPLICATION_ID
        assert pragma(connection, "user_version") == len(LADDER)
        for name in ("store.db", "store.db-wal", "store.db-shm"):
            assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_an_older_store_climbs_and_keeps_its_rows(tmp_path: Path) -> None:
    """A store on a lower rung is brought up at opening, rows and all, and then stands there."""
    path = tmp_path / "store.db"
    with closing(open_to_write(path)) as connection:
        connection.execute("INSERT INTO site VALUES (1, '{}')")
    for _ in range(2):
        with closing(open_to_write(path, (*LADDER, NEXT))) as connection:
            assert connection.execute("SELECT * FROM site").fetchall() == [(1, "{}", "grey")]
            assert pragma(connection, "user_version") == len(LADDER) + 1


def test_a_new_store_is_never_seen_half_way_up(tmp_path: Path) -> None:
    """A desk that looks while an engine makes the store finds none yet, or all of it."""
    paths = [tmp_path / f"store-{number}.db" for number in range(40)]
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            for path in paths:
                with suppress(sqlite3.OperationalError):  # it is just being made, and locked for a moment
                    reader = open_to_read(path) if path.exists() else None
                    if reader is not None:
                        reader.close()

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        for path in paths:
            open_to_write(path).close()
        done.set()
        looking.result()


def test_a_rung_that_breaks_leaves_the_store_below_it(tmp_path: Path) -> None:
    """A migration that fails changes nothing, and the store opens as before."""
    path = tmp_path / "store.db"
    open_to_write(path).close()
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        open_to_write(path, (*LADDER, BROKEN))
    with closing(open_to_write(path)) as connection:
        assert pragma(connection, "user_version") == len(LADDER)
        assert connection.execute("SELECT * FROM site").description[-1][0] == "json"


def test_a_newer_store_is_refused_untouched(tmp_path: Path) -> None:
    """A store of a newer program is neither written nor read."""
    path = tmp_path / "store.db"
    open_to_write(path, (*LADDER, NEXT)).close()
    before = path.read_bytes()
    for open_it in (open_to_write, open_to_read):
        with pytest.raises(StoreError) as refused:
            open_it(path)
        assert refused.value.code == "store-newer"
    assert path.read_bytes() == before


def test_an_older_store_is_not_read_before_it_has_climbed(tmp_path: Path) -> None:
    """A desk says that the engine must be started once, instead of reading tables it does not know."""
    path = tmp_path / "store.db"
    with closing(open_to_write(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(LADDER) - 1 or -1}")
    with pytest.raises(StoreError) as refused:
        open_to_read(path)
    assert refused.value.code == "store-older"


def test_another_programs_database_is_refused_untouched(tmp_path: Path) -> None:
    """A database of somebody else's under our name stays as it is."""
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    for open_it in (open_to_write, open_to_read):
        with pytest.raises(StoreError) as refused:
            open_it(path)
        assert refused.value.code == "store-foreign"
    assert path.read_bytes() == before


def test_an_empty_file_is_a_store_not_made_yet(tmp_path: Path) -> None:
    """An engine killed before its first table left a file that readers pass over and engines fill."""
    path = tmp_path / "store.db"
    path.touch()
    assert open_to_read(path) is None
    open_to_write(path).close()
    reader = open_to_read(path)
    assert reader is not None
    reader.close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    """The reading side is read-only to SQLite itself."""
    path = tmp_path / "store.db"
    open_to_write(path).close()
    reader = open_to_read(path)
    assert reader is not None
    with closing(reader), pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("INSERT INTO site VALUES (1, '{}')")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log SET operator = 'x'",
        "DELETE FROM log",
        "INSERT OR REPLACE INTO log SELECT * FROM log",
    ],
)
def test_the_log_is_append_only_in_the_database_itself(tmp_path: Path, statement: str) -> None:
    """No statement changes, removes or replaces an entry."""
    with closing(open_to_write(tmp_path / "store.db")) as connection:
        entry = (1, 1.0, "note", "a", "b", "{}", "0" * 64, "f" * 64)
        connection.execute("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?)", entry)
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)
        assert connection.execute("SELECT * FROM log").fetchall() == [entry]
