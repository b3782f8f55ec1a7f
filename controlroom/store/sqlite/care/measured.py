"""Whether what was measured can be read: every chunk of a day, every row of rollups. It changes nothing.

Rules
1. A chunk must fit its checksum and unpack whole; its count and times must be those of its row; its probe and
   series must be named in its own file, and by the same names as in the store. So must a row of rollups.
2. A file must belong to this store. Rollups that do not say to which are judged when an engine starts; until
   then nothing of them is shown.
3. Damage is counted and the first is named; where a page cannot be read, the look at this file ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from controlroom.errors import StoreError
from controlroom.finding import Health
from controlroom.reading import ProbeKey, SeriesKey
from controlroom.store.care import Aspect, Doing, Fact, Observation, Tell
from controlroom.store.sqlite.care.pages import unreadable
from controlroom.store.sqlite.chunk import Chunk, decode
from controlroom.store.sqlite.day import date_of
from controlroom.store.sqlite.day_file import Named, StoredChunk, chunk_slice, names_in
from controlroom.store.sqlite.failure import is_damage
from controlroom.store.sqlite.rollup_file import rollup_slices, rows_in, store_of
from controlroom.store.sqlite.rollup_packing import unpack_histograms, unpack_rollup

_SLICE: Final = 200

Row = tuple[Any, ...]
Key = TypeVar("Key", ProbeKey, SeriesKey)


@dataclass(frozen=True, slots=True)
class Known:
    """What the store itself knows, as far as it could be read: its name, and what its numbers stand for."""

    store: str = ""
    named: Named = field(default_factory=lambda: Named({}, {}))


Window = tuple[int, int]
"""The keys of a sealed window: of its first second, and behind its last."""


def look_at_day(
    connection: sqlite3.Connection, file: str, known: Known, windows: set[Window], tell: Tell
) -> list[Observation]:
    """Judge a day's file; leave in ``windows`` those that its chunks are of, and no others."""
    windows.clear()
    named = names_in(connection)
    identity = _identity(connection, file, known, named)
    if identity.code == "other-store":
        return [identity]
    return [identity, _chunks(connection, file, named, windows, tell)]


def look_at_minutes(connection: sqlite3.Connection, file: str, known: Known, tell: Tell) -> list[Observation]:
    """Judge a file of minutes."""

    def unpack(row: Row) -> None:
        unpack_rollup(row[2], row[1])

    return _rolled(connection, file, known, "minutes", unpack, tell)


def look_at_hours(connection: sqlite3.Connection, file: str, known: Known, tell: Tell) -> list[Observation]:
    """Judge a file of hours and days."""

    def unpack(row: Row) -> None:
        _, day, days, hours, histograms = row
        unpack_rollup(days, day)
        buckets = unpack_rollup(hours, day)
        if len(unpack_histograms(histograms)) != len(buckets.count):
            raise StoreError("store-damaged", "Hours and histograms differ in number.")

    return _rolled(connection, file, known, "hours", unpack, tell)


def _identity(connection: sqlite3.Connection, file: str, known: Known, named: Named) -> Observation:
    store = store_of(connection)
    if store and known.store and store != known.store:
        return Observation(file, Aspect.IDENTITY, Health.TROUBLE, "other-store", {"store": store})
    if _contradict(named.probes, known.named.probes) or _contradict(named.series, known.named.series):
        return Observation(file, Aspect.IDENTITY, Health.TROUBLE, "names-differ")
    return Observation(file, Aspect.IDENTITY, Health.OK, "identified", {"store": store})


def _rolled(
    connection: sqlite3.Connection,
    file: str,
    known: Known,
    table: str,
    unpack: Callable[[Row], None],
    tell: Tell,
) -> list[Observation]:
    named = names_in(connection)
    identity = _identity(connection, file, known, named)
    if identity.code == "other-store":
        return [identity]
    if not store_of(connection) and rows_in(connection, table):
        return [Observation(file, Aspect.IDENTITY, Health.UNKNOWN, "of-no-store")]

    def look(row: Row) -> None:
        if row[0] not in named.series:
            raise StoreError("store-damaged", "Nobody can say which series a row is of.")
        unpack(row)

    return [identity, _rollups(rollup_slices(connection, table, _SLICE), file, look, tell)]


def _contradict(here: Mapping[int, Key], there: Mapping[int, Key]) -> bool:
    numbers = {key: number for number, key in there.items()}
    return any(
        there.get(number, key) != key or numbers.get(key, number) != number for number, key in here.items()
    )


def _chunks(
    connection: sqlite3.Connection, file: str, named: Named, windows: set[Window], tell: Tell
) -> Observation:
    chunks, readings, bad = 0, 0, 0
    first: StoredChunk | None = None
    try:
        for chunk in _each(connection):
            chunks, readings = chunks + 1, readings + chunk.readings
            windows.add((chunk.first_key, chunk.end_key))
            if not _fits(chunk, named):
                bad, first = bad + 1, first or chunk
            if chunks % _SLICE == 1:
                tell(Doing(file, "readings", chunks))
    except (sqlite3.DatabaseError, StoreError) as error:
        if not is_damage(error):
            raise
        return unreadable(file, Aspect.READINGS, error, rows=chunks)
    facts: dict[str, Fact] = {"rows": chunks, "readings": readings}
    if first is None:
        return Observation(file, Aspect.READINGS, Health.OK, "chunks-readable", facts)
    facts |= {"damaged": bad, "probe": _name(first.probe, named), "from_us": first.from_us}
    return Observation(file, Aspect.READINGS, Health.TROUBLE, "chunks-damaged", facts)


def _each(connection: sqlite3.Connection) -> Iterator[StoredChunk]:
    after: StoredChunk | None = None
    while chunks := chunk_slice(connection, after, _SLICE):
        yield from chunks
        after = chunks[-1]


def _fits(stored: StoredChunk, named: Named) -> bool:
    try:
        chunk = decode(stored.packed)
    except StoreError:
        return False
    sections = [section for section in (chunk.beat, chunk.off_beat) if len(section.sent_us)]
    return (
        bool(sections)
        and sum(len(section.sent_us) for section in sections) == stored.readings
        and min(int(section.sent_us.min()) for section in sections) == stored.from_us
        and max(int(section.sent_us.max()) for section in sections) == stored.until_us
        and stored.probe in named.probes
        and _series_of(chunk) <= named.series.keys()
    )


def _series_of(chunk: Chunk) -> set[int]:
    return {*chunk.beat.lanes, *chunk.off_beat.lanes}


def _name(probe: int, named: Named) -> str:
    key = named.probes.get(probe)
    return f"{key.endpoint_id}/{key.probe_name}" if key is not None else f"number {probe}"


def _rollups(
    slices: Iterator[Sequence[Row]], file: str, unpack: Callable[[Row], None], tell: Tell
) -> Observation:
    rows, bad, first = 0, 0, ""
    try:
        for piece in slices:
            for row in piece:
                rows += 1
                try:
                    unpack(row)
                except StoreError:
                    bad, first = bad + 1, first or date_of(row[1]).isoformat()
            tell(Doing(file, "rollups", rows))
    except (sqlite3.DatabaseError, StoreError) as error:
        if not is_damage(error):
            raise
        return unreadable(file, Aspect.ROLLUPS, error, rows=rows)
    if bad:
        facts: dict[str, Fact] = {"rows": rows, "damaged": bad, "day": first}
        return Observation(file, Aspect.ROLLUPS, Health.TROUBLE, "rollups-damaged", facts)
    return Observation(file, Aspect.ROLLUPS, Health.OK, "rollups-readable", {"rows": rows})
