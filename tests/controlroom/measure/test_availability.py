"""Availability by time: what counts, what stands apart, and that parts make up the whole."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.condition.state import Condition
from controlroom.measure.availability import (
    MEASURED,
    Availability,
    Spent,
    TimeSpan,
    availability_of,
    in_parallel,
    in_series,
    joined,
    merged,
    spent_in,
    steady_availability,
    with_blind,
)

HOUR_S = 3600.0
START_S = 1_700_000_000.0


def story(*parts: tuple[Spent, float], since_utc_s: float = START_S) -> list[TimeSpan]:
    """Return spans that follow each other, told by how and how long."""
    ends = list(itertools.accumulate((length_s for _, length_s in parts), initial=since_utc_s))
    return [
        TimeSpan(spent, begin, end) for (spent, _), begin, end in zip(parts, ends[:-1], ends[1:], strict=True)
    ]


def whole(*parts: tuple[Spent, float]) -> Availability:
    """Sum up a story."""
    spans = story(*parts)
    return availability_of(spans, START_S, spans[-1].until_utc_s)


UP, DEGRADED, DOWN = Spent.UP, Spent.DEGRADED, Spent.DOWN
BLIND, MAINTENANCE, UNKNOWN = Spent.BLIND, Spent.MAINTENANCE, Spent.UNKNOWN


def test_down_time_over_measured_time() -> None:
    """2000 hours of working and 4 of repair are 99.800 %; degraded works."""
    found = whole((UP, 1500 * HOUR_S), (DEGRADED, 500 * HOUR_S), (DOWN, 4 * HOUR_S))
    assert found.ratio == pytest.approx(0.99800, abs=5e-6)
    assert found.ratio == pytest.approx(steady_availability(2000, 4))
    assert (found.mttf_s, found.mttr_s) == (2000 * HOUR_S, 4 * HOUR_S)
    assert found.mtbf_s == 2004 * HOUR_S


def test_what_was_not_measured_is_in_neither_part_of_the_ratio() -> None:
    """Blind, maintenance and unknown stand apart, each by itself."""
    found = whole((UP, 90), (BLIND, 1000), (MAINTENANCE, 2000), (UNKNOWN, 3000), (DOWN, 10))
    assert found.ratio == pytest.approx(0.9)
    assert found.measured_s == 100
    assert [found.time_s(each) for each in (BLIND, MAINTENANCE, UNKNOWN)] == [1000, 2000, 3000]
    assert found.measured_ratio == pytest.approx(100 / 6100)


def test_nothing_measured_is_no_availability() -> None:
    """Not 0 and not 1; and there is no mean of no outages."""
    found = whole((BLIND, 60), (UNKNOWN, 60))
    assert found.ratio is None
    assert (found.outages, found.longest_outage_s, found.ongoing) == (0, 0, False)
    assert (found.mttr_s, found.mttf_s, found.mtbf_s) == (None, None, None)
    assert Availability.begun(START_S).measured_ratio == 0


def test_outages_are_counted_and_the_longest_is_told() -> None:
    """Three, one of them at the beginning and one that still lasts."""
    found = whole((DOWN, 7), (UP, 100), (DOWN, 30), (DEGRADED, 50), (DOWN, 5))
    assert (found.outages, found.longest_outage_s, found.ongoing) == (3, 30, True)
    assert found.mttr_s == 14
    assert whole((DOWN, 9)).outages == 1


def test_time_that_was_not_measured_neither_ends_an_outage_nor_counts_into_it() -> None:
    """Down before and after a blind minute is one outage of the time that was seen; up after it ends it."""
    assert whole((UP, 10), (DOWN, 20), (BLIND, 60), (DOWN, 30), (UP, 5)).outages == 1
    assert whole((UP, 10), (DOWN, 20), (BLIND, 60), (DOWN, 30), (UP, 5)).longest_outage_s == 50
    ended = whole((UP, 10), (DOWN, 20), (MAINTENANCE, 60), (UP, 5), (DOWN, 1), (UP, 1))
    assert (ended.outages, ended.longest_outage_s) == (2, 20)


def test_only_the_part_within_the_range_counts() -> None:
    """An outage that began before the range counts from its beginning; gaps and the rest are unknown."""
    spans = [TimeSpan(DOWN, START_S - 50, START_S + 10), TimeSpan(UP, START_S + 30, START_S + 500)]
    found = availability_of(spans, START_S, START_S + 100)
    assert (found.time_s(DOWN), found.time_s(UP), found.time_s(UNKNOWN)) == (10, 70, 20)
    short = availability_of(spans[:1], START_S, START_S + 100)
    assert (short.time_s(DOWN), short.time_s(UNKNOWN)) == (10, 90)
    assert availability_of(spans, START_S - 500, START_S - 100).time_s(UNKNOWN) == 400


def test_spans_that_overlap_count_once() -> None:
    """The earlier one holds; a clock that was set back counts no time twice."""
    spans = [TimeSpan(UP, START_S, START_S + 60), TimeSpan(DOWN, START_S + 30, START_S + 90)]
    found = availability_of(spans, START_S, START_S + 90)
    assert (found.time_s(UP), found.time_s(DOWN)) == (60, 30)
    with pytest.raises(ValueError, match="before its end"):
        found.merged(Availability.begun(START_S))


@pytest.mark.parametrize(
    ("condition", "spent"),
    [
        (Condition.UP, UP),
        (Condition.DEGRADED, DEGRADED),
        (Condition.DOWN, DOWN),
        (Condition.UNKNOWN, UNKNOWN),
        (Condition.UNREACHABLE, UNKNOWN),
        (Condition.MAINTENANCE, MAINTENANCE),
        ("of_tomorrow", UNKNOWN),
    ],
)
def test_every_condition_has_its_place(condition: str, spent: Spent) -> None:
    """What is behind something that is down was not seen to fail."""
    assert spent_in(condition) is spent


def test_blind_time_takes_the_place_of_whatever_was_told() -> None:
    """Also in the midst of a span, across two, and where several blind times overlap."""
    spans = story((UP, 100), (DOWN, 100))
    dark = [
        TimeSpan(BLIND, START_S + 150, START_S + 160),
        TimeSpan(BLIND, START_S + 10, START_S + 20),
        TimeSpan(BLIND, START_S + 90, START_S + 110),
        TimeSpan(BLIND, START_S + 105, START_S + 120),
    ]
    found = with_blind(spans, dark)
    assert [(each.spent, each.since_utc_s - START_S, each.until_utc_s - START_S) for each in found] == [
        (UP, 0, 10),
        (BLIND, 10, 20),
        (UP, 20, 90),
        (BLIND, 90, 120),
        (DOWN, 120, 150),
        (BLIND, 150, 160),
        (DOWN, 160, 200),
    ]


def test_independent_parts_in_series_and_in_parallel() -> None:
    """0.999 and 0.9995 are 0.9985005 where both are needed, and 0.9999995 where one is."""
    assert in_series([0.999, 0.9995]) == pytest.approx(0.9985005)
    assert in_parallel([0.999, 0.9995]) == pytest.approx(0.9999995)
    assert (in_series([]), in_parallel([])) == (1, 0)


PARTS = st.lists(st.tuples(st.sampled_from(list(Spent)), st.floats(0, 1e6)), min_size=1, max_size=30)


@given(PARTS, st.lists(st.floats(0, 1), max_size=6))
def test_ranges_that_follow_each_other_make_up_the_whole(
    parts: list[tuple[Spent, float]], cuts: list[float]
) -> None:
    """However it is cut, and whether it is summed at once, span by span, or merged from either side."""
    spans = story(*parts)
    until_s = spans[-1].until_utc_s
    at_once = availability_of(spans, START_S, until_s)
    edges = [START_S, *sorted(START_S + cut * (until_s - START_S) for cut in cuts), until_s]
    pieces = [availability_of(spans, begin, end) for begin, end in itertools.pairwise(edges)]
    assert merged(pieces) == at_once
    behind = pieces[-1]
    for piece in reversed(pieces[:-1]):
        behind = piece.merged(behind)
    assert behind == at_once
    alive = Availability.begun(START_S)
    for span in spans:
        alive = alive.extended(span)
    assert alive == at_once


@given(PARTS)
def test_no_time_is_lost_or_told_twice(parts: list[tuple[Spent, float]]) -> None:
    """All ways of spending add up to the range, and outages to the down time."""
    found = whole(*parts)
    assert sum(found.spent_us) == found.until_us - found.since_us
    assert found.measured_s == pytest.approx(sum(found.time_s(each) for each in MEASURED))
    assert found.longest_outage_s <= found.time_s(DOWN)
    assert (found.outages > 0) is (found.time_s(DOWN) > 0)
    if found.ratio is not None:
        assert 0 <= found.ratio <= 1


@given(PARTS)
def test_joined_spans_neither_touch_nor_overlap(parts: list[tuple[Spent, float]]) -> None:
    """And hold the same time as before."""
    spans = [each for each in story(*parts) if each.spent is BLIND]
    found = joined(spans)
    assert all(one.until_utc_s < other.since_utc_s for one, other in itertools.pairwise(found))
    total_s = sum(each.until_utc_s - each.since_utc_s for each in spans)
    assert sum(each.until_utc_s - each.since_utc_s for each in found) == pytest.approx(total_s, abs=1e-3)
