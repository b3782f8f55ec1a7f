"""Askings off the beat keep to their budget, the urgent first."""

from __future__ import annotations

from controlroom.engine.effects import Reprobe
from controlroom.engine.reprobes import ReprobeQueue
from controlroom.reading import ProbeKey


def wish(name: str, urgency: int = 1, attempts: int = 1) -> Reprobe:
    """Make a wish for a probe."""
    return Reprobe(ProbeKey(name, "icmp"), attempts, 0.08, 0.25, 1.0, urgency)


def test_attempts_leave_spaced() -> None:
    """Three attempts leave at once, after 80 and after 160 milliseconds."""
    queue = ReprobeQueue(100)
    queue.wish(wish("mast", attempts=3), 10.0)
    assert [len(queue.due(at_s)) for at_s in (10.0, 10.05, 10.09, 10.17, 10.3)] == [1, 0, 1, 1, 0]


def test_a_storm_keeps_to_the_budget_and_anchors_go_first() -> None:
    """A thousand failures at once send no more than the budget, and the anchors are among them."""
    queue = ReprobeQueue(50)
    for number in range(1000):
        queue.wish(wish(f"e{number}", urgency=3), 10.0)
    queue.wish(wish("gateway", urgency=0), 10.0)
    first = queue.due(10.0)
    assert len(first) == 50
    assert first[0].probe.endpoint_id == "gateway"
    later = sum(len(queue.due(10.0 + step * 0.1)) for step in range(1, 30))
    assert later <= 50 * 3
    assert queue.dropped == 0


def test_what_waits_already_is_not_queued_again() -> None:
    """Four hundred suspects ask the same anchor once, not four hundred times."""
    queue = ReprobeQueue(1000)
    for _ in range(400):
        queue.wish(wish("gateway", urgency=0, attempts=3), 10.0)
    assert sum(len(queue.due(10.0 + step * 0.05)) for step in range(10)) == 3
    queue.wish(wish("gateway", urgency=0, attempts=3), 11.0)
    assert len(queue.due(11.0)) == 1


def test_what_is_far_too_late_is_dropped_and_counted() -> None:
    """Nothing waits for ever."""
    queue = ReprobeQueue(1)
    for number in range(100):
        queue.wish(wish(f"e{number}"), 10.0)
    queue.due(10.0)
    queue.due(30.0)
    assert queue.dropped == 98
