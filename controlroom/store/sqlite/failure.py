"""What SQLite's errors mean to the house: one coded ``StoreError`` for each kind. It handles none."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from controlroom.errors import StoreError

_PRIMARY: Final = 0xFF
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_CLOSED: Final = frozenset({errno.EACCES, errno.EPERM})
_READ_ONLY_DISK: Final = (
    "The disk is mounted read-only. After an error of the disk the system does that by itself: look into its"
    " log (dmesg), and mount it for writing again."
)
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_PASSING: Final = _BUSY | {sqlite3.SQLITE_CANTOPEN}
_REFUSED: Final = frozenset(
    {sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_RANGE}
)


def damaged(happened: str) -> StoreError:
    """Say that what stands in the store cannot be what was written there."""
    return StoreError(
        "store-damaged",
        happened,
        "The engine mends what it finds damaged by itself, and looks at its files in turn; “controlroom store"
        " check” tells what it has not met yet. What is lost may be in a backup: stop the engine, put that in"
        " place, start again.",
    )


def set_aside_error(aside: Path, why: str) -> StoreError:
    """Say that a file was found damaged, or written by a newer program, and what became of it."""
    if ".newer-" in aside.name:
        return StoreError(
            "store-mended",
            f"A file was written by a newer program and has been set aside whole as {aside.name}.",
            "Measuring goes on in a new file. Only that program can read the old one.",
        )
    return StoreError(
        "store-mended",
        f"A file could not be used as it was and has been set aside as {aside.name}. {why}",
        "Measuring goes on in a new file with what could be read. Keep the old one as evidence, and check the"
        " disk.",
    )


def rows_taken_out(path: Path, count: int, aside: Path) -> StoreError:
    """Say that rows were not what was once written, and where they are kept."""
    were = "row of measurements in" if count == 1 else "rows of measurements in"
    return StoreError(
        "rows-damaged",
        f"{count} {were} {path.name} could not be read and {'was' if count == 1 else 'were'} taken out:"
        " what was measured then is missing, all else is shown."
        f" {'It is' if count == 1 else 'They are'} kept as {aside.name}.",
        "Check the disk: it gives back other bits than were written.",
    )


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Have an error that is met within name the file that it is about."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        error.add_note(path.name)
        raise


def _about(doing: str, error: Exception) -> str:
    notes: Sequence[str] = getattr(error, "__notes__", ())
    return f"{doing} ({notes[0]})" if notes else doing


def is_damage(error: Exception) -> bool:
    """Tell whether an error says that a file's content cannot be what was written there."""
    if isinstance(error, StoreError):
        return error.code in ("store-damaged", "store-foreign")
    return isinstance(error, sqlite3.Error) and (_code(error) in _DAMAGED or _lacks_its_parts(error))


def _lacks_its_parts(error: sqlite3.Error) -> bool:
    """Tell whether a table or a column of ours is not there: a bit was flipped in the list of tables."""
    words = str(error)
    return isinstance(error, sqlite3.OperationalError) and (
        words.startswith(("no such column", "no such table")) or " has no column named " in words
    )


def is_passing(error: sqlite3.Error) -> bool:
    """Tell whether the same call may well succeed in a moment."""
    return _code(error) in _PASSING


def is_refusal(error: sqlite3.Error) -> bool:
    """Tell whether what was to be written broke a rule of the schema."""
    return _code(error) in _REFUSED


def store_error(error: sqlite3.Error, doing: str, *, disk_is_full: bool = False) -> StoreError:
    """Translate an error met while ``doing`` something ("Committing a second").

    ``disk_is_full`` is what the system says about the disk: without room SQLite reports some writes
    as plain input/output errors.
    """
    code, doing = _code(error), _about(doing, error)
    failed = f"{doing} failed: {error}."
    if code == sqlite3.SQLITE_FULL or (
        code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and disk_is_full
    ):
        return disk_full(doing)
    if is_damage(error):
        return damaged(failed)
    if code in _BUSY:
        return StoreError("store-busy", failed, "Find out which program holds the store and end it.")
    if code == sqlite3.SQLITE_READONLY:
        closed = f"{doing} failed: this account may not write the data folder or one of its files."
        return StoreError("store-read-only", closed, "Check the rights of the data folder and its files.")
    if is_refusal(error):
        return StoreError("batch-refused", failed, "This is a mistake of the program; please report it.")
    return StoreError("store-failed", failed, "Check the disk and the data folder.")


def disk_full(doing: str) -> StoreError:
    """Say that something failed for want of room."""
    return StoreError("disk-full", f"{doing} failed: no room is left on the disk.", "Make room on the disk.")


def file_error(error: OSError, doing: str) -> StoreError:
    """Translate what the system said of a file or folder of the store."""
    doing = _about(doing, error)
    failed = f"{doing} failed: {error.strerror or error}."
    if error.errno in _NO_ROOM:
        return disk_full(doing)
    if error.errno == errno.EROFS:
        return StoreError("disk-read-only", failed, _READ_ONLY_DISK)
    if error.errno in _CLOSED:
        return StoreError("store-read-only", failed, "Check the rights of the data folder and its files.")
    return StoreError("store-failed", failed, "Check the disk and the data folder.")


def _code(error: sqlite3.Error) -> int | None:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & _PRIMARY
