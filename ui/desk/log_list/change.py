"""How one list of log lines leads to the next: what goes, what comes. Pure.

1. An entry is known by its number; numbers only grow upwards. A note on its way has none: it goes and comes.
2. What stays keeps its order, so that rows are inserted and removed around it, and a reader keeps the place.
3. Lists that have nothing in common are not led over but replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ui.desk.faces import LogFace

Run = tuple[int, int]
"""A first row and how many rows."""


@dataclass(frozen=True, slots=True)
class Change:
    """Rows to remove, numbered as before; then rows to insert, numbered as after; both in rising order."""

    removed: Sequence[Run]
    inserted: Sequence[Run]


def change_between(before: Sequence[LogFace], after: Sequence[LogFace]) -> Change | None:
    """Return what leads from one list to the other, or ``None`` where they have nothing in common."""
    old, new = [face.number for face in before], [face.number for face in after]
    stays = ({*old} & {*new}) - {None}
    if not stays:
        return None
    if [number for number in old if number in stays] != [number for number in new if number in stays]:
        return None
    removed = [row for row, number in enumerate(old) if number not in stays]
    inserted = [row for row, number in enumerate(new) if number not in stays]
    return Change(_runs(removed), _runs(inserted))


def _runs(rows: Sequence[int]) -> list[Run]:
    runs: list[Run] = []
    for row in rows:
        if runs and row == sum(runs[-1]):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((row, 1))
    return runs
