"""The desks' side of the store in SQLite: opened late, opened again when the store changes, never writing.

Rules
1. While there is no store, every answer is empty; once it appears it is found.
2. A store that was moved away or put back is noticed by its file's identity.
3. What may pass in a moment (the engine is just opening or closing) is tried again, briefly.
4. Every answer is one snapshot: what the engine commits meanwhile belongs to the next.

Threads: one at a time; ``close`` may come from another once no call is under way.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Final, TypeVar

from controlroom.alarms.alarm import Alarm
from controlroom.condition.assessment import Assessment
from controlroom.condition.maintenance.window import MaintenanceWindow
from controlroom.condition.state import EndpointState
from controlroom.errors import StoreError
from controlroom.logbook.entry import Entry, LogKind
from controlroom.measure.learnt import Learnt
from controlroom.measure.log_histogram import LogHistogram
from controlroom.measure.remark import Remark
from controlroom.reading import ProbeKey, Reading, SeriesKey
from controlroom.route.kept import KeptRoute, RouteKind
from controlroom.store.folder import DataFolder
from controlroom.store.interface import (
    BlindTime,
    Curve,
    Heartbeat,
    PassedOver,
    ReadStore,
    Resolution,
    Samples,
    Stretch,
    Tail,
    TakenAct,
)
from controlroom.store.lock import EngineLock
from controlroom.store.outbox import KeptMessage, OutboxState
from controlroom.store.sqlite import history
from controlroom.store.sqlite.archive import Archive
from controlroom.store.sqlite.connection import open_to_read
from controlroom.store.sqlite.curves import Rollups, empty_curve, raw_curve, rolled_curve
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.dictionary import Names
from controlroom.store.sqlite.failure import damaged, file_error, is_passing, store_error
from controlroom.store.sqlite.outbox import read_messages, read_outbox_state
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
    readable,
    remark_of,
    state_of,
    taken_act_of,
)
from controlroom.store.sqlite.second import MICROSECONDS

_TRIES: Final = 5
_PAUSE_S: Final = 0.02
_IDS_AT_ONCE: Final = 500

Answer = TypeVar("Answer")


def open_read_store(folder: DataFolder, *, leave_no_trace: bool = False) -> ReadStore:
    """Read the store of a folder, whether or not it is there yet. Nothing is opened before it is asked.

    ``leave_no_trace`` is for a short look at a store that perhaps no engine has open: no file is made.
    """
    return SqliteReadStore(folder, leave_no_trace=leave_no_trace)


_ALARMS_KEPT: Final = 8192
"""How many alarms are kept as they were read: of two thousand that hang on one cause hardly any changes."""


class SqliteReadStore:
    """A ``ReadStore``. Damage and newer stores raise ``StoreError``; a missing store is merely empty."""

    def __init__(
        self,
        folder: DataFolder,
        *,
        pause: Callable[[float], None] = time.sleep,
        leave_no_trace: bool = False,
    ) -> None:
        """Name the store; use ``open_read_store``."""
        self._folder = folder
        self._leave_no_trace = leave_no_trace
        self._pause = pause
        self._alarm_of = lru_cache(_ALARMS_KEPT)(alarm_of)
        self._archive = Archive(HistoryFolder(folder.history), leave_no_trace=leave_no_trace)
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._names = Names()
        self._closed = False

    def heartbeat(self) -> Heartbeat | None:
        """Return the engine's newest sign of life, or ``None`` when it never lived."""
        query = "SELECT key, at_utc_us, health FROM journal ORDER BY key DESC LIMIT 1"
        rows = self._rows("Reading the heartbeat", query)
        if not rows:
            return None
        pid = EngineLock.holder(self._folder)
        return read_rows(rows, lambda row: _heartbeat_of(row, pid), "The heartbeat")[0]

    def site_json(self) -> str | None:
        """Return the site that the engine runs, as JSON, or ``None`` before the first engine."""
        rows = self._rows("Reading the site", "SELECT json FROM site")
        return str(rows[0][0]) if rows else None

    def states(self) -> Sequence[EndpointState]:
        """Return every endpoint's state as last committed, in order of endpoint id."""
        query = READ_STATES + " ORDER BY endpoint_id"
        return read_rows(self._rows("Reading the states", query), state_of, "A state")

    def alarms(self, *, ended_since_utc_s: float | None = None) -> Sequence[Alarm]:
        """Return the alarms that have not ended, and those ended since a time, newest first.

        An alarm ends with the later of its return and its acknowledgement.
        """
        query = READ_ALARMS + " WHERE ended_utc_s IS NULL"
        parameters: tuple[float, ...] = ()
        if ended_since_utc_s is not None:
            query += " UNION ALL " + READ_ALARMS + " WHERE ended_utc_s >= ?"
            parameters = (ended_since_utc_s,)
        rows = self._rows("Reading the alarms", query + " ORDER BY number DESC", parameters)
        return read_rows(rows, self._alarm_of, "An alarm")

    def entries(
        self,
        *,
        after_number: int = 0,
        since_utc_s: float | None = None,
        until_utc_s: float | None = None,
        kinds: frozenset[LogKind] | None = None,
        newest: int | None = None,
    ) -> Sequence[Entry]:
        """Return log entries in order of number; with ``newest`` only that many at the end.

        ``since_utc_s`` is included, ``until_utc_s`` is not.
        """
        query = READ_ENTRIES + " WHERE number > ?"
        parameters: list[float | int | str] = [after_number]
        if since_utc_s is not None:
            query += " AND at_utc_s >= ?"
            parameters.append(since_utc_s)
        if until_utc_s is not None:
            query += " AND at_utc_s < ?"
            parameters.append(until_utc_s)
        if kinds is not None:
            query += f" AND kind IN ({', '.join('?' * len(kinds))})"
            parameters.extend(sorted(kind.value for kind in kinds))
        query += " ORDER BY number DESC LIMIT ?"
        parameters.append(-1 if newest is None else max(newest, 0))
        rows = self._rows("Reading the log", query, parameters)
        return read_rows(rows[::-1], entry_of, "An entry of the log")

    def answers(self, act_ids: Sequence[str]) -> Mapping[str, TakenAct]:
        """Return those of the acts that the engine has taken, with its answers."""
        rows: list[Row] = []
        for start in range(0, len(act_ids), _IDS_AT_ONCE):
            ids = act_ids[start : start + _IDS_AT_ONCE]
            query = READ_ACTS + " WHERE id IN (" + ", ".join("?" * len(ids)) + ")"
            rows += self._rows("Reading the answers", query, ids)
        return {taken.act.id: taken for taken in read_rows(rows, taken_act_of, "An act")}

    def messages(
        self, *, after_number: int = 0, channel: str = "", waiting: bool = False
    ) -> Sequence[KeptMessage]:
        """Return the messages after a number, in order, of a channel if one is named; no open digests."""
        nothing: Sequence[KeptMessage] = ()
        return self._ask(
            "Reading the outbox",
            lambda connection: read_messages(connection, after_number, channel, waiting=waiting),
            nothing,
        )

    def outbox_state(self) -> OutboxState:
        """Return how the outbox stands."""
        return self._ask("Reading the outbox", read_outbox_state, OutboxState())

    def assessments(self) -> Sequence[Assessment]:
        """Return the newest assessment of every endpoint that has one."""
        rows = self._rows("Reading the assessments", READ_ASSESSMENTS)
        return readable(rows, kept_assessment_of, "An assessment")

    def maintenance(self) -> Sequence[MaintenanceWindow]:
        """Return every window that was ever planned; one that makes no sense is left out."""
        rows = self._rows("Reading the maintenance", READ_MAINTENANCE + " ORDER BY number")
        return readable(rows, maintenance_of, "A maintenance window")

    def remarks(self) -> Sequence[Remark]:
        """Return what the newest answer of each probe did not tell; a probe that told all may be missing."""
        return readable(self._rows("Reading the remarks", READ_REMARKS), remark_of, "A remark")

    def learnt(self, endpoint_id: str) -> Sequence[Learnt]:
        """Return what was learnt of an endpoint's probes, as it was kept last."""
        rows = self._rows("Reading what was learnt", READ_LEARNT + " WHERE endpoint_id = ?", (endpoint_id,))
        return readable(rows, learnt_of, "What was learnt")

    def routes(self, endpoint_id: str) -> Mapping[RouteKind, KeptRoute]:
        """Return the traces that are kept of an endpoint: the last good route, and the newest."""
        rows = self._rows("Reading the routes", READ_ROUTES + " WHERE endpoint_id = ?", (endpoint_id,))
        return {kept.kind: kept for kept in read_rows(rows, kept_route_of, "A route")}

    def blind_time(self, since_utc_s: float, until_utc_s: float) -> Sequence[BlindTime]:
        """Return the spans without measurement that touch a range, in order of their beginning."""
        query = READ_BLIND + " WHERE from_utc_s <= ? AND until_utc_s >= ? ORDER BY from_utc_s, cause"
        rows = self._rows("Reading the blind time", query, (until_utc_s, since_utc_s))
        return read_rows(rows, blind_of, "Blind time")

    def probes(self) -> Sequence[ProbeKey]:
        """Return every probe that was ever measured, in the order of first measurement."""
        return self._ask(
            "Reading the probes", lambda connection: list(self._known(connection).probes.values()), []
        )

    def series(self) -> Sequence[SeriesKey]:
        """Return every series that was ever measured, in the order of first measurement."""
        return self._ask(
            "Reading the series", lambda connection: list(self._known(connection).series.values()), []
        )

    def samples(self, series: SeriesKey, since_utc_s: float, until_utc_s: float) -> Samples:
        """Return one series over a range; losses of its probe are rows with NaN.

        Rows are dated by sending; ``since_utc_s`` is included, ``until_utc_s`` is not.
        """
        return self._ask(
            "Reading a series",
            lambda connection: history.samples(
                connection, self._archive, self._names, series, since_utc_s, until_utc_s
            ),
            history.no_samples(),
        )

    def curves(
        self, series: Sequence[SeriesKey], since_utc_s: float, until_utc_s: float, resolution: Resolution
    ) -> Mapping[SeriesKey, Curve]:
        """Return series at a resolution, all from one snapshot."""

        def ask(connection: sqlite3.Connection) -> Mapping[SeriesKey, Curve]:
            if resolution is Resolution.RAW:
                return {
                    one: raw_curve(self._samples(connection, one, since_utc_s, until_utc_s)) for one in series
                }
            rollups = self._rollups(connection)
            found = {one: rollups.rollup(one, resolution, since_utc_s, until_utc_s) for one in series}
            return {one: rolled_curve(resolution, rollup) for one, rollup in found.items()}

        return self._ask("Reading curves", ask, {one: empty_curve(resolution) for one in series})

    def stretches(
        self, series: SeriesKey, since_utc_s: float, until_utc_s: float, points: int
    ) -> Sequence[Stretch]:
        """Cut a range into stretches by what is still kept of each day."""
        nothing: Sequence[Stretch] = ()
        return self._ask(
            "Looking what is kept",
            lambda connection: self._rollups(connection).stretches(series, since_utc_s, until_utc_s, points),
            nothing,
        )

    def histogram(self, series: SeriesKey, since_utc_s: float, until_utc_s: float) -> LogHistogram:
        """Return how often values of each size came, in the hours that begin within a range."""
        return self._ask(
            "Reading a histogram",
            lambda connection: self._rollups(connection).histogram(series, since_utc_s, until_utc_s),
            LogHistogram.merged([]),
        )

    def latest(self, horizon_s: float, *, off_beat: bool = False) -> Mapping[ProbeKey, Reading]:
        """Return each probe's newest reading on the beat, or of all, no older than the horizon.

        The horizon counts back from the newest committed second, for a reader has no clock of its own.
        """
        return self._ask(
            "Reading the newest readings",
            lambda connection: history.latest(
                connection, self._archive, self._names, horizon_s, off_beat=off_beat
            ),
            {},
        )

    def tail(self, cursor: int) -> Tail:
        """Return all readings committed after a cursor; cursor 0 starts at now, with none.

        After a long pause they come in several calls of about ``history.TAIL_LIMIT`` readings.
        """
        return self._ask(
            "Following the journal",
            lambda connection: history.tail(connection, self._archive, self._names, cursor),
            Tail(history.BEFORE_ALL, ()),
        )

    def passed_over(self) -> Sequence[PassedOver]:
        """Return what could not be read since this was asked last."""
        return self._archive.take_passed_over()

    def close(self) -> None:
        """Give the reading side back."""
        self._closed = True
        self._drop()

    def _samples(
        self, connection: sqlite3.Connection, series: SeriesKey, since_utc_s: float, until_utc_s: float
    ) -> Samples:
        return history.samples(connection, self._archive, self._names, series, since_utc_s, until_utc_s)

    def _rollups(self, connection: sqlite3.Connection) -> Rollups:
        self._names.refresh(connection)
        readings = partial(self._samples, connection)
        return Rollups(connection, self._archive, self._names, readings)

    def _known(self, connection: sqlite3.Connection) -> Names:
        self._names.refresh(connection)
        return self._names

    def _rows(self, doing: str, query: str, parameters: Sequence[float | int | str] = ()) -> list[Row]:
        nothing: list[Row] = []
        return self._ask(doing, lambda connection: connection.execute(query, parameters).fetchall(), nothing)

    def _ask(self, doing: str, question: Callable[[sqlite3.Connection], Answer], nothing: Answer) -> Answer:
        if self._closed:
            raise StoreError("store-closed", "This reading side has been given back.")
        for attempt in range(_TRIES):
            try:
                connection = self._connected()
                return nothing if connection is None else self._in_one_moment(connection, question)
            except sqlite3.Error as error:
                self._drop()
                if not is_passing(error) or attempt == _TRIES - 1:
                    raise store_error(error, doing) from error
            except OSError as error:
                self._drop()
                raise file_error(error, doing) from error
            except (UnicodeError, TypeError) as error:
                self._drop()
                raise damaged(f"{doing} failed: {error}.") from error
            self._pause(_PAUSE_S)
        raise AssertionError("the last try returns or raises")

    def _in_one_moment(
        self, connection: sqlite3.Connection, question: Callable[[sqlite3.Connection], Answer]
    ) -> Answer:
        """Ask within one snapshot, so that names and rows of one answer belong together."""
        connection.execute("BEGIN")
        try:
            self._archive.store = _name_of(connection)
            return question(connection)
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _connected(self) -> sqlite3.Connection | None:
        file = _identity(self._folder)
        if file != self._file:
            self._drop()
        if self._connection is None and file is not None:
            self._connection = open_to_read(self._folder.store_file, leave_no_trace=self._leave_no_trace)
            self._file = file
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        self._file = None
        self._names = Names()
        self._archive.close()
        if connection is not None:
            connection.close()


def _name_of(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT name FROM identity").fetchone()
    return str(row[0]) if row else ""


def _identity(folder: DataFolder) -> tuple[int, int] | None:
    try:
        about = folder.store_file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StoreError(
            "store-unreadable",
            f"The store {folder.store_file} cannot be reached: {error.strerror}.",
            "Check the data folder and its rights.",
        ) from error
    return about.st_dev, about.st_ino


def _heartbeat_of(row: Row, pid: int | None) -> Heartbeat:
    key, at_utc_us, health = row
    figures = {str(name): float(value) for name, value in dict(json.loads(health)).items()}
    return Heartbeat(int(key), at_utc_us / MICROSECONDS, figures, pid)
