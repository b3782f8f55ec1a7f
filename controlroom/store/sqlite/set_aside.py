"""Moves a database that cannot be used out of the way, with all that belongs to it. Nothing is deleted.

``store.db`` becomes ``store.damaged-1.db``, its log ``store.damaged-1.db-wal``; the next one gets number 2.
One that a newer program wrote becomes ``store.newer-1.db``, one that took its name ``store.replaced-1.db``.
"""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Final, Literal

_SUFFIXES = ("-wal", "-shm")
_NAME: Final = re.compile(r"(store|raw|minutes|hours)[0-9-]*\.(damaged|newer|replaced)-\d+\.db")

Being = Literal["damaged", "newer", "replaced"]


def files_set_aside(folder: Path) -> list[Path]:
    """Return the databases that were set aside in a folder, by name; none where there is no folder."""
    try:
        return sorted(each for each in folder.iterdir() if _NAME.fullmatch(each.name))
    except FileNotFoundError:
        return []


def name_before(aside: Path) -> Path:
    """Return the name that a database had before it was set aside."""
    return aside.with_name(f"{aside.name.split('.')[0]}{aside.suffix}")


def set_aside(path: Path, being: Being = "damaged") -> Path:
    """Rename a database's files to the first free name; return the new path of the database."""
    free = free_name(path, being)
    for suffix in _SUFFIXES:
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(free.with_name(free.name + suffix))
    path.rename(free)
    return free


def free_name(path: Path, being: Being) -> Path:
    """Return the first name that nothing has yet."""
    return next(
        name
        for number in itertools.count(1)
        if not (name := path.with_name(f"{path.stem}.{being}-{number}{path.suffix}")).exists()
    )
