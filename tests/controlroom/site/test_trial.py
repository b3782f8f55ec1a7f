"""Requests and answers of trials come back from their text as they were."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.errors import ControlroomError
from controlroom.identification import FoundValue, Identification, Stage, Step
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.site.trial import (
    MOST_ASKINGS,
    MOST_VALUES,
    TrialAnswer,
    TrialRequest,
    answer_of,
    answer_text,
    identification_of,
    identified_text,
    request_of,
    request_text,
    step_text,
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
    identify=st.booleans(),
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


def test_an_identification_comes_back_with_as_many_values_as_a_form_needs() -> None:
    """Its steps too; a device with thousands of values does not fill the pipe."""
    values = tuple(FoundValue(name=f"level_{number}", title="Level") for number in range(MOST_VALUES + 9))
    found = Identification(outcome=Outcome.REPLIED, description="Mast\nsouth", values=values)
    text = identified_text(found)
    assert "\n" not in text
    assert identification_of(text) == found.model_copy(update={"values": values[:MOST_VALUES]})
    step = Step(stage=Stage.READING, done=3, of=9, what="Modem")
    assert identification_of(step_text(step)) == step


@pytest.mark.parametrize("text", ["", "{}", '{"step": 1}', '{"identified": {"outcome": "well"}}'])
def test_what_is_no_identification_is_refused(text: str) -> None:
    """In one sentence."""
    with pytest.raises(ControlroomError) as raised:
        identification_of(text)
    assert raised.value.code == "bad-trial"
