"""Cut sets up to an order, all of them, and beyond what has failed already."""

from __future__ import annotations

import itertools

import pytest

from controlroom.resilience.condition_on import given_failed
from controlroom.resilience.expression import AtLeast, Expression, Fails, all_of, any_of, fails
from controlroom.resilience.listed_cuts import listed_cuts

A, B, C, D = (Fails(name) for name in "abcd")
SHARED = any_of((A, B))
LOST: Expression = AtLeast(2, (SHARED, C, all_of((SHARED, D))))


def minimal(lost: Expression, failed: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The minimal sets of further failures, by looking at all."""
    found: list[tuple[str, ...]] = []
    left = [name for name in "abcd" if name not in failed]
    for size in range(len(left) + 1):
        for each in itertools.combinations(left, size):
            held = any(set(one) <= set(each) for one in found)
            if not held and fails(lost, {*each, *failed}):
                found.append(each)
    return found


@pytest.mark.parametrize("failed", [(), ("a",), ("c",), ("a", "c"), ("d",), ("b", "d")])
@pytest.mark.parametrize("order", [4, None])
def test_they_are_those_that_brute_force_finds(failed: tuple[str, ...], order: int | None) -> None:
    """With their counts, whatever has failed already."""
    found = listed_cuts(LOST, order, failed)
    expected = minimal(LOST, failed)
    assert list(found.sets) == expected
    assert sum(found.counts.values()) == len(expected)
    assert found.whole


def test_an_order_leaves_out_what_is_larger() -> None:
    """And only that."""
    assert listed_cuts(all_of((A, B)), 1).sets == ()
    assert listed_cuts(any_of((A, all_of((B, C)))), 1).sets == (("a",),)


@pytest.mark.parametrize("failed", [(), ("a",), ("c",), ("a", "b", "d")])
def test_what_is_left_asks_the_same_question(failed: tuple[str, ...]) -> None:
    """For every further failure."""
    left = given_failed(LOST, failed)
    for further in itertools.product((False, True), repeat=4):
        gone = {name for name, lost in zip("abcd", further, strict=True) if lost}
        assert fails(LOST, gone | set(failed)) == (left is None or fails(left, gone - set(failed)))
