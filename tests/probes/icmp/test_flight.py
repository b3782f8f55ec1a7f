"""The questions in flight, against a plain list as the model."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from probes.icmp.flight import MOST_OPEN, Flight, Flights
from probes.icmp.target import read_target
from tests.probes.icmp.asking import question

TARGET = read_target("10.99.0.1", b"key")


def flight(flights: Flights, due_s: float) -> Flight:
    """Open one question that falls due at ``due_s``."""
    opened = Flight(question("10.99.0.1"), TARGET, flights.take_number(), 0.0, 0, due_s, 0)
    flights.open(opened)
    return opened


@given(
    st.integers(0, 0xFFFF_FFFF),
    st.lists(st.tuples(st.sampled_from(("open", "close", "due")), st.integers(0, 50)), max_size=60),
)
def test_open_and_due_agree_with_a_plain_list(first: int, steps: list[tuple[str, int]]) -> None:
    """Whatever the order of opening, closing and falling due, each question leaves exactly once."""
    flights, model = Flights(first), dict[int, Flight]()
    for step, value in steps:
        if step == "open":
            opened = flight(flights, float(value))
            model[opened.number] = opened
        elif step == "close" and model:
            chosen = list(model.values())[value % len(model)]
            flights.close(chosen)
            del model[chosen.number]
            assert flights.was_answered(chosen.number)
        elif step == "due":
            due = [each for each in model.values() if each.due_s <= value]
            assert {each.number for each in flights.take_due(float(value))} == {each.number for each in due}
            for each in due:
                del model[each.number]
        assert len(flights) == len(model)
        assert flights.next_due_s() == min((each.due_s for each in model.values()), default=None)
        assert all(flights.get(number) is each for number, each in model.items())
        assert all(flights.with_sequence(number & 0xFFFF) is each for number, each in model.items())
    assert {each.number for each in flights.take_all()} == set(model)
    assert len(flights) == 0


def test_numbers_go_on_after_the_last() -> None:
    """After 32 bits the numbers begin again, and a sequence still finds its question."""
    flights = Flights(0xFFFF_FFFF)
    last, first = flight(flights, 1.0), flight(flights, 1.0)
    assert (last.number, first.number) == (0xFFFF_FFFF, 0)
    assert flights.with_sequence(0xFFFF) is last
    assert flights.with_sequence(0) is first
    assert flights.with_sequence(1) is None


def test_the_number_of_open_questions_is_bounded() -> None:
    """The ceiling keeps a sequence from standing for two open questions."""
    flights = Flights()
    for _ in range(MOST_OPEN):
        assert not flights.full
        flight(flights, 1.0)
    assert flights.full


def test_answered_numbers_are_forgotten_in_the_end() -> None:
    """The memory of answered questions does not grow with the life of the prober."""
    flights = Flights()
    first = flight(flights, 1.0)
    flights.close(first)
    for _ in range(70_000):
        flights.close(flight(flights, 1.0))
    assert not flights.was_answered(first.number)
