"""What loses a service whose diagram would be too large, as far as its small cut sets tell. Exact or said so.

Rules:
1. The cut sets up to an order are looked for once, within bounds of number and work.
2. Whether it is lost, and whether a single failure loses it now, is found out exactly at each look.
3. Beyond that: after so many failures, what the known sets still need is the margin, unless a set that is too
   large to be known could need less. Then the margin is at least that, and not exact.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from controlroom.resilience.cut_sets import cut_sets
from controlroom.resilience.expression import Expression, components, fails
from controlroom.resilience.standing import Margin

LIVE_ORDER: Final = 3
LIVE_SETS: Final = 5_000
LIVE_WORK: Final = 200_000
"""Some tenths of a second, once."""

_MOST_KEPT: Final = 16

Sets = tuple[tuple[str, ...], ...]
Looked = tuple[Margin, Sets]


class LookedThrough:
    """The small cut sets of one service."""

    def __init__(self, lost: Expression) -> None:
        """Look for them (rule 1)."""
        self._lost = lost
        self._names = frozenset(components(lost))
        found = cut_sets(lost, LIVE_ORDER, most_sets=LIVE_SETS, most_work=LIVE_WORK)
        self.order = found.order
        self._sets = found.sets
        self._kept: dict[tuple[frozenset[str], frozenset[str]], Looked] = {}

    def look(self, failed: Collection[str], spared: Collection[str] = ()) -> Looked:
        """Return the margin, and the sets of further failures that are known to be as small as that."""
        key = self._names.intersection(failed), self._names.intersection(spared)
        looked = self._kept.get(key)
        if looked is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            looked = self._kept[key] = self._looked(*key)
        return looked

    def _looked(self, failed: frozenset[str], spared: frozenset[str]) -> Looked:
        if fails(self._lost, failed):
            return Margin(0, 0), ()
        single = cut_sets(self._lost, 1, failed, spared)
        if single.sets:
            return Margin(1, 1), single.sets
        left = {tuple(name for name in found if name not in failed) for found in self._open(failed, spared)}
        least = min(map(len, left), default=None)
        bound = max(2, self.order + 1 - len(failed))
        if least is None or least > bound:
            return Margin(bound, bound, exact=False), ()
        return Margin(least, least), tuple(sorted(found for found in left if len(found) == least))

    def _open(self, failed: frozenset[str], spared: frozenset[str]) -> Sets:
        """Return the sets that could still come true."""
        kept = spared - failed
        return tuple(found for found in self._sets if kept.isdisjoint(found)) if kept else self._sets
