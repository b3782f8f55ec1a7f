"""Looks a whole store through, file by file, beside a live engine. It changes nothing and makes no file.

Rules
1. ``store.db`` first, then the history's files, then whether the two meet (``sealing_order`` says why so).
2. A file that its engine drops meanwhile, by retention, is passed over. One that cannot be looked at is
   unknown, and the look goes on with the next.
3. Files that were set aside are named and not looked into: they are evidence, and it is known that they are
   damaged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from controlroom.errors import StoreError
from controlroom.finding import Health
from controlroom.store.care import Aspect, Fact, Observation, Tell
from controlroom.store.commit_mark import mark_in
from controlroom.store.folder import DataFolder
from controlroom.store.sqlite.care.looking import steadily
from controlroom.store.sqlite.care.measured import (
    Known,
    Window,
    look_at_day,
    look_at_hours,
    look_at_minutes,
)
from controlroom.store.sqlite.care.pages import look_into
from controlroom.store.sqlite.care.records import identity_of, look_at_records
from controlroom.store.sqlite.care.sealing_order import look_at_sealing
from controlroom.store.sqlite.cut_short import missing_end
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.day_file import DAY_LADDER, Named
from controlroom.store.sqlite.dictionary import Names
from controlroom.store.sqlite.failure import is_damage, store_error
from controlroom.store.sqlite.inventory import missing_files
from controlroom.store.sqlite.rollup_file import HOURS_LADDER, MINUTES_LADDER
from controlroom.store.sqlite.schema import LADDER, Rung
from controlroom.store.sqlite.set_aside import files_set_aside

Answer = TypeVar("Answer")
Look = Callable[[sqlite3.Connection, str], Sequence[Observation]]


def check_store(folder: DataFolder, tell: Tell) -> list[Observation]:
    """Look a store through; return what was found, file by file."""
    store, history = folder.store_file, HistoryFolder(folder.history)
    if not store.exists():
        return [Observation(store.name, Aspect.FILE, Health.TROUBLE, "store-missing")]
    found = _looked(store, LADDER, partial(look_at_records, tell=tell), tell)
    readable = _format_is_known(found)
    known = _known(store) if readable else Known()
    windows: set[Window] = set()
    for day in history.raw_days():
        inside: set[Window] = set()
        look_at_readings = partial(look_at_day, known=known, windows=inside, tell=tell)
        found += _looked(history.raw(day), DAY_LADDER, look_at_readings, tell)
        windows |= inside
    for path in history.minute_files():
        found += _looked(path, MINUTES_LADDER, partial(look_at_minutes, known=known, tell=tell), tell)
    for path in history.hour_files():
        found += _looked(path, HOURS_LADDER, partial(look_at_hours, known=known, tell=tell), tell)
    if readable:
        found += _sealing(store, windows) + _gone(store, history) + _cut_short(folder)
    return found + _set_aside(folder)


def _looked(path: Path, ladder: Sequence[Rung], look: Look, tell: Tell) -> list[Observation]:
    file = path.name

    def at(connection: sqlite3.Connection) -> list[Observation]:
        return look_into(connection, file, ladder, lambda inside: look(inside, file), tell)

    try:
        return steadily(path, at)
    except FileNotFoundError:
        return []
    except sqlite3.Error as error:
        if is_damage(error):
            return [_damaged(file, error)]
        return [_not_looked(file, store_error(error, f"Reading {file}"))]
    except StoreError as error:
        return [_not_looked(file, error)]


def _damaged(file: str, error: Exception) -> Observation:
    facts: dict[str, Fact] = {"problems": 1, "problem": str(error)}
    return Observation(file, Aspect.PAGES, Health.TROUBLE, "pages-damaged", facts)


def _not_looked(file: str, error: StoreError) -> Observation:
    return Observation(file, Aspect.FILE, Health.UNKNOWN, "not-looked", {"problem": error.happened})


def _format_is_known(found: Sequence[Observation]) -> bool:
    return any(each.aspect is Aspect.FORMAT and each.health is Health.OK for each in found)


def _known(store: Path) -> Known:
    def read(connection: sqlite3.Connection) -> Known:
        names = Names()
        names.refresh(connection)
        return Known(identity_of(connection), Named(names.probes, names.series))

    try:
        return steadily(store, read)
    except (sqlite3.DatabaseError, StoreError) as error:
        if not is_damage(error):
            raise
        return Known()  # told already, with the records


def _sealing(store: Path, windows: set[Window]) -> list[Observation]:
    try:
        return [steadily(store, lambda connection: look_at_sealing(connection, store.name, windows))]
    except (sqlite3.DatabaseError, StoreError) as error:
        if not is_damage(error):
            raise
        facts = {"problem": str(error)}
        return [Observation(store.name, Aspect.SEALING, Health.TROUBLE, "unreadable", facts)]


def _gone(store: Path, history: HistoryFolder) -> list[Observation]:
    """Look for files that the store lists and that somebody took away."""
    names = _unless_damaged(store, lambda connection: missing_files(connection, history))
    return [Observation(name, Aspect.FILE, Health.TROUBLE, "file-gone") for name in names or ()]


def _cut_short(folder: DataFolder) -> list[Observation]:
    """Look whether the store ends where it once did; the mark first, for an engine may be committing."""
    once = mark_in(folder.mark_file)
    there = once and _unless_damaged(folder.store_file, partial(missing_end, once))
    if once is None or there is None:
        return []
    facts = {"seconds": max(once.key - there.key, 0), "entries": max(once.entry - there.entry, 0)}
    return [Observation(folder.store_file.name, Aspect.JOURNAL, Health.TROUBLE, "cut-short", facts)]


def _unless_damaged(store: Path, look: Callable[[sqlite3.Connection], Answer]) -> Answer | None:
    """Look into the store; damage there is told with its records already."""
    try:
        return steadily(store, look)
    except (sqlite3.DatabaseError, StoreError) as error:
        if not is_damage(error):
            raise
        return None


def _set_aside(folder: DataFolder) -> list[Observation]:
    return [
        Observation(path.name, Aspect.FILE, Health.OK, "set-aside", {"bytes": path.stat().st_size})
        for path in (*files_set_aside(folder.path), *files_set_aside(folder.history))
    ]
