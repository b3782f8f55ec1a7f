"""Whether what stands in ``store.db`` can be read: identity, records, log, journal. It changes nothing.

Rules
1. Everything is read in slices, each a short look of its own: a long one would keep the engine from folding
   its write-ahead log in.
2. The log's chain is followed from its first entry: numbers one after another, each hash from the one before.
3. A record or a second that cannot be what was written is counted, the first is named, and the look goes on;
   where a page cannot be read, it ends.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np

from controlroom.errors import StoreError
from controlroom.finding import Health
from controlroom.logbook.chain import ORIGIN, first_break
from controlroom.store.care import Aspect, Doing, Observation, Tell
from controlroom.store.sqlite.care.pages import unreadable
from controlroom.store.sqlite.dictionary import Names
from controlroom.store.sqlite.failure import damaged, is_damage
from controlroom.store.sqlite.outbox import READ_MESSAGES, kept_message_of
from controlroom.store.sqlite.packing import unpack
from controlroom.store.sqlite.rows import (
    READ_ACTS,
    READ_ALARMS,
    READ_ASSESSMENTS,
    READ_BLIND,
    READ_ENTRIES,
    READ_LEARNT,
    READ_MAINTENANCE,
    READ_REMARKS,
    READ_ROUTES,
    READ_STATES,
    Row,
    alarm_of,
    blind_of,
    entry_of,
    kept_assessment_of,
    kept_route_of,
    learnt_of,
    maintenance_of,
    read_rows,
    remark_of,
    state_of,
    taken_act_of,
)

_SLICE: Final = 500
_NAME: Final = re.compile(r"[0-9a-f]{32}")
_RECORDS: Final[Sequence[tuple[str, str, Callable[[Row], object]]]] = (
    ("A state", READ_STATES + " ORDER BY endpoint_id LIMIT ? OFFSET ?", state_of),
    ("An alarm", READ_ALARMS + " ORDER BY number LIMIT ? OFFSET ?", alarm_of),
    ("A message", READ_MESSAGES + " ORDER BY number LIMIT ? OFFSET ?", kept_message_of),
    ("An act", READ_ACTS + " ORDER BY id LIMIT ? OFFSET ?", taken_act_of),
    ("Blind time", READ_BLIND + " ORDER BY from_utc_s, cause LIMIT ? OFFSET ?", blind_of),
    (
        "What was learnt",
        READ_LEARNT + " ORDER BY endpoint_id, probe_name, subject LIMIT ? OFFSET ?",
        learnt_of,
    ),
    ("An assessment", READ_ASSESSMENTS + " ORDER BY endpoint_id LIMIT ? OFFSET ?", kept_assessment_of),
    ("A maintenance window", READ_MAINTENANCE + " ORDER BY number LIMIT ? OFFSET ?", maintenance_of),
    ("A remark", READ_REMARKS + " ORDER BY endpoint_id, probe_name LIMIT ? OFFSET ?", remark_of),
    ("A route", READ_ROUTES + " ORDER BY endpoint_id, kind LIMIT ? OFFSET ?", kept_route_of),
)
_LOG: Final = READ_ENTRIES + " WHERE number > ? ORDER BY number LIMIT ?"
_JOURNAL: Final = "SELECT key, readings FROM journal WHERE key > ? ORDER BY key LIMIT ?"
_BEFORE_ALL: Final = -1


def look_at_records(connection: sqlite3.Connection, file: str, tell: Tell) -> list[Observation]:
    """Judge each part of the store by itself: one that cannot be read hides no other."""
    parts: Sequence[tuple[Aspect, Callable[[sqlite3.Connection, str, Tell], Observation]]] = (
        (Aspect.IDENTITY, _identity),
        (Aspect.RECORDS, _records),
        (Aspect.LOG, _log),
        (Aspect.JOURNAL, _journal),
    )
    found = []
    for aspect, judge in parts:
        try:
            found.append(judge(connection, file, tell))
        except (sqlite3.DatabaseError, StoreError, UnicodeError) as error:
            if not isinstance(error, UnicodeError) and not is_damage(error):
                raise
            found.append(unreadable(file, aspect, error))
    return found


def identity_of(connection: sqlite3.Connection) -> str:
    """Return the store's name, empty where it has none."""
    row = connection.execute("SELECT name FROM identity").fetchone()
    return str(row[0]) if row else ""


def _identity(connection: sqlite3.Connection, file: str, _: Tell) -> Observation:
    name = identity_of(connection)
    if not _NAME.fullmatch(name):
        return Observation(file, Aspect.IDENTITY, Health.TROUBLE, "no-identity")
    return Observation(file, Aspect.IDENTITY, Health.OK, "identified", {"store": name})


def _records(connection: sqlite3.Connection, file: str, tell: Tell) -> Observation:
    count = 0
    for what, query, make in _RECORDS:
        for rows in _pages_of(connection, query):
            read_rows(rows, make, what)
            count += len(rows)
            tell(Doing(file, "records", count))
    names = Names()
    names.refresh(connection)
    facts = {"records": count, "probes": len(names.probes), "series": len(names.series)}
    return Observation(file, Aspect.RECORDS, Health.OK, "records-readable", facts)


def _pages_of(connection: sqlite3.Connection, query: str) -> Iterator[list[Row]]:
    place = 0
    while rows := connection.execute(query, (_SLICE, place)).fetchall():
        yield rows
        place += len(rows)


def _log(connection: sqlite3.Connection, file: str, tell: Tell) -> Observation:
    (total,) = connection.execute("SELECT coalesce(max(number), 0) FROM log").fetchone()
    number, last_hash = 0, ORIGIN
    while rows := connection.execute(_LOG, (number, _SLICE)).fetchall():
        entries = read_rows(rows, entry_of, "An entry of the log")
        broken = first_break(entries, last_hash)
        if entries[0].number != number + 1:
            broken = entries[0].number
        if broken is not None:
            return Observation(file, Aspect.LOG, Health.TROUBLE, "log-broken", {"entry": broken})
        number, last_hash = entries[-1].number, entries[-1].hash
        tell(Doing(file, "log", number, max(int(total), number)))
    return Observation(file, Aspect.LOG, Health.OK, "log-whole", {"entries": number, "hash": last_hash})


def _journal(connection: sqlite3.Connection, file: str, tell: Tell) -> Observation:
    names = Names()
    seconds, bad, first_bad = 0, 0, 0
    key = _BEFORE_ALL
    while rows := connection.execute(_JOURNAL, (key, _SLICE)).fetchall():
        names.refresh(connection)
        for key, blob in rows:
            seconds += 1
            if not _fits(blob, names):
                bad, first_bad = bad + 1, first_bad or key
        tell(Doing(file, "journal", seconds))
    if bad:
        facts = {"seconds": seconds, "damaged": bad, "key": first_bad}
        return Observation(file, Aspect.JOURNAL, Health.TROUBLE, "seconds-damaged", facts)
    return Observation(file, Aspect.JOURNAL, Health.OK, "seconds-readable", {"seconds": seconds})


def _fits(blob: object, names: Names) -> bool:
    try:
        if not isinstance(blob, bytes):
            raise damaged("A second of the journal is no blob.")
        columns = unpack([blob])
    except StoreError:
        return False
    probes, series = np.unique(columns.probe).tolist(), np.unique(columns.series).tolist()
    return all(each in names.probes for each in probes) and all(each in names.series for each in series)
