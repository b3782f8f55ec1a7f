"""Structures too large for a diagram: exact where it is said, and never more than there is."""

from __future__ import annotations

import time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.resilience.expression import AtLeast, Expression, Fails, all_of, any_of, components, fails
from controlroom.resilience.looked_through import LookedThrough
from controlroom.resilience.standing import Margin
from tests.controlroom.resilience.systems import counted_cuts, expressions


@settings(deadline=None, max_examples=100)
@given(expressions(10), st.data())
def test_what_it_says_is_so(expression: Expression, data: st.DataObject) -> None:
    """Against every case: exact margins are the margins, others are no more than that."""
    failed = data.draw(st.sets(st.sampled_from(components(expression))))
    counted = counted_cuts(expression, sorted(failed))
    least = min(map(len, counted))
    margin, sets = LookedThrough(expression).look(failed)
    if margin.exact:
        assert margin == Margin(least, least)
        assert {frozenset(found) for found in sets} <= {found for found in counted if len(found) == least}
    else:
        assert 2 <= margin.least <= least
    if least <= 1:
        assert margin.exact
        assert len(sets) == sum(len(found) == least for found in counted) * least


def test_many_pairs_cost_little_at_each_look() -> None:
    """A need of some thousands of pairs, which no diagram holds, within bounds of processor time."""
    leaves = [Fails(f"c{number}") for number in range(120)]
    chance = np.random.default_rng(3)
    pairs = [chance.choice(120, 2, replace=False).tolist() for _ in range(2_800)]
    began_s = time.process_time()
    service = LookedThrough(all_of([any_of([leaves[one], leaves[other]]) for one, other in pairs]))
    assert time.process_time() - began_s < 5
    began_s = time.process_time()
    assert service.look({"c0"})[0].least >= 2
    assert time.process_time() - began_s < 1


def test_some_of_very_many_are_at_least_as_far_as_was_looked() -> None:
    """151 of 300: four or more, and one where all but one have failed."""
    masts = [Fails(f"m{number}") for number in range(300)]
    service = LookedThrough(AtLeast(151, tuple(masts)))
    assert service.look(())[0] == Margin(4, 4, exact=False)
    assert service.look([f"m{number}" for number in range(150)])[0] == Margin(1, 1)
    assert service.look([f"m{number}" for number in range(151)]) == (Margin(0, 0), ())


def test_what_is_spared_fails_no_further() -> None:
    """Sets with it do not come true any more."""
    a, b, c, d = (Fails(name) for name in "abcd")
    service = LookedThrough(any_of([all_of([a, b]), all_of([c, d])]))
    assert service.look((), ("a",)) == (Margin(2, 2), (("c", "d"),))
    assert fails(any_of([a, b]), ["a"])
