"""What needs several parts: the k-th best of them tells, and not knowing is never up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.availability import Spent, TimeSpan, availability_of
from controlroom.measure.combined_time import needing

UP, DEGRADED, DOWN, BLIND = Spent.UP, Spent.DEGRADED, Spent.DOWN, Spent.BLIND
UNKNOWN = Spent.UNKNOWN


def spans(*pieces: tuple[Spent, float, float]) -> list[TimeSpan]:
    """Spans from plain tuples."""
    return [TimeSpan(*piece) for piece in pieces]


@pytest.mark.parametrize(
    ("parts", "at_least", "told"),
    [
        ((UP, UP), 2, UP),
        ((UP, DEGRADED), 2, DEGRADED),
        ((UP, BLIND), 2, BLIND),
        ((DOWN, BLIND), 2, DOWN),
        ((DOWN, BLIND), 1, BLIND),
        ((DOWN, UP), 1, UP),
        ((DOWN, DEGRADED, UNKNOWN), 2, UNKNOWN),
        ((DOWN, DOWN, UP), 2, DOWN),
        ((UP, UP), 3, DOWN),
    ],
)
def test_the_kth_best_part_tells(parts: tuple[Spent, ...], at_least: int, told: Spent) -> None:
    """All is the worst, any the best; down counts only where no knowledge could change it."""
    assert needing([spans((each, 0.0, 10.0)) for each in parts], at_least) == spans((told, 0.0, 10.0))


def test_outages_of_two_links_side_by_side_are_one_of_the_path() -> None:
    """The second begins before the first ends: the path had one outage, longer than either."""
    one = spans((UP, 0, 10), (DOWN, 10, 20), (UP, 20, 100))
    other = spans((UP, 0, 15), (DOWN, 15, 30), (UP, 30, 100))
    path = availability_of(needing([one, other], 2), 0, 100)
    assert (path.outages, path.longest_outage_s) == (1, 20)
    assert path.ratio == pytest.approx(0.8)
    either = availability_of(needing([one, other], 1), 0, 100)
    assert (either.outages, either.longest_outage_s) == (1, 5)


def test_time_that_a_part_does_not_tell_is_unknown() -> None:
    """An endpoint that is newer than the others."""
    told = needing([spans((UP, 0, 100)), spans((UP, 40, 100))], 2)
    assert told == spans((UNKNOWN, 0, 40), (UP, 40, 100))
    assert needing([], 1) == needing([[], []], 1) == []


@given(
    st.lists(
        st.lists(st.sampled_from([UP, DEGRADED, DOWN, BLIND, UNKNOWN]), min_size=1, max_size=8),
        min_size=1,
        max_size=5,
    ),
    st.integers(min_value=1, max_value=5),
)
def test_second_by_second_it_is_the_same(parts: list[list[Spent]], at_least: int) -> None:
    """Against the plain way: each second by itself, parts that ended being unknown."""
    worst_first = [DOWN, BLIND, UNKNOWN, DEGRADED, UP]
    told = needing([spans(*((spent, s, s + 1) for s, spent in enumerate(part))) for part in parts], at_least)
    for second in range(max(map(len, parts))):
        now = [part[second] if second < len(part) else UNKNOWN for part in parts]
        best_first = sorted(now, key=worst_first.index, reverse=True)
        wanted = best_first[at_least - 1] if at_least <= len(now) else DOWN
        assert next(each.spent for each in told if each.since_utc_s <= second < each.until_utc_s) is wanted
