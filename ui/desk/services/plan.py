"""Where the tile of each service stands. Pure geometry: sizes in, rectangles out.

1. Tiles stand in rows in the order of the site, each as wide as the others, so that the eye learns them.
2. Whole tiles where they fit into the height, else flat ones; only flat ones that do not fit scroll.
3. Rows are as even as can be: twelve in four columns rather than five, five and two.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from ui.desk.board.plan import Box


class Fullness(enum.Enum):
    """How much of a service is told in its place."""

    WHOLE = "whole"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """The place of each tile, how many stand beside each other, and how high all are together."""

    fullness: Fullness
    cells: Sequence[Box] = ()
    columns: int = 1
    height: int = 0


def plan_services(count: int, width: int, height: int, em: int) -> ServicePlan:
    """Place so many tiles into a width and a height; ``em`` is the height of a line of text."""
    if count <= 0 or width <= 0:
        return ServicePlan(Fullness.WHOLE)
    gap = round(em * 0.45)
    whole = _grid(Fullness.WHOLE, count, width, (round(15.5 * em), round(5.5 * em), gap))
    if whole.height <= height:
        return whole
    return _grid(Fullness.FLAT, count, width, (round(11.5 * em), round(2.75 * em), round(em * 0.3)))


def _grid(fullness: Fullness, count: int, width: int, sizes: tuple[int, int, int]) -> ServicePlan:
    least_width, cell_height, gap = sizes
    most = max(1, (width + gap) // (least_width + gap))
    rows = -(-count // most)
    columns = -(-count // rows)
    cell_width = min(2 * least_width, (width + gap) // columns - gap)
    cells = [
        Box(
            (place % columns) * (cell_width + gap),
            (place // columns) * (cell_height + gap),
            cell_width,
            cell_height,
        )
        for place in range(count)
    ]
    return ServicePlan(fullness, cells, columns, rows * (cell_height + gap) - gap)
