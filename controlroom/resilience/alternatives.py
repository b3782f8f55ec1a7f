"""Which paths of a service stand in for others, by what it needs. It knows no condition. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from controlroom.site.view import SeenNeed, SeenService


def alternative_pairs(need: SeenNeed) -> Iterator[tuple[str, str]]:
    """Yield the paths of which a need does not need both, in the order of the need."""
    parts = [[part] if isinstance(part, str) else list(_paths(part)) for part in need.of]
    if need.at_least < len(need.of):
        for one, other in combinations(parts, 2):
            yield from ((each, another) for each in one for another in other if each != another)
    for part in need.of:
        if not isinstance(part, str):
            yield from alternative_pairs(part)


def standing_in(service: SeenService) -> frozenset[str]:
    """Return the paths that stand in for others: those meant to, and those of which not all are needed."""
    meant = frozenset(path.id for path in service.paths if path.standby)
    return meant | {path_id for pair in alternative_pairs(service.needs) for path_id in pair}


def _paths(need: SeenNeed) -> Iterator[str]:
    for part in need.of:
        if isinstance(part, str):
            yield part
        else:
            yield from _paths(part)
