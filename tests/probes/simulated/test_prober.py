"""The simulated prober: each question answered once, when an answer would come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from controlroom.probe import ProberContext, Question
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.route.trace import RouteInventor, Trace, TraceEnd, TraceOrder
from probes.host.parameters import HostParameters
from probes.registry import PROBE_TYPES
from probes.simulated import SIMULATED, SimulatedParameters, SimulatedProber
from probes.simulated.link import Link

MAST = ProbeKey("mast", "simulated")
SILENT = SimulatedParameters(faults=("0:00-15:00 silent",))
SLOW = SimulatedParameters(link=Link.LAN, faults=("0:00-15:00 slower 120 ms",))


def run(play: Callable[[SimulatedProber, list[tuple[float, Reading]]], Awaitable[None]]) -> list[Reading]:
    """Let a prober live through something; return what it told."""
    told: list[tuple[float, Reading]] = []

    async def live() -> None:
        def sink(reading: Reading) -> None:
            told.append((time.monotonic(), reading))

        prober = SimulatedProber(ProberContext(sink, time.time, time.monotonic, str))
        await play(prober, told)

    asyncio.run(live())
    return [reading for _, reading in told]


def test_an_answer_comes_after_its_round_trip_and_a_loss_at_its_deadline() -> None:
    """Neither is known sooner than it would be in a network."""

    async def play(prober: SimulatedProber, told: list[tuple[float, Reading]]) -> None:
        await prober.start()
        prober.ask(Question(MAST, "", SLOW, 1.0))
        prober.ask(Question(MAST, "", SILENT, 0.2, beat=False))
        assert told == []
        await asyncio.sleep(0.5)
        (answered, reply), (gave_up, lost) = told
        assert answered - reply.sent_monotonic_s >= reply.values["rtt_s"] > 0.12
        assert 0.2 <= gave_up - lost.sent_monotonic_s < 0.4

    reply, lost = run(play)
    assert (reply.outcome, reply.beat, reply.detail) == (Outcome.REPLIED, True, "SIMULATED")
    assert (lost.outcome, lost.reason, lost.beat) == (Outcome.NO_REPLY, Reason.DEADLINE, False)
    assert not lost.values


def test_the_end_answers_what_is_open_and_what_comes_later() -> None:
    """Not run, stopped; each question exactly once."""

    async def play(prober: SimulatedProber, told: list[tuple[float, Reading]]) -> None:
        await prober.start()
        prober.ask(Question(MAST, "", SILENT, 5.0))
        assert prober.health()["open"] == 1
        await prober.stop()
        prober.ask(Question(MAST, "", SLOW, 5.0))
        await asyncio.sleep(0.2)
        assert prober.health() == {"open": 0, "story_s": 0}

    readings = run(play)
    assert [(reading.outcome, reading.reason) for reading in readings] == [
        (Outcome.NOT_RUN, Reason.STOPPED)
    ] * 2


def test_the_story_begins_when_the_prober_starts() -> None:
    """Whatever the engine's clock says: what was asked first is answered from the story's beginning."""
    clock = [5_000_000.0]
    told: list[Reading] = []

    async def live() -> None:
        prober = SimulatedProber(ProberContext(told.append, time.time, lambda: clock[0], str))
        await prober.start()
        parameters = SimulatedParameters(link=Link.LAN, faults=("0:10-0:20 unreachable",))
        for step in (0.0, 9.9, 10.0, 19.9, 20.0, 910.0):
            clock[0] = 5_000_000.0 + step
            prober.ask(Question(MAST, "", parameters, 0.05))
            await asyncio.sleep(0.06)

    asyncio.run(live())
    assert [reading.outcome is Outcome.REFUSED for reading in told] == [False, False, True, True, False, True]


def test_only_simulated_probes_are_asked() -> None:
    """A mistake of the program is loud."""

    async def play(prober: SimulatedProber, told: list[tuple[float, Reading]]) -> None:
        await prober.start()
        with pytest.raises(TypeError):
            prober.ask(Question(MAST, "", HostParameters(), 1.0))

    assert run(play) == []


def test_the_declaration_tells_that_it_is_simulated() -> None:
    """No other type does, and none of the others is like it."""
    assert [name for name, each in PROBE_TYPES.items() if each.simulated] == [SIMULATED.name]
    lte = SIMULATED.metrics(SimulatedParameters(link=Link.LTE))
    assert [metric.name for metric in lte] == ["rtt_s", "rsrp_dbm", "sinr_db"]
    assert [metric.name for metric in SIMULATED.metrics(SimulatedParameters())] == ["rtt_s"]


def test_a_trace_follows_the_story_of_the_endpoint() -> None:
    """It takes a moment, and before anything was asked there and after the end there is none."""
    found: list[Trace] = []

    async def play(prober: SimulatedProber, told: list[tuple[float, Reading]]) -> None:
        await prober.start()
        order = TraceOrder("192.0.2.9", longest_s=0.05, endpoint_id="mast")
        found.append(await prober.trace(order))
        prober.ask(Question(MAST, "", SLOW, 1.0))
        began_s = time.monotonic()
        found.append(await prober.trace(order))
        assert time.monotonic() - began_s >= 0.05
        await prober.stop()
        found.append(await prober.trace(order))

    run(play)
    assert [trace.end for trace in found] == [TraceEnd.NOT_RUN, TraceEnd.REACHED, TraceEnd.NOT_RUN]
    assert found[1].hops[-1].seen[0].least_s > 0.12


def test_the_engine_takes_it_for_who_invents_routes() -> None:
    """No other prober does."""
    context = ProberContext(lambda reading: None, time.time, time.monotonic, str)
    inventing = [
        name for name, each in PROBE_TYPES.items() if isinstance(each.create(context), RouteInventor)
    ]
    assert inventing == ["simulated"]
