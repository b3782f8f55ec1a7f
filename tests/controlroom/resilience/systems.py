"""Structures with answers that are known from elsewhere, and every case of a small one counted out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from controlroom.resilience.expression import (
    AtLeast,
    Expression,
    Fails,
    all_of,
    any_of,
    components,
    folded,
)

Cases = np.ndarray[Any, np.dtype[np.int64]]
Bits = np.ndarray[Any, np.dtype[np.bool_]]


def leaves(names: Iterable[str]) -> dict[str, Fails]:
    """One leaf a name."""
    return {name: Fails(name) for name in names}


def bridge() -> Expression:
    """The bridge network: a and b side by side on the one end, d and e behind them, c across."""
    a, b, c, d, e = leaves("abcde").values()
    return any_of([all_of([a, b]), all_of([d, e]), all_of([a, c, e]), all_of([b, c, d])])


def two_of_three() -> Expression:
    """Two of three are needed, so two failures lose it."""
    return AtLeast(2, tuple(leaves("abc").values()))


def common_cause() -> Expression:
    """Two in parallel that a third thing takes both at once."""
    a, b, shared = leaves(("a", "b", "shared")).values()
    return all_of([any_of([a, shared]), any_of([b, shared])])


def pressure_tank() -> Expression:
    """The rupture of a pressure tank (Fault Tree Handbook, NUREG-0492, chapter VIII)."""
    tank, k2, switch, s1, k1, timer = leaves(("T", "K2", "S", "S1", "K1", "R")).values()
    return any_of([tank, any_of([k2, all_of([switch, any_of([s1, any_of([k1, timer])])])])])


def european_1() -> Expression:
    """The tree *European 1* of the Aralia set: 61 basic events and 46,188 minimal cut sets."""
    c = [Fails(f"c{number}") for number in range(61)]
    feeds = [all_of([c[0], c[number]]) for number in range(1, 9)]
    west, east = feeds[:4], feeds[4:]
    west_cells = [[any_of([feed, c[9 + 4 * row + at]]) for at, feed in enumerate(west)] for row in range(5)]
    turned = (0, 2, 1, 3)
    east_cells = [[any_of([east[turned[at]], c[29 + 4 * row + at]]) for at in range(4)] for row in range(4)]
    rows = [AtLeast(3, tuple(cells)) for cells in west_cells]
    east_rows = [AtLeast(3, tuple(cells)) for cells in east_cells[1:3]]
    upper = any_of([all_of([east_cells[0][0], east_cells[0][2]]), c[45]])
    lower = any_of([all_of([east_cells[0][1], east_cells[0][3]]), c[46]])
    marked = ((upper, 47), (upper, 49), (lower, 48), (lower, 50))
    ends = tuple(any_of([feed, fed, c[mark]]) for feed, (fed, mark) in zip(east, marked, strict=True))
    first = any_of([*east_rows, AtLeast(2, ends), c[52]])
    late = any_of(rows[3:])
    left = all_of([all_of([east_cells[3][0], east_cells[3][2]]), late])
    right = all_of([all_of([east_cells[3][1], east_cells[3][3]]), late])
    deeper = [
        any_of([feed, side, c[53 + at]])
        for at, (feed, side) in enumerate(zip(west, (left, right, left, right), strict=True))
    ]
    deepest = [
        any_of([feed, inner, c[57 + at]]) for at, (feed, inner) in enumerate(zip(west, deeper, strict=True))
    ]
    second = any_of([rows[0], any_of([rows[1], rows[2], c[51]]), AtLeast(3, tuple(deepest))])
    crossed = [
        any_of([west[0], east[0], upper, deeper[0], c[47]]),
        any_of([west[1], east[2], lower, deeper[1], c[48]]),
        any_of([west[2], east[1], upper, deeper[2], c[49]]),
        any_of([west[3], east[3], lower, deeper[3], c[50]]),
    ]
    third = any_of([*east_rows, all_of(crossed), c[52]])
    return all_of([first, second, third])


def truth(expression: Expression) -> tuple[tuple[str, ...], Bits]:
    """Return its components and whether it is true for each set of failures, a bit a component."""
    names = components(expression)
    cases = np.arange(2 ** len(names))
    bits = {name: (cases >> place & 1).astype(np.int64) for place, name in enumerate(names)}

    def gate(count: int, parts: list[Cases]) -> Cases:
        return np.asarray(np.sum(parts, axis=0) >= count, dtype=np.int64)

    return names, np.asarray(folded(expression, bits.__getitem__, gate), dtype=np.bool_)


def counted_cuts(expression: Expression, failed: Sequence[str] = ()) -> set[frozenset[str]]:
    """Every minimal set of further failures, by looking at every case."""
    names, lost = truth(expression)
    base = sum(1 << place for place, name in enumerate(names) if name in failed)
    found: set[frozenset[str]] = set()
    if not lost[-1]:
        return found
    for case in np.flatnonzero(lost).tolist():
        if case & base != base:
            continue
        further = [place for place in range(len(names)) if case >> place & 1 and not base >> place & 1]
        if all(not lost[case & ~(1 << place)] for place in further):
            found.add(frozenset(names[place] for place in further))
    return found


def counted_probability(expression: Expression, unavailability: dict[str, float]) -> float:
    """How probable it is, summed over every case."""
    names, lost = truth(expression)
    cases = np.arange(len(lost))
    chance = np.ones(len(lost))
    for place, name in enumerate(names):
        chance *= np.where(cases >> place & 1, unavailability[name], 1 - unavailability[name])
    return float(chance[lost].sum())


@st.composite
def expressions(draw: st.DrawFn, most: int = 14) -> Expression:
    """Any structure of up to so many components, with shared parts."""
    pool: list[Expression] = [Fails(f"c{number}") for number in range(draw(st.integers(1, most)))]
    for _ in range(draw(st.integers(1, 6))):
        parts = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=6, unique_by=id))
        pool.append(AtLeast(draw(st.integers(1, len(parts))), tuple(parts)))
    return pool[-1]
