"""Whether a store ends earlier than its engine once got, by the mark beside it. It mends nothing.

Rules
1. It is looked at before anybody writes, for the first commit writes over what is left of a damaged log.
2. Store and log are kept as they are, where there is a log and room: it may hold what SQLite does not take.
3. What cannot be looked at is no finding here: whoever opens the store meets it.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from controlroom.errors import StoreError
from controlroom.store.commit_mark import Mark, mark_in
from controlroom.store.folder import DataFolder
from controlroom.store.sqlite.connection import has_log, open_unjudged
from controlroom.store.sqlite.schema import version_of
from controlroom.store.sqlite.set_aside import free_name

_REACHED: Final = """SELECT name, (SELECT coalesce(max(key), 0) FROM journal),
    (SELECT coalesce(max(number), 0) FROM log) FROM identity"""
_SUFFIXES: Final = ("", "-wal")


class CutShort(NamedTuple):
    """How far the store had got, and what is to be told."""

    key: int
    told: StoreError


def cut_short(folder: DataFolder) -> CutShort | None:
    """Return what is to be told of a store that lacks its end, if it does. Nobody may have it open."""
    mark = mark_in(folder.mark_file)
    if mark is None:
        return None
    try:
        there = _looked(folder.store_file, mark)
    except (sqlite3.Error, StoreError, TypeError):  # rule 3
        return None
    if there is None:
        return None
    told = _told(mark.key - there.key, there.entry + 1, mark.entry, _kept(folder.store_file))
    return CutShort(mark.key, told)


def missing_end(mark: Mark, connection: sqlite3.Connection) -> Mark | None:
    """Return how far a store goes, where that is less far than its mark; one without a table has lost all."""
    if version_of(connection) == 0:
        return Mark(mark.store, 0, 0)
    row = connection.execute(_REACHED).fetchone()
    if row is None:  # it does not say which store it is: that is told elsewhere
        return None
    there = Mark(*row)
    farther = there.store == mark.store and (there.key < mark.key or there.entry < mark.entry)
    return there if farther else None


def _looked(path: Path, mark: Mark) -> Mark | None:
    if not path.exists():
        return Mark(mark.store, 0, 0)
    with closing(open_unjudged(path, as_it_is=not has_log(path))) as connection:
        return missing_end(mark, connection)


def _kept(path: Path) -> Path | None:
    """Keep store and log as they are (rule 2)."""
    log = path.with_name(f"{path.name}-wal")
    if not log.exists() or not log.stat().st_size:
        return None
    aside = free_name(path, "damaged")
    try:
        for suffix in _SUFFIXES:
            copy = aside.with_name(aside.name + suffix)
            shutil.copyfile(path.with_name(path.name + suffix), copy)
            copy.chmod(0o600)
    except OSError:
        for suffix in _SUFFIXES:
            aside.with_name(aside.name + suffix).unlink(missing_ok=True)
        return None
    return aside


def _told(seconds: int, first_entry: int, last_entry: int, aside: Path | None) -> StoreError:
    lacks = [f"the last {seconds} s of readings"] if seconds > 0 else []
    if last_entry > first_entry:
        lacks.append(f"the entries {first_entry} to {last_entry} of the log")
    elif last_entry == first_entry:
        lacks.append(f"entry {last_entry} of the log")
    kept = f" Store and log are kept as they were, as {aside.name}." if aside is not None else ""
    return StoreError(
        "store-cut-short",
        f"store.db lacks {' and '.join(lacks)} that it once held: its log store.db-wal was damaged or deleted"
        f" while no engine ran, or an older store.db was put in its place.{kept}",
        "That time counts as not measured, and the numbers of these entries are given again. Check the disk;"
        " if you have the newer store.db, end the engine, put it in place, and start the engine again.",
    )
