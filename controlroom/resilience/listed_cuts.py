"""The minimal cut sets of a service, all or up to an order, and how many of each size. It judges nothing.

Rules:
1. Up to an order they are looked for without a diagram, exactly and within bounds.
2. All of them come out of the diagram. Where it would be too large, those up to the usual order stand for
   them, and the answer says that it is not whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from controlroom.resilience.bdd_of import TooLargeError
from controlroom.resilience.condition_on import given_failed
from controlroom.resilience.cut_family import EveryCut
from controlroom.resilience.cut_sets import USUAL_ORDER, cut_sets
from controlroom.resilience.expression import Expression


@dataclass(frozen=True, slots=True)
class ListedCuts:
    """Cut sets of further failures, the smallest first; ``order`` is ``None`` where all were looked for.

    ``whole`` says that nothing that was asked for is missing.
    """

    order: int | None
    sets: tuple[tuple[str, ...], ...] = ()
    counts: Mapping[int, int] = field(default_factory=dict)
    whole: bool = True


def listed_cuts(
    lost: Expression, order: int | None, failed: Collection[str] = (), spared: Collection[str] = ()
) -> ListedCuts:
    """Find them up to an order, or all (``None``), beyond those that failed already.

    What is spared fails no further, so no set with it comes true.
    """
    found = _listed_cuts(lost, order, failed)
    if not spared:
        return found
    sets = tuple(each for each in found.sets if not set(each).intersection(spared))
    return replace(found, sets=sets, counts=dict(sorted(Counter(map(len, sets)).items())))


def _listed_cuts(lost: Expression, order: int | None, failed: Collection[str]) -> ListedCuts:
    left = given_failed(lost, failed)
    if left is None:
        return ListedCuts(order, ((),), {0: 1})
    if order is not None:
        found = cut_sets(left, order)
        return ListedCuts(found.order, _sorted(found.sets), found.counts, not found.cut_short)
    try:
        every = EveryCut(left)
    except TooLargeError:
        found = cut_sets(left, USUAL_ORDER)
        return ListedCuts(found.order, _sorted(found.sets), found.counts, whole=False)
    return ListedCuts(None, _sorted(every.sets()), every.counts())


def _sorted(sets: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Sort sets by their size and names, and the names in each: the same site gives the same list."""
    named = (tuple(sorted(each)) for each in sets)
    return tuple(sorted(named, key=lambda each: (len(each), each)))
