"""Where the tour's panel goes: beside what it points at, never over it nor over what must stay in sight."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.desk.tour.placing import Box, place_panel

WINDOW = Box(0, 0, 1280, 720)
boxes = st.builds(Box, st.integers(0, 1000), st.integers(0, 600), st.integers(20, 280), st.integers(20, 120))


@given(
    target=boxes,
    clear=st.lists(boxes, max_size=2),
    size=st.tuples(st.integers(50, 300), st.integers(50, 200)),
)
def test_it_covers_nothing_while_there_is_room(target: Box, clear: list[Box], size: tuple[int, int]) -> None:
    """Inside the window always; over nothing where any of many places would do."""
    place = place_panel(size, target, WINDOW, clear, 8)
    assert (place.width, place.height) == size
    assert place.x >= 0
    assert place.y >= 0
    assert place.right <= WINDOW.right
    assert place.bottom <= WINDOW.bottom
    covered = sum(place.overlap(box) for box in (target, *clear))
    if covered:
        tries = (Box(x, y, *size) for x in range(8, 1272 - size[0], 40) for y in range(8, 712 - size[1], 40))
        around = [box for box in tries if not any(box.overlap(other) for other in (target, *clear))]
        assert not around, around[0]


def test_of_the_free_places_it_takes_the_nearest() -> None:
    """Below what stands at the top, above what stands at the bottom."""
    below = place_panel((300, 150), Box(400, 0, 120, 50), WINDOW, [], 8)
    assert (below.y, below.x <= 400 <= below.right) == (58, True)
    above = place_panel((300, 150), Box(600, 690, 90, 25), WINDOW, [], 8)
    assert above.bottom == 682


def test_where_there_is_no_room_what_must_stay_in_sight_wins() -> None:
    """The target is then covered rather than an alarm."""
    alarms = Box(640, 0, 640, 720)
    place = place_panel((600, 700), Box(0, 0, 640, 720), WINDOW, [alarms], 8)
    assert place.overlap(alarms) == 0
    board, narrow = Box(9, 71, 517, 300), Box(535, 71, 416, 240)
    low = place_panel((400, 172), board, Box(0, 0, 960, 544), [narrow, Box(0, 514, 960, 30)], 8)
    assert low.overlap(narrow) == 0
