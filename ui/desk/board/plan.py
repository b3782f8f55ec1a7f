"""Where each endpoint stands on the board. Pure geometry: sizes in, rectangles out.

1. Everything fits without scrolling wherever it can: two-line tiles if there is room, else lines, else narrow
   ones, else bare names, else a mosaic of squares. Only a mosaic too large for its place scrolls.
2. Tiles and lines flow in columns, and a kind begins a new column rather than breaking in two, unless
   that wastes the width or does not fit.
3. A kind that goes on in the next column has its heading over both.
4. Kinds of squares stand under each other, or beside each other where only that fits.
5. The same site in the same window always gives the same places.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Density(enum.Enum):
    """How much of an endpoint is told in its place."""

    TILE = "tile"
    LINE = "line"
    NARROW = "narrow"
    NAME = "name"
    MOSAIC = "mosaic"


class Box(NamedTuple):
    """A rectangle in pixels of the board."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The place of each heading and each endpoint, in the order of the groups."""

    density: Density
    headings: Sequence[Box] = ()
    cells: Sequence[Box] = ()
    height: int = 0

    @property
    def brief(self) -> bool:
        """Whether headings have little room."""
        beside = len({box.x for box in self.headings}) > 1
        return self.density in (Density.NARROW, Density.NAME) or (self.density is Density.MOSAIC and beside)


@dataclass(frozen=True, slots=True)
class _Measure:
    density: Density
    cell_height: int
    gap: int
    least_width: int
    most_width: int
    heading: int
    group_gap: int


@dataclass(slots=True)
class _Flow:
    """Rows put one under another into columns of one height."""

    columns: int = 1
    height: int = 0
    headings: list[tuple[int, int]] = field(default_factory=list)
    cells: list[tuple[int, int]] = field(default_factory=list)


def plan_board(sizes: Sequence[int], width: int, height: int, em: int) -> Plan:
    """Place groups of these sizes into a width and a height; ``em`` is the height of a line of text."""
    if not sizes or width <= 0:
        return Plan(Density.TILE)
    tile, line, narrow, name = _measures(em)
    tries = ((tile, True), (line, True), (tile, False), (line, False), (narrow, True), (narrow, False))
    for measure, whole in tries:
        flow = _best_flow(sizes, max(1, width // measure.least_width), height, measure, whole)
        if flow is not None:
            return _columns(flow, width, measure)
    for columns in range(1, width // name.least_width + 1):
        flow = _best_flow(sizes, columns, height, name, whole=False)
        if flow is not None:
            return _columns(flow, width, name)
    under = _mosaic(sizes, width, em)
    beside = _mosaic_beside(sizes, width, em) if under.height > height else None
    return beside if beside is not None and beside.height <= height else under


def _measures(em: int) -> tuple[_Measure, _Measure, _Measure, _Measure]:
    gap, heading = round(em * 0.3), round(1.7 * em)
    tile = _Measure(Density.TILE, round(2.6 * em), gap, round(14.5 * em), 24 * em, heading, em // 2)
    line = _Measure(Density.LINE, round(1.6 * em), 3, 13 * em, 24 * em, heading, em // 2)
    narrow = _Measure(Density.NARROW, round(1.45 * em), 2, 9 * em, 24 * em, heading, em // 3)
    # As high as two lines of small letters, for a long name; with its gap no higher than a narrow line.
    name = _Measure(Density.NAME, round(1.5 * em), 1, 6 * em, 24 * em, heading, em // 3)
    return tile, line, narrow, name


def _best_flow(
    sizes: Sequence[int], columns: int, height: int, measure: _Measure, whole: bool
) -> _Flow | None:
    """Return the shortest flow that fits; whole groups must not leave most of the width empty."""
    step = measure.cell_height + measure.gap
    most_rows = max(0, (height - measure.heading) // step)
    if sum(sizes) > columns * most_rows:
        return None
    fewest_rows = max(sizes) if whole else 1
    for rows in range(fewest_rows, min(most_rows, sum(sizes) + 2 * len(sizes)) + 1):
        flow = _flow(sizes, measure.heading + rows * step, measure, whole)
        if flow.columns <= columns and flow.height <= height:
            wasteful = whole and flow.columns < 0.6 * columns
            return None if wasteful else flow
    return None


def _flow(sizes: Sequence[int], height: int, measure: _Measure, whole: bool) -> _Flow:
    flow, column, y = _Flow(), 0, 0
    step = measure.cell_height + measure.gap
    for size in sizes:
        need = measure.heading + (size if whole else 1) * step
        begin = y + measure.group_gap if y else 0
        if y and begin + need > height:
            column, begin = column + 1, 0
        flow.headings.append((column, begin))
        y = begin + measure.heading
        for _ in range(size):
            if y + step > height and y > measure.heading:
                column, y = column + 1, measure.heading
            flow.cells.append((column, y))
            y += step
            flow.height = max(flow.height, y)
    flow.columns = column + 1
    return flow


def _columns(flow: _Flow, width: int, measure: _Measure) -> Plan:
    between = measure.group_gap + measure.gap
    pitch = min(measure.most_width, (width + between) // flow.columns)
    spans = _spans(flow)
    return Plan(
        measure.density,
        [
            Box(column * pitch, y, span * pitch - between, measure.heading)
            for (column, y), span in zip(flow.headings, spans, strict=True)
        ],
        [Box(column * pitch, y, pitch - between, measure.cell_height) for column, y in flow.cells],
        flow.height,
    )


def _spans(flow: _Flow) -> list[int]:
    """Over how many columns each heading may go: one at the top over all at whose top its kind goes on."""
    ends = [(column, y) for column, y in flow.headings[1:]] + [(flow.columns, 0)]
    return [
        1 if y else max(1, end - column + (1 if end_y else 0))
        for (column, y), (end, end_y) in zip(flow.headings, ends, strict=True)
    ]


def _mosaic(sizes: Sequence[int], width: int, em: int) -> Plan:
    """Rows of squares under each heading, as many as the width holds."""
    side, gap, heading = max(8, round(em * 0.68)), 3, round(em * 1.5)
    across = max(1, (width + gap) // (side + gap))
    headings: list[Box] = []
    cells: list[Box] = []
    y = 0
    for size in sizes:
        headings.append(Box(0, y, width, heading))
        y += heading
        cells += [
            Box(place % across * (side + gap), y + place // across * (side + gap), side, side)
            for place in range(size)
        ]
        y += -(-size // across) * (side + gap) + em // 3
    return Plan(Density.MOSAIC, headings, cells, y)


def _mosaic_beside(sizes: Sequence[int], width: int, em: int) -> Plan | None:
    """Squares in one column for each kind; ``None`` where that leaves too little for its heading."""
    between = em
    pitch = (width + between) // len(sizes)
    if pitch - between < 7 * em:
        return None
    plans = [_mosaic((size,), pitch - between, em) for size in sizes]
    placed = list(enumerate(plans))
    return Plan(
        Density.MOSAIC,
        [box._replace(x=box.x + place * pitch) for place, plan in placed for box in plan.headings],
        [box._replace(x=box.x + place * pitch) for place, plan in placed for box in plan.cells],
        max(plan.height for plan in plans),
    )
