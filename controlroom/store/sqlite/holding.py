"""Whether a database that is held open still lies under its name, and how it is put back where it does not.

Somebody may delete or move a file while the engine runs, or copy another one over its name. The system keeps
the old one alive for whoever has it open, and would drop it, with all that was written since, at the end.

Rules
1. Database, log and shared memory each count: without the last two a reader sees an old state, or none.
2. What the connection holds is copied beside the name first. Then the connection is closed, for closing
   removes a log by its name; then the copy takes the name, and a stranger that has it is set aside.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from controlroom.errors import StoreError
from controlroom.store.sqlite.replacing import begin_new, make_ready, put_in_place

Identity = tuple[tuple[int, int] | None, ...]

_SUFFIXES: Final = ("", "-wal", "-shm")
_OWNER_ONLY: Final = 0o700
_LEAVE_ALONE: Final = (
    "Leave the data folder alone while the engine runs; to put a backup in place, end the engine first."
)


def identity_of(path: Path) -> Identity:
    """Return which files lie under the names of a database, its log and its shared memory now."""
    found: list[tuple[int, int] | None] = []
    name = str(path)  # asked each second, and a path for each name costs more than asking
    for suffix in _SUFFIXES:
        try:
            about = os.stat(name + suffix)
            found.append((about.st_dev, about.st_ino))
        except FileNotFoundError:
            found.append(None)
    return tuple(found)


def is_elsewhere(path: Path, known: Identity) -> bool:
    """Tell whether one of the files that were there lies under its name no more."""
    return any(before not in (None, now) for before, now in zip(known, identity_of(path), strict=True))


def put_back(path: Path, connection: sqlite3.Connection, known: Identity) -> StoreError:
    """Put what a connection holds back under its name, and close the connection (rule 2).

    ``known`` is what lay there.

    Return what is to be told. May raise ``sqlite3.Error`` or ``OSError``; the connection is open then.
    """
    path.parent.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
    happened = _happened(path, known)
    fresh = begin_new(path)
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    with closing(sqlite3.connect(fresh)) as target:
        connection.backup(target)
    make_ready(path)
    connection.close()
    aside = put_in_place(path, "replaced")
    kept = f" What lay there is kept as {aside.name}." if aside is not None else ""
    return StoreError(
        "store-replaced",
        f"{happened} while the engine ran. The engine has put it back with all that it held.{kept}",
        _LEAVE_ALONE,
    )


def _happened(path: Path, known: Identity) -> str:
    """Say what became of a database that is elsewhere."""
    now = identity_of(path)
    if now[0] is None:
        return f"{path.name} was deleted or moved away"
    if now[0] != known[0]:
        return f"{path.name} was replaced"
    places = zip(_SUFFIXES, known, now, strict=True)
    gone = [f"{path.name}{suffix}" for suffix, was, there in places if was not in (None, there)]
    were = "was" if len(gone) == 1 else "were"
    return f"{' and '.join(gone)} beside {path.name} {were} deleted, moved away or replaced"


def folder_put_back(path: Path) -> StoreError:
    """Make the history's folder anew; return what is to be told. The files in use follow, each by itself."""
    path.mkdir(mode=_OWNER_ONLY)
    return StoreError(
        "store-replaced",
        f"The folder {path.name} was deleted or moved away while the engine ran. It was made anew, with"
        " the files that the engine had open. Older measurements are gone unless you have them.",
        _LEAVE_ALONE,
    )
