"""A window as text and back; what is no window is refused, whatever it is."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.store.maintenance_text import MOST_CHARACTERS, text_of_window, window_of_text
from tests.controlroom.condition.maintenance.windows import HOUR_S, flexible, one_off, recurring

ALL = [
    one_off("2026-11-28T02:00+01:00", "2026-11-28T04:00+01:00"),
    recurring("FREQ=WEEKLY;BYDAY=SU", "2026-11-28T02:30"),
    flexible("2026-11-28T00:00+01:00", "2026-11-28T06:00+01:00", HOUR_S),
]


@pytest.mark.parametrize("place", range(len(ALL)))
def test_a_window_comes_back(place: int) -> None:
    """Of each kind."""
    assert window_of_text(text_of_window(ALL[place])) == ALL[place]


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "[" * 100_000, "x" * (MOST_CHARACTERS + 1)])
def test_what_is_no_window_is_refused(text: str) -> None:
    """With an error that says so."""
    with pytest.raises(ValueError, match=r"."):
        window_of_text(text)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_any_json_is_a_window_or_refused(value: object) -> None:
    """Never another error."""
    with suppress(ValueError):
        window_of_text(json.dumps(value))
