"""Copies one database as it was at one moment, while its engine goes on. It judges nothing.

Rules
1. The whole copy is one snapshot, held open while pages are copied a few at a time: SQLite would begin anew
   after every commit of the engine otherwise. The engine never waits; its log only grows for that long.
2. The copy is one file without a log beside it, for its owner alone (0600), and can be read from a disk that
   cannot be written.
3. It is forced to disk before anybody calls it a copy.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from controlroom.store.care import Doing, Tell
from controlroom.store.sqlite.care.looking import steadily

_PAGES_AT_ONCE: Final = 512


def copy_database(
    source: Path, target: Path, tell: Tell, finish: Callable[[sqlite3.Connection], None] = lambda _: None
) -> None:
    """Copy a database to a path where nothing is yet; ``finish`` may still change the copy.

    Raise ``FileNotFoundError`` where the source is gone, ``sqlite3.Error`` where it cannot be copied.
    """

    def copy(from_source: sqlite3.Connection) -> None:
        target.unlink(missing_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        with closing(_opened(target)) as copied:
            from_source.execute("BEGIN")
            from_source.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # takes the snapshot
            from_source.backup(copied, pages=_PAGES_AT_ONCE, progress=_teller(source.name, tell), sleep=0.01)
            from_source.execute("ROLLBACK")
            copied.execute("PRAGMA journal_mode = DELETE").fetchall()
            finish(copied)

    steadily(source, copy)
    force_to_disk(target)


def force_to_disk(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _opened(target: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(target, isolation_level=None)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()  # no shared memory beside it
    connection.execute("PRAGMA synchronous = OFF")  # rule 3 forces it at the end
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _teller(file: str, tell: Tell) -> Callable[[int, int, int], None]:
    def progress(_: int, remaining: int, total: int) -> None:
        tell(Doing(file, "copy", total - remaining, total))

    return progress
