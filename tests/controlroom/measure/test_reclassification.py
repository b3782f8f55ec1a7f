"""Down time counted as maintenance afterwards: only that, only there, and what it was stays told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.availability import Availability, Spent, TimeSpan, availability_of
from controlroom.measure.combined_time import needing
from controlroom.measure.error_budget import budget_of
from controlroom.measure.reclassification import Reclassification, reclassified
from tests.controlroom.measure.test_availability import START_S, story

UP, DEGRADED, DOWN = Spent.UP, Spent.DEGRADED, Spent.DOWN
MAINTENANCE = Spent.MAINTENANCE


def counted(since_s: float, until_s: float) -> Reclassification:
    """What somebody counts otherwise, in seconds since the story began."""
    return Reclassification("mast", START_S + since_s, START_S + until_s, "anna", "Power work", START_S + 9e6)


def summed(spans: list[TimeSpan]) -> Availability:
    """Sum spans up."""
    return availability_of(spans, START_S, spans[-1].until_utc_s)


def test_the_part_of_an_outage_that_is_named_is_maintenance_and_was_down() -> None:
    """The rest of the outage stays down time, before and after."""
    found = reclassified(story((UP, 100), (DOWN, 60), (UP, 40)), [counted(110, 130)])
    assert [(each.spent, each.since_utc_s - START_S, each.was) for each in found] == [
        (UP, 0, None),
        (DOWN, 100, None),
        (MAINTENANCE, 110, DOWN),
        (DOWN, 130, None),
        (UP, 160, None),
    ]
    summary = summed(found)
    assert (summary.time_s(DOWN), summary.time_s(MAINTENANCE), summary.reclassified_s) == (40, 20, 20)
    assert summary.ratio == pytest.approx(140 / 180)
    assert budget_of(0.999, summary).spent_s == 40


def test_what_worked_and_what_was_planned_stays_what_it_was() -> None:
    """However wide the span is that somebody names."""
    before = story(
        (UP, 10), (DEGRADED, 10), (MAINTENANCE, 10), (Spent.BLIND, 10), (Spent.UNKNOWN, 10), (UP, 1)
    )
    assert reclassified(before, [counted(0, 1000)]) == before
    assert summed(before).reclassified_s == 0


def test_what_is_counted_twice_counts_once() -> None:
    """Two operators name spans that overlap."""
    found = reclassified(story((UP, 100), (DOWN, 60), (UP, 40)), [counted(100, 140), counted(120, 160)])
    assert summed(found).time_s(DOWN) == 0
    assert summed(found).reclassified_s == 60


@given(
    st.lists(st.tuples(st.sampled_from(list(Spent)), st.integers(1, 50)), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=4),
)
def test_no_time_is_lost_and_only_down_time_turns(
    parts: list[tuple[Spent, int]], named: list[tuple[int, int]]
) -> None:
    """Each second stays what it was, or is maintenance that was down."""
    before = story(*parts)
    found = reclassified(before, [counted(*sorted(each)) for each in named])
    was, now = summed(before), summed(found)
    assert now.until_us == was.until_us
    assert now.reclassified_s == was.time_s(DOWN) - now.time_s(DOWN)
    assert now.time_s(MAINTENANCE) == was.time_s(MAINTENANCE) + now.reclassified_s
    for spent in set(Spent) - {DOWN, MAINTENANCE}:
        assert now.time_s(spent) == was.time_s(spent)


def test_a_path_tells_it_only_where_it_would_have_been_down() -> None:
    """With a part that was down anyway it is down; with another way it worked all along."""
    whole = story((UP, 30))
    one = reclassified(story((UP, 10), (DOWN, 10), (UP, 10)), [counted(10, 20)])
    path = needing([one, whole], 2)
    assert [(each.spent, each.was) for each in path] == [(UP, None), (MAINTENANCE, DOWN), (UP, None)]
    assert summed(needing([one, whole], 1)).reclassified_s == 0
    also_down = story((UP, 10), (DOWN, 10), (UP, 10))
    assert summed(needing([one, also_down], 2)).time_s(DOWN) == 10
    planned = story((UP, 10), (MAINTENANCE, 10), (UP, 10))
    assert summed(needing([one, planned], 2)).reclassified_s == 10
    assert summed(needing([one, planned], 1)).reclassified_s == 0
