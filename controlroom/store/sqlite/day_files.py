"""The writer's hold on the history's raw files: opened when a chunk comes for their day, a few at a time.

Rules
1. A file is opened once and kept while chunks come for it; the one that waited longest is closed first.
2. What a number stands for is written in the same transaction as the first chunk that uses it.
3. A damaged file is set aside under a name of its own, as evidence, and what can be read of it becomes the
   new one. A file of another store or of a newer program is set aside whole, and a new one is begun.
   ``on_found`` is told of each.
4. Pages are large, for a chunk takes about a third of a small one and would leave much of it empty.
5. A file that was deleted, moved away or overwritten while it is held open is put back with all it holds.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from controlroom.errors import StoreError
from controlroom.store.sqlite.connection import log_is_folded, open_to_write
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.day_file import (
    DAY_LADDER,
    Named,
    StoredChunk,
    about,
    names_in,
    put_about,
    put_chunks,
    put_names,
)
from controlroom.store.sqlite.dictionary import Names
from controlroom.store.sqlite.failure import is_damage, naming, set_aside_error
from controlroom.store.sqlite.holding import Identity, identity_of, is_elsewhere, put_back
from controlroom.store.sqlite.page_file import LARGE_PAGE_BYTES
from controlroom.store.sqlite.salvage import replace_damaged
from controlroom.store.sqlite.set_aside import Being, set_aside

_MOST_OPEN: Final = 3
_CHECKED: Final = ("about", "probe", "series")


@dataclass(slots=True)
class _OpenFile:
    path: Path
    connection: sqlite3.Connection
    identity: Identity
    named: set[int] = field(default_factory=set)
    """The probes that the file names already."""
    named_series: set[int] = field(default_factory=set)


class DayFiles:
    """Writes chunks into the files of their days. Any one thread at a time may use it."""

    def __init__(
        self, history: HistoryFolder, store: str, names: Names, on_found: Callable[[StoreError], None]
    ) -> None:
        """``names`` must know every number that a chunk uses."""
        self._history, self._store, self._names = history, store, names
        self._on_found = on_found
        self._open: OrderedDict[int, _OpenFile] = OrderedDict()

    def put(self, day: int, chunks: Collection[StoredChunk], series: Iterable[int]) -> None:
        """Make a day's chunks durable; may raise ``sqlite3.Error`` and then has written none of them."""
        try:
            with naming(self._history.raw(day)):
                self._put(day, chunks, set(series))
        except (sqlite3.DatabaseError, StoreError) as error:
            newer = isinstance(error, StoreError) and error.code == "store-newer"
            if not (newer or is_damage(error)):
                raise
            self._begin_anew(day, str(error), "newer" if newer else "damaged")
            self._put(day, chunks, set(series))

    def close(self, day: int | None = None) -> None:
        """Close a day's file, or all of them; one that is not in its place any more is put back there."""
        for each in [day] if day is not None else list(self._open):
            opened = self._open.get(each)
            if opened is not None:
                if is_elsewhere(opened.path, opened.identity):
                    self._on_found(put_back(opened.path, opened.connection, opened.identity))
                opened.connection.close()
                del self._open[each]

    def fold(self, days: Iterable[int]) -> bool:
        """Write what the logs of days' files hold into the files; return whether all of it is there."""
        opened = [self._open[day] for day in days if day in self._open]
        folded = [log_is_folded(each.connection) for each in opened]  # each, whatever became of the others
        return all(folded)

    def held(self) -> list[Path]:
        """Return the files that are open."""
        return [opened.path for opened in self._open.values()]

    def let_go(self, day: int) -> None:
        """Close a day's file that is about to be dropped."""
        opened = self._open.pop(day, None)
        if opened is not None:
            opened.connection.close()

    def _put(self, day: int, chunks: Collection[StoredChunk], series: set[int]) -> None:
        opened = self._opened(day)
        connection = opened.connection
        probes = {chunk.probe for chunk in chunks} - opened.named
        fresh = series - opened.named_series
        with connection:  # commits, or rolls back where anything fails
            connection.execute("BEGIN IMMEDIATE")
            if probes or fresh:
                put_names(connection, self._named(probes, fresh))
            put_chunks(connection, chunks)
        opened.named |= probes
        opened.named_series |= fresh

    def _opened(self, day: int) -> _OpenFile:
        opened = self._open.get(day)
        if opened is not None and is_elsewhere(opened.path, opened.identity):
            self.close(day)
            opened = None
        if opened is None:
            while len(self._open) >= _MOST_OPEN:
                self.close(next(iter(self._open)))
            opened = self._open[day] = self._opened_file(self._history.raw(day))
        self._open.move_to_end(day)
        return opened

    def _opened_file(self, path: Path) -> _OpenFile:
        connection = open_to_write(path, DAY_LADDER, checked=_CHECKED, page_bytes=LARGE_PAGE_BYTES)
        try:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                put_about(connection, self._store)
            store, _ = about(connection)
            if store != self._store:
                raise StoreError("store-damaged", f"{path.name} belongs to another store.")
            known = names_in(connection)
        except BaseException:
            connection.close()
            raise
        return _OpenFile(path, connection, identity_of(path), set(known.probes), set(known.series))

    def _begin_anew(self, day: int, why: str, being: Being) -> None:
        self.let_go(day)
        path = self._history.raw(day)
        saved = replace_damaged(path, DAY_LADDER) if being == "damaged" else None
        self._on_found(set_aside_error(saved or set_aside(path, being), why))

    def _named(self, probes: set[int], series: set[int]) -> Named:
        names = self._names
        # A series is told by its probe's names, so that probe comes along even where it is named already.
        wanted = probes | {number for number in map(self._probe_of, series) if number is not None}
        return Named(
            {number: names.probes[number] for number in wanted if number in names.probes},
            {number: names.series[number] for number in series if number in names.series},
        )

    def _probe_of(self, series: int) -> int | None:
        key = self._names.series.get(series)
        return None if key is None else self._names.probe_number(key.probe)
