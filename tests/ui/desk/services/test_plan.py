"""Where the services' tiles stand."""

from __future__ import annotations

import itertools

import pytest

from ui.desk.services.plan import Fullness, plan_services

EM = 16


@pytest.mark.parametrize("count", [1, 2, 3, 5, 12, 13, 100])
@pytest.mark.parametrize("width", [300, 800, 1300])
def test_tiles_lie_in_the_width_and_not_on_each_other(count: int, width: int) -> None:
    """In rows, in the order of the site, all of one size."""
    plan = plan_services(count, width, 340, EM)
    assert len(plan.cells) == count
    assert len({(cell.width, cell.height) for cell in plan.cells}) == 1
    assert all(cell.x + cell.width <= width for cell in plan.cells)
    assert max(cell.y + cell.height for cell in plan.cells) == plan.height
    places = [(cell.y, cell.x) for cell in plan.cells]
    assert places == sorted(set(places))
    rows = [cell.x for cell in plan.cells if cell.y == plan.cells[0].y]
    assert len(rows) == plan.columns
    assert all(right - left >= plan.cells[0].width for left, right in itertools.pairwise(rows))


def test_twelve_stand_in_even_rows() -> None:
    """Whole where they fit, flat where they do not."""
    whole = plan_services(12, 1300, 340, EM)
    assert (whole.fullness, whole.columns) == (Fullness.WHOLE, 4)
    flat = plan_services(12, 800, 180, EM)
    assert (flat.fullness, flat.columns) == (Fullness.FLAT, 4)
    assert flat.height <= 180


def test_a_hundred_are_flat_and_scroll() -> None:
    """None is left out."""
    plan = plan_services(100, 800, 180, EM)
    assert plan.fullness is Fullness.FLAT
    assert plan.height > 180


def test_one_does_not_stretch_over_the_whole_width() -> None:
    """And none takes no room at all."""
    assert plan_services(1, 1300, 340, EM).cells[0].width < 500
    assert plan_services(0, 1300, 340, EM).height == 0
