"""Turns the journal's seconds into chunks, a few probes at a time, so that no step is long.

Rules
1. The journal is the truth until a window lies in chunks, all of it: only then ``below_key`` moves, and only
   behind it seconds are dropped. Chunks are in their files before ``below_key`` moves, not only in the logs
   beside them: SQLite takes a log that was damaged for one that ends earlier. A reader that holds a log is
   waited for, ``LONGEST_WAIT_STEPS`` at most.
2. A window that was interrupted is sealed again from its first probe; writing a chunk twice is harmless.
3. At the start, whatever seconds were left unsealed are cut into windows by the same rule as live ones, so
   that a stop, a kill or a second that nobody wrote leaves none behind.
4. The seconds of one closed window wait in memory; of any further ones only the keys, and the journal is
   read again for them: trouble with the disk of the history costs no memory.
5. A second of the journal that cannot be read is taken out of the way and told of, before the seconds of its
   window are dropped; the others are kept.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from controlroom.errors import StoreError
from controlroom.store.sqlite.chunk import encode_all
from controlroom.store.sqlite.columns import Columns
from controlroom.store.sqlite.day_file import StoredChunk
from controlroom.store.sqlite.day_files import DayFiles
from controlroom.store.sqlite.dictionary import Names
from controlroom.store.sqlite.gathered import Gathered
from controlroom.store.sqlite.packing import unpack
from controlroom.store.sqlite.window import Window

DROPPED_AT_ONCE: Final = 60
"""Seconds dropped by one step: little enough that a commit hardly waits for it."""

LONGEST_WAIT_STEPS: Final = 300

_STEPS_A_WINDOW: Final = 100
_FEWEST_PROBES: Final = 8
_HURRY: Final = 8
"""How many times as much a step does while further windows wait."""


@dataclass(slots=True)
class _Closed:
    """A window that takes no more seconds."""

    first_key: int
    end_key: int
    seconds: Window | None


class Sealer:
    """Seals windows one after another. It shares the writer's connection; one thread at a time."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        files: DayFiles,
        names: Names,
        on_unreadable: Callable[[Sequence[int]], None],
    ) -> None:
        """Take up where the last engine stopped (rule 3).

        ``on_unreadable`` takes the seconds with these keys out of the way (rule 5).
        """
        self._connection, self._files, self._names = connection, files, names
        self._on_unreadable = on_unreadable
        self._open = Window()
        self._closed: deque[_Closed] = deque()
        self._gathered: Gathered | None = None
        self._place = 0
        self._days: set[int] = set()
        self._waited = 0
        self._may_drop = True
        self._cut_up_what_is_left()

    def add(self, key: int, at_us: int, columns: Columns) -> None:
        """Take a second that was just committed."""
        if not self._open.takes(at_us):
            self._close(key)
        self._open.add(key, at_us, columns)

    def step(self) -> bool:
        """Do a little of the sealing and of the dropping; return whether more is waiting.

        May raise ``sqlite3.Error`` or ``StoreError``; what was not done is then done by a later step.
        """
        if self._gathered is None and self._closed:
            self._gather(self._closed[0])
        elif self._gathered is not None:
            if self._place < len(self._gathered):
                self._seal_some(self._closed[0], self._gathered)
            if self._place >= len(self._gathered):
                self._finish_when_folded(self._closed[0])
        if self._may_drop:
            self._may_drop = self._drop_some() == DROPPED_AT_ONCE
        return bool(self._closed) or self._may_drop

    def _seal_some(self, window: _Closed, gathered: Gathered) -> None:
        hurry = _HURRY if len(self._closed) > 1 else 1
        count = max(_FEWEST_PROBES, -(-len(gathered) // _STEPS_A_WINDOW)) * hurry
        places = range(self._place, min(self._place + count, len(gathered)))
        found = list(gathered.chunks(places))
        packed = encode_all([chunk for _, _, chunk in found])
        by_day: dict[int, list[StoredChunk]] = {}
        series: dict[int, set[int]] = {}
        for (probe, day, chunk), blob in zip(found, packed, strict=True):
            sections = (chunk.beat, chunk.off_beat)
            times = [part.sent_us for part in sections if len(part.sent_us)]  # in order of sending
            stored = StoredChunk(
                probe=probe,
                first_key=window.first_key,
                end_key=window.end_key,
                from_us=min(int(part[0]) for part in times),
                until_us=max(int(part[-1]) for part in times),
                readings=sum(map(len, times)),
                packed=blob,
            )
            by_day.setdefault(day, []).append(stored)
            series.setdefault(day, set()).update(*(part.lanes for part in sections))
        if by_day:
            self._names.refresh(self._connection)
        for day, chunks in by_day.items():
            self._files.put(day, chunks, series[day])
        self._days |= by_day.keys()
        self._place = places.stop

    def _finish_when_folded(self, window: _Closed) -> None:
        self._waited += 1
        if self._files.fold(self._days) or self._waited > LONGEST_WAIT_STEPS:
            self._finish(window)

    def _finish(self, window: _Closed) -> None:
        """Move ``below_key`` over a window whose chunks are durable (rule 1)."""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("UPDATE sealing SET below_key = ?, end_key = NULL", (window.end_key,))
            self._connection.executemany(
                "INSERT OR REPLACE INTO to_roll_up (day, next_probe) VALUES (?, 0)",
                [(day,) for day in sorted(self._days)],
            )
        self._closed.popleft()
        self._gathered, self._place, self._days, self._may_drop = None, 0, set(), True
        self._waited = 0

    def _drop_some(self) -> int:
        """Drop seconds that lie in chunks, never the newest: it is the engine's last sign of life."""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            return self._connection.execute(
                """DELETE FROM journal WHERE key IN (
                    SELECT key FROM journal
                    WHERE key < (SELECT below_key FROM sealing) AND key < (SELECT max(key) FROM journal)
                    ORDER BY key LIMIT ?)""",
                (DROPPED_AT_ONCE,),
            ).rowcount

    def _close(self, end_key: int) -> None:
        window = self._open
        kept = window if not self._closed else None  # rule 4
        self._closed.append(_Closed(window.keys[0], end_key, kept))
        self._open = Window()

    def _gather(self, window: _Closed) -> None:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("UPDATE sealing SET end_key = ?", (window.end_key,))
        seconds = window.seconds or self._read(window.first_key, window.end_key)
        self._gathered = Gathered(seconds.at_us, seconds.columns)
        self._place, self._days, window.seconds = 0, set(), None
        if not len(self._gathered):
            self._finish(window)

    def _read(self, first_key: int, end_key: int) -> Window:
        rows = self._connection.execute(
            "SELECT key, at_utc_us, readings FROM journal WHERE key >= ? AND key < ? ORDER BY key",
            (first_key, end_key),
        ).fetchall()
        seconds, unreadable = Window(), []
        for key, at_us, blob in rows:
            try:
                seconds.add(key, at_us, unpack([blob]))
            except StoreError:
                unreadable.append(key)
        if unreadable:
            self._on_unreadable(unreadable)
        return seconds

    def _cut_up_what_is_left(self) -> None:
        below_key, end_key = self._connection.execute("SELECT below_key, end_key FROM sealing").fetchone()
        rows = self._connection.execute(
            "SELECT key, at_utc_us FROM journal WHERE key >= ? ORDER BY key", (below_key,)
        ).fetchall()
        first: int | None = None
        window = Window()
        for key, at_us in rows:
            known_end = end_key is not None and key == end_key
            if first is not None and (known_end or not (window.takes(at_us) or _before(key, end_key))):
                self._closed.append(_Closed(first, key, None))
                first, window = None, Window()
            first = key if first is None else first
            window.keys.append(key)
            window.at_us.append(at_us)
        if first is not None:
            self._open = self._read(first, rows[-1][0] + 1)


def _before(key: int, end_key: int | None) -> bool:
    return end_key is not None and key < end_key
