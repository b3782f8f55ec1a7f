"""All minimal cut sets of an expression, however many, as relibmss keeps them.

Slow where there are very many. One belongs to the thread that made it (``bdd_of.py``, rule 3). For those up
to an order see ``cut_sets.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from controlroom.resilience.bdd import CutFamily
from controlroom.resilience.bdd_of import MOST_NODES, bdd_of
from controlroom.resilience.expression import Expression


class EveryCut:
    """The minimal cut sets, counted without being listed."""

    def __init__(self, expression: Expression, most_nodes: int = MOST_NODES) -> None:
        """Find them; raise ``TooLargeError``."""
        self._family = bdd_of(expression, most_nodes).minpath()

    def counts(self) -> Mapping[int, int]:
        """Count them by their size."""
        return _sizes_of(self._family)

    def sets(self) -> Iterator[tuple[str, ...]]:
        """Yield them, in no order."""
        for found in self._family.extract():
            yield tuple(sorted(found))


def _sizes_of(family: CutFamily) -> Mapping[int, int]:
    """Count the sets of a family by their size: of each of its nodes first, children before parents."""
    counts: dict[int, dict[int, int]] = {}
    waiting: list[tuple[CutFamily, Sequence[CutFamily] | None]] = [(family, None)]
    while waiting:
        node, children = waiting.pop()
        identity = node.get_id()
        if identity in counts:
            continue
        if children is None:
            children = node.get_children()
            if children is None:
                counts[identity] = {0: 1} if node.count() else {}
            else:
                waiting.append((node, children))
                waiting.extend((child, None) for child in children)
            continue
        low, high = (counts[child.get_id()] for child in children)
        summed = dict(low)
        for size, count in high.items():
            summed[size + 1] = summed.get(size + 1, 0) + count
        counts[identity] = summed
    return dict(sorted(counts[family.get_id()].items()))
