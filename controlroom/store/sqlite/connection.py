"""How the store's database is opened, for the one writer and for readers. It asks and changes no rows.

Rules
1. Write-ahead log, every commit forced to disk (``synchronous=FULL``): what was committed survives a
   killed process and a power cut; readers and the writer never wait for each other.
2. Nothing outside the data folder: temporary tables live in memory. Nothing in a schema is trusted.
3. A file that is not ours, or from a newer program, is refused before anything in it is changed.
4. No other descriptor of an existing database is ever opened and closed in this process, for closing
   it would drop SQLite's own locks.
5. Opening a database that is up to date writes nothing: on a disk without a byte left it can be opened.
6. Text in which a bit was flipped is read with a mark in the letter's place: its row is judged as a whole, by
   whoever reads it (the log by its chain of hashes).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from controlroom.errors import StoreError
from controlroom.store.sqlite.failure import damaged
from controlroom.store.sqlite.page_file import PAGE_BYTES
from controlroom.store.sqlite.schema import LADDER, Rung, climb, refuse_newer, version_of

_WRITER_WAITS_S: Final = 5.0
_READER_WAITS_S: Final = 0.1
_WAL_KEPT_BYTES: Final = 16 * 1024 * 1024
_FOLD_BEYOND_BYTES: Final = 32 * 1024 * 1024
"""The log is folded in between commits; a commit does it only where nobody else did for this long."""


class Guarded(sqlite3.Connection):
    """A connection to which text that is no text is damage like any other (rule 6)."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:  # noqa: ANN401 - as its parent
        """Execute; an error whose own words cannot be read quotes a damaged page."""
        try:
            return super().execute(sql, parameters)
        except UnicodeDecodeError as error:
            damage = sqlite3.DatabaseError("the database holds names that cannot be read")
            damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise damage from error


def open_to_write(
    path: Path,
    ladder: Sequence[Rung] = LADDER,
    *,
    checked: Sequence[str] | None = None,
    page_bytes: int = PAGE_BYTES,
) -> sqlite3.Connection:
    """Open the database, making it or bringing it up to date. Any one thread at a time may use it.

    The tables named by ``checked`` are read whole and must be sound; ``None`` is the whole database. One that
    is made has pages of this size.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(
        path, timeout=_WRITER_WAITS_S, isolation_level=None, check_same_thread=False, factory=Guarded
    )
    try:
        _distrust(connection)
        refuse_newer(version_of(connection), ladder)
        _set_up(connection, page_bytes)
        climb(connection, ladder)
        _check(connection, checked)
    except BaseException:
        connection.close()
        raise
    return connection


def open_to_read(
    path: Path, ladder: Sequence[Rung] = LADDER, *, leave_no_trace: bool = False
) -> sqlite3.Connection | None:
    """Open the database read-only, or return ``None`` while its tables have not been made yet.

    SQLite makes a log and shared memory beside a database that nobody has open. With ``leave_no_trace`` it
    does not: where there is no log, all is in the file itself, which is read as it is. What an engine that
    is started meanwhile commits is then not seen, so this is for a short look. Where the folder cannot be
    written nothing can be made, and nobody can commit: there it is always so.
    """
    no_trace = leave_no_trace or not os.access(path.parent, os.W_OK)
    connection = open_unjudged(path, as_it_is=no_trace and not has_log(path))
    try:
        if refuse_unknown(connection, ladder):
            return connection
    except BaseException:
        connection.close()
        raise
    connection.close()
    return None


def refuse_unknown(connection: sqlite3.Connection, ladder: Sequence[Rung]) -> bool:
    """Raise ``StoreError`` for a format that is not the ladder's; return whether there are tables at all."""
    version = version_of(connection)
    if version == 0:
        return False
    refuse_newer(version, ladder)
    _refuse_older(version, ladder)
    return True


def has_log(path: Path) -> bool:
    """Tell whether a write-ahead log lies beside a database: somebody has it open, or left in haste."""
    return path.with_name(f"{path.name}-wal").exists()


def log_is_folded(connection: sqlite3.Connection) -> bool:
    """Write all of a log into its database and empty it, waiting for nobody; return whether that was done.

    A reader that looks at an older state is in the way.
    """
    (waits_ms,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(waits_ms)}")
    return not busy


def holds_nothing(path: Path) -> bool:
    """Tell whether a database is missing or without a byte, and no log beside it has one."""
    return not any(
        each.exists() and each.stat().st_size for each in (path, path.with_name(f"{path.name}-wal"))
    )


def open_unjudged(path: Path, *, as_it_is: bool) -> sqlite3.Connection:
    """Open a database read-only, whatever wrote it; ``as_it_is`` reads the file alone and makes none."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if as_it_is else ''}",
        uri=True,
        timeout=_READER_WAITS_S,
        isolation_level=None,
        check_same_thread=False,
        factory=Guarded,
    )
    try:
        _distrust(connection)
        connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def open_to_change(path: Path) -> sqlite3.Connection:
    """Open a database that is there, whatever its format, without bringing it up to date."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=_WRITER_WAITS_S,
        isolation_level=None,
        check_same_thread=False,
        factory=Guarded,
    )
    try:
        _distrust(connection)
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def _distrust(connection: sqlite3.Connection) -> None:
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA temp_store = MEMORY")


def _set_up(connection: sqlite3.Connection, page_bytes: int) -> None:
    if version_of(connection) == 0:  # these hold only before the first table, and write at each opening
        connection.execute(f"PRAGMA page_size = {page_bytes}")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise StoreError(
            "store-failed",
            f"The store cannot keep a write-ahead log on this disk (it offers {mode}).",
            "Choose a folder on a disk of this machine with --data.",
        )
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    connection.execute(f"PRAGMA wal_autocheckpoint = {_FOLD_BEYOND_BYTES // int(page_bytes)}")
    connection.execute(f"PRAGMA journal_size_limit = {_WAL_KEPT_BYTES}")


def _check(connection: sqlite3.Connection, tables: Sequence[str] | None) -> None:
    looks = ["integrity_check(1)"] if tables is None else [f"quick_check('{table}')" for table in tables]
    for look in looks:
        rows = connection.execute(f"PRAGMA {look}").fetchall()
        if rows != [("ok",)]:
            raise damaged(f"The store is damaged: {str(rows[0][0])[:200]}")


def _refuse_older(version: int, ladder: Sequence[Rung]) -> None:
    if version < len(ladder):
        raise StoreError(
            "store-older",
            f"The store has format {version} and waits to be brought to format {len(ladder)}.",
            "Start the engine of this program once.",
        )
