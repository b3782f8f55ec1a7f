"""The engine's side of the store in SQLite. It judges nothing and decides no number but the journal's.

Threads: any thread may call, one at a time; the engine commits in its writer thread what it opened in
another.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from controlroom.errors import StoreError
from controlroom.store.commit_mark import CommitMark
from controlroom.store.folder import DataFolder
from controlroom.store.inbox_file import later_place
from controlroom.store.interface import (
    NOTHING_LEFT,
    Batch,
    EngineMemory,
    EngineStore,
    LeftOver,
    Retention,
    Second,
    TakenAct,
)
from controlroom.store.lock import EngineLock
from controlroom.store.sqlite.blobs import set_rows_aside
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.failure import (
    damaged,
    disk_full,
    file_error,
    is_damage,
    store_error,
)
from controlroom.store.sqlite.holding import folder_put_back, identity_of, is_elsewhere, put_back
from controlroom.store.sqlite.memory import drop_unreadable, newest_entries, read_memory
from controlroom.store.sqlite.mending import opened, opened_anew
from controlroom.store.sqlite.numbering import Numbering
from controlroom.store.sqlite.outbox import put_messages
from controlroom.store.sqlite.packing import pack
from controlroom.store.sqlite.patrol import EVERY_S, Patrol
from controlroom.store.sqlite.recollection import ENTRIES, PUT_PLACE, PUT_SITE, Recollection
from controlroom.store.sqlite.reserve import Reserve
from controlroom.store.sqlite.rows import (
    PUT_ACT,
    PUT_ALARM,
    PUT_ASSESSMENT,
    PUT_BLIND,
    PUT_ENTRY,
    PUT_LEARNT,
    PUT_MAINTENANCE,
    PUT_REMARK,
    PUT_ROUTE,
    PUT_STATE,
    Row,
    act_row,
    alarm_row,
    assessment_row,
    blind_row,
    entry_row,
    learnt_row,
    maintenance_row,
    remark_row,
    route_row,
    state_row,
)
from controlroom.store.sqlite.second import columns_of, is_stray, microseconds
from controlroom.store.sqlite.upkeep import StoredSecond, Upkeep
from controlroom.store.waiting import clear_taken, read_waiting, refusal

_CLEAR_EVERY: Final = 10
_LITTLE_ROOM_BYTES: Final = 256 * 1024
_LOG_KEPT_BYTES: Final = 64 * 1024
"""What the log keeps of its room on a full disk."""
_TAKEN_IDS: Final = "SELECT id FROM taken_act"
_SHORTEN: Final = "UPDATE journal SET health = '{}' WHERE key = ?"
_PUT_SECOND: Final = "INSERT INTO journal (key, at_utc_us, stray, health, readings) VALUES (?, ?, ?, ?, ?)"


def open_engine_store(
    folder: DataFolder, *, utc_s: Callable[[], float] = time.time, patrol_every_s: float = EVERY_S
) -> EngineStore:
    """Take the store for the one engine that may write it; raise ``StoreError`` where that cannot be.

    Codes: ``engine-running``, ``network-share``, ``folder-unwritable``, ``store-newer``,
    ``store-damaged``, ``store-foreign``, ``disk-full`` and those of ``DataFolder.prepare``. Damage is looked
    for every ``patrol_every_s``.
    """
    folder.prepare()
    lock = EngineLock(folder, utc_s=utc_s)
    lock.acquire()
    reserve = Reserve(folder.reserve_file)
    try:
        connection, upkeep = _opened(folder, reserve)
    except BaseException:
        lock.release()
        raise
    return SqliteEngineStore(folder, lock, connection, upkeep, reserve, utc_s, patrol_every_s)


def _opened(folder: DataFolder, reserve: Reserve) -> tuple[sqlite3.Connection, Upkeep]:
    """Open the store; on a full disk in the room that was kept back for it."""
    while True:
        try:
            return opened(folder)
        except sqlite3.Error as error:
            failed = store_error(error, "Opening the store", disk_is_full=_little_room(folder))
            cause: Exception = error
        except OSError as error:
            failed, cause = file_error(error, "Opening the store"), error
        if failed.code != "disk-full" or not reserve.give():
            raise failed from cause


class SqliteEngineStore:
    """An ``EngineStore`` that holds the lock of its folder until it is closed."""

    def __init__(
        self,
        folder: DataFolder,
        lock: EngineLock,
        connection: sqlite3.Connection,
        upkeep: Upkeep,
        reserve: Reserve,
        utc_s: Callable[[], float],
        patrol_every_s: float = EVERY_S,
    ) -> None:
        """Take over an open connection and the lock; use ``open_engine_store``."""
        self._folder = folder
        self._lock = lock
        self._utc_s = utc_s
        self._connection: sqlite3.Connection | None = connection
        self._numbering: Numbering | None = None
        self._upkeep = upkeep
        self._recollection = Recollection()
        self._reserve = reserve
        self._patrol = Patrol(folder.store_file, HistoryFolder(folder.history), patrol_every_s)
        self._patrol.start()
        self._identity = identity_of(folder.store_file)
        self._mark = _mark_of(folder, connection, upkeep.next_key - 1)
        self._damage = ""
        self._log = f"{folder.store_file}-wal"
        self._log_bytes = self._log_bytes_before = self._log_size()
        self._closed = False
        self._steps = 0

    def remember(self) -> EngineMemory:
        """Return what was last committed, as far as it can be read: a damaged store is mended first."""
        try:
            return self._remember()
        except StoreError:
            if not self._damage:
                raise
            self._mend()
            return self._remember()

    def _remember(self) -> EngineMemory:
        with self._transaction("Reading the store") as connection:
            drop_unreadable(connection)
            memory = read_memory(connection)
            entries = newest_entries(connection, ENTRIES)
            self._recollection.began(memory, entries, _places(connection))
        return memory

    def commit(self, batch: Batch) -> None:
        """Make a batch durable as a whole; raise ``StoreError`` and change nothing on failure.

        A database that turns out damaged is mended first; ``tend`` then tells of it. Codes: ``disk-full``,
        ``batch-refused`` (it breaks a rule of the store), ``store-damaged``, ``store-failed``. After a
        failure the store can be used as before.
        """
        if self._damage:
            self._mend()
        if batch.second is not None and batch.second.readings:
            self._hold_back("Committing readings")
        try:
            self._keep_log_short()
            self._commit(batch)
        except StoreError as error:
            if error.code == "disk-full":
                self._give_reserve()
            if not self._damage:
                raise
            self._mend()
            if not self._holds(batch):
                self._commit(batch)
        self._recollection.committed(batch)

    def _commit(self, batch: Batch) -> None:
        stored: StoredSecond | None = None
        with self._transaction("Committing a second") as connection:
            if batch.second is not None:
                stored = self._put_second(connection, self._upkeep.next_key, batch.second)
            _put(connection, PUT_STATE, map(state_row, batch.states))
            _put(connection, PUT_ALARM, map(alarm_row, batch.alarms))
            _put(connection, PUT_ENTRY, map(entry_row, batch.entries))
            _put_acts(connection, batch.acts)
            _put(connection, PUT_BLIND, map(blind_row, batch.blind))
            _put(connection, PUT_ROUTE, map(route_row, batch.routes))
            _put(connection, PUT_LEARNT, map(learnt_row, batch.learnt))
            _put(connection, PUT_ASSESSMENT, map(assessment_row, batch.assessments))
            _put(connection, PUT_REMARK, map(remark_row, batch.remarks))
            _put(connection, PUT_MAINTENANCE, map(maintenance_row, batch.maintenance))
            put_messages(connection, batch)
            if batch.site_json is not None:
                connection.execute(PUT_SITE, (batch.site_json,))
        if stored is not None:
            self._upkeep.committed(stored)
        self._mark.reached(self._upkeep.next_key - 1, batch.entries[-1].number if batch.entries else 0)

    def _mend(self) -> None:
        """Open the database anew, mended where it is damaged. The next commit tries again if need be."""
        before, self._connection = self._connection, None
        next_key = self._upkeep.next_key
        if before is not None:
            self._recollection.learn_names(before)
            with suppress(sqlite3.Error):
                self._upkeep.close()
                before.close()
        with self._failing_as("Mending the store"):
            mended = opened_anew(self._folder, self._recollection, self._damage, self._mark.reached_so_far)
            mended = mended or opened(self._folder)
        self._take_up(mended, next_key)

    def _put_back(self) -> None:
        """Put the database back under its name where somebody took it from there."""
        with self._failing_as("Putting the store back"):
            connection, next_key = self._usable(), self._upkeep.next_key
            told = put_back(self._folder.store_file, connection, self._identity)
            self._connection = None
            self._upkeep.close()
            self._take_up(opened(self._folder), next_key)
            self._upkeep.tell(told)

    def _take_up(self, found: tuple[sqlite3.Connection, Upkeep], next_key: int) -> None:
        self._connection, self._upkeep = found
        self._upkeep.next_key = max(self._upkeep.next_key, next_key)
        self._identity = identity_of(self._folder.store_file)
        self._numbering, self._damage = None, ""

    def _holds(self, batch: Batch) -> bool:
        """Tell whether a commit that failed was durable after all, as opening anew may show."""
        if not batch.entries:
            return False
        with self._transaction("Reading the store") as connection:
            last = read_memory(connection).last_entry_hash
        return last == batch.entries[-1].hash

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

    def tend(self, retention: Retention) -> bool:
        """Do a small step of upkeep, clear inboxes that are done with; return whether more is waiting."""
        self._steps += 1
        self._heed_patrol()
        self._heed_strangers()
        with self._failing_as("Packing what was measured"):
            self._usable()
            if not self._reserve.is_kept:
                self._upkeep.retire(retention)
            self._hold_back("Packing what was measured")
            more = self._upkeep.step(retention)
        if self._steps % _CLEAR_EVERY == 0:
            self._clear_inboxes()
        return more

    def _hold_back(self, doing: str) -> None:
        """Refuse what can wait while the room on the disk is needed for what cannot."""
        with self._failing_as(doing):
            if not self._reserve.keep(self._log_bytes_before - self._log_size()):
                raise disk_full(doing)

    def _give_reserve(self) -> None:
        if not self._reserve.given_bytes:
            self._log_bytes = self._log_bytes_before = self._log_size()
        self._reserve.give()

    def _keep_log_short(self) -> None:
        """Keep the log within the room for it (rule 4 of the reserve); catching up, it grows fast."""
        doing, given_bytes = "Committing", self._reserve.given_bytes
        with self._failing_as(doing):
            self._usable()
            if self._reserve.is_kept:
                if self._log_size() > self._reserve.size_bytes:
                    self._upkeep.fold()
            elif self._upkeep.empty_log(give_back=self._log_size() > _LOG_KEPT_BYTES):
                self._log_bytes = self._log_size()
            elif given_bytes and self._log_size() > self._log_bytes + given_bytes // 2:
                raise disk_full(doing)

    def _log_size(self) -> int:
        try:
            return os.stat(self._log).st_size
        except FileNotFoundError:
            return 0

    def _heed_patrol(self) -> None:
        """Mend what was found damaged; the store itself with the next commit, which begins at once."""
        for path, found in self._patrol.take().items():
            if path != self._folder.store_file:
                self._upkeep.found_damaged(path, found)
            elif not found.rows:
                self._damage = found.why
            else:
                with self._failing_as("Mending the store"):
                    told = set_rows_aside(path, self._usable(), found.table, found.rows)
                if told is not None:
                    self._upkeep.tell(told)

    def _heed_strangers(self) -> None:
        """Refuse to go on where the whole folder is gone; put back a database that is not in its place."""
        if not self._lock.in_place():
            raise StoreError(
                "folder-gone",
                f"The data folder {self._folder.path} or its engine.lock was deleted or moved away while the"
                " engine ran.",
                "Put it back. The engine ends; a desk that is open starts it again.",
            )
        if self._connection is not None and is_elsewhere(self._folder.store_file, self._identity):
            self._put_back()
        if not self._folder.history.exists():
            with self._failing_as("Making the history's folder"):
                self._upkeep.tell(folder_put_back(self._folder.history))

    def close(self, left_over: LeftOver | None = NOTHING_LEFT) -> None:
        """Leave everything committed and give the store free for another engine."""
        if not self._closed and self._lock.in_place():
            with suppress(StoreError):  # told already, and what can be closed is closed
                self._heed_strangers()
        connection, self._connection = self._connection, None
        self._closed = True
        self._patrol.stop()
        self._mark.close()
        try:
            self._upkeep.close()
            if connection is not None:
                connection.close()
        finally:
            self._lock.release(left_over)

    def _put_second(self, connection: sqlite3.Connection, key: int, second: Second) -> StoredSecond:
        if self._numbering is None:
            self._numbering = Numbering(connection)
        columns = columns_of(second, self._numbering)
        at_us = microseconds(second.at_utc_s)
        health = json.dumps(dict(second.health), separators=(",", ":"))
        if not self._reserve.is_kept:
            connection.execute(_SHORTEN, (key - 1,))  # rule 5 of the reserve
        connection.execute(_PUT_SECOND, (key, at_us, int(is_stray(columns)), health, pack(columns)))
        return StoredSecond(key, at_us, columns)

    def _clear_inboxes(self) -> None:
        with self._transaction("Clearing inboxes") as connection:
            for desk_id in clear_taken(self._folder, _places(connection), self._utc_s()):
                connection.execute("DELETE FROM inbox_place WHERE desk_id = ?", (desk_id,))

    @contextmanager
    def _transaction(self, doing: str) -> Iterator[sqlite3.Connection]:
        connection = self._usable()
        committed = False
        try:
            with self._failing_as(doing):
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            committed = True
        finally:
            if not committed:
                self._roll_back(connection)

    @contextmanager
    def _failing_as(self, doing: str) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._failed(error, doing) from error
        except OSError as error:
            raise file_error(error, doing) from error
        except (ValueError, TypeError, OverflowError) as error:
            raise StoreError(
                "batch-refused",
                f"{doing} failed: {error}.",
                "This is a mistake of the program; please report it.",
            ) from error

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        self._numbering = None
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise self._failed(error, "Taking back a batch") from error

    def _usable(self) -> sqlite3.Connection:
        if self._closed:
            raise StoreError("store-closed", "The engine has already given the store free.")
        if self._connection is None:
            raise damaged(self._damage)
        return self._connection

    def _failed(self, error: sqlite3.Error, doing: str) -> StoreError:
        failed = store_error(error, doing, disk_is_full=_little_room(self._folder))
        if is_damage(error):
            self._damage = failed.happened
        return failed


def _mark_of(folder: DataFolder, connection: sqlite3.Connection, key: int) -> CommitMark:
    query = "SELECT (SELECT name FROM identity), (SELECT coalesce(max(number), 0) FROM log)"
    store, entry = connection.execute(query).fetchone()
    return CommitMark(folder.mark_file, str(store), key, int(entry))


def _little_room(folder: DataFolder) -> bool:
    try:
        disk = os.statvfs(folder.path)
    except FileNotFoundError:
        return False
    return disk.f_bavail * disk.f_frsize < _LITTLE_ROOM_BYTES


def _places(connection: sqlite3.Connection) -> dict[str, int]:
    return dict(connection.execute("SELECT desk_id, place FROM inbox_place").fetchall())


def _put(connection: sqlite3.Connection, statement: str, rows: Iterable[Row]) -> None:
    """Put rows, of which a second mostly has none."""
    if found := list(rows):
        connection.executemany(statement, found)


def _put_acts(connection: sqlite3.Connection, acts: Sequence[TakenAct]) -> None:
    if not acts:
        return
    connection.executemany(PUT_ACT, map(act_row, acts))
    places = _places(connection)
    for taken in acts:
        places[taken.desk_id] = later_place(places.get(taken.desk_id), taken.place)
    connection.executemany(PUT_PLACE, places.items())


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
