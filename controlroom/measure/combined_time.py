"""How time was spent by what needs several parts: a path all of its endpoints, a service some of its paths.

Rules:
1. Of parts of which at least k must work, the k-th best tells: of all parts the worst, of any the best.
2. From best to worst: working, degraded, what is not known for whatever reason, down. So a path is down as
   soon as one part of it is, though another was not measured then; and where no part is down and one was not
   measured, nobody knows.
3. What no span of a part tells is unknown. Spans of a part do not overlap.
4. Where it would have been down, had not down time of a part been counted as maintenance afterwards, its own
   maintenance was down time too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from controlroom.measure.availability import Spent, TimeSpan

_WORST_FIRST: Final = (
    Spent.DOWN,
    Spent.BLIND,
    Spent.UNKNOWN,
    Spent.MAINTENANCE,
    Spent.DEGRADED,
    Spent.UP,
)
_RANK: Final[Mapping[Spent, int]] = {spent: rank for rank, spent in enumerate(_WORST_FIRST)}


def needing(parts: Sequence[Sequence[TimeSpan]], at_least: int) -> list[TimeSpan]:
    """Return the spans of what needs so many of its parts, in order of time.

    More parts than there are can never be had: that is down, wherever anything is told.
    """
    edges = sorted({edge for part in parts for span in part for edge in (span.since_utc_s, span.until_utc_s)})
    ways = [_spent_between(part, edges) for part in parts]
    found: list[TimeSpan] = []
    for (since_s, until_s), both in zip(pairwise(edges), zip(*ways, strict=True), strict=True):
        told = _kth_best([spent for spent, _ in both], at_least)
        before = _kth_best([was or spent for spent, was in both], at_least)
        was = before if told is Spent.MAINTENANCE and before is Spent.DOWN else None
        if found and (found[-1].spent, found[-1].was) == (told, was):
            found[-1] = replace(found[-1], until_utc_s=until_s)
        else:
            found.append(TimeSpan(told, since_s, until_s, was=was))
    return found


def _kth_best(spent: Sequence[Spent], at_least: int) -> Spent:
    best_first = sorted(spent, key=_RANK.__getitem__, reverse=True)
    return best_first[at_least - 1] if at_least <= len(best_first) else Spent.DOWN


def _spent_between(part: Sequence[TimeSpan], edges: Sequence[float]) -> Iterator[tuple[Spent, Spent | None]]:
    """Tell how a part spent the time between each two edges (rule 3), and how that counted before."""
    ordered = sorted(part, key=lambda span: span.since_utc_s)
    place = 0
    for since_s, _ in pairwise(edges):
        while place < len(ordered) and ordered[place].until_utc_s <= since_s:
            place += 1
        inside = place < len(ordered) and ordered[place].since_utc_s <= since_s
        yield (ordered[place].spent, ordered[place].was) if inside else (Spent.UNKNOWN, None)
