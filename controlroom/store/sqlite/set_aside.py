"""Moves a database that cannot be used out of the way, with all that belongs to it. Nothing is deleted.

``store.db`` becomes ``store.damaged-1.db``, its log ``store.damaged-1.db-wal``; the next one gets number 2.
"""

from __future__ import annotations

import itertools
from pathlib import Path

_SUFFIXES = ("-wal", "-shm")


def set_aside(path: Path) -> Path:
    """Rename a database's files to the first free name; return the new path of the database."""
    free = next(
        name
        for number in itertools.count(1)
        if not (name := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists()
    )
    for suffix in _SUFFIXES:
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(free.with_name(free.name + suffix))
    path.rename(free)
    return free
