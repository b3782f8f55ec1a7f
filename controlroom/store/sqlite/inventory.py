"""Which files the history has, by name, so that one that somebody takes away is told. It opens none of them.

Rules
1. The names are kept in the store: a file that went while no engine ran is missed at the next start.
2. Retention and setting aside have a name struck out before anybody looks; files that are held open are put
   back by whoever holds them (``holding``), and are told of there.
3. Rollups that can be made again out of readings that are kept are no loss.
4. Looking writes only where something changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from controlroom.errors import StoreError
from controlroom.store.sqlite.day import HistoryFolder

_MOST_NAMED: Final = 3


class Inventory:
    """One store's list. It shares the writer's connection; one thread at a time."""

    def __init__(self, connection: sqlite3.Connection, history: HistoryFolder) -> None:
        """Read the list as it was left, and look at what is there now."""
        self._connection, self._history = connection, history
        self._kept = {str(name) for (name,) in connection.execute("SELECT name FROM history_file")}
        gone = self._kept - self._there()
        self._missed_at_start = self._lost(gone)
        self._struck_out = gone

    def missed_at_start(self) -> StoreError | None:
        """Return what is to be told of files that went while no engine ran, if any."""
        return _told(self._missed_at_start) if self._missed_at_start else None

    def look(self, held: Collection[Path]) -> StoreError | None:
        """Look whether a file is gone that nobody ``held`` open; return what is to be told, if anything."""
        there = self._there() | {path.name for path in held}
        missed = self._lost(self._kept - there - self._struck_out)
        self._keep(there)
        self._struck_out.clear()
        return _told(missed) if missed else None

    def strike_out(self, path: Path) -> None:
        """Take it that a file goes, or went, by our own doing; it writes nothing, for that may need room."""
        self._struck_out.add(path.name)

    def _lost(self, gone: set[str]) -> list[str]:
        return _lost(gone, self._history)

    def _there(self) -> set[str]:
        return {path.name for path in self._history.files()}

    def _keep(self, names: set[str]) -> None:
        gone, new = self._kept - names, names - self._kept
        if gone or new:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.executemany("DELETE FROM history_file WHERE name = ?", [(n,) for n in gone])
                self._connection.executemany("INSERT INTO history_file VALUES (?)", [(n,) for n in new])
        self._kept = names


def missing_files(connection: sqlite3.Connection, history: HistoryFolder) -> list[str]:
    """Return the names that a store has listed and that are not there; what is made again is none of them."""
    kept = {str(name) for (name,) in connection.execute("SELECT name FROM history_file")}
    return _lost(kept - {path.name for path in history.files()}, history)


def _lost(gone: set[str], history: HistoryFolder) -> list[str]:
    days = history.raw_days()
    made_again = {file_of(day).name for day in days for file_of in (history.minutes, history.hours)}
    return sorted(gone - made_again)


def _told(missed: Sequence[str]) -> StoreError:
    named = ", ".join(missed[:_MOST_NAMED])
    more = f" and {len(missed) - _MOST_NAMED} more" if len(missed) > _MOST_NAMED else ""
    were = "was" if len(missed) == 1 else "were"
    return StoreError(
        "history-missing",
        f"{named}{more} {were} deleted or moved away from the history, and not by the program: what was"
        " measured then is not shown any more.",
        "Look who did so. If you have the file, or a backup of it, end the engine, put it in place, and start"
        " the engine again.",
    )
