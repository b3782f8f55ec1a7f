"""What is unknown of an answer as text: back as it was, and nothing else is believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.remark import MOST_CHARACTERS as MOST_OF_ONE
from controlroom.measure.remark import MOST_METRICS
from controlroom.store.remark_text import MOST_CHARACTERS, text_of_unknown, unknown_of_text


def test_the_longest_comes_back_as_it_was() -> None:
    """With every letter escaped."""
    unknown = {f"{'m' * 96}{place}": "\x1b" * MOST_OF_ONE for place in range(MOST_METRICS)}
    assert unknown_of_text(text_of_unknown(unknown)) == unknown


@pytest.mark.parametrize("text", ["[]", "7", '{"rsrp_dbm": 7}', '{"rsrp_dbm": null}', "null", "{"])
def test_what_is_no_remark_is_refused(text: str) -> None:
    """A row that was damaged, or written by somebody else."""
    with pytest.raises(ValueError, match=r"\S"):
        unknown_of_text(text)


@given(st.text(max_size=50))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Anything may stand in a damaged file."""
    if text.strip() != "{}":
        with pytest.raises(ValueError, match=r"\S"):
            unknown_of_text(text)


def test_a_text_without_end_is_not_read() -> None:
    """It is bounded before it is parsed."""
    with pytest.raises(ValueError, match="too long"):
        unknown_of_text("[" * (MOST_CHARACTERS + 1))
