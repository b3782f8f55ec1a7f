"""Finds the place of the tour's panel. Pure geometry; it moves nothing.

1. The panel lies within the window.
2. It covers neither what it points at nor what must stay in sight (alarms, bands, header).
3. Of the places left, it takes the one nearest to what it points at.
4. In a window too small for that, it covers some of what it points at rather than what must stay in sight.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the window."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column beyond it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.height

    def overlap(self, other: Box) -> int:
        """The area shared with another, in square pixels."""
        width = min(self.right, other.right) - max(self.x, other.x)
        height = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(0, width) * max(0, height)

    def apart(self, other: Box) -> int:
        """The squared distance from edge to edge, in square pixels; nought where they touch."""
        across = max(0, self.x - other.right, other.x - self.right)
        along = max(0, self.y - other.bottom, other.y - self.bottom)
        return across**2 + along**2


def place_panel(size: tuple[int, int], target: Box, window: Box, clear: Sequence[Box], gap: int) -> Box:
    """Return where a panel of this width and height goes, ``gap`` pixels from what it points at."""
    width, height = size
    boxes = (target, *clear)
    aside = (x for box in boxes for x in (box.x - width - gap, box.x, box.right - width, box.right + gap))
    upright = (
        y for box in boxes for y in (box.y - height - gap, box.y, box.bottom - height, box.bottom + gap)
    )
    xs = {_within(x, window.x + gap, window.right - width - gap) for x in aside}
    ys = {_within(y, window.y + gap, window.bottom - height - gap) for y in upright}
    places = (Box(x, y, width, height) for x, y in itertools.product(sorted(xs), sorted(ys)))
    return min(places, key=lambda place: _cost(place, target, clear))


def _cost(place: Box, target: Box, clear: Sequence[Box]) -> tuple[int, int, int, int]:
    covered = sum(place.overlap(box) for box in clear)
    middle = abs(2 * place.x + place.width - 2 * target.x - target.width)
    return covered, place.overlap(target), place.apart(target), middle


def _within(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))
