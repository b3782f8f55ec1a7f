"""Numbers written in full: read again they are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.site.number_text import number_text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (5.8e9, "5800000000"),
        (1234567.5, "1234567.5"),
        (0.2, "0.2"),
        (3.0, "3"),
        (1e-7, "0.0000001"),
        (16, "16"),
        (-0.5, "-0.5"),
    ],
)
def test_every_digit_stands(number: float, text: str) -> None:
    """And no needless nought."""
    assert number_text(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_read_again_is_the_same(number: float) -> None:
    """A form that shows a number must not change it by saving."""
    assert "e" not in number_text(number)
    assert float(number_text(number)) == number
