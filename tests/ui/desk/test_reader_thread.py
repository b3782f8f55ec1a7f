"""The thread that reads for the desk: what it may drop, and what somebody waits for."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from controlroom.errors import StoreError
from controlroom.logbook.entry import LogKind
from controlroom.reading import ProbeKey, SeriesKey
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, ReadStore, Samples, Tail
from controlroom.store.outbox import MessageState
from controlroom.store.sqlite import open_read_store
from controlroom.store.sqlite.reader import SqliteReadStore
from tests.controlroom.store.outbox_contract import message, settled
from tests.ui.desk.room import DOWN, make_room
from ui.desk.reader_thread import LOOK_EVERY_S, QUEUE_LIMIT, WORTH_EVERY_S, ReaderThread
from ui.desk.snapshot import History, RangeTold, RangeWish, ReaderEvent, Request, Snapshot, Worth

SERIES = SeriesKey(DOWN, "icmp", "rtt_s")
WITHIN_S = 10.0


def _wait(what: Callable[[], bool]) -> None:
    until_s = time.monotonic() + WITHIN_S
    while not what():
        assert time.monotonic() < until_s
        time.sleep(0.01)


def _histories(events: list[ReaderEvent]) -> list[Request]:
    return [event.request for event in events if isinstance(event, History)]


def test_a_full_queue_drops_looks_and_no_answer(tmp_path: Path) -> None:
    """A window that stood still finds the answer it waited for, and then a look with everything."""
    room = make_room(tmp_path, seconds=5)
    reader = ReaderThread(lambda: open_read_store(DataFolder(tmp_path)), time.monotonic)
    reader.start()
    request = Request(7, SERIES, room.now_utc_s - 60, room.now_utc_s)
    reader.ask(request)
    _wait(lambda: any(isinstance(event, History) for event in list(reader._events)))
    reader._events.extend([Snapshot(0.0, None)] * (QUEUE_LIMIT + 1))
    _wait(lambda: len(reader._events) < QUEUE_LIMIT)
    _wait(lambda: any(isinstance(event, Snapshot) and event.site for event in list(reader._events)))
    assert _histories(reader.drain()) == [request]
    reader.end()
    reader.join(WITHIN_S)
    room.store.close()


def test_a_request_outlives_a_store_that_fails(tmp_path: Path) -> None:
    """It is answered once the store can be read again."""
    room = make_room(tmp_path, seconds=5)
    failures = [StoreError("busy", "The store is busy.")]

    class Failing(SqliteReadStore):
        def samples(self, series: SeriesKey, since_utc_s: float, until_utc_s: float) -> Samples:
            if failures and series == SERIES:
                raise failures.pop()
            return super().samples(series, since_utc_s, until_utc_s)

    def open_store() -> ReadStore:
        return Failing(DataFolder(tmp_path))

    reader = ReaderThread(open_store, time.monotonic)
    request = Request(1, SERIES, room.now_utc_s - 60, room.now_utc_s)
    reader.ask(request)
    reader.start()
    seen: list[ReaderEvent] = []

    def answered() -> bool:
        seen.extend(reader.drain())
        return bool(_histories(seen))

    _wait(answered)
    assert not failures
    assert _histories(seen) == [request]
    assert ProbeKey(DOWN, "icmp") == SERIES.probe
    reader.end()
    reader.join(WITHIN_S)
    room.store.close()


def test_a_desk_that_slept_through_a_stretch_reads_the_newest_afresh(tmp_path: Path) -> None:
    """A tail that says it missed something is not taken for all that happened."""
    room = make_room(tmp_path, seconds=5)
    gaps: list[bool] = []

    class Sleepy(SqliteReadStore):
        def tail(self, cursor: int) -> Tail:
            tail = super().tail(cursor)
            missed = cursor != 0 and not gaps
            gaps.extend([True] if missed else [])
            return replace(tail, gap=missed)

    reader = ReaderThread(lambda: Sleepy(DataFolder(tmp_path)), time.monotonic)
    seen: list[Snapshot] = []

    def looks() -> int:
        room.second()
        seen.extend(event for event in reader.drain() if isinstance(event, Snapshot) and event.states)
        return len(seen)

    reader.start()
    _wait(lambda: looks() >= 4)
    reader.end()
    reader.join(WITHIN_S)
    room.store.close()
    assert gaps
    assert [look.latest is not None for look in seen[:4]] == [True, True, False, False]


def test_the_range_that_is_shown_is_read_once_it_stands_still(tmp_path: Path) -> None:
    """Of those that were passed through on the way nothing is read, and of the last one once."""
    room = make_room(tmp_path, seconds=5)
    reader = ReaderThread(lambda: open_read_store(DataFolder(tmp_path)), time.monotonic)
    wishes = [
        RangeWish(SERIES.endpoint_id, SERIES.probe_name, 60.0, room.now_utc_s - step) for step in range(4)
    ]
    reader.start()
    for wish in wishes:
        reader.watch_range(wish)
    _wait(lambda: any(isinstance(event, RangeTold) for event in list(reader._events)))
    time.sleep(3 * LOOK_EVERY_S)
    told = [event for event in reader.drain() if isinstance(event, RangeTold)]
    reader.end()
    reader.join(WITHIN_S)
    room.store.close()
    assert [each.wish for each in told] == wishes[-1:]
    assert told[0].figures is not None


def test_the_quality_is_read_at_once_after_what_it_follows(tmp_path: Path) -> None:
    """And once more when the engine has judged anew."""
    room = make_room(tmp_path, seconds=5)
    reader = ReaderThread(lambda: open_read_store(DataFolder(tmp_path)), time.monotonic)

    def told() -> int:
        return sum(1 for event in list(reader._events) if isinstance(event, Worth))

    reader.watch_routes(DOWN)
    reader.start()
    _wait(lambda: told() == 1)
    entry = room.entry(room.now_utc_s, LogKind.LINK_CHANGED, DOWN, change="loss-rise")
    room.store.commit(Batch(entries=(entry,)))
    began_s = time.monotonic()
    room.second()
    _wait(lambda: told() == 3)
    assert time.monotonic() - began_s < WORTH_EVERY_S - 1.0
    reader.end()
    reader.join(WITHIN_S)
    room.store.close()


def test_messages_come_once_and_at_first_those_alone_that_wait(tmp_path: Path) -> None:
    """What a desk delivered before this one opened is no news; what nobody needs any more is none at all."""
    room = make_room(tmp_path, seconds=5, story=False)
    first, other, third = message(1), message(2), message(3)
    room.store.commit(
        Batch(messages=[first, other], deliveries=[settled(first, MessageState.DELIVERED)]),
    )
    reader = ReaderThread(lambda: open_read_store(DataFolder(tmp_path)), time.monotonic)
    seen: list[int] = []

    def came() -> list[int]:
        looks = [event for event in reader.drain() if isinstance(event, Snapshot)]
        seen.extend(each.number for look in looks for each in look.messages)
        return seen

    reader.start()
    _wait(lambda: came() == [2])
    stale = message(4)
    room.store.commit(Batch(messages=[third, stale, message(5, channel="mail")]))
    room.store.commit(Batch(deliveries=[settled(stale, MessageState.UNNEEDED)]))
    room.second()
    _wait(lambda: came() == [2, 3])
    room.second()
    time.sleep(3 * LOOK_EVERY_S)
    assert came() == [2, 3]
    reader.end()
    reader.join(WITHIN_S)
    room.store.close()
