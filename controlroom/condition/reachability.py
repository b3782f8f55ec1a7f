"""What cannot be reached because something before it is lost, and which loss was the cause. It asks nothing.

Rules:
1. Only an endpoint that is silent itself can be unreachable: an answer refutes any graph.
2. A silent endpoint is unreachable while, of one of the entries that it stands behind, every alternative is
   silent too. So one of two uplinks that works is enough, and one hop tells all: what is lost further up
   makes what lies between silent.
3. What fell more than ``SOONER_S`` before them is not explained by them: it failed by itself, and whatever
   somebody did about it stands.
4. The cause is what tipped it: of an entry the alternative that fell last, of several entries the one that
   fell first, and so on up to a silent endpoint that nothing before it explains (first-out).
5. Before a silent endpoint is blamed itself, an entry whose alternatives are all silent or in doubt may yet
   explain it: those in doubt are worth the wait.
There are no rings: the site's loader refuses them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from controlroom.site.behind import Requirements

SOONER_S: Final = 3.0
"""By so much the first losses of one fault are seen apart at most: the one is asked because of the other."""


class Reachability:
    """The graph of what stands behind what. Silent endpoints are given with when they fell."""

    def __init__(self, behind: Mapping[str, Requirements]) -> None:
        """Take the entries of each endpoint that stands behind anything."""
        self._behind = behind
        self._before: dict[str, dict[str, None]] = {}
        for endpoint_id, entries in behind.items():
            for name in (name for entry in entries for name in entry):
                self._before.setdefault(name, {})[endpoint_id] = None

    def stands_behind(self, endpoint_id: str) -> Requirements:
        """Return the entries of an endpoint."""
        return self._behind.get(endpoint_id, ())

    def behind(self, endpoint_id: str) -> tuple[str, ...]:
        """Return who stands right behind an endpoint."""
        return tuple(self._before.get(endpoint_id, ()))

    def all_behind(self, endpoint_id: str) -> Iterator[str]:
        """Go through all who stand behind an endpoint, however far, the nearest first."""
        ahead = list(self.behind(endpoint_id))
        seen = set(ahead)
        for each in ahead:
            yield each
            further = [one for one in self.behind(each) if one not in seen]
            seen.update(further)
            ahead += further

    def all_before(self, endpoint_id: str) -> tuple[str, ...]:
        """Return all that an endpoint stands behind, however far, the nearest first."""
        found: dict[str, None] = {}
        ahead = [endpoint_id]
        for one in ahead:
            names = dict.fromkeys(name for entry in self.stands_behind(one) for name in entry)
            ahead += [name for name in names if name not in found]
            found.update(names)
        return tuple(found)

    def is_unreachable(self, endpoint_id: str, silent: Mapping[str, float]) -> bool:
        """Whether a silent endpoint is explained by what it stands behind (rules 1 to 3)."""
        return endpoint_id in silent and bool(self._lost_entries(endpoint_id, silent))

    def first_out(self, endpoint_id: str, silent: Mapping[str, float]) -> str:
        """Return which loss explains a silent endpoint (rule 4): itself where nothing before it does."""
        found: dict[str, tuple[float, str]] = {}
        ahead = [endpoint_id]
        while ahead:
            one = ahead[-1]
            lost = self._lost_entries(one, silent)
            unknown = [name for entry in lost for name in entry if name not in found]
            if unknown:
                ahead += unknown
                continue
            ahead.pop()
            tipped = (max(found[name] for name in entry) for entry in lost)
            found.setdefault(one, min(tipped, default=(silent[one], one)))
        return found[endpoint_id][1]

    def in_doubt(
        self, endpoint_id: str, silent: Mapping[str, float], doubtful: Callable[[str], bool]
    ) -> tuple[str, ...]:
        """Return who may yet explain a silent endpoint (rule 5), nearest first, however far up."""
        found: dict[str, None] = {}
        ahead = [endpoint_id]
        for one in ahead:
            for entry in self.stands_behind(one):
                lacking = [name for name in entry if name not in silent]
                if all(map(doubtful, lacking)):
                    ahead += [name for name in entry if name not in found and name not in ahead]
                    found.update(dict.fromkeys(lacking))
        return tuple(found)

    def _lost_entries(self, endpoint_id: str, silent: Mapping[str, float]) -> list[tuple[str, ...]]:
        entries = self._behind.get(endpoint_id, ())
        latest_s = silent.get(endpoint_id, math.inf) + SOONER_S
        return [entry for entry in entries if all(silent.get(name, math.inf) <= latest_s for name in entry)]
