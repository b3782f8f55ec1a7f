"""Where the words of a plot stand, so that no two lie over each other. Pure; it draws nothing.

Rules:
1. Words come in the order in which they matter. Each takes the first of its places that is free.
2. A place is free where it lies whole within the plot, and no word that came before is nearer than a gap.
3. Of the free places, one that no line strikes through comes before one that some line does.
4. Words without a free place are left out; what they stand beside is drawn all the same.
5. The same words for the same places are said once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSizeF

GAP: Final = 3.0
"""Pixels between two words, and between words and what they stand beside."""

_ROWS: Final = 6
_HEIGHTS: Final = (0.5, 0.3, 0.7, 0.15, 0.85)
"""Where in a span its words may stand: in the middle if they can."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Words with the places where they may stand, in pixels, the best first."""

    words: str
    places: tuple[QRectF, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """Words where they stand."""

    words: str
    place: QRectF


def along_line(size: QSizeF, plot: QRectF, y: float) -> tuple[QRectF, ...]:
    """Return the places of the words of a level line: over it or below it, from its left end on."""
    lefts = [plot.left() + GAP + step * (size.width() + 4 * GAP) for step in range(_ROWS)]
    lefts.append(plot.right() - GAP - size.width())
    tops = (y - size.height(), y + 1)
    return tuple(_box(left, top, size) for left in lefts for top in tops)


def along_mark(size: QSizeF, plot: QRectF, x: float) -> tuple[QRectF, ...]:
    """Return the places of the word of an upright line: at its right or left, from near its top on."""
    first = plot.top() + 0.07 * plot.height() - size.height() / 2
    tops = [first + row * (size.height() + GAP) for row in range(_ROWS)]
    lefts = (x + GAP, x - GAP - size.width())
    return tuple(_box(left, max(plot.top(), top), size) for left in lefts for top in tops)


def within_span(size: QSizeF, plot: QRectF, left: float, right: float) -> tuple[QRectF, ...]:
    """Return the places of the words of a span: amid what is seen of it, if they go in."""
    left, right = max(left, plot.left()), min(right, plot.right())
    if right - left < size.width() + 4 * GAP:
        return ()
    middle = (left + right) / 2 - size.width() / 2
    return tuple(
        _box(middle, plot.top() + share * plot.height() - size.height() / 2, size) for share in _HEIGHTS
    )


def placed(wishes: Sequence[Wish], plot: QRectF, lines_at: Sequence[float] = ()) -> list[Placed]:
    """Find a place for each, where there is one; ``lines_at`` are the heights of the level lines."""
    found: list[Placed] = []
    for wish in (each for at, each in enumerate(wishes) if each not in wishes[:at]):
        free = list(_free(wish, plot, found))
        whole = (place for place in free if not any(place.top() < y < place.bottom() for y in lines_at))
        place = next(whole, free[0] if free else None)
        if place is not None:
            found.append(Placed(wish.words, place))
    return found


def _free(wish: Wish, plot: QRectF, before: Sequence[Placed]) -> Iterator[QRectF]:
    for place in wish.places:
        wide = place.adjusted(-GAP, -GAP / 3, GAP, GAP / 3)
        if plot.contains(place) and not any(wide.intersects(each.place) for each in before):
            yield place


def _box(left: float, top: float, size: QSizeF) -> QRectF:
    return QRectF(left, top, size.width(), size.height())
