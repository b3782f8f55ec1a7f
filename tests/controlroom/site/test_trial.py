"""Requests and answers of trials come back from their text as they were."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.site.trial import (
    MOST_ASKINGS,
    TrialAnswer,
    TrialRequest,
    answer_of,
    answer_text,
    request_of,
    request_text,
)

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
REQUESTS = st.builds(
    TrialRequest,
    st.text(max_size=20),
    st.dictionaries(st.text(max_size=8), PLAIN, max_size=4),
    st.text(max_size=40),
    count=st.integers(1, MOST_ASKINGS),
    timeout_s=st.none() | st.floats(0.01, 60),
)


@given(REQUESTS)
def test_a_request_comes_back(request: TrialRequest) -> None:
    """What the form asked is what the process is asked, on one line."""
    text = request_text(request)
    assert "\n" not in text
    assert request_of(text) == request


@given(
    st.sampled_from(Outcome),
    st.sampled_from(Reason),
    st.dictionaries(st.text(max_size=8), st.floats(allow_nan=False, allow_infinity=False), max_size=4),
    st.text(max_size=80),
)
def test_an_answer_comes_back(
    outcome: Outcome, reason: Reason, values: dict[str, float], detail: str
) -> None:
    """An answer keeps outcome, reason, values and evidence."""
    reading = Reading(ProbeKey("now", "icmp"), 1.0, 1.0, outcome, reason, values, detail=detail)
    assert answer_of(answer_text(reading)) == TrialAnswer(outcome, reason, values, detail)


def test_a_value_that_is_no_number_is_left_out() -> None:
    """Text and truth values in the place of a number are not taken for one."""
    text = json.dumps({"outcome": "replied", "reason": "none", "values": {"a": "1", "b": True, "c": 2}})
    assert answer_of(text).values == {"c": 2.0}
