"""The minimal cut sets of an expression up to an order, exactly and in bounded memory. It builds no diagram.

A cut set is a set of components whose failure, all together, loses the service; it is minimal when none of
them can be left out. Its order is how many they are.

Rules:
1. Sets are made from the leaves up; what is larger than the order is dropped at once, which loses nothing:
   what is made of it further up is larger still.
2. A set that holds another of the same family is dropped at once.
3. Where there are more than ``most_sets`` at any part, or more than ``most_work`` sets were joined, the whole
   is done again with an order that is one less, and the answer says up to which order it holds.
4. What has failed already costs nothing: the sets are those of further failures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from controlroom.resilience.expression import Expression, components, folded

USUAL_ORDER: Final = 4
MOST_SETS: Final = 50_000
MOST_WORK: Final = 10_000_000
"""So many joined sets take some ten seconds."""

Family = list[int]
"""Cut sets as bit masks, none of which holds another, the smallest first."""

NEVER: Final[Family] = []
ALREADY: Final[Family] = [0]


@dataclass(frozen=True, slots=True)
class CutSets:
    """Minimal cut sets up to ``order``, the smallest first, and how many there are of each order.

    ``asked`` is the order that was asked for; where ``order`` is less, there were too many. An empty set
    among them says that nothing further is needed.
    """

    sets: tuple[tuple[str, ...], ...]
    order: int
    asked: int

    @property
    def cut_short(self) -> bool:
        """Whether there were too many to go as far as was asked."""
        return self.order < self.asked

    @property
    def counts(self) -> Mapping[int, int]:
        """How many there are of each order that has any."""
        counted: dict[int, int] = {}
        for found in self.sets:
            counted[len(found)] = counted.get(len(found), 0) + 1
        return counted

    @property
    def least(self) -> int | None:
        """The size of the smallest; ``None`` where all are larger than the order."""
        return len(self.sets[0]) if self.sets else None


class _TooManyError(Exception):
    """A part has more sets than may be, or all have taken too much work."""


class _Budget:
    """How many sets may stand at a part, and how many may still be joined."""

    def __init__(self, most_sets: int, most_work: int) -> None:
        self.most_sets, self.left = most_sets, most_work

    def spend(self, work: int) -> None:
        """Take some work from what is left; raise ``_TooManyError``."""
        self.left -= work
        if self.left < 0 or work > 8 * self.most_sets:
            raise _TooManyError


def cut_sets(
    expression: Expression,
    order: int = USUAL_ORDER,
    failed: Collection[str] = (),
    spared: Collection[str] = (),
    most_sets: int = MOST_SETS,
    most_work: int = MOST_WORK,
) -> CutSets:
    """Find the minimal sets of further failures up to an order (of at least 1).

    What is spared does not fail any further, whatever happens to it.
    """
    names = components(expression)
    leaves = {name: [1 << place] for place, name in enumerate(names)}
    leaves |= dict.fromkeys(spared, NEVER) | dict.fromkeys(failed, ALREADY)
    for least in range(order, 0, -1):
        try:
            found = _family(expression, leaves, least, _Budget(most_sets, most_work))
        except _TooManyError:
            continue
        return CutSets(tuple(_named(mask, names) for mask in found), least, order)
    return CutSets((), 0, order)


def _family(expression: Expression, leaves: Mapping[str, Family], order: int, budget: _Budget) -> Family:
    def gate(count: int, parts: list[Family]) -> Family:
        return _at_least(count, parts, order, budget)

    return folded(expression, leaves.__getitem__, gate)


def _at_least(count: int, parts: Sequence[Family], order: int, budget: _Budget) -> Family:
    """Return the family of *at least so many of the parts*, part by part."""
    if _fewest(count, parts) > order:
        return NEVER
    reached: list[Family] = [ALREADY] + [NEVER] * count
    for seen, part in enumerate(parts, start=1):
        left = len(parts) - seen
        for wanted in range(min(seen, count), max(0, count - left - 1), -1):
            budget.spend(1 + len(reached[wanted - 1]) * len(part))
            joined = {one | other for one in reached[wanted - 1] for other in part}
            if joined:
                reached[wanted] = _minimal((*reached[wanted], *joined), order, budget.most_sets)
    return reached[count]


def _fewest(count: int, parts: Sequence[Family]) -> int:
    """Return how many failures it takes at the least, where parts share nothing; 0 where that is unknown."""
    met = 0
    for part in parts:
        own = 0
        for mask in part:
            own |= mask
        if met & own:
            return 0
        met |= own
    least = sorted(part[0].bit_count() for part in parts if part)
    return sum(least[:count])


def _minimal(masks: Iterable[int], order: int, most_sets: int) -> Family:
    """Drop what is too large and what holds another; raise ``_TooManyError``."""
    by_size: list[set[int]] = [set() for _ in range(order + 1)]
    for mask in masks:
        size = mask.bit_count()
        if size <= order:
            by_size[size].add(mask)
    kept: set[int] = set()
    listed: Family = []
    for alike in by_size:
        fresh = [mask for mask in alike if not _holds_one_of(mask, kept)]
        kept.update(fresh)
        listed.extend(sorted(fresh))
        if len(listed) > most_sets:
            raise _TooManyError
    return listed


def _holds_one_of(mask: int, kept: Collection[int]) -> bool:
    """Whether any smaller part of a set is among those kept; a set has few parts, for orders are small."""
    if not kept:
        return False
    part = (mask - 1) & mask
    while True:
        if part in kept:
            return True
        if part == 0:
            return False
        part = (part - 1) & mask


def _named(mask: int, names: Sequence[str]) -> tuple[str, ...]:
    found = []
    while mask:
        lowest = mask & -mask
        found.append(names[lowest.bit_length() - 1])
        mask ^= lowest
    return tuple(found)
