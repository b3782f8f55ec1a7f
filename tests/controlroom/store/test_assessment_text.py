"""Assessments as text: back as they were, and nothing else is believed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.condition.assessment import Assessment
from controlroom.store.assessment_text import MOST_CHARACTERS, assessment_of, text_of_assessment

POOR = Assessment(
    "mast", "icmp", 1_700_000_000.0, 300.0, "poor", "rtt_s:0.3", {"rtt_s": 0.3, "loss_ratio": 0.0}
)


def test_an_assessment_comes_back_as_it_was() -> None:
    """With all its figures."""
    assert assessment_of(text_of_assessment(POOR)) == POOR


@pytest.mark.parametrize("key", ["endpoint_id", "grade", "at_utc_s"])
def test_a_text_that_lacks_something_is_no_assessment(key: str) -> None:
    """A row that was damaged, or written by somebody else."""
    told = json.loads(text_of_assessment(POOR))
    del told[key]
    with pytest.raises(ValueError, match=key):
        assessment_of(json.dumps(told))


def test_a_figure_is_a_number() -> None:
    """A gap is left out of the figures, never written as none."""
    told = json.loads(text_of_assessment(POOR)) | {"figures": {"rtt_s": None}}
    with pytest.raises(ValueError, match="rtt_s"):
        assessment_of(json.dumps(told))


@given(st.text(max_size=50))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Anything may stand in a damaged file."""
    with pytest.raises(ValueError, match=r"\S"):
        assessment_of(text)


def test_a_text_without_end_is_not_read() -> None:
    """It is bounded before it is parsed."""
    with pytest.raises(ValueError, match="too long"):
        assessment_of("[" * (MOST_CHARACTERS + 1))
