"""Walks through the files of a store while its engine runs, and finds damage as a desk would meet it.

The writer keeps in memory what it read once, and so would not meet damage on the disk for days. It mends
nothing and decides nothing: what was found is asked for with ``take``.

Rules
1. A thread of its own with connections of its own, opened anew for each look: it waits for nobody's commit,
   and no commit waits for it.
2. ``store.db`` is walked through every ``EVERY_S``, whole. The files that are being written (the newest of
   each kind) at every tenth round, and one of the older files at every sixtieth, in turn.
3. Pages are looked at first, then whether what is packed in rows fits its checksum.
4. What cannot be looked at just now is passed over, but for damage.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from controlroom.errors import StoreError
from controlroom.store.sqlite.blobs import unreadable_rows
from controlroom.store.sqlite.connection import has_log, open_unjudged
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.failure import is_damage

EVERY_S: Final = 60.0
_NEWEST_EVERY: Final = 10
_OLDER_EVERY: Final = 60
_LONGEST_TOLD: Final = 200
_STEPS_BETWEEN_LOOKS: Final = 100_000
_PAUSE_S: Final = 0.005

log = logging.getLogger("controlroom.store")


class Damage(NamedTuple):
    """What was found in a file: damaged pages, or rows of a table whose content is not what was packed."""

    why: str
    table: str = ""
    rows: Sequence[int] = ()


class Patrol:
    """One store's patrol. ``take`` and ``stop`` may be called from any thread."""

    def __init__(self, store_file: Path, history: HistoryFolder, every_s: float = EVERY_S) -> None:
        """Start nothing yet."""
        self._store_file, self._history, self._every_s = store_file, history, every_s
        self._ending = threading.Event()
        self._guard = threading.Lock()
        self._found: dict[Path, Damage] = {}
        self._older: list[Path] = []
        self._thread = threading.Thread(target=self._run, name="patrol", daemon=True)

    def start(self) -> None:
        """Begin the first round, ``every_s`` from now."""
        self._thread.start()

    def stop(self) -> None:
        """End, at once even within a look; calling it twice does no harm."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def take(self) -> dict[Path, Damage]:
        """Return the files that were found damaged since the last call, and how that showed."""
        with self._guard:
            found, self._found = self._found, {}
        return found

    def _run(self) -> None:
        rounds = 0
        while not self._ending.wait(self._every_s):
            rounds += 1
            for path in self._due(rounds):
                if not self._ending.is_set():
                    self._look(path)

    def _due(self, rounds: int) -> Sequence[Path]:
        """Return the files of a round (rule 2)."""
        due = [self._store_file]
        raw = [self._history.raw(day) for day in self._history.raw_days()]
        kinds = (raw, self._history.minute_files(), self._history.hour_files())
        if rounds % _NEWEST_EVERY == 0:
            due += [files[-1] for files in kinds if files]
        if rounds % _OLDER_EVERY == 0:
            self._older = self._older or [path for files in kinds for path in files[:-1]]
            if self._older:
                due.append(self._older.pop())
        return due

    def _look(self, path: Path) -> None:
        found = self._damage_in(path)
        if found is not None:
            with self._guard:
                self._found[path] = found

    def _damage_in(self, path: Path) -> Damage | None:
        """Return how damage shows in a file."""
        if not path.exists():
            return None
        try:
            with closing(open_unjudged(path, as_it_is=not has_log(path))) as connection:
                connection.set_progress_handler(self._ending.is_set, _STEPS_BETWEEN_LOOKS)
                pages = connection.execute("PRAGMA quick_check(1)").fetchall()
                if pages != [("ok",)]:
                    return Damage(f"{path.name}: {pages[0][0]}"[:_LONGEST_TOLD])
                table, rows = unreadable_rows(connection, lambda: self._ending.wait(_PAUSE_S))
        except (sqlite3.Error, StoreError) as error:
            if is_damage(error):
                return Damage(f"{path.name}: {error}"[:_LONGEST_TOLD])
            log.info("store: %s could not be looked at: %s", path.name, error)
            return None
        return Damage(f"{path.name}: rows that do not fit their checksum", table, rows) if rows else None
