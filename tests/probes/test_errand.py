"""Errands: each question is answered once, by its deadline, whatever its coroutine does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from controlroom.probe import ProbeParameters, ProberContext, Question
from controlroom.reading import Outcome, Reading, Reason
from probes.errand import Answer, Ask, Errand, ErrandProber, UnansweredError
from tests.probes.asking import KEY, never_resolve

QUESTION = Question(KEY, "127.0.0.1", ProbeParameters(), 0.2)


def run(
    ask: Ask, steps: Callable[[ErrandProber], float], *, ceiling: int = 500
) -> tuple[list[Reading], dict[str, float]]:
    """Start a prober, do the steps, wait as long as they say, and stop it."""
    readings: list[Reading] = []
    health: dict[str, float] = {}

    async def go() -> None:
        context = ProberContext(readings.append, time.time, time.monotonic, never_resolve)
        prober = ErrandProber(context, "made-up", ask, counted=("forged",), ceiling=ceiling)
        await prober.start()
        await asyncio.sleep(steps(prober))
        health.update(prober.health())
        await prober.stop()

    asyncio.run(go())
    return readings, health


async def replied(errand: Errand) -> Answer:
    """Answer at once."""
    errand.counts["forged"] += 1
    return Answer(Outcome.REPLIED, values={"rtt_s": 0.5}, text="\x1b[2Jhello")


async def hang(_errand: Errand) -> Answer:
    """Never answer."""
    await asyncio.sleep(60)
    raise AssertionError


def once(prober: ErrandProber) -> float:
    """Ask once and wait a little."""
    prober.ask(QUESTION)
    return 0.05


def test_an_answer_becomes_a_reading_with_harmless_text() -> None:
    """Values stay, what would steer a terminal does not, and what was counted is shown."""
    (reading,), health = run(replied, once)
    assert (reading.probe, reading.outcome, reading.values) == (KEY, Outcome.REPLIED, {"rtt_s": 0.5})
    assert reading.detail == "\\x1b[2Jhello"
    lately = {"lately_forged_replies": 1.0, "lately_forged_replies@endpoint": 1.0}
    assert health == {"made-up_open": 0.0, "made-up_forged": 1.0, "made-up_overloaded": 0.0, **lately}


def test_an_errand_that_ends_without_an_answer_says_why() -> None:
    """The reason of what stopped it is that of the reading."""

    async def refuse(_errand: Errand) -> Answer:
        raise UnansweredError(Outcome.REFUSED, Reason.PROHIBITED, "a wall")

    (reading,), _ = run(refuse, once)
    assert (reading.outcome, reading.reason, reading.detail) == (
        Outcome.REFUSED,
        Reason.PROHIBITED,
        "a wall",
    )


def test_an_errand_that_breaks_is_not_run_and_tells_no_more_than_the_kind() -> None:
    """A mistake of ours is never a fault of the endpoint."""

    async def break_down(_errand: Errand) -> Answer:
        message = "secret"
        raise KeyError(message)

    (reading,), _ = run(break_down, once)
    assert (reading.outcome, reading.reason) == (Outcome.NOT_RUN, Reason.UNDECODABLE)
    assert reading.detail == "the probe failed: KeyError"


def test_an_errand_that_hangs_is_given_up_shortly_after_its_deadline() -> None:
    """It was ours to end: not run, never lost."""

    def ask(prober: ErrandProber) -> float:
        prober.ask(QUESTION)
        return 0.4

    (reading,), health = run(hang, ask)
    assert (reading.outcome, reading.reason) == (Outcome.NOT_RUN, Reason.OVERLOADED)
    assert health["made-up_open"] == 0.0


def test_beyond_the_ceiling_nothing_is_asked() -> None:
    """The others go on, and are answered when it stops."""

    def ask(prober: ErrandProber) -> float:
        for _ in range(3):
            prober.ask(QUESTION)
        return 0.05

    readings, health = run(hang, ask, ceiling=2)
    reasons = [reading.reason for reading in readings]
    assert reasons == [Reason.OVERLOADED, Reason.STOPPED, Reason.STOPPED]
    assert {reading.outcome for reading in readings} == {Outcome.NOT_RUN}
    assert health["made-up_overloaded"] == 1.0


def test_what_is_shared_is_given_back_when_no_errand_is_under_way() -> None:
    """Not before the last of them has closed what it opened."""
    order: list[str] = []

    async def ask(errand: Errand) -> Answer:
        try:
            return await hang(errand)
        finally:
            await asyncio.sleep(0.01)
            order.append("closed")

    async def give_back() -> None:
        order.append("given back")

    async def go() -> None:
        context = ProberContext(lambda reading: None, time.time, time.monotonic, never_resolve)
        prober = ErrandProber(context, "x", ask, give_back=give_back)
        await prober.start()
        prober.ask(QUESTION)
        await asyncio.sleep(0.01)
        await prober.stop()

    asyncio.run(go())
    assert order == ["closed", "given back"]


def test_parameters_of_another_type_are_a_mistake_of_ours() -> None:
    """A question that was mixed up is not run."""

    class Other(ProbeParameters):
        """Another type's parameters."""

    async def ask(errand: Errand) -> Answer:
        errand.parameters(Other)
        raise AssertionError

    (reading,), _ = run(ask, once)
    assert reading.detail == "the probe failed: TypeError"


def test_a_prober_that_was_not_started_says_so() -> None:
    """Before its start and after its stop nothing is asked."""
    readings: list[Reading] = []

    async def go() -> None:
        prober = ErrandProber(
            ProberContext(readings.append, time.time, time.monotonic, never_resolve), "x", replied
        )
        prober.ask(QUESTION)
        await asyncio.sleep(0.01)

    asyncio.run(go())
    assert [reading.reason for reading in readings] == [Reason.STOPPED]


@pytest.mark.parametrize("timeout_s", [0.2])
def test_the_deadline_counts_from_the_asking(timeout_s: float) -> None:
    """What is left shrinks, and never below nothing."""
    left: list[float] = []

    async def look(errand: Errand) -> Answer:
        left.append(errand.left_s())
        await asyncio.sleep(timeout_s + 0.02)
        left.append(errand.left_s())
        return Answer(Outcome.NO_REPLY, Reason.DEADLINE)

    def ask(prober: ErrandProber) -> float:
        prober.ask(QUESTION)
        return 0.3

    run(look, ask)
    assert 0.0 < left[0] <= timeout_s
    assert left[1] == 0.0
