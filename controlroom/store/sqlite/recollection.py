"""What the writer committed last, so that a database that is mended while it runs lacks none of it.

Rules
1. Kept in memory: every endpoint's state, the alarms that have not ended, the newest that ended, the
   newest entries of the log and acts taken, how far each inbox was taken, blind time, the site, what of the
   outbox waits and the newest that was settled, the routes traced, what was learnt of probes, what answers
   did not tell, the maintenance planned, and what the journal's numbers stand for.
2. What the mended database has of a state, an alarm, a message, a route, a remark, a window of maintenance, a
   place or what was learnt gives way: memory is what was committed last. Of the rest only what is missing is
   put back.
3. Seconds of readings are not kept twice: of those, what stood on damaged pages is lost.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from controlroom.alarms.alarm import Alarm
from controlroom.condition.maintenance.window import MaintenanceWindow
from controlroom.condition.state import EndpointState
from controlroom.errors import StoreError
from controlroom.logbook.entry import Entry
from controlroom.measure.learnt import Learnt
from controlroom.measure.remark import Remark
from controlroom.reading import ProbeKey
from controlroom.route.kept import KeptRoute, RouteKind
from controlroom.store.inbox_file import later_place
from controlroom.store.interface import Batch, BlindTime, EngineMemory, TakenAct
from controlroom.store.outbox import KeptMessage, MessageState, first_delivery
from controlroom.store.sqlite.day_file import Named
from controlroom.store.sqlite.dictionary import Names, put_missing_names
from controlroom.store.sqlite.outbox import PUT_MESSAGE, message_row
from controlroom.store.sqlite.rows import (
    PUT_ACT,
    PUT_ALARM,
    PUT_BLIND,
    PUT_ENTRY,
    PUT_LEARNT,
    PUT_MAINTENANCE,
    PUT_REMARK,
    PUT_ROUTE,
    PUT_STATE,
    act_row,
    alarm_row,
    blind_row,
    entry_row,
    learnt_row,
    maintenance_row,
    remark_row,
    route_row,
    state_row,
)

PUT_PLACE: Final = "INSERT OR REPLACE INTO inbox_place (desk_id, place) VALUES (?, ?)"
PUT_SITE: Final = "INSERT OR REPLACE INTO site (only, json) VALUES (1, ?)"

ENTRIES: Final = 1_000
"""How many entries of the log are kept in memory."""
_ENDED: Final = 1_000
_ACTS: Final = 1_000
_BLIND: Final = 100
_SETTLED: Final = 1_000
_OPEN: Final = (MessageState.WAITING, MessageState.GATHERING)
_ENTRY_IF_MISSING: Final = PUT_ENTRY.replace("INSERT", "INSERT OR IGNORE", 1)
_ACT_IF_MISSING: Final = PUT_ACT.replace("INSERT", "INSERT OR IGNORE", 1)


class Recollection:
    """Follows what is committed. One thread at a time."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._states: dict[str, EndpointState] = {}
        self._alarms: dict[int, Alarm] = {}
        self._ended: deque[Alarm] = deque(maxlen=_ENDED)
        self._entries: deque[Entry] = deque(maxlen=ENTRIES)
        self._acts: deque[TakenAct] = deque(maxlen=_ACTS)
        self._places: dict[str, int] = {}
        self._blind: deque[BlindTime] = deque(maxlen=_BLIND)
        self._site_json: str | None = None
        self._names = Names()
        self._routes: dict[tuple[str, RouteKind], KeptRoute] = {}
        self._learnt: dict[tuple[ProbeKey, str], Learnt] = {}
        self._remarks: dict[ProbeKey, Remark] = {}
        self._maintenance: dict[int, MaintenanceWindow] = {}
        self._outbox: dict[str, KeptMessage] = {}
        self._settled: deque[KeptMessage] = deque(maxlen=_SETTLED)

    def began(self, memory: EngineMemory, entries: Iterable[Entry], places: dict[str, int]) -> None:
        """Take what an engine remembers at its start, with the newest entries of the log."""
        self._states = {state.endpoint_id: state for state in memory.states}
        self._alarms = {alarm.number: alarm for alarm in memory.alarms}
        self._entries.extend(entries)
        self._places = dict(places)
        self._site_json = memory.site_json
        self._routes = {(kept.endpoint_id, kept.kind): kept for kept in memory.routes}
        self._learnt = {(learnt.probe, learnt.subject): learnt for learnt in memory.learnt}
        self._remarks = {remark.probe: remark for remark in memory.remarks}
        self._maintenance = {window.number: window for window in memory.maintenance}
        self._outbox = {kept.message.key: kept for kept in memory.outbox}

    def committed(self, batch: Batch) -> None:
        """Take a batch that is durable."""
        self._states.update((state.endpoint_id, state) for state in batch.states)
        for alarm in batch.alarms:
            if alarm.ended:
                self._alarms.pop(alarm.number, None)
                self._ended.append(alarm)
            else:
                self._alarms[alarm.number] = alarm
        self._entries.extend(batch.entries)
        self._acts.extend(batch.acts)
        for taken in batch.acts:
            self._places[taken.desk_id] = later_place(self._places.get(taken.desk_id), taken.place)
        self._blind.extend(batch.blind)
        self._routes.update(((kept.endpoint_id, kept.kind), kept) for kept in batch.routes)
        self._learnt.update(((learnt.probe, learnt.subject), learnt) for learnt in batch.learnt)
        self._remarks.update((remark.probe, remark) for remark in batch.remarks)
        self._maintenance.update((window.number, window) for window in batch.maintenance)
        self._site_json = self._site_json if batch.site_json is None else batch.site_json
        self._follow_outbox(batch)

    def _follow_outbox(self, batch: Batch) -> None:
        for message in batch.messages:
            self._outbox[message.key] = KeptMessage(message, first_delivery(message))
        for delivery in batch.deliveries:
            before = self._outbox.get(delivery.key)
            if before is None or before.message.gathering:
                continue
            kept = KeptMessage(before.message, delivery)
            if delivery.state in _OPEN:
                self._outbox[delivery.key] = kept
            else:
                del self._outbox[delivery.key]
                self._settled.append(kept)

    def learn_names(self, connection: sqlite3.Connection) -> None:
        """Read from a database what its numbers stand for, as far as that can still be read."""
        with suppress(sqlite3.Error, StoreError):
            self._names.refresh(connection)

    def put_back(self, connection: sqlite3.Connection) -> None:
        """Complete a database that was mended, within the open transaction and with no trigger in the way."""
        names = self._names
        put_missing_names(connection, Named(names.probes, names.series))
        connection.executemany(PUT_STATE, map(state_row, self._states.values()))
        connection.executemany(PUT_ALARM, map(alarm_row, (*self._ended, *self._alarms.values())))
        connection.executemany(_ENTRY_IF_MISSING, map(entry_row, self._entries))
        connection.executemany(_ACT_IF_MISSING, map(act_row, self._acts))
        connection.executemany(PUT_PLACE, self._places.items())
        connection.executemany(PUT_BLIND, map(blind_row, self._blind))
        connection.executemany(PUT_ROUTE, map(route_row, self._routes.values()))
        connection.executemany(PUT_LEARNT, map(learnt_row, self._learnt.values()))
        connection.executemany(PUT_REMARK, map(remark_row, self._remarks.values()))
        connection.executemany(PUT_MAINTENANCE, map(maintenance_row, self._maintenance.values()))
        connection.executemany(PUT_MESSAGE, map(message_row, (*self._settled, *self._outbox.values())))
        if self._site_json is not None:
            connection.execute(PUT_SITE, (self._site_json,))
