"""Expressions: shared parts count once, and depth is no matter."""

from __future__ import annotations

from controlroom.resilience.expression import AtLeast, Fails, all_of, any_of, bottom_up, components, fails


def test_a_shared_part_is_visited_once_and_after_its_own_parts() -> None:
    """In the order in which a reader meets them."""
    a, b = Fails("a"), Fails("b")
    shared = all_of([a, b])
    top = any_of([shared, AtLeast(2, (a, shared, b))])
    seen = list(bottom_up(top))
    assert len(seen) == 5
    assert seen.index(shared) > seen.index(a)
    assert seen[-1] is top
    assert components(top) == ("a", "b")


def test_at_least_counts_what_is_true() -> None:
    """Two of three: one is too few."""
    top = AtLeast(2, (Fails("a"), Fails("b"), Fails("c")))
    assert not fails(top, ["a"])
    assert fails(top, ["a", "c"])


def test_a_deep_chain_needs_no_recursion() -> None:
    """Ten thousand routers one behind the other."""
    top = any_of([Fails("0")])
    for number in range(1, 10_000):
        top = any_of([Fails(str(number)), top])
    assert fails(top, ["0"])
    assert len(components(top)) == 10_000
