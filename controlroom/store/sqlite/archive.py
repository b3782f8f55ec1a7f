"""A reader's hold on the files of the history: opened when asked for, kept open, never written.

Rules
1. A file that appears is found, one that was dropped is let go, one that was put in another's place is opened
   anew: what counts is the file's identity.
2. At most ``MOST_OPEN`` files are open; the one that was not asked for the longest is closed first.
3. A file that is just being made has no tables yet and holds nothing.
4. A file that does not belong to the store that is read, or does not say to which, holds nothing for it.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from controlroom.store.sqlite.connection import open_to_read
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.failure import damaged, naming
from controlroom.store.sqlite.rollup_file import store_of
from controlroom.store.sqlite.schema import Rung

MOST_OPEN: Final = 48


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

    def connection(self, path: Path, ladder: Sequence[Rung]) -> sqlite3.Connection | None:
        """Return a connection to a file, or ``None`` where there is none of this store or nothing in it."""
        if not self.store:
            raise damaged(
                "The store does not say which it is, so that its history is not told from another's."
            )
        opened = self._opened(path, ladder)
        if opened is not None and not opened.store:  # it may have been named since
            opened = self._open[path] = opened._replace(store=store_of(opened.connection))
        return opened.connection if opened is not None and opened.store == self.store else None

    def _opened(self, path: Path, ladder: Sequence[Rung]) -> _OpenFile | None:
        try:
            about = path.stat()
        except FileNotFoundError:
            self._drop(path)
            return None
        identity = about.st_dev, about.st_ino
        known = self._open.get(path)
        if known is not None and known.identity == identity:
            self._open.move_to_end(path)
            return known
        self._drop(path)
        with naming(path):
            connection = open_to_read(path, ladder, leave_no_trace=self._leave_no_trace)
        if connection is None:
            return None
        while len(self._open) >= MOST_OPEN:
            self._drop(next(iter(self._open)))
        self._open[path] = _OpenFile(identity, connection, "")
        return self._open[path]

    def close(self) -> None:
        """Close all files."""
        for path in list(self._open):
            self._drop(path)

    def _drop(self, path: Path) -> None:
        known = self._open.pop(path, None)
        if known is not None:
            known.connection.close()
