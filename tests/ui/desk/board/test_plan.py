"""The places on the board: all inside, none on another, the same every time."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.desk.board.plan import Density, plan_board

EM = 16


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=5),
    width=st.integers(300, 1400),
    height=st.integers(120, 700),
)
def test_every_endpoint_has_a_place_of_its_own(sizes: list[int], width: int, height: int) -> None:
    """As many places as endpoints, all within the width, no two the same; only a mosaic may be too high."""
    plan = plan_board(sizes, width, height, EM)
    assert len(plan.cells) == sum(sizes)
    assert len(plan.headings) == len(sizes)
    assert len({(cell.x, cell.y) for cell in plan.cells}) == len(plan.cells)
    assert all(cell.x >= 0 and cell.x + cell.width <= width for cell in plan.cells)
    if plan.density is not Density.MOSAIC:
        assert plan.height <= height
        assert all(cell.y + cell.height <= plan.height for cell in plan.cells)
    assert plan == plan_board(sizes, width, height, EM)


@pytest.mark.parametrize(
    ("sizes", "width", "height", "density"),
    [
        ([2, 2, 1, 1, 3], 1260, 500, Density.TILE),
        ([12, 10, 6, 8, 9], 1260, 480, Density.LINE),
        ([12, 10, 6, 8, 9], 810, 310, Density.NARROW),
        ([13, 13, 8, 10, 16], 810, 330, Density.NAME),
        ([400, 500, 200, 300, 600], 1260, 520, Density.MOSAIC),
    ],
)
def test_the_room_decides_how_much_is_told(
    sizes: list[int], width: int, height: int, density: Density
) -> None:
    """Few endpoints get tiles, more get lines, thousands a mosaic that still fits."""
    plan = plan_board(sizes, width, height, EM)
    assert plan.density is density
    assert plan.height <= height


def test_kinds_stay_whole_where_the_width_allows() -> None:
    """On a wide board each kind is one column under its heading."""
    plan = plan_board([12, 10, 6, 8, 9], 1260, 480, EM)
    first, columns = 0, []
    for size in (12, 10, 6, 8, 9):
        columns.append({cell.x for cell in plan.cells[first : first + size]})
        first += size
    assert all(len(column) == 1 for column in columns)


def test_a_heading_stands_over_all_columns_of_its_kind() -> None:
    """But over none at whose top another kind goes on, and over no other heading."""
    plan = plan_board([13, 13, 8, 10, 16], 810, 280, 16)
    assert plan.density is Density.NAME
    radio, mobile, cloud, partners, infrastructure = plan.headings
    assert radio.width > mobile.width
    assert mobile.y > 0
    assert mobile.width == cloud.width == partners.width < infrastructure.width
    top = [heading for heading in plan.headings if heading.y == 0]
    assert all(one.x + one.width <= other.x for one, other in itertools.pairwise(top))
