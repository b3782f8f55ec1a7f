"""Conditions and gaps of a replay become availability."""

from __future__ import annotations

from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.replay_spans import ReplaySpans
from controlroom.measure.availability import Spent, TimeSpan


def state(condition: Condition, since_utc_s: float) -> EndpointState:
    """A state of the mast."""
    return EndpointState("mast", condition, since_utc_s, "none")


def test_a_condition_counts_from_when_it_says() -> None:
    """But not from before the one before it, or the first row; a row much later ends a gap."""
    spans = ReplaySpans(100.0, 10.0)
    spans.turned(state(Condition.UNKNOWN, 50.0))
    spans.turned(state(Condition.UP, 100.0))
    for at in (100.0, 105.0, 110.0, 140.0, 145.0, 144.0, 150.0):
        spans.asked(at)
    spans.turned(state(Condition.DOWN, 142.0))
    spans.turned(state(Condition.DOWN, 143.0))
    spans.turned(state(Condition.UP, 141.0))
    found = spans.availability([TimeSpan(Spent.BLIND, 144.0, 146.0)])
    assert (spans.since_utc_s, spans.until_utc_s) == (100.0, 150.0)
    assert found.time_s(Spent.BLIND) == 30.0 + 2.0
    assert found.time_s(Spent.UP) == 10.0 + 2.0 + 2.0 + 4.0
    assert found.time_s(Spent.DOWN) == 0.0
    assert found.time_s(Spent.UNKNOWN) == 0.0
