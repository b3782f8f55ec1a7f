"""The tables, and the ladder by which an older store climbs to them. It holds no rows.

Rules
1. ``application_id`` says that a file is ours, ``user_version`` how far up the ladder it is.
2. Each rung is one transaction: the store stands on the rung below or on this one, never between. A new
   store is brought to the top in one.
3. A store from a newer program is refused, untouched. So is a database of another program.
4. The log is append-only in the database itself: entries follow in number and hash, and none is
   changed or removed.
5. Text and codes where a person may look with a tool of their own; times are POSIX seconds in REAL,
   exactly as given, but for the journal, whose microseconds are whole numbers for its index.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import cache
from typing import Final

from controlroom.errors import StoreError

APPLICATION_ID: Final = 0x43524D31
"""The letters CRM1."""

_FIRST: Final = (
    # The journal. Its key grows for the life of the store, for the newest row is never removed.
    """CREATE TABLE journal (
        key INTEGER PRIMARY KEY,
        at_utc_us INTEGER NOT NULL,
        stray INTEGER NOT NULL,
        health TEXT NOT NULL,
        readings BLOB NOT NULL
    )""",
    "CREATE INDEX journal_by_time ON journal (at_utc_us)",
    "CREATE INDEX journal_strays ON journal (key) WHERE stray",
    """CREATE TABLE probe (
        id INTEGER PRIMARY KEY,
        endpoint_id TEXT NOT NULL,
        probe_name TEXT NOT NULL,
        UNIQUE (endpoint_id, probe_name)
    )""",
    """CREATE TABLE series (
        id INTEGER PRIMARY KEY,
        probe_id INTEGER NOT NULL REFERENCES probe (id),
        metric TEXT NOT NULL,
        UNIQUE (probe_id, metric)
    )""",
    """CREATE TABLE endpoint_state (
        endpoint_id TEXT PRIMARY KEY,
        condition TEXT NOT NULL,
        since_utc_s REAL NOT NULL,
        reason TEXT NOT NULL,
        suspected TEXT
    ) WITHOUT ROWID""",
    """CREATE TABLE alarm (
        number INTEGER PRIMARY KEY,
        subject TEXT NOT NULL,
        cause TEXT NOT NULL,
        reason TEXT NOT NULL,
        priority INTEGER NOT NULL,
        state TEXT NOT NULL,
        since_utc_s REAL NOT NULL,
        raised_utc_s REAL NOT NULL,
        occurrences INTEGER NOT NULL,
        acknowledged_utc_s REAL,
        acknowledged_by TEXT NOT NULL,
        note TEXT NOT NULL,
        returned_utc_s REAL,
        ended_utc_s REAL
    )""",
    "CREATE INDEX alarm_open ON alarm (number) WHERE ended_utc_s IS NULL",
    "CREATE INDEX alarm_by_end ON alarm (ended_utc_s) WHERE ended_utc_s IS NOT NULL",
    """CREATE TABLE log (
        number INTEGER PRIMARY KEY,
        at_utc_s REAL NOT NULL,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        operator TEXT NOT NULL,
        facts TEXT NOT NULL,
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL
    )""",
    "CREATE INDEX log_by_time ON log (at_utc_s)",
    """CREATE TRIGGER log_is_not_changed BEFORE UPDATE ON log
        BEGIN SELECT RAISE (ABORT, 'an entry of the log is never changed'); END""",
    """CREATE TRIGGER log_is_not_shortened BEFORE DELETE ON log
        BEGIN SELECT RAISE (ABORT, 'an entry of the log is never removed'); END""",
    """CREATE TRIGGER log_numbers_follow BEFORE INSERT ON log
        WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM log)
        BEGIN SELECT RAISE (ABORT, 'the number does not follow the last entry of the log'); END""",
    """CREATE TRIGGER log_hashes_follow BEFORE INSERT ON log
        WHEN NEW.previous_hash <> coalesce(
            (SELECT hash FROM log ORDER BY number DESC LIMIT 1),
            '0000000000000000000000000000000000000000000000000000000000000000'
        )
        BEGIN SELECT RAISE (ABORT, 'the hash does not follow the last entry of the log'); END""",
    """CREATE TABLE taken_act (
        id TEXT PRIMARY KEY,
        desk_id TEXT NOT NULL,
        place INTEGER NOT NULL,
        act TEXT NOT NULL,
        accepted INTEGER NOT NULL,
        answer TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE inbox_place (
        desk_id TEXT PRIMARY KEY,
        place INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE blind (
        from_utc_s REAL NOT NULL,
        cause TEXT NOT NULL,
        until_utc_s REAL NOT NULL,
        PRIMARY KEY (from_utc_s, cause)
    ) WITHOUT ROWID""",
    """CREATE TABLE site (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        json TEXT NOT NULL
    )""",
)

_SECOND: Final = (
    # Which store this is: the files of its history name it too.
    """CREATE TABLE identity (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        name TEXT NOT NULL
    )""",
    "INSERT INTO identity VALUES (1, lower(hex(randomblob(16))))",
    # Seconds with keys below ``below_key`` lie in chunks, all of them; those to ``end_key`` come next.
    """CREATE TABLE sealing (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        below_key INTEGER NOT NULL,
        end_key INTEGER
    )""",
    "INSERT INTO sealing SELECT 1, coalesce(min(key), 1), NULL FROM journal",
    # Days whose readings changed since their minutes and hours were made, and the first probe still to do.
    """CREATE TABLE to_roll_up (
        day INTEGER PRIMARY KEY,
        next_probe INTEGER NOT NULL
    )""",
)

_THIRD: Final = (
    # The last good route to each endpoint, and its newest trace, as JSON.
    """CREATE TABLE route (
        endpoint_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        trace TEXT NOT NULL,
        PRIMARY KEY (endpoint_id, kind)
    ) WITHOUT ROWID""",
)

_FOURTH: Final = (
    # The files that the history has, so that one that somebody takes away is missed.
    "CREATE TABLE history_file (name TEXT PRIMARY KEY) WITHOUT ROWID",
)

_FIFTH: Final[tuple[str, ...]] = ()
"""No table is new. Seconds and chunks are packed in a second form, which earlier programs do not know."""

_SIXTH: Final = (
    # What was learnt of each probe's link, as its learner wrote it; how good each endpoint is, and what the
    # newest answer of each probe did not tell, as JSON.
    """CREATE TABLE learnt (
        endpoint_id TEXT NOT NULL,
        probe_name TEXT NOT NULL,
        subject TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (endpoint_id, probe_name, subject)
    ) WITHOUT ROWID""",
    """CREATE TABLE assessment (
        endpoint_id TEXT PRIMARY KEY,
        text TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE remark (
        endpoint_id TEXT NOT NULL,
        probe_name TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (endpoint_id, probe_name)
    ) WITHOUT ROWID""",
)

_SEVENTH: Final = (
    # What an alarm has beyond its first columns, as JSON; what goes out of the house, and how that ended;
    # windows of maintenance as JSON.
    "ALTER TABLE alarm ADD COLUMN more TEXT NOT NULL DEFAULT '{}'",
    """CREATE TABLE outbox (
        number INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        channel TEXT NOT NULL,
        at_utc_s REAL NOT NULL,
        text TEXT NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        due_utc_s REAL NOT NULL,
        trouble TEXT NOT NULL
    )""",
    "CREATE INDEX outbox_waiting ON outbox (number) WHERE state = 'waiting'",
    """CREATE TABLE maintenance (
        number INTEGER PRIMARY KEY,
        text TEXT NOT NULL
    )""",
)

Rung = Sequence[str]
LADDER: Final[Sequence[Rung]] = (_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH, _SIXTH, _SEVENTH)
"""What makes version n of version n - 1. Append; never change a rung that has been released."""


def version_of(connection: sqlite3.Connection) -> int:
    """Return the rung a store stands on: 0 for an empty file. Refuse what is not ours or is newer."""
    application_id, version, things = _about(connection)
    if application_id == 0 and version == 0 and things == 0:
        return 0
    if application_id != APPLICATION_ID:
        raise StoreError(
            "store-foreign",
            "The file store.db in the data folder is a database of another program.",
            "Choose another data folder with --data.",
        )
    return version


def _about(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """Return whose it is, its rung and how much is in it, all as of one moment."""
    connection.execute("BEGIN")
    try:
        things = _number(connection, "SELECT count(*) FROM sqlite_schema")
        return (
            _number(connection, "PRAGMA application_id"),
            _number(connection, "PRAGMA user_version"),
            things,
        )
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def refuse_newer(version: int, ladder: Sequence[Rung] = LADDER) -> None:
    """Raise ``StoreError`` ``store-newer`` for a store that stands above the top of the ladder."""
    if version > len(ladder):
        raise StoreError(
            "store-newer",
            f"The store was written by a newer program (format {version}; this one knows {len(ladder)}).",
            "Install that program again, or choose another data folder with --data.",
        )


def climb(connection: sqlite3.Connection, ladder: Sequence[Rung] = LADDER) -> None:
    """Bring a store to the top of the ladder, rung by rung. The connection is in autocommit."""
    version = version_of(connection)
    refuse_newer(version, ladder)
    if version == 0:  # a new store is made at once: nobody ever sees it half way up
        _stand_on(connection, len(ladder), [statement for rung in ladder for statement in rung])
        return
    for reached, rung in enumerate(ladder[version:], start=version + 1):
        _stand_on(connection, reached, rung)


def _stand_on(connection: sqlite3.Connection, version: int, statements: Rung) -> None:
    with connection:  # commits, or rolls back where anything fails
        connection.execute("BEGIN IMMEDIATE")
        for statement in statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version}")


def _number(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])


def has_its_columns(connection: sqlite3.Connection, ladder: Sequence[Rung]) -> bool:
    """Tell whether a database of the ladder's newest format has that format's tables and columns.

    A bit flipped in the text that makes a table leaves all pages sound. Of earlier formats nothing is told.
    """
    if version_of(connection) != len(ladder):
        return True
    wanted = _columns_of_format(tuple(tuple(rung) for rung in ladder))
    return all(_columns(connection, table) == columns for table, columns in wanted.items())


@cache
def _columns_of_format(ladder: tuple[tuple[str, ...], ...]) -> Mapping[str, list[str]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        climb(fresh, ladder)
        tables = fresh.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        return {str(name): _columns(fresh, name) for (name,) in tables.fetchall()}


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [str(column[1]) for column in connection.execute(f"PRAGMA table_info('{table}')")]
