"""The way through a subtree: it ends where it must, whatever an agent answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.reading import Outcome, Reason
from probes.snmp.client import Answer, Credentials, SnmpClient, Version, Walk
from probes.snmp.walking import CIRCLES, Walking
from tests.lab.snmp_agent import COMMUNITY, RecordedAgent, serving
from tests.lab.snmp_recording import INTEGER, TICKS, Recorded


def test_it_ends_behind_the_subtree() -> None:
    """An identifier that only begins with the same digits is not below it."""
    walking = Walking(".1.3.6", 100)
    walking.take([("1.3.6.1", 5), (".1.3.6.2", b"x")])
    assert not walking.ended
    walking.take([("1.3.6.10", None), ("1.3.61.1", 7), ("1.3.6.11", 8)])
    assert walking.ended
    assert walking.answer() == Answer(Outcome.REPLIED, values={"1.3.6.1": 5, "1.3.6.2": b"x"})


def test_an_agent_that_goes_in_circles_is_left() -> None:
    """What came until then is kept, and why it ended is said."""
    walking = Walking("1.3", 100)
    walking.take([("1.3.1", 1), ("1.3.2", 2)])
    walking.take([("1.3.2", 2)])
    assert walking.ended
    assert walking.answer().text == CIRCLES
    assert list(walking.answer().values) == ["1.3.1", "1.3.2"]


@pytest.mark.parametrize("said", ["1.3", ".1.3", "1.2.9", "1"])
def test_an_agent_that_answers_with_what_was_asked_goes_in_circles(said: str) -> None:
    """Or with what stands before it; behind the subtree is its end."""
    walking = Walking("1.3", 100)
    walking.take([(said, 5)])
    assert walking.ended
    assert walking.answer() == Answer(Outcome.REPLIED, text=CIRCLES)
    beyond = Walking("1.3", 100)
    beyond.take([("1.4", 5)])
    assert beyond.answer() == Answer(Outcome.REPLIED)


class Same(RecordedAgent):
    """Says that each object is followed by itself."""

    def _next(self, oid: tuple[int, ...]) -> tuple[tuple[int, ...], Recorded | None]:
        return oid, Recorded(".".join(map(str, oid)), INTEGER, 5)


@pytest.mark.parametrize("version", [Version.V1, Version.V2C])
def test_both_stacks_tell_such_an_agent(stack: Callable[[], SnmpClient], version: Version) -> None:
    """From one that has nothing there, or has come to its end."""

    async def walked(port: int) -> list[Answer]:
        client = stack()
        await client.start()
        try:
            credentials = Credentials(version, community=COMMUNITY)
            asked = [Walk("127.0.0.1", port, credentials, oid, 2.0) for oid in ("1.3.6.1.2.1.1", "1.3.6.1.7")]
            return [await client.walk(each) for each in asked]
        finally:
            await client.stop()

    same, right = Same([]), [Recorded("1.3.6.1.2.1.1.3.0", TICKS, 5)]
    same.start()
    try:
        assert [answer.text for answer in asyncio.run(walked(same.port))] == [CIRCLES] * 2
    finally:
        same.stop()
    with serving(right) as agent:
        assert [answer.text for answer in asyncio.run(walked(agent.port))] == ["", ""]


def test_a_message_that_brings_nothing_ends_it() -> None:
    """There would be no end otherwise."""
    walking = Walking("1.3", 100)
    walking.take([])
    assert walking.ended


def test_a_failure_keeps_what_came() -> None:
    """Half a table is better than none, and the outcome says that it is half."""
    walking = Walking("1.3", 100)
    walking.take([("1.3.1", 1)])
    answer = walking.answer(Answer(Outcome.NO_REPLY, Reason.DEADLINE))
    assert (answer.outcome, answer.reason, dict(answer.values)) == (
        Outcome.NO_REPLY,
        Reason.DEADLINE,
        {"1.3.1": 1},
    )


@given(st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=4), max_size=50))
def test_it_ends_and_grows_whatever_comes(messages: list[list[tuple[int, int]]]) -> None:
    """Each object once, in order, all below the beginning, and no more than the most."""
    walking = Walking("1.3", 10)
    for message in messages:
        if walking.ended:
            break
        walking.take([(f"1.3.{first}.{second}", 0) for first, second in message])
    arcs = [tuple(map(int, oid.split("."))) for oid in walking.values]
    assert arcs == sorted(set(arcs))
    assert len(arcs) <= 10
    assert walking.ended or len(messages) < 11
