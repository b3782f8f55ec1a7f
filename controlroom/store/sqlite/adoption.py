"""Looks through the history's files when an engine opens: are they this store's, and how far do they go.

Rules
1. A file of another store or of a newer program is set aside. Of one that is damaged, what can be read
   becomes the new one. Each is told of.
2. Where the history goes further than the store itself (a backup was put back), the names that only the
   history knows are learnt from it. A file whose names contradict the store's is set aside.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from controlroom.errors import StoreError
from controlroom.reading import ProbeKey
from controlroom.store.sqlite.connection import open_to_read
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.day_file import DAY_LADDER, Named, about, names_in
from controlroom.store.sqlite.dictionary import Names
from controlroom.store.sqlite.failure import damaged, is_damage
from controlroom.store.sqlite.salvage import replace_damaged
from controlroom.store.sqlite.set_aside import set_aside

_LOOKS: Final = 2
"""A file that was mended is looked into once more."""

Note = Callable[[Path, str], None]


def adopt_history(history: HistoryFolder, store: str, connection: sqlite3.Connection, note: Note) -> int:
    """Return the key behind the last one in any file; learn names where the store lacks them (rule 2)."""
    (newest,) = connection.execute("SELECT coalesce(max(key), 0) FROM journal").fetchone()
    behind = 0
    for day in history.raw_days():
        path = history.raw(day)
        for _ in range(_LOOKS):
            try:
                end_key, named = _look_into(path, store, int(newest))
                if named is not None:
                    _learn(connection, named)
            except (sqlite3.DatabaseError, StoreError) as error:
                _set_right(path, error, note)
                if not path.exists():
                    break
            else:
                behind = max(behind, end_key)
                break
    return behind


def _set_right(path: Path, error: sqlite3.DatabaseError | StoreError, note: Note) -> None:
    """Save what can be read of a damaged file; set one aside whole that is sound and not for us (rule 1)."""
    newer = isinstance(error, StoreError) and error.code == "store-newer"
    if not (newer or is_damage(error)):
        raise error
    saved = None if newer else replace_damaged(path, DAY_LADDER)
    note(saved or set_aside(path, "newer" if newer else "damaged"), str(error))


def recall(history: HistoryFolder, connection: sqlite3.Connection) -> None:
    """Give a store that was mended what its history still knows: its own name, and names of probes.

    A series whose probe nobody can name any more keeps its number under a name that says so.
    """
    told: dict[str, list[Named]] = {}
    for day in history.raw_days():
        with suppress(sqlite3.DatabaseError, StoreError):
            file = open_to_read(history.raw(day), DAY_LADDER)
            if file is not None:
                with closing(file):
                    told.setdefault(about(file)[0], []).append(names_in(file))
    (name,) = connection.execute("SELECT name FROM identity").fetchone()
    if len(told) == 1 and name not in told:
        (name,) = told
        connection.execute("UPDATE identity SET name = ?", (name,))
    for named in told.get(name, ()):
        put_missing_names(connection, named)
    connection.execute(
        """INSERT INTO probe (id, endpoint_id, probe_name)
            SELECT DISTINCT probe_id, 'name-lost-' || probe_id, 'unknown' FROM series
            WHERE probe_id NOT IN (SELECT id FROM probe)"""
    )


def put_missing_names(connection: sqlite3.Connection, named: Named) -> None:
    """Give a store the names behind these numbers where it has none."""
    numbers = {key: number for number, key in named.probes.items()}
    connection.executemany(
        "INSERT OR IGNORE INTO probe (id, endpoint_id, probe_name) VALUES (?, ?, ?)",
        [(number, key.endpoint_id, key.probe_name) for number, key in named.probes.items()],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO series (id, probe_id, metric) VALUES (?, ?, ?)",
        [(number, numbers[key.probe], key.metric) for number, key in named.series.items()],
    )


def _look_into(path: Path, store: str, newest_key: int) -> tuple[int, Named | None]:
    connection = open_to_read(path, DAY_LADDER)
    if connection is None:
        return 0, None
    try:
        owner, end_key = about(connection)
        if owner and owner != store:
            raise damaged(f"{path.name} belongs to another store.")
        return end_key, names_in(connection) if end_key > newest_key + 1 else None
    finally:
        connection.close()


def _learn(connection: sqlite3.Connection, named: Named) -> None:
    known = Names()
    known.refresh(connection)
    probes = {number: key for number, key in named.probes.items() if number not in known.probes}
    series = {number: key for number, key in named.series.items() if number not in known.series}
    numbers: dict[ProbeKey, int] = {key: number for number, key in {**known.probes, **probes}.items()}
    if (
        any(known.probes.get(number, key) != key for number, key in named.probes.items())
        or any(known.series.get(number, key) != key for number, key in named.series.items())
        or len(numbers) < len(known.probes) + len(probes)
    ):
        raise damaged("It gives numbers to other probes than the store does.")
    put_missing_names(connection, Named({**known.probes, **probes}, series))
