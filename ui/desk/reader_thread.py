"""The thread that owns the desk's reading side of the store. It never touches a widget.

1. It looks every quarter of a second and puts what it saw, frozen, into a queue; the GUI thread
   empties that queue on its own timer. Nothing is signalled one by one.
2. The routes of the one endpoint that is watched are read when it changes and with every new heartbeat; how
   good its link is, every few seconds and after entries of the log that it follows, and how long it worked,
   every minute. The figures of the range that is shown are read when it has stood still for a moment, and
   while it ends now again and again, the less often the longer it is.
3. Requests for history are served between two looks, so that reading never blocks the window.
4. A store that cannot be read is reported, closed and opened anew; the desk meanwhile sees no
   heartbeat, and therefore says that the figures are old.
5. The queue has a limit. A window that does not empty it loses the oldest looks, and the next look
   starts afresh with everything, so that nothing on screen stays wrong. The answer to a request is never
   dropped, nor is a request whose answer could not be read: it is served as soon as the store can be.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from pydantic import ValidationError

from controlroom.alarms.message import DESK, Message
from controlroom.errors import ControlroomError
from controlroom.logbook.entry import Entry, LogKind
from controlroom.measure.limits import BURST_LOSS_RATIO
from controlroom.reading import SeriesKey
from controlroom.site.view import SeenProbe, SiteView
from controlroom.store.interface import BlindTime, Heartbeat, ReadStore
from controlroom.store.outbox import MessageState
from ui.desk.history_reading import read_history
from ui.desk.log_list.folding import MOST_FOLDED, is_of_many
from ui.desk.range_reading import read_range, read_range_every_s
from ui.desk.snapshot import (
    NOTHING_WORKED,
    History,
    RangeWish,
    ReaderEvent,
    ReadFailure,
    Recent,
    Request,
    Routes,
    Snapshot,
    Worked,
)
from ui.desk.standings_reading import StandingsReading
from ui.desk.worth_reading import read_worked, read_worth

LOOK_EVERY_S = 0.25
BLIND_EVERY_S = 10.0
WORTH_EVERY_S = 5.0
WORTH_SOON_S = 1.5
WORTH_FOLLOWS = frozenset(
    {LogKind.CONDITION_CHANGED, LogKind.LINK_CHANGED, LogKind.GRADE_CHANGED, LogKind.ROUTE_CHANGED}
)
"""After these entries the quality is read at once, and once more soon."""
MAINTENANCE_FOLLOWS = frozenset(
    {
        LogKind.MAINTENANCE_PLANNED,
        LogKind.MAINTENANCE_BEGUN,
        LogKind.MAINTENANCE_ENDED,
        LogKind.MAINTENANCE_CANCELLED,
        LogKind.CLOCK_STEPPED,
    }
)
"""After these entries the windows are read."""
AVAILABILITY_EVERY_S = 60.0
RANGE_SETTLES_S = 0.4
HORIZON_S = 120.0
RECENT_S = 300.0
RECENT_PROBES = 200
"""Beyond this many probes the loss of the last minutes builds up from live readings alone."""
DAY_S = 86400.0
LOG_ENTRIES = 500
"""How many entries of the log the desk begins with."""
QUEUE_LIMIT = 400
_STILL_TOLD = frozenset({MessageState.WAITING, MessageState.DELIVERED})
"""What another desk delivered sounds here as well; what nobody needs any more does not."""


@dataclass(slots=True)
class _Look:
    """What the looks so far have seen; begun anew with every opening of the store."""

    heartbeat: Heartbeat | None = None
    cursor: int = 0
    site_json: str = ""
    last_entry: int = 0
    blind_due_s: float = float("-inf")
    ahead: list[SeriesKey] = field(default_factory=list)
    routes_of: tuple[str, int] = ("", -1)
    site: SiteView | None = None
    worth_of: str = ""
    worth_due_s: float = float("-inf")
    worth_is_news: bool = False
    worked_due_s: float = float("-inf")
    worked: Worked = NOTHING_WORKED
    range_of: RangeWish | None = None
    range_due_s: float = float("-inf")
    last_message: int = 0
    standings: StandingsReading = field(default_factory=StandingsReading)


class ReaderThread(threading.Thread):
    """Looks into the store for as long as the desk is open."""

    def __init__(
        self,
        open_store: Callable[[], ReadStore],
        monotonic_s: Callable[[], float],
    ) -> None:
        """Keep the means; the store is opened in the thread itself."""
        super().__init__(name="desk-reader", daemon=True)
        self._open_store = open_store
        self._monotonic_s = monotonic_s
        self._requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._events: deque[ReaderEvent] = deque()
        self._act_ids: tuple[str, ...] = ()
        self._routed = ""
        self._range: RangeWish | None = None
        self._ending = threading.Event()
        self._wake = threading.Event()
        self._look = _Look()
        self._wish: Request | None = None

    def ask(self, request: Request) -> None:
        """Wish for a stretch of history."""
        self._requests.put(request)
        self._wake.set()

    def watch_acts(self, act_ids: Sequence[str]) -> None:
        """Name the acts whose answers are awaited."""
        self._act_ids = tuple(act_ids)

    def watch_routes(self, endpoint_id: str) -> None:
        """Name the endpoint whose routes are wanted; empty wants none."""
        self._routed = endpoint_id

    def watch_range(self, wish: RangeWish | None) -> None:
        """Name the range whose figures are wanted; ``None`` wants none."""
        self._range = wish

    def drain(self) -> list[ReaderEvent]:
        """Take all that was seen since the last call."""
        events: list[ReaderEvent] = []
        with suppress(IndexError):  # the other thread may take the last one
            while True:
                events.append(self._events.popleft())
        return events

    def end(self) -> None:
        """Ask the thread to give the store back and end."""
        self._ending.set()
        self._wake.set()

    def run(self) -> None:
        """Open, look, and open again when the store fails."""
        while not self._ending.is_set():
            try:
                store = self._open_store()
            except (ControlroomError, OSError) as error:
                self._report(error)
                self._ending.wait(1.0)
                continue
            try:
                self._watch(store)
            except (ControlroomError, OSError) as error:
                self._report(error)
                self._ending.wait(1.0)
            finally:
                # The diagrams of the services may be dropped by the thread alone that made them.
                self._look = _Look()
                store.close()

    def _watch(self, store: ReadStore) -> None:
        self._look = _Look()
        while not self._ending.is_set():
            if len(self._events) > QUEUE_LIMIT:
                self._drop_looks()
                self._look = _Look()
            self._events.append(self._snapshot(store))
            self._read_ahead(store)
            self._read_routes(store)
            self._read_worth(store)
            self._read_range(store)
            due_s = self._monotonic_s() + LOOK_EVERY_S
            while not self._ending.is_set():
                self._serve(store)
                if not self._wake.wait(max(0.0, min(LOOK_EVERY_S, due_s - self._monotonic_s()))):
                    break
                self._wake.clear()

    def _snapshot(self, store: ReadStore) -> Snapshot:
        look, now_s = self._look, self._monotonic_s()
        heartbeat = store.heartbeat()
        act_ids = self._act_ids
        answers = store.answers(act_ids) if act_ids else {}
        still = look.heartbeat is not None and heartbeat is not None and _same(look.heartbeat, heartbeat)
        if heartbeat is None or (still and not answers):
            return Snapshot(now_s, heartbeat, answers=answers)
        first = look.heartbeat is None
        tail = store.tail(look.cursor)
        afresh = first or tail.gap  # the machine or the thread slept: more happened than a tail can tell
        entries = self._entries(store, first)
        replanned = first or any(entry.kind in MAINTENANCE_FOLLOWS for entry in entries)
        site, states = self._site(store), store.states()
        regraded = any(entry.kind in WORTH_FOLLOWS for entry in entries)
        snapshot = Snapshot(
            read_monotonic_s=now_s,
            heartbeat=heartbeat,
            site=site,
            states=states,
            alarms=store.alarms(),
            entries=entries,
            readings=tail.readings,
            latest=store.latest(HORIZON_S) if afresh else None,
            answers=answers,
            blind=self._blind(store, heartbeat.at_utc_s),
            series=store.series() if afresh else (),
            remarks=store.remarks(),
            maintenance=store.maintenance() if replanned else None,
            standings=look.standings.see(store, look.site, states, now_s, grades_changed=regraded),
            messages=self._messages(store, first),
        )
        look.heartbeat, look.cursor = heartbeat, tail.cursor
        return snapshot

    def _site(self, store: ReadStore) -> SiteView | None:
        text = store.site_json()
        if text is None or text == self._look.site_json:
            return None
        try:
            site = SiteView.model_validate_json(text)
        except ValidationError as error:
            raise ControlroomError("site-unreadable", "The store's site cannot be read.") from error
        self._look.site_json, self._look.site = text, site
        self._look.ahead = _probes_to_read_ahead(site)
        return site

    def _entries(self, store: ReadStore, first: bool) -> Sequence[Entry]:
        newest = LOG_ENTRIES if first else None
        entries = store.entries(after_number=self._look.last_entry, newest=newest)
        if first and sum(not is_of_many(entry) for entry in entries) < LOG_ENTRIES // 2:
            entries = store.entries(newest=MOST_FOLDED)  # a storm; what came before it is wanted as well
        if entries:
            self._look.last_entry = entries[-1].number
        if any(each.subject == self._look.worth_of and each.kind in WORTH_FOLLOWS for each in entries):
            self._look.worth_due_s, self._look.worth_is_news = self._monotonic_s(), True
        return entries

    def _messages(self, store: ReadStore, first: bool) -> Sequence[Message]:
        """Read what came for the desks; at first what waits alone, for all else was told by some desk."""
        look = self._look
        newest = store.outbox_state().newest_number
        if newest < look.last_message:  # the store is another one, or was mended
            look.last_message = newest
        kept = store.messages(after_number=look.last_message, channel=DESK, waiting=first)
        look.last_message = max(
            [newest if first else 0, look.last_message, *(each.message.number for each in kept)]
        )
        return [each.message for each in kept if each.delivery.state in _STILL_TOLD]

    def _blind(self, store: ReadStore, until_utc_s: float) -> Sequence[BlindTime] | None:
        now_s = self._monotonic_s()
        if now_s < self._look.blind_due_s:
            return None
        self._look.blind_due_s = now_s + BLIND_EVERY_S
        return tuple(store.blind_time(until_utc_s - DAY_S, until_utc_s))

    def _read_ahead(self, store: ReadStore) -> None:
        """Read the last minutes of a few probes that were not yet read."""
        heartbeat = self._look.heartbeat
        for _ in range(min(8, len(self._look.ahead)) if heartbeat is not None else 0):
            series = self._look.ahead.pop()
            until_s = heartbeat.at_utc_s if heartbeat is not None else 0.0
            samples = store.samples(series, until_s - RECENT_S, until_s)
            self._events.append(Recent(series, samples))

    def _read_routes(self, store: ReadStore) -> None:
        """Read the routes of the endpoint that is watched, where that can tell something new."""
        look, endpoint_id = self._look, self._routed
        seen = endpoint_id, -1 if look.heartbeat is None else look.heartbeat.sequence
        if endpoint_id and seen != look.routes_of:
            look.routes_of = seen
            self._events.append(Routes(endpoint_id, store.routes(endpoint_id)))

    def _read_worth(self, store: ReadStore) -> None:
        """Read how good the watched endpoint's link is, when it is due (rule 2)."""
        look, now_s = self._look, self._monotonic_s()
        if look.site is None or look.heartbeat is None:
            return
        if self._routed != look.worth_of:
            look.worth_of, look.worth_due_s, look.worked_due_s = self._routed, now_s, now_s
        seen = next((each for each in look.site.endpoints if each.id == look.worth_of), None)
        if seen is None or now_s < look.worth_due_s:
            return
        now_utc_s = look.heartbeat.at_utc_s
        if now_s >= look.worked_due_s:
            look.worked_due_s = now_s + AVAILABILITY_EVERY_S
            look.worked = read_worked(store, seen, now_utc_s)
        # What the engine judges anew is in the store by the end of the second in which the log told why.
        look.worth_due_s = now_s + (WORTH_SOON_S if look.worth_is_news else WORTH_EVERY_S)
        look.worth_is_news = False
        self._events.append(read_worth(store, look.site, seen, now_utc_s, look.worked))

    def _read_range(self, store: ReadStore) -> None:
        """Read the figures of the range that is shown, when they are due (rule 2)."""
        look, now_s, wish = self._look, self._monotonic_s(), self._range
        if wish != look.range_of:
            look.range_of, look.range_due_s = wish, now_s + RANGE_SETTLES_S
        if wish is None or look.site is None or look.heartbeat is None or now_s < look.range_due_s:
            return
        look.range_due_s = now_s + read_range_every_s(wish, look.heartbeat.at_utc_s)
        told = read_range(store, look.site, wish, look.heartbeat.at_utc_s)
        if told is not None:
            self._events.append(told)

    def _serve(self, store: ReadStore) -> None:
        """Answer the newest wish; older ones are no longer wanted."""
        while not self._requests.empty():
            self._wish = self._requests.get()
        wish = self._wish
        if wish is None:
            return
        newest_utc_s = wish.until_utc_s if self._look.heartbeat is None else self._look.heartbeat.at_utc_s
        self._events.append(read_history(store, wish, newest_utc_s))
        self._wish = None

    def _drop_looks(self) -> None:
        """Drop what was seen and not taken, but not the newest answer (rule 5)."""
        answers = [event for event in self.drain() if isinstance(event, History)]
        self._events.extend(answers[-1:])

    def _report(self, error: Exception) -> None:
        self._events.append(ReadFailure(self._monotonic_s(), str(error)))


def _same(one: Heartbeat, other: Heartbeat) -> bool:
    return (one.sequence, one.engine_pid) == (other.sequence, other.engine_pid)


def _probes_to_read_ahead(site: SiteView) -> list[SeriesKey]:
    """The series to read once at the start, last first; none where they are too many."""
    series = [
        SeriesKey(endpoint.id, probe.name, _metric_of_loss(probe))
        for endpoint in site.endpoints
        for probe in endpoint.probes[:1]
        if probe.metrics
    ]
    return series[::-1] if len(series) <= RECENT_PROBES else []


def _metric_of_loss(probe: SeenProbe) -> str:
    """The loss within bursts where there are any; all others tell of loss alike."""
    names = [metric.name for metric in probe.metrics]
    return BURST_LOSS_RATIO if BURST_LOSS_RATIO in names else names[0]
