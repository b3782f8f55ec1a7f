"""Untrusted text is shown, never obeyed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.report.escaping import cell, printable


@given(st.text(max_size=200))
def test_nothing_printable_steers_a_screen(text: str) -> None:
    """No control character, direction mark or line end is left, whatever came in."""
    shown = printable(text)
    assert not [
        character for character in shown if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")
    ]


def test_good_text_stays_as_it_is() -> None:
    """Letters of any language, and signs, are left alone."""
    assert printable("Leitstelle Köln – 東京 ✓") == "Leitstelle Köln – 東京 ✓"


def test_line_ends_become_blanks_and_the_rest_is_shown_as_code() -> None:
    """A note of two lines reads as one; an escape sequence is seen for what it is."""
    assert printable("one\r\ntwo\tthree") == "one two three"
    assert printable("\x1b]0;owned\x07\u202e") == "\\x1b]0;owned\\x07\\u202e"


def test_long_text_is_cut_visibly() -> None:
    """The cut shows."""
    assert printable("x" * 50, 10) == "xxxxxxxxx…"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_a_formula_is_disarmed(start: str) -> None:
    """What a spreadsheet would run is quoted by an apostrophe."""
    assert cell(f"{start}SUM(A1)").startswith("'")


@pytest.mark.parametrize("number", ["-95", "-95.5", "+3", "12"])
def test_a_plain_number_stays_a_number(number: str) -> None:
    """A signal strength is not a formula."""
    assert cell(number) == number


@given(st.text(max_size=200))
def test_a_cell_is_one_line(text: str) -> None:
    """A row of an export is a line of its file, so nothing in a cell may break it."""
    assert len(cell(text).splitlines()) <= 1


def test_line_ends_in_a_cell_are_kept_as_code() -> None:
    """Nothing of a note is lost."""
    assert cell("one\ntwo") == "one\\ntwo"
