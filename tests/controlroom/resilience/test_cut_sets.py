"""Cut sets up to an order, against every case counted out, and their bounds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.resilience.cut_sets import cut_sets
from controlroom.resilience.expression import AtLeast, Expression, Fails, all_of, any_of, components
from tests.controlroom.resilience.systems import bridge, counted_cuts, european_1, expressions


@settings(deadline=None, max_examples=80)
@given(expressions(), st.integers(1, 5), st.data())
def test_they_are_those_of_every_case_up_to_the_order(
    expression: Expression, order: int, data: st.DataObject
) -> None:
    """With some components failed already."""
    failed = data.draw(st.sets(st.sampled_from(components(expression)), max_size=3))
    found = cut_sets(expression, order, failed)
    counted = {each for each in counted_cuts(expression, sorted(failed)) if len(each) <= order}
    assert {frozenset(each) for each in found.sets} == counted
    assert len(found.sets) == len(counted)
    assert list(map(len, found.sets)) == sorted(map(len, found.sets))
    assert not found.cut_short


def test_a_published_tree_up_to_order_four() -> None:
    """*European 1* has 1, 1 and 70 of two, three and four; its 46,188 are not needed for that."""
    assert cut_sets(european_1(), 4).counts == {2: 1, 3: 1, 4: 70}


def test_where_there_are_too_many_the_order_is_lowered_and_said() -> None:
    """Any three of sixty are 34,220 sets; two of any pair are few."""
    masts = tuple(Fails(f"m{number}") for number in range(60))
    top = any_of([AtLeast(3, masts), all_of([Fails("left"), Fails("right")])])
    found = cut_sets(top, 4, most_sets=5_000)
    assert (found.order, found.asked, found.cut_short) == (2, 4, True)
    assert found.sets == (("left", "right"),)


def test_lost_already_and_out_of_reach() -> None:
    """The empty set where nothing further is needed; none where more is than the order."""
    assert cut_sets(bridge(), 4, ("a", "b")).sets == ((),)
    assert cut_sets(bridge(), 4, ("a", "b")).least == 0
    assert cut_sets(bridge(), 1).sets == ()
    assert cut_sets(bridge(), 1).least is None
    assert cut_sets(bridge(), 3).counts == {2: 2, 3: 2}
