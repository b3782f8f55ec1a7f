"""Puts a new database in an old one's place so that a kill at any moment leaves one of the two, whole.

Rules
1. The new one is made beside the old one under the name ``*.new``. When it is complete, and nobody has it
   open, it becomes ``*.ready``; from then on the old one is never looked at again.
2. The old one, if it is still there, is set aside; logs that belong to neither are removed; then ``*.ready``
   takes the name. The next engine does what was left to do of this.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from controlroom.store.sqlite.set_aside import Being, set_aside

_IN_THE_MAKING: Final = ".new"
_READY: Final = ".ready"
_DATABASE: Final = ".db"
_SUFFIXES: Final = ("", "-wal", "-shm")


def begin_new(path: Path) -> Path:
    """Return where the new database is to be made; nothing is there."""
    fresh = path.with_name(path.name + _IN_THE_MAKING)
    remove(fresh)
    return fresh


def make_ready(path: Path) -> None:
    """Take it that the new database is complete and closed."""
    fresh = path.with_name(path.name + _IN_THE_MAKING)
    os.replace(fresh, path.with_name(path.name + _READY))
    remove(fresh)


def put_in_place(path: Path, being: Being) -> Path | None:
    """Set the old database aside, give the new one its name; return where the old one is, if any."""
    aside = set_aside(path, being) if path.exists() else None
    remove(path)  # a reader that looked in between left a log that belongs to neither
    os.replace(path.with_name(path.name + _READY), path)
    return aside


def finish_replacing(folder: Path) -> None:
    """Do for a folder's databases what was left to do when the replacing was interrupted (rule 2)."""
    if not folder.is_dir():
        return
    for each in sorted(folder.iterdir()):
        if each.name.endswith(_DATABASE + _IN_THE_MAKING):
            remove(each)
        elif each.name.endswith(_DATABASE + _READY):
            put_in_place(each.with_name(each.name.removesuffix(_READY)), "damaged")


def remove(path: Path) -> None:
    """Remove a database with its log; nothing need be there."""
    for suffix in _SUFFIXES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
