"""A reader's hold on the files of the history: opened when asked for, kept open, never written.

Rules
1. A file that appears is found, one that was dropped is let go, one that was put in another's place is opened
   anew: what counts is the file's identity.
2. At most ``MOST_OPEN`` files are open; the one that was not asked for the longest is closed first.
3. A file that is just being made has no tables yet and holds nothing.
4. A file that does not belong to the store that is read, or does not say to which, holds nothing for it.
5. What is damaged is passed over, so that all else can be told, and noted: never left out in silence. The
   store's own database is no part of this, but for single seconds of its journal.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from controlroom.errors import StoreError
from controlroom.store.interface import PassedOver
from controlroom.store.sqlite.connection import open_to_read
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.failure import damaged, is_damage, naming
from controlroom.store.sqlite.rollup_file import store_of
from controlroom.store.sqlite.schema import Rung
from controlroom.store.sqlite.second import MICROSECONDS

MOST_OPEN: Final = 48
_MOST_NOTED: Final = 1_000
"""Stretches that are noted until somebody asks; of more, the others are as those."""


class _OpenFile(NamedTuple):
    identity: tuple[int, int]
    connection: sqlite3.Connection
    store: str


class Archive:
    """Read-only connections to the history's files; ``store`` says whose."""

    def __init__(self, history: HistoryFolder, *, leave_no_trace: bool = False) -> None:
        """Open nothing yet."""
        self.history = history
        self.store = ""
        self._leave_no_trace = leave_no_trace
        self._open: OrderedDict[Path, _OpenFile] = OrderedDict()
        self._passed_over: set[PassedOver] = set()

    @contextmanager
    def passing_over(self, path: Path, since_us: int, until_us: int) -> Iterator[None]:
        """Pass over what is damaged of a file (rule 5); it was looked into for these times."""
        self.refuse_nameless()
        try:
            yield
        except (sqlite3.DatabaseError, StoreError) as error:
            if not is_damage(error):
                raise
            self.let_go(path)
            self.pass_over(path.name, since_us, until_us)

    def pass_over(self, file: str, since_us: int, until_us: int) -> None:
        """Note that a stretch could not be read."""
        if len(self._passed_over) < _MOST_NOTED:
            stretch = PassedOver(file, since_us / MICROSECONDS, until_us / MICROSECONDS)
            self._passed_over.add(stretch)

    def take_passed_over(self) -> list[PassedOver]:
        """Return what was passed over since the last call, the oldest first."""
        found, self._passed_over = self._passed_over, set()
        return sorted(found, key=lambda each: (each.since_utc_s, each.until_utc_s, each.file))

    def refuse_nameless(self) -> None:
        """Raise ``StoreError`` where the store does not say which it is."""
        if not self.store:
            raise damaged(
                "The store does not say which it is, so that its history is not told from another's."
            )

    def connection(self, path: Path, ladder: Sequence[Rung]) -> sqlite3.Connection | None:
        """Return a connection to a file, or ``None`` where there is none of this store or nothing in it."""
        self.refuse_nameless()
        opened = self._opened(path, ladder)
        if opened is not None and not opened.store:  # it may have been named since
            opened = self._open[path] = opened._replace(store=store_of(opened.connection))
        return opened.connection if opened is not None and opened.store == self.store else None

    def _opened(self, path: Path, ladder: Sequence[Rung]) -> _OpenFile | None:
        try:
            about = path.stat()
        except FileNotFoundError:
            self.let_go(path)
            return None
        identity = about.st_dev, about.st_ino
        known = self._open.get(path)
        if known is not None and known.identity == identity:
            self._open.move_to_end(path)
            return known
        self.let_go(path)
        with naming(path):
            connection = open_to_read(path, ladder, leave_no_trace=self._leave_no_trace)
        if connection is None:
            return None
        while len(self._open) >= MOST_OPEN:
            self.let_go(next(iter(self._open)))
        self._open[path] = _OpenFile(identity, connection, "")
        return self._open[path]

    def close(self) -> None:
        """Close all files."""
        for path in list(self._open):
            self.let_go(path)

    def let_go(self, path: Path) -> None:
        """Close a file."""
        known = self._open.pop(path, None)
        if known is not None:
            known.connection.close()
