"""Writes every file of a store anew without its gaps, which gives their room back to the disk.

Rules
1. It holds the engine's lock: no engine may run, and none can start meanwhile. Desks may go on reading.
2. A file is checked before, its pages and what is packed in its rows, for what is written anew must be whole.
   One that is damaged, of a newer format or too large for the free room is left as it is and told; the next
   one follows.
3. A file is written anew in one transaction: an interrupt or a power cut leaves it as it was.
4. Nothing is written outside the data folder, and memory does not grow with the file: the draft lies, without
   a name, in the folder of the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from controlroom.errors import StoreError
from controlroom.store.care import Compacted, Doing, Tell
from controlroom.store.folder import DataFolder
from controlroom.store.lock import EngineLock
from controlroom.store.sqlite.blobs import unreadable_rows
from controlroom.store.sqlite.care.looking import bytes_on_disk, interruptible
from controlroom.store.sqlite.care.room import refuse_little_room
from controlroom.store.sqlite.connection import open_to_change
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.day_file import DAY_LADDER
from controlroom.store.sqlite.failure import damaged, store_error
from controlroom.store.sqlite.rollup_file import HOURS_LADDER, MINUTES_LADDER
from controlroom.store.sqlite.schema import LADDER, Rung, refuse_newer, version_of

_ROOM_PER_BYTE: Final = 2
"""The draft, and the log through which it goes back into the file."""

Tick = Callable[[], None]


def compact_store(folder: DataFolder, tell: Tell) -> Iterator[Compacted]:
    """Make one file after another smaller; raise ``StoreError`` ``engine-running`` before the first."""
    folder.prepare()
    lock = EngineLock(folder)
    lock.acquire()
    try:
        for path, ladder in _files(folder):
            yield _compact(path, ladder, tell)
    finally:
        lock.release()


def _files(folder: DataFolder) -> list[tuple[Path, Sequence[Rung]]]:
    history = HistoryFolder(folder.history)
    return [
        (folder.store_file, LADDER),
        *((history.raw(day), DAY_LADDER) for day in history.raw_days()),
        *((path, MINUTES_LADDER) for path in history.minute_files()),
        *((path, HOURS_LADDER) for path in history.hour_files()),
    ]


def _compact(path: Path, ladder: Sequence[Rung], tell: Tell) -> Compacted:
    before = bytes_on_disk(path)

    def tick() -> None:
        tell(Doing(path.name, "compact"))

    tick()
    code = ""
    try:
        refuse_little_room(path.parent, before * _ROOM_PER_BYTE)
        _write_anew(path, ladder, tick)
    except sqlite3.Error as error:
        code = store_error(error, f"Making {path.name} smaller").code
    except StoreError as error:
        code = error.code
    return Compacted(path.name, before, bytes_on_disk(path), code)


def _write_anew(path: Path, ladder: Sequence[Rung], tick: Tick) -> None:
    with closing(open_to_change(path)) as connection:
        refuse_newer(version_of(connection), ladder)
        rows = _run(connection, "PRAGMA quick_check(1)", tick)
        if rows != [("ok",)]:
            raise damaged(f"The pages of {path.name} do not hold together.")
        _, unfit = unreadable_rows(connection, tick)
        if unfit:
            raise damaged(f"{len(unfit)} rows of {path.name} do not fit their checksum.")
        with _drafts_in(connection, path.parent):
            _run(connection, "VACUUM", tick)
        ((busy, _, _),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    if busy:
        raise StoreError("still-read", f"A desk was reading {path.name} all the while.")


def _run(connection: sqlite3.Connection, statement: str, tick: Tick) -> list[tuple[object, ...]]:
    return interruptible(connection, lambda: connection.execute(statement).fetchall(), tick)


@contextmanager
def _drafts_in(connection: sqlite3.Connection, place: Path) -> Iterator[None]:
    """Have SQLite put what it drafts into a folder (rule 4); the setting is one for the whole process."""
    quoted = str(place.absolute()).replace("'", "''")
    connection.execute("PRAGMA temp_store = FILE")
    connection.execute(f"PRAGMA temp_store_directory = '{quoted}'")
    try:
        yield
    finally:
        connection.execute("PRAGMA temp_store_directory = ''")
