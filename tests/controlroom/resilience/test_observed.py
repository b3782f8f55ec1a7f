"""What is known of the endpoints, from their states and grades."""

from __future__ import annotations

import pytest

from controlroom.condition.assessment import Assessment
from controlroom.condition.state import Condition, EndpointState
from controlroom.resilience.observed import Observed, observed
from tests.controlroom.resilience.rooms import service


def state(condition: Condition) -> dict[str, EndpointState]:
    """One endpoint, in a condition."""
    return {"a": EndpointState("a", condition, 1.0, "")}


def graded(grade: str, **serving: str) -> dict[str, Assessment]:
    """One endpoint, with a grade of its own and grades by the profiles of services."""
    return {"a": Assessment("a", "icmp", 1.0, 300.0, grade, "", serving=serving)}


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (Condition.UP, Observed()),
        (Condition.DOWN, Observed(failed=frozenset("a"))),
        (Condition.UNREACHABLE, Observed(failed=frozenset("a"))),
        (Condition.UNKNOWN, Observed(unknown=frozenset("a"))),
        (Condition.MAINTENANCE, Observed(planned=frozenset("a"))),
        (Condition.DEGRADED, Observed(poor=frozenset("a"))),
    ],
)
def test_each_condition_is_one_of_them(condition: Condition, found: Observed) -> None:
    """Up is none."""
    assert observed("a", state(condition)) == found


def test_without_a_state_it_is_unknown() -> None:
    """Nobody guesses."""
    assert observed("a", {}) == Observed(unknown=frozenset("a"))


@pytest.mark.parametrize(("grade", "poor"), [("good", ""), ("fair", ""), ("poor", "a"), ("unusable", "a")])
def test_a_grade_makes_what_works_not_good_enough(grade: str, poor: str) -> None:
    """Only of what works: an outage says more."""
    assert observed("a", state(Condition.UP), graded(grade)).poor == frozenset(poor)
    assert observed("a", state(Condition.DOWN), graded(grade)).poor == frozenset()


def test_a_service_with_a_profile_goes_by_the_grade_of_that() -> None:
    """What is unusable for speech does for text; what is degraded does for nobody."""
    text = service("text", {"one": ["a"]}).model_copy(update={"profile": "bulk"})
    plain = service("plain", {"one": ["a"]})
    both = (text, plain)
    found = observed("a", state(Condition.UP), graded("unusable", bulk="good"), both)
    assert found.poor_in("text") == frozenset()
    assert found.poor_in("plain") == frozenset("a")
    assert observed("a", state(Condition.UP), graded("good", bulk="poor"), both).poor_in("text") == {"a"}
    assert observed("a", state(Condition.DEGRADED), {}, both).poor_in("text") == {"a"}
