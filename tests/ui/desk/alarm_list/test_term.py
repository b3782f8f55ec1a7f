"""Times that are offered and typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.desk.alarm_list.term import acknowledgement_terms, seconds_of, shelf_terms, term_words


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("90", 5400),
        (" 90 min ", 5400),
        ("2 h", 7200),
        ("1.5h", 5400),
        ("1,5 h", 5400),
        ("1:30", 5400),
        ("3 d", 259200),
        ("0", None),
        ("0:00", None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("12345678", None),
    ],
)
def test_a_typed_time_is_read_or_is_none(typed: str, seconds: float | None) -> None:
    """Minutes where no unit is told."""
    assert seconds_of(typed) == seconds


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_positive_time_or_none(typed: str) -> None:
    """It never fails."""
    seconds = seconds_of(typed)
    assert seconds is None or seconds > 0


def test_no_more_is_offered_than_the_site_allows() -> None:
    """An hour first; a site that allows less has that."""
    assert [term.words for term in shelf_terms(28800)] == ["1 h", "15 min", "4 h", "8 h"]
    assert [term.seconds for term in shelf_terms(3600)] == [3600, 900]
    assert [(term.words, term.seconds) for term in shelf_terms(300)] == [("5 min", 300)]


def test_an_acknowledgement_holds_until_it_is_over_unless_something_else_is_chosen() -> None:
    """The end of the shift is offered where it is known."""
    assert [term.seconds for term in acknowledgement_terms(None)] == [None, 900, 3600]
    assert acknowledgement_terms(5000)[-1].seconds == 5000


@pytest.mark.parametrize(
    ("seconds", "words"), [(20, "20 s"), (900, "15 min"), (5400, "1 h 30 min"), (172800, "2 d")]
)
def test_a_time_in_words(seconds: float, words: str) -> None:
    """As short as it is."""
    assert term_words(seconds) == words
