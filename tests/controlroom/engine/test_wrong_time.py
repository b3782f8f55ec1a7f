"""The clock is set, or the machine sleeps, under a running engine: nothing that is told becomes false."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from controlroom.alarms.alarm import Alarm, Cause
from controlroom.condition.state import Condition
from controlroom.engine.engine import Engine
from controlroom.engine.foreground import system_clocks
from controlroom.engine.parts import EngineParts
from controlroom.engine.time_watch import Clocks
from controlroom.logbook.chain import first_break
from controlroom.logbook.entry import Entry, LogKind
from controlroom.probe import Metric, ProbeParameters, ProberContext, ProbeType, Question
from controlroom.reading import Outcome, Reading, Reason
from controlroom.site.model import Endpoint, EndpointKind, OwnConnectivity, Probe, Site
from controlroom.store.codes import OUTCOMES
from controlroom.store.folder import DataFolder
from controlroom.store.interface import ReadStore
from controlroom.store.sqlite import open_engine_store, open_read_store

HOUR_S = 3600.0
RTT_S = 0.15
EITHER_WAY = pytest.mark.parametrize("step_s", [HOUR_S, -HOUR_S])


class Link:
    """A prober whose questions take a while, so that some are under way whenever the clock is set."""

    def __init__(self, world: World, context: ProberContext) -> None:
        """Answer as the world says."""
        self._world = world
        self._context = context

    async def start(self) -> None:
        """Need nothing."""

    def ask(self, question: Question) -> None:
        """Answer after the round trip, or tell the loss at the deadline."""
        context, silent = self._context, question.probe.endpoint_id in self._world.silent
        began_utc_s, began_s = context.utc_s(), context.monotonic_s()

        def answer() -> None:
            outcome = Outcome.NO_REPLY if silent else Outcome.REPLIED
            reason = Reason.DEADLINE if silent else Reason.NONE
            values = {} if silent else {"rtt_s": context.monotonic_s() - began_s}
            context.sink(
                Reading(question.probe, began_utc_s, began_s, outcome, reason, values, beat=question.beat)
            )

        asyncio.get_running_loop().call_later(question.timeout_s if silent else RTT_S, answer)

    async def stop(self) -> None:
        """Give nothing back."""

    def health(self) -> Mapping[str, float]:
        """Say nothing."""
        return {}


class World:
    """A room of three endpoints, two of them anchors, and a wall clock that can be set."""

    def __init__(self, folder: DataFolder) -> None:
        """Everybody answers and the clock is right."""
        self.folder = folder
        self.silent: set[str] = set()
        self.set_by_s = 0.0
        self.slept_s = 0.0

    def clocks(self) -> Clocks:
        """Read the clocks of this world."""
        true = system_clocks()
        return replace(
            true, utc_s=true.utc_s + self.set_by_s + self.slept_s, boot_s=true.boot_s + self.slept_s
        )

    def now_utc_s(self) -> float:
        """What the clock on the wall shows."""
        return self.clocks().utc_s

    def live(self, *acts: Callable[[], None], pause_s: float = 1.6) -> None:
        """Run an engine; let each act happen after a while, and end after another."""

        async def run() -> None:
            engine = Engine(self._parts(store))
            running = asyncio.create_task(engine.run())
            for act in acts:
                await asyncio.sleep(pause_s)
                act()
            await asyncio.sleep(pause_s)
            engine.stop("SIGTERM")
            assert await running

        store = open_engine_store(self.folder)
        try:
            asyncio.run(run())
        finally:
            store.close()

    def _parts(self, store: object) -> EngineParts:
        probe = Probe(type="icmp", name="icmp", period_s=0.2, timeout_s=0.2, parameters=ProbeParameters())
        endpoints = tuple(
            Endpoint(id=key, name=key, kind=EndpointKind.PARTNER, address="192.0.2.1", probes=(probe,))
            for key in ("gateway", "resolver", "mast")
        )
        anchors = OwnConnectivity(anchors=("gateway", "resolver"))
        metrics = (Metric("rtt_s", "s", "Round-trip time"),)
        probe_type = ProbeType(
            "icmp",
            "Ping",
            "",
            ProbeParameters,
            lambda _: metrics,
            lambda context: Link(self, context),
            0.2,
            0.2,
        )
        return EngineParts(
            site=Site(name="Room", endpoints=endpoints, own_connectivity=anchors),
            site_digest="0" * 64,
            probe_types={"icmp": probe_type},
            store=store,  # type: ignore[arg-type] # it is one
            resolve_secret=str,
            own_addresses=frozenset,
            ways_out=lambda: None,
            clocks=self.clocks,
            version="test",
        )


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A room that has not begun."""
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    return World(folder)


@pytest.fixture
def reader(world: World) -> Iterator[ReadStore]:
    """The room's store; to be asked when the engine has run."""
    open_engine_store(world.folder).close()
    store = open_read_store(world.folder)
    yield store
    store.close()


def told(store: ReadStore, *kinds: LogKind) -> list[Entry]:
    """Return the log's entries of these kinds; its chain is whole."""
    assert first_break(store.entries()) is None
    return list(store.entries(kinds=frozenset(kinds)))


def set_clock(world: World, step_s: float) -> Callable[[], None]:
    """Make an act that sets the clock."""

    def act() -> None:
        world.set_by_s += step_s

    return act


@EITHER_WAY
def test_a_quiet_room_stays_quiet(world: World, reader: ReadStore, step_s: float) -> None:
    """One entry in the log; no alarm, no blind time, no round trip that is not true, ages as they were."""
    began_utc_s = world.now_utc_s()
    world.live(set_clock(world, step_s))
    (entry,) = told(reader, LogKind.CLOCK_STEPPED)
    assert entry.facts["step_s"] == pytest.approx(step_s, abs=0.1)
    assert told(reader, LogKind.ALARM_RAISED, LogKind.CONDITION_CHANGED, LogKind.BLIND_TIME) == []
    assert reader.blind_time(0.0, 1e11) == []
    for series in reader.series():
        samples = reader.samples(series, began_utc_s - 2 * HOUR_S, began_utc_s + 2 * HOUR_S)
        assert len(samples.value) > 8
        assert samples.value == pytest.approx(RTT_S, abs=0.1)
    for state in reader.states():
        assert state.condition is Condition.UP
        assert 2.0 < world.now_utc_s() - state.since_utc_s < 10.0
    newest = reader.latest(60.0)
    assert all(abs(world.now_utc_s() - reading.sent_utc_s) < 5.0 for reading in newest.values())


@EITHER_WAY
def test_an_outage_is_as_old_as_it_was(world: World, reader: ReadStore, step_s: float) -> None:
    """The alarm's age is true by the clock as it is now, and its end is told after its beginning."""
    fell: list[float] = []

    def fall() -> None:
        fell.append(time.monotonic())
        world.silent.add("mast")

    world.live(fall, set_clock(world, step_s), pause_s=2.2)
    (alarm,) = reader.alarms()
    assert (alarm.subject, alarm.cause) == ("mast", Cause.DOWN)
    age_s = time.monotonic() - fell[0]
    (down,) = (state for state in reader.states() if state.condition is Condition.DOWN)
    for at_utc_s in (alarm.since_utc_s, down.since_utc_s, alarm.raised_utc_s):
        assert world.now_utc_s() - at_utc_s == pytest.approx(age_s, abs=2.0)
    assert len(told(reader, LogKind.ALARM_RAISED)) == 1


@EITHER_WAY
def test_blind_time_is_as_long_as_it_was(world: World, reader: ReadStore, step_s: float) -> None:
    """Cut off before the clock is set, back after it: no span is negative, and none is an hour long."""
    world.live(
        lambda: world.silent.update({"gateway", "resolver", "mast"}),
        set_clock(world, step_s),
        world.silent.clear,
        pause_s=2.2,
    )
    blind = reader.blind_time(0.0, 1e11)
    spans_s = [span.until_utc_s - span.from_utc_s for span in blind]
    assert {span.cause for span in blind} == {"own_connection_lost"}
    assert min(spans_s) >= 0.0
    assert sum(spans_s) == pytest.approx(4.4, abs=1.5)
    (back,) = told(reader, LogKind.OWN_CONNECTION_BACK)
    since_utc_s = back.facts["since_utc_s"]
    assert isinstance(since_utc_s, float)
    assert 0.0 < back.at_utc_s - since_utc_s < 8.0
    (alarm,) = reader.alarms()
    assert alarm.cause is Cause.OWN_CONNECTION_LOST
    assert alarm.returned_utc_s is not None
    assert 0.0 < alarm.returned_utc_s - alarm.since_utc_s < 8.0
    assert told(reader, LogKind.CONDITION_CHANGED) == []


def test_waking_up_brings_no_false_downs(world: World, reader: ReadStore) -> None:
    """What was asked before the sleep is not run, lost or answered, and all go on as they were."""
    slept: list[float] = []

    def sleep() -> None:
        slept.append(world.now_utc_s())
        world.slept_s += 600.0
        world.silent.clear()

    def fall_silent() -> None:
        world.silent.update({"resolver", "mast"})
        asyncio.get_running_loop().call_later(0.19, sleep)

    world.live(fall_silent)
    (blind,) = reader.blind_time(0.0, 1e11)
    assert blind.cause == "asleep"
    assert blind.until_utc_s - blind.from_utc_s == pytest.approx(600.0, abs=1.0)
    (entry,) = told(reader, LogKind.BLIND_TIME)
    assert entry.facts["cause"] == "asleep"
    assert told(reader, LogKind.ALARM_RAISED, LogKind.CONDITION_CHANGED, LogKind.CLOCK_STEPPED) == []
    assert {state.condition for state in reader.states()} == {Condition.UP}
    found = [reader.samples(series, slept[0] - 0.5, slept[0] + 0.5) for series in reader.series()]
    counts = Counter(OUTCOMES[code] for samples in found for code in samples.outcome)
    assert counts[Outcome.NO_REPLY] == 0
    assert counts[Outcome.NOT_RUN] >= 1
    assert max(float(np.nanmax(samples.value)) for samples in found) < 1.0


def test_what_an_earlier_engine_stamped_stays(world: World, reader: ReadStore) -> None:
    """Nobody knows whether its clock was right."""
    world.live(lambda: world.silent.add("mast"), pause_s=2.2)
    before: list[Alarm] = list(reader.alarms())
    world.live(set_clock(world, HOUR_S))
    (alarm,) = reader.alarms()
    assert [(alarm.since_utc_s, alarm.raised_utc_s)] == [
        (one.since_utc_s, one.raised_utc_s) for one in before
    ]
    (down,) = (state for state in reader.states() if state.condition is Condition.DOWN)
    assert down.since_utc_s == before[0].since_utc_s
