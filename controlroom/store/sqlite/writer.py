"""The engine's side of the store in SQLite. It judges nothing and decides no number but the journal's.

Threads: any thread may call, one at a time; the engine commits in its writer thread what it opened in
another.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from controlroom.errors import StoreError
from controlroom.logbook.chain import ORIGIN
from controlroom.logbook.entry import LogKind
from controlroom.store.folder import DataFolder
from controlroom.store.inbox_file import later_place
from controlroom.store.interface import Batch, EngineMemory, EngineStore, Second, TakenAct
from controlroom.store.lock import EngineLock
from controlroom.store.sqlite.connection import open_to_write
from controlroom.store.sqlite.dictionary import Numbering
from controlroom.store.sqlite.failure import store_error
from controlroom.store.sqlite.packing import pack
from controlroom.store.sqlite.rows import (
    PUT_ACT,
    PUT_ALARM,
    PUT_BLIND,
    PUT_ENTRY,
    PUT_STATE,
    READ_ALARMS,
    READ_STATES,
    act_row,
    alarm_of,
    alarm_row,
    blind_row,
    entry_row,
    read_rows,
    state_of,
    state_row,
)
from controlroom.store.sqlite.second import MICROSECONDS, columns_of, is_stray, microseconds
from controlroom.store.waiting import clear_taken, read_waiting, refusal

TRIM_STEP: Final = 600
"""Seconds dropped by one step: little enough that a commit hardly waits for it."""

_PAGES_FREED: Final = 64
_LITTLE_ROOM_BYTES: Final = 256 * 1024
_OPEN_ALARMS: Final = READ_ALARMS + " WHERE ended_utc_s IS NULL ORDER BY number"
_TAKEN_IDS: Final = "SELECT id FROM taken_act"
_PUT_PLACE: Final = "INSERT OR REPLACE INTO inbox_place (desk_id, place) VALUES (?, ?)"
_PUT_SITE: Final = "INSERT OR REPLACE INTO site (only, json) VALUES (1, ?)"
_PUT_SECOND: Final = "INSERT INTO journal (at_utc_us, stray, health, readings) VALUES (?, ?, ?, ?)"


def open_engine_store(folder: DataFolder, *, utc_s: Callable[[], float] = time.time) -> EngineStore:
    """Take the store for the one engine that may write it; raise ``StoreError`` where that cannot be.

    Codes: ``engine-running``, ``network-share``, ``folder-unwritable``, ``store-newer``,
    ``store-damaged``, ``store-foreign``, ``disk-full`` and those of ``DataFolder.prepare``.
    """
    folder.prepare()
    lock = EngineLock(folder, utc_s=utc_s)
    lock.acquire()
    try:
        connection = open_to_write(folder.store_file)
    except sqlite3.Error as error:
        lock.release()
        raise store_error(error, "Opening the store", disk_is_full=_little_room(folder)) from error
    except BaseException:
        lock.release()
        raise
    return SqliteEngineStore(folder, lock, connection, utc_s)


class SqliteEngineStore:
    """An ``EngineStore`` that holds the lock of its folder until it is closed."""

    def __init__(
        self,
        folder: DataFolder,
        lock: EngineLock,
        connection: sqlite3.Connection,
        utc_s: Callable[[], float],
    ) -> None:
        """Take over an open connection and the lock; use ``open_engine_store``."""
        self._folder = folder
        self._lock = lock
        self._utc_s = utc_s
        self._connection: sqlite3.Connection | None = connection
        self._numbering: Numbering | None = None

    def remember(self) -> EngineMemory:
        """Return what was last committed."""
        with self._transaction("Reading the store") as connection:
            entry = connection.execute(
                "SELECT number, hash, kind FROM log ORDER BY number DESC LIMIT 1"
            ).fetchone()
            heartbeat = connection.execute(
                "SELECT at_utc_us FROM journal ORDER BY key DESC LIMIT 1"
            ).fetchone()
            (highest,) = connection.execute("SELECT coalesce(max(number), 0) FROM alarm").fetchone()
            return EngineMemory(
                states=read_rows(connection.execute(READ_STATES).fetchall(), state_of, "A state"),
                alarms=read_rows(connection.execute(_OPEN_ALARMS).fetchall(), alarm_of, "An alarm"),
                next_alarm_number=highest + 1,
                last_entry_number=entry[0] if entry else 0,
                last_entry_hash=entry[1] if entry else ORIGIN,
                last_heartbeat_utc_s=heartbeat[0] / MICROSECONDS if heartbeat else None,
                ended_orderly=entry is not None and entry[2] == LogKind.ENGINE_STOPPED,
            )

    def commit(self, batch: Batch) -> None:
        """Make a batch durable as a whole; raise ``StoreError`` and change nothing on failure.

        Codes: ``disk-full``, ``batch-refused`` (it breaks a rule of the store), ``store-damaged``,
        ``store-failed``. After a failure the store can be used as before.
        """
        with self._transaction("Committing a second") as connection:
            if batch.second is not None:
                self._put_second(connection, batch.second)
            connection.executemany(PUT_STATE, map(state_row, batch.states))
            connection.executemany(PUT_ALARM, map(alarm_row, batch.alarms))
            connection.executemany(PUT_ENTRY, map(entry_row, batch.entries))
            _put_acts(connection, batch.acts)
            connection.executemany(PUT_BLIND, map(blind_row, batch.blind))
            if batch.site_json is not None:
                connection.execute(_PUT_SITE, (batch.site_json,))

    def waiting_acts(self) -> Sequence[TakenAct]:
        """Return the acts in all inboxes that no committed batch has taken, oldest first per desk.

        An act whose id was used before is refused as ``duplicate``, a line that is no act as
        ``malformed``, both under an id of their own. At most ``waiting.ACTS`` at once.
        """
        with self._transaction("Reading the inboxes") as connection:
            waiting = read_waiting(self._folder, _places(connection))
            ids = [taken.act.id for taken in waiting]
            ids += [refusal(taken, "duplicate").act.id for taken in waiting]
            known = _known_ids(connection, ids)
        return list(_each_once(waiting, known))

    def trim(self, before_utc_s: float) -> int:
        """Drop a small step of seconds older than this; return how many were dropped.

        The newest second always stays: it is the engine's last sign of life, and keeps keys growing.
        Inboxes that are done with are cleared on the way.
        """
        before_us = microseconds(before_utc_s)
        with self._transaction("Trimming the store") as connection:
            dropped = connection.execute(
                """DELETE FROM journal WHERE key IN (
                    SELECT key FROM journal
                    WHERE at_utc_us < ? AND key < (SELECT max(key) FROM journal)
                    ORDER BY at_utc_us LIMIT ?)""",
                (before_us, TRIM_STEP),
            ).rowcount
            for desk_id in clear_taken(self._folder, _places(connection), self._utc_s()):
                connection.execute("DELETE FROM inbox_place WHERE desk_id = ?", (desk_id,))
        if dropped:
            self._free_pages()
        return dropped

    def close(self) -> None:
        """Leave everything committed and give the store free for another engine."""
        connection, self._connection = self._connection, None
        try:
            if connection is not None:
                connection.close()
        finally:
            self._lock.release()

    def _put_second(self, connection: sqlite3.Connection, second: Second) -> None:
        if self._numbering is None:
            self._numbering = Numbering(connection)
        columns = columns_of(second, self._numbering)
        health = json.dumps(dict(second.health), separators=(",", ":"))
        connection.execute(
            _PUT_SECOND,
            (microseconds(second.at_utc_s), int(is_stray(columns)), health, pack(columns)),
        )

    def _free_pages(self) -> None:
        connection = self._usable()
        try:
            # A page is freed by each step of the statement, and only a script is stepped to its end.
            connection.executescript(f"PRAGMA incremental_vacuum({_PAGES_FREED})")
        except sqlite3.Error as error:
            raise self._failed(error, "Trimming the store") from error

    @contextmanager
    def _transaction(self, doing: str) -> Iterator[sqlite3.Connection]:
        connection = self._usable()
        committed = False
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
            committed = True
        except sqlite3.Error as error:
            raise self._failed(error, doing) from error
        except (ValueError, TypeError, OverflowError) as error:
            raise StoreError(
                "batch-refused",
                f"{doing} failed: {error}.",
                "This is a mistake of the program; please report it.",
            ) from error
        finally:
            if not committed:
                self._roll_back(connection)

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        self._numbering = None
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise self._failed(error, "Taking back a batch") from error

    def _usable(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreError("store-closed", "The engine has already given the store free.")
        return self._connection

    def _failed(self, error: sqlite3.Error, doing: str) -> StoreError:
        return store_error(error, doing, disk_is_full=_little_room(self._folder))


def _little_room(folder: DataFolder) -> bool:
    disk = os.statvfs(folder.path)
    return disk.f_bavail * disk.f_frsize < _LITTLE_ROOM_BYTES


def _places(connection: sqlite3.Connection) -> dict[str, int]:
    return dict(connection.execute("SELECT desk_id, place FROM inbox_place").fetchall())


def _put_acts(connection: sqlite3.Connection, acts: Sequence[TakenAct]) -> None:
    if not acts:
        return
    connection.executemany(PUT_ACT, map(act_row, acts))
    places = _places(connection)
    for taken in acts:
        places[taken.desk_id] = later_place(places.get(taken.desk_id), taken.place)
    connection.executemany(_PUT_PLACE, places.items())


def _known_ids(connection: sqlite3.Connection, ids: Sequence[str]) -> set[str]:
    query = _TAKEN_IDS + " WHERE id IN (" + ", ".join("?" * len(ids)) + ")"
    return {row[0] for row in connection.execute(query, ids)}


def _each_once(waiting: Sequence[TakenAct], known: set[str]) -> Iterator[TakenAct]:
    used = set(known)
    for act in waiting:
        taken = refusal(act, "duplicate") if act.accepted and act.act.id in used else act
        if taken.act.id not in used:
            used.add(taken.act.id)
            yield taken
