"""An acknowledgement may hold to the end of the shift that the site tells."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from controlroom.site.view import SeenShift, SiteView
from ui.desk.alarm_list.shift_end import shift_left_s

LONDON = ZoneInfo("Europe/London")
SITE = SiteView(
    name="Room",
    time_zone="Europe/London",
    shifts=(
        SeenShift(id="day", begin="07:00", until="19:00"),
        SeenShift(id="night", begin="19:00", until="07:00"),
    ),
)


@pytest.mark.parametrize(
    ("now", "left_h"),
    [
        ("2026-11-22T14:00", 5),
        ("2026-11-22T23:00", 8),
        ("2026-10-24T23:00", 9),  # the clock goes back at two: that night is an hour longer
    ],
)
def test_the_shift_lasts_until_its_end_on_the_wall(now: str, left_h: float) -> None:
    """Also over midnight, and where the clock is set meanwhile."""
    at = datetime.fromisoformat(now).replace(tzinfo=LONDON).timestamp()
    assert shift_left_s(SITE, at, LONDON) == left_h * 3600


def test_without_a_shift_there_is_no_end() -> None:
    """Neither where the site tells none, nor between two."""
    at = datetime(2026, 11, 22, 14, tzinfo=LONDON).timestamp()
    assert shift_left_s(None, at, LONDON) is None
    assert shift_left_s(SITE.model_copy(update={"shifts": ()}), at, LONDON) is None
    assert shift_left_s(SITE.model_copy(update={"shifts": SITE.shifts[1:]}), at, LONDON) is None


def test_the_view_comes_back_from_its_text_with_its_shifts() -> None:
    """As a desk reads it from the store."""
    assert SiteView.model_validate_json(SITE.model_dump_json()) == SITE
