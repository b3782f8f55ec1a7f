"""Whose turn it is to be traced."""

from __future__ import annotations

from controlroom.engine.trace_plan import (
    BACK_EVERY_S,
    BUDGET,
    MOST_AT_ONCE,
    WAIT_S,
    WELL_GAP_S,
    Due,
    TracePlan,
)
from controlroom.route.kept import TraceCause


def run_out(plan: TracePlan, from_s: float, until_s: float, step_s: float = 0.5) -> list[Due]:
    """Let each trace take one step, and return all that had their turn."""
    turns: list[Due] = []
    now_s = from_s
    while now_s < until_s:
        begun = plan.due(now_s)
        turns += begun
        for due in begun:
            plan.ended(due.endpoint_id)
        now_s += step_s
    return turns


def test_two_thousand_failures_are_a_few_traces() -> None:
    """The most urgent go first, at most a few side by side; the rest is skipped, and told once."""
    plan = TracePlan()
    for number in range(2000):
        plan.turned_bad(f"e{number}", 0 if number == 1999 else 3, 0.0)
    first = plan.due(0.0)
    assert len(first) == MOST_AT_ONCE
    assert first[0] == Due("e1999", TraceCause.TURNED_BAD)
    assert plan.due(0.1) == []
    for due in first:
        plan.ended(due.endpoint_id)
    assert plan.skipped() == []
    turns = run_out(plan, 0.5, WAIT_S + 2)
    traced = len(first) + len(turns)
    assert BUDGET <= traced <= BUDGET + WAIT_S / BACK_EVERY_S + 1
    skipped = plan.skipped()
    assert len(skipped) == 2000 - traced
    assert not {due.endpoint_id for due in (*first, *turns)} & set(skipped)
    assert plan.skipped() == []


def test_an_operator_goes_first_and_needs_no_budget() -> None:
    """Also when it is used up."""
    plan = TracePlan()
    for number in range(50):
        plan.turned_bad(f"e{number}", 1, 0.0)
    run_out(plan, 0.0, 5.0)
    plan.ask("e49")
    assert plan.due(5.0)[0] == Due("e49", TraceCause.OPERATOR)
    plan.ask("e49")
    assert not any(due.endpoint_id == "e49" for due in plan.due(5.1))


def test_what_is_well_is_traced_one_by_one_when_due() -> None:
    """Apart from each other, not before its time, and not at all once it is well no more."""
    plan = TracePlan()
    for name in ("a", "b", "gone"):
        plan.is_well(name, 1, 0.0)
    plan.is_well("later", 1, 100.0)
    plan.forget("gone")
    assert plan.due(0.0) == [Due("a", TraceCause.WELL)]
    assert plan.due(WELL_GAP_S) == []
    plan.ended("a")
    assert plan.due(WELL_GAP_S) == [Due("b", TraceCause.WELL)]
    plan.ended("b")
    assert plan.due(50.0) == []
    assert plan.due(100.0) == [Due("later", TraceCause.WELL)]


def test_of_those_that_are_well_the_most_urgent_goes_first() -> None:
    """So that what matters most has a good route before anything fails; nobody goes before it is due."""
    plan = TracePlan()
    plan.is_well("minor", 4, 0.0)
    plan.is_well("major", 1, 0.5)
    plan.is_well("anchor", 0, 100.0)
    turns = [due.endpoint_id for due in run_out(plan, 1.0, 120.0)]
    assert turns == ["major", "minor", "anchor"]


def test_the_last_word_on_when_it_is_due_holds() -> None:
    """An endpoint that recovered waits anew."""
    plan = TracePlan()
    plan.is_well("a", 1, 0.0)
    plan.is_well("a", 1, 30.0)
    assert plan.due(10.0) == []
    assert plan.due(30.0) == [Due("a", TraceCause.WELL)]
    assert plan.due(99.0) == []


def test_who_recovers_before_its_turn_is_not_skipped() -> None:
    """It needs no trace any more, and nobody is told."""
    plan = TracePlan()
    for number in range(40):
        plan.turned_bad(f"e{number}", 1, 0.0)
    for number in range(40):
        plan.is_well(f"e{number}", 1, 1000.0)
    assert plan.due(0.0) == []
    assert plan.due(WAIT_S + 1) == []
    assert plan.skipped() == []
