"""One engine after another on a real store: who stopped it, what it came after, what it never writes."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from controlroom.alarms.alarm import ENGINE, Alarm, AlarmState, Cause
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.rules import own_fault
from controlroom.condition.state import Condition
from controlroom.engine.engine import Engine
from controlroom.engine.foreground import run_engine, system_clocks
from controlroom.engine.parts import EngineParts
from controlroom.engine.site_file import LoadedSite
from controlroom.logbook.act import Act, ActKind, Detail
from controlroom.logbook.chain import Chain, first_break
from controlroom.logbook.entry import Draft, Entry, LogKind
from controlroom.probe import ProbeParameters, Prober, ProberContext, ProbeType, Question
from controlroom.reading import Outcome, Reading
from controlroom.site.model import Endpoint, EndpointKind, Probe, Site
from controlroom.store.inbox import DeskInbox
from controlroom.store.interface import Batch
from controlroom.store.sqlite import open_read_store
from tests.controlroom.engine.troubled_store import TroubledStore


class Parrot:
    """A prober that answers every question at once."""

    def __init__(self, context: ProberContext) -> None:
        """Answer to the context's sink."""
        self._context = context

    async def start(self) -> None:
        """Need nothing."""

    def ask(self, question: Question) -> None:
        """Answer on the loop's next turn."""
        context = self._context
        answer = Reading(question.probe, context.utc_s(), context.monotonic_s(), Outcome.REPLIED)
        asyncio.get_running_loop().call_soon(context.sink, answer)

    async def stop(self) -> None:
        """Give nothing back."""

    def health(self) -> Mapping[str, float]:
        """Say nothing."""
        return {}


def create(context: ProberContext) -> Prober:
    """Make a prober."""
    return Parrot(context)


TYPE = ProbeType("icmp", "Ping", "", ProbeParameters, lambda _: (), create, 1.0, 1.0)


class Room:
    """A data folder on which engines run in this process, one after the other."""

    def __init__(self, path: Path) -> None:
        """Open the store; it stays open from engine to engine."""
        self.store = TroubledStore(path)
        self.inbox = DeskInbox(self.store.folder, "desk-1")

    def parts(self, address: str = "127.0.0.1") -> EngineParts:
        """Return the parts of the next engine: one endpoint asked five times a second."""
        probe = Probe(type="icmp", name="icmp", period_s=0.2, timeout_s=0.2, parameters=ProbeParameters())
        mast = Endpoint(id="mast", name="Mast", kind=EndpointKind.PARTNER, address=address, probes=(probe,))
        return EngineParts(
            site=Site(name="Room", endpoints=(mast,)),
            site_digest="",
            probe_types={"icmp": TYPE},
            store=self.store,
            resolve_secret=str,
            own_addresses=frozenset,
            ways_out=lambda: None,
            clocks=system_clocks,
            version="1",
        )

    def run(self, meanwhile: Callable[[Engine], Awaitable[None]] | None = None) -> bool:
        """Run an engine until what happens meanwhile is over, then end it by a signal."""

        async def live() -> bool:
            engine = Engine(self.parts())
            running = asyncio.create_task(engine.run())
            await asyncio.sleep(0.3)
            if meanwhile is not None:
                await meanwhile(engine)
            engine.stop("SIGTERM")
            return await running

        return asyncio.run(live())

    def stop_act(self, at_utc_s: float) -> Act:
        """Put an operator's word to stop, as of some time."""
        act = Act(f"stop-{at_utc_s:.0f}", ActKind.STOP, at_utc_s, "ann")
        self.inbox.put(act)
        return act

    def entries(self, *kinds: LogKind) -> list[Entry]:
        """Return the log, or its entries of some kinds; its chain is whole."""
        reader = open_read_store(self.store.folder)
        assert first_break(reader.entries()) is None
        entries = list(reader.entries(kinds=frozenset(kinds) if kinds else None))
        reader.close()
        return entries

    def own_alarms(self) -> list[Alarm]:
        """Return the alarms about the store that have not ended."""
        reader = open_read_store(self.store.folder)
        alarms = [alarm for alarm in reader.alarms() if alarm.cause is Cause.STORE_FAILED]
        reader.close()
        return alarms


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A new data folder."""
    room = Room(tmp_path / "data")
    yield room
    room.inbox.close()
    room.store.close()


def test_a_file_that_runs_already_is_logged_where_an_operator_says_why(room: Room) -> None:
    """Somebody put back what runs: nothing is measured anew, and the log names them and their words."""
    parts = room.parts()
    same = replace(parts, site_digest="d", read_site=lambda: LoadedSite(parts.site, "d", ""))

    async def live() -> None:
        running = asyncio.create_task(Engine(same).run(for_s=1.2))
        await asyncio.sleep(0.2)
        room.inbox.put(Act("silent", ActKind.RELOAD, time.time(), "bob"))
        room.inbox.put(Act("told", ActKind.RELOAD, time.time(), "ann", note="Put back what runs"))
        assert await running

    asyncio.run(live())
    (entry,) = room.entries(LogKind.SITE_CHANGED)
    assert (entry.operator, entry.facts["note"], entry.facts["same"]) == ("ann", "Put back what runs", True)


def test_a_stop_from_before_is_refused_and_stops_nothing(room: Room) -> None:
    """It meant another engine. The operator's word stays in the log, with the reason."""
    act = room.stop_act(time.time() - 5)

    async def look(_engine: Engine) -> None:
        await asyncio.sleep(0.4)

    assert room.run(look)
    reader = open_read_store(room.store.folder)
    answer = reader.answers([act.id])[act.id]
    reader.close()
    assert (answer.accepted, answer.answer) == (False, "already_stopped")
    (stopped,) = room.entries(LogKind.ENGINE_STOPPED)
    assert (stopped.operator, stopped.facts["cause"]) == ("", "SIGTERM")
    (refused,) = room.entries(LogKind.ACT_REFUSED)
    assert (refused.operator, refused.facts["act"]) == ("ann", "stop")


def test_a_stop_put_just_before_the_signal_is_the_cause(room: Room) -> None:
    """A desk puts the word and signals at once: the log names who stopped it, the act is answered."""
    acts: list[Act] = []

    async def put(engine: Engine) -> None:
        acts.append(room.stop_act(time.time()))
        engine.stop("SIGTERM")

    assert room.run(put)
    (stopped,) = room.entries(LogKind.ENGINE_STOPPED)
    assert (stopped.operator, stopped.facts["cause"]) == ("ann", "operator")
    reader = open_read_store(room.store.folder)
    assert reader.answers([acts[0].id])[acts[0].id].accepted
    reader.close()
    assert room.run()
    assert room.entries(LogKind.ACT_REFUSED) == []


def test_a_signal_after_the_operators_word_changes_nothing(room: Room) -> None:
    """The act is taken before the signal comes; the operator stays the cause."""

    async def word_then_signal(engine: Engine) -> None:
        engine.stop("operator", "ann")
        engine.stop("SIGTERM")

    assert room.run(word_then_signal)
    (stopped,) = room.entries(LogKind.ENGINE_STOPPED)
    assert (stopped.operator, stopped.facts["cause"]) == ("ann", "operator")


def test_an_engine_knows_what_it_came_after(room: Room) -> None:
    """Nothing, an orderly end, an end without a word."""
    assert room.run()
    assert room.run()
    memory = room.store.remember()
    chain = Chain(memory.last_entry_number, memory.last_entry_hash)
    room.store.commit(Batch(entries=[chain.append(Draft(time.time(), LogKind.NOTE, ENGINE))]))
    assert room.run()
    started = room.entries(LogKind.ENGINE_STARTED)
    assert [entry.facts["after"] for entry in started] == ["start", "stop", "crash"]


def test_an_alarm_of_the_store_left_by_a_crash_is_returned(room: Room) -> None:
    """Whoever raised it is gone; the first good commit of the next engine ends the fault."""
    moved = AlarmRegister().fault(own_fault(Cause.STORE_FAILED, "disk-full", 1000.0), 1000.0)
    assert moved is not None
    room.store.commit(Batch(alarms=[moved.alarm], entries=[Chain().append(moved.entry)]))
    assert room.run()
    assert [alarm.state for alarm in room.own_alarms()] == [AlarmState.RETURNED_UNACKNOWLEDGED]
    assert len(room.entries(LogKind.ALARM_RETURNED)) == 1


def test_inboxes_that_cannot_be_read_are_one_alarm(room: Room) -> None:
    """Raised once, returned once, and the last word of the log is that the engine stopped."""

    async def break_and_mend(_engine: Engine) -> None:
        room.store.failing.add("waiting_acts")
        await asyncio.sleep(1.5)
        room.store.failing.clear()
        await asyncio.sleep(0.5)
        room.store.failing.add("waiting_acts")
        await asyncio.sleep(0.4)

    assert room.run(break_and_mend)
    told = [entry.kind for entry in room.entries() if entry.facts.get("cause") == "store_failed"]
    assert told == [LogKind.ALARM_RAISED, LogKind.ALARM_RETURNED, LogKind.ALARM_RAISED_AGAIN]
    assert room.entries()[-1].kind is LogKind.ENGINE_STOPPED


def test_nothing_is_written_after_the_last_entry(room: Room) -> None:
    """Trouble that shows only in the last look is told in the diagnostics, not behind the last entry."""

    async def break_at_the_end(_engine: Engine) -> None:
        room.store.failing.update({"waiting_acts", "tend"})

    assert room.run(break_at_the_end)
    assert room.entries()[-1].kind is LogKind.ENGINE_STOPPED
    assert room.store.remember().ended_orderly


def test_an_end_on_a_full_disk_says_what_is_lost(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    """Within two seconds, in one sentence with the numbers."""
    ended_s: list[float] = []

    async def fill(_engine: Engine) -> None:
        room.store.failing.add("commit")
        await asyncio.sleep(1.2)
        ended_s.append(time.monotonic())

    with caplog.at_level(logging.ERROR):
        assert not room.run(fill)
    assert time.monotonic() - ended_s[0] < 2.0
    (said,) = [record.getMessage() for record in caplog.records if record.name == "controlroom.engine"]
    # the seconds since, and two entries: the alarm about the store, and the engine's end
    lost = r"Monitoring ended, but [2-9] seconds of readings and 2 log entries could not be committed"
    assert re.fullmatch(rf"{lost} \(disk-full\)\.", said)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_engine_whose_writer_died_ends_by_itself(room: Room) -> None:
    """It would go on measuring, and nothing would ever be written: it ends as at any fault of its own."""

    async def live() -> bool:
        engine = Engine(room.parts())
        running = asyncio.create_task(engine.run())
        await asyncio.sleep(0.3)
        room.store.mistaken.add("tend")
        return await asyncio.wait_for(running, 10)

    assert not asyncio.run(live())


def test_an_engine_whose_folder_was_moved_away_ends_by_itself(room: Room) -> None:
    """All that it had goes with the folder; another may begin in its place."""
    moved = room.store.folder.path.with_name("moved")

    async def live() -> bool:
        engine = Engine(room.parts())
        running = asyncio.create_task(engine.run())
        await asyncio.sleep(0.3)
        room.store.folder.path.rename(moved)
        return await asyncio.wait_for(running, 10)

    assert not asyncio.run(live())
    room.store.close()
    room.store = TroubledStore(moved)
    assert room.entries()[-1].kind is LogKind.ENGINE_STOPPED


def test_a_dead_name_server_does_not_hold_up_the_end(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look-up that never comes back leaves the end its two seconds, the closing of the loop included."""
    asked: list[object] = []

    def never(*question: object, **_: object) -> list[object]:
        asked.append(question)
        time.sleep(8)
        raise OSError("no answer")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    began_s = time.monotonic()
    assert run_engine(room.parts("mast.test"), for_s=0.5)
    assert time.monotonic() - began_s < 2.0
    assert asked
    room.store = TroubledStore(room.store.folder.path)
    assert room.entries(LogKind.ALARM_RAISED) == []  # not found yet is no alarm


def test_what_an_act_does_to_endpoints_is_kept_with_it(room: Room) -> None:
    """Maintenance that begins at once, and one that is ended early: the store shows each from then on."""

    def condition() -> Condition:
        reader = open_read_store(room.store.folder)
        (state,) = reader.states()
        reader.close()
        return state.condition

    async def meanwhile(_engine: Engine) -> None:
        now_utc_s = time.time()
        details: dict[str, Detail] = {"title": "New radio", "endpoints": "mast", "groups": "", "zone": "UTC"}
        details |= {"kind": "one_off", "begins_utc_s": now_utc_s + 0.1, "ends_utc_s": now_utc_s + 600.0}
        room.inbox.put(
            Act("plan", ActKind.PLAN_MAINTENANCE, now_utc_s, "ann", note="worn out", details=details)
        )
        await asyncio.sleep(0.7)
        assert condition() is Condition.MAINTENANCE
        room.inbox.put(
            Act("end", ActKind.END_MAINTENANCE, time.time(), "ann", note="done", details={"window": 1})
        )
        await asyncio.sleep(0.7)
        assert condition() is not Condition.MAINTENANCE

    assert room.run(meanwhile)
