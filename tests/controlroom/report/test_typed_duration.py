"""Lengths of time are read as people mean them, and what nobody can mean is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.errors import ControlroomError
from controlroom.report.typed_duration import LONGEST_S, duration_s


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("90s", 90),
        ("15m", 900),
        ("2h", 7200),
        ("1h30m", 5400),
        ("1d", 86400),
        ("1d2h3m4s", 93784),
        (" 2h ", 7200),
        ("1s", 1),
        ("366d", LONGEST_S),
    ],
)
def test_what_people_type(typed: str, seconds: float) -> None:
    """Each unit alone, and together."""
    assert duration_s(typed) == seconds


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "90", "h", "2 h", "1.5h", "-2h", "30m1h", "1h1h", "2H", "2w"),
        *("0s", "0h0m", "367d", "٣h", "1h\x1b"),
    ],
)
def test_what_is_refused(typed: str) -> None:
    """With the forms that are understood, and nothing in it that could steer a screen."""
    with pytest.raises(ControlroomError, match="such as 90s, 15m, 2h, 1h30m") as caught:
        duration_s(typed)
    assert caught.value.code == "bad-time"
    assert "\x1b" not in str(caught.value)


@given(st.integers(0, 365), st.integers(0, 23), st.integers(0, 59), st.integers(1, 59))
def test_it_is_the_sum_of_its_parts(days: int, hours: int, minutes: int, seconds: int) -> None:
    """Whatever the parts are."""
    total_s = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    assert duration_s(f"{days}d{hours}h{minutes}m{seconds}s") == total_s
