"""One file of the history: a UTC day's readings in chunks, a probe's ten minutes each.

Rules
1. The file stands by itself: it names its store, and every probe and series whose number it uses.
2. A chunk is found by probe and by the key of its window's first second; writing it again replaces it, so a
   window that was interrupted is simply sealed once more.
3. A reader believes only chunks of windows that are sealed whole (``below_key``): the others are still in
   the journal.
4. Chunks of one probe lie together in the order of their windows, for that is how they are read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from controlroom.reading import ProbeKey, SeriesKey
from controlroom.store.sqlite.schema import Rung

DAY_LADDER: Final[tuple[Rung, ...]] = (
    (
        """CREATE TABLE about (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            store TEXT NOT NULL,
            end_key INTEGER NOT NULL
        )""",
        "CREATE TABLE probe (id INTEGER PRIMARY KEY, endpoint_id TEXT NOT NULL, probe_name TEXT NOT NULL)",
        "CREATE TABLE series (id INTEGER PRIMARY KEY, probe_id INTEGER NOT NULL, metric TEXT NOT NULL)",
        """CREATE TABLE chunk (
            id INTEGER PRIMARY KEY, -- probe << 32 | key of the window's first second
            end_key INTEGER NOT NULL,
            from_us INTEGER NOT NULL,
            until_us INTEGER NOT NULL, -- of the last reading, included
            readings INTEGER NOT NULL,
            packed BLOB NOT NULL
        )""",
    ),
)

_KEY_BITS: Final = 32
_KEYS: Final = (1 << _KEY_BITS) - 1

_PUT: Final = """INSERT OR REPLACE INTO chunk (id, end_key, from_us, until_us, readings, packed)
    VALUES (?, ?, ?, ?, ?, ?)"""
_RANGE: Final = """SELECT id, from_us, until_us, packed FROM chunk
    WHERE id BETWEEN ? AND ? AND end_key <= ? AND until_us >= ? AND from_us < ? ORDER BY id"""
_SLICE: Final = """SELECT id, end_key, from_us, until_us, readings, packed FROM chunk
    WHERE id > ? ORDER BY id LIMIT ?"""
_NEWEST: Final = """SELECT id, from_us, until_us, packed FROM chunk
    WHERE id BETWEEN ? AND ? AND end_key <= ? AND until_us >= ? ORDER BY id DESC"""


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk's bytes, and where they belong."""

    probe: int
    first_key: int
    end_key: int
    from_us: int
    until_us: int
    readings: int
    packed: bytes


class ChunkRow(NamedTuple):
    """A chunk's row as it stands in the file: nothing of it is checked."""

    row: int
    from_us: int
    until_us: int
    packed: bytes


@dataclass(frozen=True, slots=True)
class Named:
    """The names behind the numbers that a day's file uses."""

    probes: Mapping[int, ProbeKey]
    series: Mapping[int, SeriesKey]


def put_chunks(connection: sqlite3.Connection, chunks: Iterable[StoredChunk]) -> None:
    """Write chunks within the open transaction."""
    rows = [
        (
            _id(each.probe, each.first_key),
            each.end_key,
            each.from_us,
            each.until_us,
            each.readings,
            each.packed,
        )
        for each in chunks
    ]
    connection.executemany(_PUT, rows)
    highest = max((row[1] for row in rows), default=0)
    connection.execute("UPDATE about SET end_key = max(end_key, ?)", (highest,))


def put_about(connection: sqlite3.Connection, store: str) -> None:
    """Name the store that the file belongs to, once."""
    connection.execute("INSERT OR IGNORE INTO about VALUES (1, ?, 0)", (store,))


def put_owner(connection: sqlite3.Connection, store: str) -> None:
    """Name the store that the file belongs to, and how far its windows go, where that was lost."""
    connection.execute(
        "INSERT OR REPLACE INTO about VALUES (1, ?, (SELECT coalesce(max(end_key), 0) FROM chunk))", (store,)
    )


def put_names(connection: sqlite3.Connection, named: Named) -> None:
    """Name probes and series, those that are named already left alone."""
    connection.executemany(
        "INSERT OR IGNORE INTO probe VALUES (?, ?, ?)",
        [(number, key.endpoint_id, key.probe_name) for number, key in named.probes.items()],
    )
    numbers = {key: number for number, key in named.probes.items()}
    connection.executemany(
        "INSERT OR IGNORE INTO series VALUES (?, ?, ?)",
        [(number, numbers[key.probe], key.metric) for number, key in named.series.items()],
    )


def about(connection: sqlite3.Connection) -> tuple[str, int]:
    """Return the store that the file belongs to, and the key behind its last chunk's window."""
    row = connection.execute("SELECT store, end_key FROM about").fetchone()
    return (str(row[0]), int(row[1])) if row else ("", 0)


def names_in(connection: sqlite3.Connection) -> Named:
    """Return the names behind the file's numbers."""
    rows = connection.execute("SELECT id, endpoint_id, probe_name FROM probe").fetchall()
    probes = {number: ProbeKey(endpoint_id, name) for number, endpoint_id, name in rows}
    rows = connection.execute("SELECT id, probe_id, metric FROM series").fetchall()
    series = {
        number: SeriesKey(probes[probe].endpoint_id, probes[probe].probe_name, metric)
        for number, probe, metric in rows
        if probe in probes
    }
    return Named(probes, series)


def highest_series(connection: sqlite3.Connection) -> int:
    """Return the highest number of a series that the file, or a store, names."""
    (highest,) = connection.execute("SELECT coalesce(max(id), 0) FROM series").fetchone()
    return int(highest)


def chunks_between(
    connection: sqlite3.Connection, probe: int, below_key: int, since_us: int, until_us: int
) -> Iterator[ChunkRow]:
    """Return a probe's sealed chunks that have readings from a time (included) until another (not)."""
    bounds = (_id(probe, 0), _id(probe, _KEYS), below_key, since_us, until_us)
    return (ChunkRow(*row) for row in connection.execute(_RANGE, bounds).fetchall())


def chunks_backward(
    connection: sqlite3.Connection, probe: int, below_key: int, since_us: int
) -> Iterator[ChunkRow]:
    """Return a probe's sealed chunks since a time, the newest first, one at a time."""
    bounds = (_id(probe, 0), _id(probe, _KEYS), below_key, since_us)
    for row in connection.execute(_NEWEST, bounds):
        yield ChunkRow(*row)


def chunk_slice(connection: sqlite3.Connection, after: StoredChunk | None, most: int) -> list[StoredChunk]:
    """Return the next chunks in the order of probe and window, sealed whole or not."""
    last = -1 if after is None else _id(after.probe, after.first_key)
    return [
        StoredChunk(row[0] >> _KEY_BITS, row[0] & _KEYS, *row[1:])
        for row in connection.execute(_SLICE, (last, most)).fetchall()
    ]


def readings_in(connection: sqlite3.Connection) -> int:
    """Return how many readings lie in the file."""
    (readings,) = connection.execute("SELECT coalesce(sum(readings), 0) FROM chunk").fetchone()
    return int(readings)


def forget_behind(connection: sqlite3.Connection, below_key: int, probe: int, series: int) -> None:
    """Drop windows that are not sealed whole at this key, and names with numbers above these."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM chunk WHERE end_key > ?", (below_key,))
        connection.execute("DELETE FROM series WHERE id > ?", (series,))
        connection.execute("DELETE FROM probe WHERE id > ?", (probe,))
        connection.execute("UPDATE about SET end_key = (SELECT coalesce(max(end_key), 0) FROM chunk)")


def next_probe(connection: sqlite3.Connection, probe: int) -> int | None:
    """Return the first probe from this number on that has chunks here."""
    row = connection.execute("SELECT min(id) FROM chunk WHERE id >= ?", (_id(probe, 0),)).fetchone()
    return None if row[0] is None else int(row[0]) >> _KEY_BITS


def _id(probe: int, key: int) -> int:
    return probe << _KEY_BITS | key
