"""Who shares a risk, a location or a subnet with a suspect, and is asked because of it. It asks nobody.

Rules:
1. Of each thing that a suspect shares ``MOST_OF_EACH`` are chosen, others each time: whose turn it is goes
   round. Who loses that question is a suspect too, and others are asked because of it; so a cut that takes
   many is seen as one before most of them have had their beat.
2. Only those are chosen whose next answer is worth asking for; so few are looked at for it that thousands
   cost no more than ten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from controlroom.condition.shared_risk import SharedRisk

MOST_OF_EACH: Final = 4
"""So many are asked of all who share one thing with a suspect."""

_MOST_LOOKED_AT: Final = 12


class _Ring:
    """Those who share one thing, and whose turn it is."""

    def __init__(self, members: Iterable[str]) -> None:
        self.members = sorted(members)
        self._at = 0

    def next(self) -> str:
        self._at = (self._at + 1) % len(self.members)
        return self.members[self._at]


class Neighbours:
    """The endpoints by what they share."""

    def __init__(self, risks: Iterable[SharedRisk] = ()) -> None:
        """Take what is shared."""
        self._of: dict[str, list[_Ring]] = {}
        for risk in risks:
            ring = _Ring(risk.members)
            for endpoint_id in risk.members:
                self._of.setdefault(endpoint_id, []).append(ring)

    def choose(self, suspect: str, is_worth_it: Callable[[str], bool]) -> list[str]:
        """Choose whom to ask because of a suspect."""
        found: dict[str, None] = {}
        for ring in self._of.get(suspect, ()):
            wanted = len(found) + MOST_OF_EACH
            for _ in range(min(_MOST_LOOKED_AT, len(ring.members))):
                candidate = ring.next()
                if candidate != suspect and candidate not in found and is_worth_it(candidate):
                    found[candidate] = None
                if len(found) == wanted:
                    break
        return list(found)
