"""Two routes side by side as lines of text: the newest trace, and the last good route. No Qt.

Rules
1. One line for each distance; where several addresses answer there, they stand one below the other.
2. The first distance at which the routes have no address in common is marked, and where answers end although
   the good route goes on; nothing else is.
3. Loss is of all packets to a distance, so it stands once, beside the first address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from controlroom.reading import Reason
from controlroom.report.escaping import printable
from controlroom.report.figures import value_text
from controlroom.report.wording import reason_words
from controlroom.route.comparison import ends_early, parting
from controlroom.route.trace import Hop, Trace

NO_ANSWER: Final = "no answer"
PARTS: Final = "≠ here they part"
ENDS: Final = "⊣ answers end here"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one trace says of one distance; empty where it has nothing there."""

    address: str = ""
    loss: str = ""
    time: str = ""


NOTHING: Final = Cell()


@dataclass(frozen=True, slots=True)
class Line:
    """One distance; ``mark`` says in words what is special about it."""

    distance: int
    newest: Cell
    good: Cell
    mark: str = ""


def side_by_side(newest: Trace | None, good: Trace | None) -> list[Line]:
    """Return the lines of both routes, as long as the longer one."""
    new_at = {hop.distance: hop for hop in (newest.hops if newest is not None else ())}
    good_at = {hop.distance: hop for hop in (good.hops if good is not None else ())}
    marks = _marks(newest, good)
    last = max([*new_at, *good_at], default=0)
    return [
        Line(
            distance,
            _cell(new_at.get(distance)),
            _cell(good_at.get(distance)),
            marks.get(distance, ""),
        )
        for distance in range(1, last + 1)
    ]


def _marks(newest: Trace | None, good: Trace | None) -> dict[int, str]:
    if newest is None or good is None:
        return {}
    marks: dict[int, str] = {}
    after = ends_early(good, newest)
    if after is not None:
        marks[after + 1] = ENDS
    found = parting(good, newest)
    if found is not None:
        marks[found.distance] = PARTS
    return marks


def _cell(hop: Hop | None) -> Cell:
    if hop is None:
        return NOTHING
    if not hop.seen:
        return Cell(NO_ANSWER, value_text(1.0, "ratio") if hop.sent else "")
    addresses, times = [], []
    for seen in hop.seen:
        refusal = (
            "" if seen.reason in (Reason.TTL_EXCEEDED, Reason.NONE) else f": {reason_words(seen.reason)}"
        )
        addresses.append(f"{printable(seen.address)}{refusal}")
        times.append(value_text(seen.median_s, "s"))
    return Cell("\n".join(addresses), value_text(hop.loss_ratio or 0.0, "ratio"), "\n".join(times))
