"""The writer's hold on the files of rollups: judged and opened when rows come for them, then kept open.

Rules
1. A file is judged (``claim``) before it is written. One that is not ours is set aside, and a new one begun.
2. What a number stands for is written in the same transaction as the first row that uses it; a series that
   nobody can name gets no rows, for its number may be given out again.
3. Minutes are durable before hours are written.
4. A row that knows of more askings than the one that is to replace it stays: the readings that it was made of
   are gone, and a clock that was set back into that day, or damage, left only some.
5. A file that was deleted, moved away or overwritten while it is held open is put back with all it holds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from controlroom.errors import StoreError
from controlroom.store.sqlite.claim import Claim
from controlroom.store.sqlite.connection import log_is_folded, open_to_write
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.day_file import names_in
from controlroom.store.sqlite.dictionary import Names
from controlroom.store.sqlite.failure import naming
from controlroom.store.sqlite.holding import Identity, identity_of, is_elsewhere, put_back
from controlroom.store.sqlite.rollup_file import (
    HOURS_LADDER,
    MINUTES_LADDER,
    packed_between,
    put_hours,
    put_minutes,
    put_whose,
)
from controlroom.store.sqlite.rollup_packing import unpack_rollup
from controlroom.store.sqlite.schema import Rung

_CHECKED: Final = ("about", "probe", "series")


class RolledDay(NamedTuple):
    """One series' day, packed."""

    series: int
    minutes: bytes
    day: bytes
    hours: bytes
    histograms: bytes


@dataclass(slots=True)
class _OpenFile:
    connection: sqlite3.Connection
    identity: Identity
    named: set[int]
    """The series that the file names already."""


class RollupFiles:
    """Writes rows into the files of their month and year. Any one thread at a time may use it."""

    def __init__(
        self, history: HistoryFolder, claim: Claim, names: Names, on_found: Callable[[StoreError], None]
    ) -> None:
        """``names`` must know every number that is to get rows; ``on_found`` is told what was put back."""
        self._on_found = on_found
        self._history, self._claim, self._names = history, claim, names
        self._open: dict[Path, _OpenFile] = {}

    def put(self, day: int, rows: Sequence[RolledDay]) -> None:
        """Make rows of a day durable; may raise ``sqlite3.Error`` or ``StoreError``."""
        rows = [row for row in rows if row.series in self._names.series]
        minutes = [(row.series, day, row.minutes) for row in rows]
        hours = [(row.series, day, row.day, row.hours, row.histograms) for row in rows]
        series = {row.series for row in rows}

        def tell_minutes(file: sqlite3.Connection) -> None:
            put_minutes(file, [row for row in minutes if not _knows_more(file, "minutes", *row)])

        def tell_hours(file: sqlite3.Connection) -> None:
            put_hours(file, [row for row in hours if not _knows_more(file, "day", *row[:3])])

        self._put(self._history.minutes(day), MINUTES_LADDER, series, tell_minutes)
        self._put(self._history.hours(day), HOURS_LADDER, series, tell_hours)

    def fold(self, day: int) -> bool:
        """Write what the logs of a day's files hold into the files; return whether all of it is there."""
        paths = (self._history.minutes(day), self._history.hours(day))
        folded = [log_is_folded(self._open[path].connection) for path in paths if path in self._open]
        return all(folded)

    def held(self) -> list[Path]:
        """Return the files that are open."""
        return list(self._open)

    def let_go(self, path: Path) -> None:
        """Close a file."""
        opened = self._open.pop(path, None)
        if opened is not None:
            opened.connection.close()

    def close(self) -> None:
        """Close all files (rule 5)."""
        for path, opened in list(self._open.items()):
            if is_elsewhere(path, opened.identity):
                self._put_back(path, opened)
            self.let_go(path)

    def _put_back(self, path: Path, opened: _OpenFile) -> None:
        self._on_found(put_back(path, opened.connection, opened.identity))
        del self._open[path]

    def _put(
        self, path: Path, ladder: Sequence[Rung], series: set[int], put: Callable[[sqlite3.Connection], None]
    ) -> None:
        with naming(path):
            self._put_into(self._opened(path, ladder), series, put)

    def _put_into(
        self, opened: _OpenFile, series: set[int], put: Callable[[sqlite3.Connection], None]
    ) -> None:
        fresh = series - opened.named
        with opened.connection as connection:  # commits, or rolls back where anything fails
            connection.execute("BEGIN IMMEDIATE")
            if fresh:
                put_whose(connection, self._claim.store, self._names.named(fresh))
            put(connection)
        opened.named |= fresh

    def _opened(self, path: Path, ladder: Sequence[Rung]) -> _OpenFile:
        known = self._open.get(path)
        if known is not None and is_elsewhere(path, known.identity):
            self._put_back(path, known)
            known = None
        if known is None:
            self._claim.judge(path, ladder)
            connection = open_to_write(path, ladder, checked=_CHECKED)
            try:
                named = set(names_in(connection).series)
                known = self._open[path] = _OpenFile(connection, identity_of(path), named)
            except BaseException:
                connection.close()
                raise
        return known


def _knows_more(file: sqlite3.Connection, what: str, series: int, day: int, packed: bytes) -> bool:
    """Whether the row that is there already tells of more askings (rule 4); one that is damaged does not."""
    there = packed_between(file, what, series, day, day).get(day)
    if there is None:
        return False
    try:
        known = _asked(there, day)
    except StoreError:
        return False
    return known > _asked(packed, day)


def _asked(packed: bytes, day: int) -> int:
    rollup = unpack_rollup(packed, day)
    return int((rollup.count + rollup.lost + rollup.not_run).sum())
