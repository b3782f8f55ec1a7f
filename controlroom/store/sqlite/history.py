"""Readings out of journal and chunks: a series, the newest of each probe, all since a cursor. It only reads.

Rules
1. A second of the journal is found by its own time; a reading in it was sent up to ``NEAR_US`` earlier or
   later. Seconds with readings farther away (a clock was set in between) are marked as strays and looked at
   always. A chunk is found by the times of its readings.
2. ``below_key`` of the same snapshot parts the two: seconds from it on are read in the journal, those below
   it in chunks. So nothing is missed and nothing comes twice, whatever the engine seals meanwhile.
3. A reading that was told again takes the place of the one told first (``corrections``). A tail tells both.
4. A tail goes back no further than the journal: what was sealed since a cursor is told as a gap.
5. A second, a chunk or a file that is damaged is passed over (``archive``); all else is told.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from controlroom.errors import StoreError
from controlroom.reading import ProbeKey, Reading, SeriesKey
from controlroom.store.interface import IntArray, Samples, Tail
from controlroom.store.sqlite.archive import Archive
from controlroom.store.sqlite.columns import Columns
from controlroom.store.sqlite.corrections import standing
from controlroom.store.sqlite.day import DAY_US, day_of
from controlroom.store.sqlite.day_file import DAY_LADDER, ChunkRow, chunks_between
from controlroom.store.sqlite.dictionary import Names
from controlroom.store.sqlite.packing import unpack
from controlroom.store.sqlite.rows import Row
from controlroom.store.sqlite.sealed import Part, decoded, newest_sealed, parts_of
from controlroom.store.sqlite.second import MICROSECONDS, NEAR_US, readings_of, sent_us

JOURNAL_FILE: Final = "store.db"

BEFORE_ALL: Final = -1
"""The cursor that stands before the first second of a store that has none yet."""

TAIL_LIMIT: Final = 100_000
"""About the most readings that one ``tail`` returns; the next call goes on where it ended."""

_PAGE: Final = 512
_TAIL_PAGE: Final = 32
_FIRST_PAGE: Final = 4
_LARGEST_PAGE: Final = 256
_FAR_US: Final = 10**18

_RANGE: Final = """SELECT key, at_utc_us, readings FROM journal
        WHERE at_utc_us >= :first AND at_utc_us < :end AND key >= :below
    UNION ALL
    SELECT key, at_utc_us, readings FROM journal
        WHERE stray AND NOT (at_utc_us >= :first AND at_utc_us < :end) AND key >= :below
    ORDER BY key"""
_RECENT: Final = "SELECT key FROM journal INDEXED BY journal_by_time WHERE at_utc_us >= ? ORDER BY key DESC"
_THESE: Final = "SELECT key, at_utc_us, readings FROM journal"
_AFTER: Final = _THESE + " WHERE key > ? ORDER BY key"


@dataclass(frozen=True, slots=True)
class Page:
    """Some seconds of the journal, unpacked: their keys and times, and their readings as columns."""

    key: IntArray
    at_us: IntArray
    columns: Columns

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Page:
        """Unpack rows of key, time and blob."""
        return cls(
            key=np.array([row[0] for row in rows], dtype=np.int64),
            at_us=np.array([row[1] for row in rows], dtype=np.int64),
            columns=unpack([row[2] for row in rows]),
        )

    @classmethod
    def readable(cls, rows: Sequence[Row], archive: Archive) -> Page:
        """Unpack rows, those that cannot be read passed over (rule 4)."""
        try:
            return cls.of(rows)
        except (StoreError, TypeError, ValueError, OverflowError):
            return cls.of([row for row in rows if _unpacks(row, archive)])

    @property
    def sent_us(self) -> IntArray:
        """When each reading was sent."""
        return sent_us(self.columns, self.at_us)


def samples(
    connection: sqlite3.Connection,
    archive: Archive,
    names: Names,
    series: SeriesKey,
    since_utc_s: float,
    until_utc_s: float,
) -> Samples:
    """Return one series from a time (included) until another (not included), in order of sending."""
    names.refresh(connection)
    probe = names.probe_number(series.probe)
    since_us, until_us = bound_us(since_utc_s), bound_us(until_utc_s)
    if probe is None or since_us >= until_us:
        return no_samples()
    number = names.series_number(series)
    below_key = _below_key(connection)
    parts = list(_sealed_parts(archive, probe, number, below_key, since_us, until_us))
    bounds = {"first": since_us - NEAR_US, "end": until_us + NEAR_US, "below": below_key}
    cursor = connection.execute(_RANGE, bounds)
    try:
        while rows := cursor.fetchmany(_PAGE):
            parts.append(_part(Page.readable(rows, archive), probe, number).within(since_us, until_us))
    finally:
        cursor.close()
    return _in_order(parts) if parts else no_samples()


def _sealed_parts(
    archive: Archive, probe: int, series: int | None, below_key: int, since_us: int, until_us: int
) -> Iterator[Part]:
    """Unpack the chunks that have readings in a range."""
    wanted = () if series is None else (series,)
    for day in archive.history.raw_days():
        if not day_of(since_us) <= day <= day_of(until_us):
            continue
        path, rows = archive.history.raw(day), list[ChunkRow]()
        with archive.passing_over(path, max(since_us, day * DAY_US), min(until_us, (day + 1) * DAY_US)):
            file = archive.connection(path, DAY_LADDER)
            rows = [] if file is None else list(chunks_between(file, probe, below_key, since_us, until_us))
        for row in rows:
            chunk = decoded(archive, path, row, wanted)
            for part in parts_of(chunk, series) if chunk is not None else ():
                yield part.within(since_us, until_us)


def _unpacks(row: Row, archive: Archive) -> bool:
    """Whether a second can be read; one that cannot is passed over."""
    key, at_us, packed = row
    try:
        unpack([packed])
    except StoreError:
        if type(at_us) is int:
            archive.pass_over(JOURNAL_FILE, at_us - MICROSECONDS, at_us)
        return False
    return type(key) is int and type(at_us) is int and abs(at_us) < _FAR_US


def no_samples() -> Samples:
    """Return a range without a single reading."""
    return Samples(
        at_utc_s=np.empty(0),
        value=np.empty(0),
        outcome=np.empty(0, dtype=np.uint8),
        reason=np.empty(0, dtype=np.uint8),
        beat=np.empty(0, dtype=np.bool_),
    )


def latest(
    connection: sqlite3.Connection,
    archive: Archive,
    names: Names,
    horizon_s: float,
    *,
    off_beat: bool = False,
) -> dict[ProbeKey, Reading]:
    """Return each probe's newest reading on the beat, or of all, no older than the horizon.

    The horizon counts back from the newest second. Newest is by the journal's order, then by sending: so a
    clock set back hides nothing. Goes back only until every probe has been met, and into chunks only for
    probes that the journal does not hold.
    """
    names.refresh(connection)
    newest = connection.execute("SELECT at_utc_us FROM journal ORDER BY key DESC LIMIT 1").fetchone()
    found: dict[ProbeKey, Reading] = {}
    if newest is None:
        return found
    oldest_us = newest[0] - min(round(min(max(horizon_s, 0.0), 1e11) * MICROSECONDS), _FAR_US)
    keys = [row[0] for row in connection.execute(_RECENT, (oldest_us,)).fetchall()]
    for rows in _pages_of(connection, keys):
        page = Page.readable(rows, archive)
        wanted = _newest_of_each(page, oldest_us, off_beat=off_beat)
        for reading in readings_of(page.columns, page.at_us, names, wanted):
            found.setdefault(reading.probe, reading)
        if len(found) == len(names.probes):
            return found
    below_key = _below_key(connection)
    for number, probe in names.probes.items():
        if probe not in found:
            sealed = newest_sealed(
                archive, names, number, below_key, (oldest_us, newest[0]), off_beat=off_beat
            )
            if sealed is not None:
                found[probe] = sealed
    return found


def tail(connection: sqlite3.Connection, archive: Archive, names: Names, cursor: int) -> Tail:
    """Return the readings committed after a cursor, oldest first, at most about ``TAIL_LIMIT``.

    0, and a cursor from a store that this one has replaced, start at now with none.
    """
    (newest,) = connection.execute("SELECT coalesce(max(key), ?) FROM journal", (BEFORE_ALL,)).fetchone()
    if cursor == 0 or cursor > newest:
        return Tail(newest, (), gap=cursor > newest)
    (oldest,) = connection.execute("SELECT min(key) FROM journal").fetchone()
    gap = 0 < cursor < (oldest or 0) - 1
    readings: list[Reading] = []
    asked = connection.execute(_AFTER, (cursor,))
    try:
        while len(readings) < TAIL_LIMIT and (rows := asked.fetchmany(_TAIL_PAGE)):
            names.refresh(connection)
            page = Page.readable(rows, archive)
            in_order = np.argsort(page.columns.row, kind="stable").tolist()
            readings.extend(readings_of(page.columns, page.at_us, names, in_order))
            cursor = int(rows[-1][0])
    finally:
        asked.close()
    return Tail(cursor, readings, gap)


def _part(page: Page, probe: int, series: int | None) -> Part:
    columns = page.columns
    index = np.flatnonzero(columns.probe == probe)
    # Seconds are unpacked by their shape; what was told again stands by the order of telling.
    index = index[np.argsort(columns.row[index], kind="stable")]
    value = np.full(len(columns.probe), np.nan)
    if series is not None:
        items = np.flatnonzero(columns.series == series)
        ends = np.cumsum(columns.value_count, dtype=np.int64)
        value[np.searchsorted(ends, items, side="right")] = columns.value[items]
    row = columns.row[index]
    return Part(
        sent_us=page.at_us[row] + columns.offset_us[index],
        value=value[index],
        outcome=columns.outcome[index],
        reason=columns.reason[index],
        beat=columns.beat[index],
    )


def _below_key(connection: sqlite3.Connection) -> int:
    (below_key,) = connection.execute("SELECT below_key FROM sealing").fetchone()
    return int(below_key)


def _in_order(parts: Sequence[Part]) -> Samples:
    """Put parts, which come in the order of their keys, in the order of sending."""
    sent = np.concatenate([part.sent_us for part in parts])
    value = np.concatenate([part.value for part in parts])
    outcome = np.concatenate([part.outcome for part in parts])
    reason = np.concatenate([part.reason for part in parts])
    beat = np.concatenate([part.beat for part in parts])
    stands = standing(sent, outcome, reason, beat)
    if stands is not None:
        sent, value, outcome = sent[stands], value[stands], outcome[stands]
        reason, beat = reason[stands], beat[stands]
    if not (sent[1:] >= sent[:-1]).all():
        order = np.argsort(sent, kind="stable")
        sent, value, outcome = sent[order], value[order], outcome[order]
        reason, beat = reason[order], beat[order]
    return Samples(sent / MICROSECONDS, value, outcome, reason, beat)


def _pages_of(connection: sqlite3.Connection, keys: Sequence[int]) -> Iterator[list[Row]]:
    """Fetch the seconds of these keys, in their order, in pages that grow."""
    size, start = _FIRST_PAGE, 0
    while start < len(keys):
        wanted = keys[start : start + size]
        query = _THESE + " WHERE key IN (" + ", ".join("?" * len(wanted)) + ") ORDER BY key DESC"
        yield connection.execute(query, wanted).fetchall()
        start, size = start + size, min(size * 4, _LARGEST_PAGE)


def _newest_of_each(page: Page, oldest_us: int, *, off_beat: bool) -> list[int]:
    """Return each probe's newest reading on the beat, or of all, in a page that begins with the newest."""
    sent = page.sent_us
    index = np.flatnonzero((page.columns.beat | off_beat) & (sent >= oldest_us))
    order = index[np.lexsort((-index, -sent[index], page.columns.row[index]))]
    _, first = np.unique(page.columns.probe[order], return_index=True)
    return [int(item) for item in order[first]]


def bound_us(utc_s: float) -> int:
    """Turn the end of a range, which may be infinite, into microseconds."""
    if utc_s != utc_s:
        raise StoreError("time-unkeepable", "A range cannot begin or end at a time that is no number.")
    return round(min(max(utc_s, -1e11), 1e11) * MICROSECONDS)
