"""Faults as people tell them: what a line means, and what is said of a line that means nothing."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.simulated.story import STORY_S, Fault, FaultKind, fault_at, fault_of, story_of


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("2:00-5:00 silent", Fault(FaultKind.SILENT, 120, 300)),
        ("0:05-0:06 unreachable", Fault(FaultKind.UNREACHABLE, 5, 6)),
        ("9:20-15:00 rejects", Fault(FaultKind.REJECTS, 560, 900)),
        ("1:00-2:00 loses 30 %", Fault(FaultKind.LOSES, 60, 120, 0.3)),
        ("1:00-2:00 loses 2.5%", Fault(FaultKind.LOSES, 60, 120, 0.025)),
        ("1:00-2:00 slower 180 ms", Fault(FaultKind.SLOWER, 60, 120, 0.18)),
        ("1:00-2:00 fades 60 %", Fault(FaultKind.FADES, 60, 120, 0.6)),
        ("01:00-02:00 flaps 20 s", Fault(FaultKind.FLAPS, 60, 120, 20)),
    ],
)
def test_a_line_is_a_fault(text: str, fault: Fault) -> None:
    """Times in minutes and seconds, a word, and an amount with its unit where the word takes one."""
    found = fault_of(text)
    assert (found.kind, found.from_s, found.until_s) == (fault.kind, fault.from_s, fault.until_s)
    assert found.amount == pytest.approx(fault.amount)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not of the form"),
        ("silent", "not of the form"),
        ("120-300 silent", "not of the form"),
        ("2:00-5:60 silent", "not of the form"),
        ("2:00 - 5:00 silent", "not of the form"),
        ("2:00-5:00 silent\n", "not of the form"),
        ("٢:00-5:00 silent", "not of the form"),
        ("5:00-2:00 silent", "ends before it begins"),
        ("2:00-2:00 silent", "ends before it begins"),
        ("14:00-15:01 silent", "ends after the story, which lasts 15:00"),
        ("2:00-5:00 slient", 'tells of "slient", which is no fault. Did you mean "silent"? Known: silent, '),
        ("2:00-5:00 boom", 'tells of "boom", which is no fault. Known: silent, unreachable'),
        ("2:00-5:00 silent 30 %", '"silent" takes no amount'),
        ("2:00-5:00 loses", '"loses" needs an amount in %, such as "loses 30 %"'),
        ("2:00-5:00 loses 30 ms", '"loses" needs an amount in %'),
        ("2:00-5:00 loses 101 %", "above 0 and up to 100 %"),
        ("2:00-5:00 slower 0 ms", "above 0 and up to 10000 ms"),
        ("2:00-5:00 flaps 0 s", "above 0 and up to 300 s"),
    ],
)
def test_a_mistake_is_named(text: str, said: str) -> None:
    """A sentence says what is wrong with the line, and what would be right."""
    with pytest.raises(ValueError, match=r"^.") as caught:
        fault_of(text)
    assert said in str(caught.value)


@given(st.text(max_size=80))
def test_no_text_is_taken_for_more_than_it_says(text: str) -> None:
    """Any text is a fault within the story, or a mistake in words: never another error."""
    with suppress(ValueError):
        fault = fault_of(text)
        assert 0 <= fault.from_s < fault.until_s <= STORY_S


def test_faults_of_one_probe_never_overlap() -> None:
    """Which of two would count could not be told; one may begin where another ends."""
    with pytest.raises(ValueError, match="overlap at 2:30, silent and loses"):
        story_of(["2:30-4:00 loses 30 %", "1:00-2:31 silent"])
    assert len(story_of(["2:30-4:00 loses 30 %", "1:00-2:30 silent"])) == 2


@given(st.floats(min_value=0, max_value=1e6))
def test_a_fault_lies_on_every_story_at_its_time(at_s: float) -> None:
    """From its first second up to its last, in the first story and in every later one."""
    fault = fault_at(story_of(["2:00-5:00 silent"]), at_s)
    assert (fault is not None) == (120 <= at_s % STORY_S < 300)
