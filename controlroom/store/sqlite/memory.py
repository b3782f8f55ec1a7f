"""What an engine must know again after a restart, read from the tables; rows without sense are left out."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from controlroom.logbook.chain import ORIGIN
from controlroom.logbook.entry import Entry, LogKind
from controlroom.route.kept import RouteKind
from controlroom.store.interface import EngineMemory
from controlroom.store.sqlite.outbox import READ_MESSAGES, kept_message_of
from controlroom.store.sqlite.rows import (
    READ_ALARMS,
    READ_ENTRIES,
    READ_LEARNT,
    READ_MAINTENANCE,
    READ_REMARKS,
    READ_ROUTES,
    READ_STATES,
    Row,
    alarm_of,
    entry_of,
    kept_route_of,
    learnt_of,
    maintenance_of,
    read_rows,
    readable,
    remark_of,
    state_of,
)
from controlroom.store.sqlite.second import MICROSECONDS

_OPEN_ALARMS: Final = READ_ALARMS + " WHERE ended_utc_s IS NULL ORDER BY number"
_GOOD_ROUTES: Final = READ_ROUTES + f" WHERE kind = '{RouteKind.GOOD.value}'"
_OPEN_MESSAGES: Final = READ_MESSAGES + " WHERE state IN ('waiting', 'gathering') ORDER BY number"
_LOOKED_BACK: Final = 1_000
_NEWEST_ENTRIES: Final = READ_ENTRIES + " ORDER BY number DESC LIMIT ?"


def read_memory(connection: sqlite3.Connection) -> EngineMemory:
    """Return what was last committed; raise ``StoreError`` ``store-damaged`` where a row cannot be read."""
    entry = connection.execute("SELECT number, hash, kind FROM log ORDER BY number DESC LIMIT 1").fetchone()
    heartbeat = connection.execute("SELECT at_utc_us FROM journal ORDER BY key DESC LIMIT 1").fetchone()
    site = connection.execute("SELECT json FROM site").fetchone()
    (last_message,) = connection.execute("SELECT coalesce(max(number), 0) FROM outbox").fetchone()
    return EngineMemory(
        states=read_rows(connection.execute(READ_STATES).fetchall(), state_of, "A state"),
        alarms=read_rows(connection.execute(_OPEN_ALARMS).fetchall(), alarm_of, "An alarm"),
        next_alarm_number=_highest_alarm(connection) + 1,
        last_entry_number=entry[0] if entry else 0,
        last_entry_hash=entry[1] if entry else ORIGIN,
        last_heartbeat_utc_s=heartbeat[0] / MICROSECONDS if heartbeat else None,
        ended_orderly=entry is not None and entry[2] == LogKind.ENGINE_STOPPED,
        site_json=site[0] if site else None,
        routes=read_rows(connection.execute(_GOOD_ROUTES).fetchall(), kept_route_of, "A route"),
        learnt=readable(connection.execute(READ_LEARNT).fetchall(), learnt_of, "What was learnt"),
        maintenance=readable(_planned(connection), maintenance_of, "A maintenance window"),
        next_window_number=_highest_window(connection) + 1,
        remarks=readable(connection.execute(READ_REMARKS).fetchall(), remark_of, "A remark"),
        outbox=read_rows(connection.execute(_OPEN_MESSAGES).fetchall(), kept_message_of, "A message"),
        next_message_number=int(last_message) + 1,
    )


def drop_unreadable(connection: sqlite3.Connection) -> None:
    """Drop states, alarms, messages and routes that make no sense: neither engine nor desk is to stumble.

    Their endpoints are judged, alarms raised and routes traced anew; the program's log names the rows.
    """
    for read, make, table, key, what in (
        (READ_STATES, state_of, "endpoint_state", "endpoint_id", "A state"),
        (READ_ALARMS, alarm_of, "alarm", "number", "An alarm"),
        (READ_MESSAGES, kept_message_of, "outbox", "number", "A message"),
    ):
        rows = connection.execute(read).fetchall()
        for row in rows:
            if not readable([row], make, what):
                connection.execute(f"DELETE FROM {table} WHERE {key} = ?", row[:1])  # noqa: S608 - names of ours
    for row in connection.execute(READ_ROUTES).fetchall():
        if not readable([row], kept_route_of, "A route"):
            connection.execute("DELETE FROM route WHERE endpoint_id = ? AND kind = ?", row[:2])


def _highest_alarm(connection: sqlite3.Connection) -> int:
    """Return the highest number given to an alarm, also where only the log still tells of it."""
    (highest,) = connection.execute("SELECT coalesce(max(number), 0) FROM alarm").fetchone()
    told = (entry.facts.get("alarm") for entry in newest_entries(connection, _LOOKED_BACK))
    return max([int(highest), *(number for number in told if isinstance(number, int))])


def _planned(connection: sqlite3.Connection) -> list[Row]:
    return connection.execute(READ_MAINTENANCE + " ORDER BY number").fetchall()


def _highest_window(connection: sqlite3.Connection) -> int:
    """Return the highest number given to a maintenance window, also where only the log still tells of it."""
    (highest,) = connection.execute("SELECT coalesce(max(number), 0) FROM maintenance").fetchone()
    told = (entry.facts.get("window") for entry in newest_entries(connection, _LOOKED_BACK))
    return max([int(highest), *(number for number in told if isinstance(number, int))])


def newest_entries(connection: sqlite3.Connection, count: int) -> Sequence[Entry]:
    """Return the last so many entries of the log, oldest first."""
    rows = connection.execute(_NEWEST_ENTRIES, (count,)).fetchall()
    return readable(rows[::-1], entry_of, "An entry")
