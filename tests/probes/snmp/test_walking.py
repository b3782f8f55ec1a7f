"""The way through a subtree: it ends where it must, whatever an agent answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from controlroom.reading import Outcome, Reason
from probes.snmp.client import Answer
from probes.snmp.walking import CIRCLES, Walking


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
