"""When silence is certain follows from what is usual, within bounds."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.condition.silence_test import (
    BURST_S,
    LEAST_ATTEMPTS,
    LEAST_PATIENCE_S,
    MOST_ANSWERS,
    MOST_ATTEMPTS,
    SPACING_S,
    Needs,
    answers_needed,
    needs_of,
    patience_s,
)
from controlroom.measure.usual_silence import LONGEST_USUAL_S, UsualSilence


def learnt(beats: int, silences: int, span_s: float = 0.0) -> UsualSilence:
    """Return a memory of so many beats, evenly strewn with silences of one span."""
    usual = UsualSilence()
    for _ in range(silences):
        usual.answered_often(beats // silences - 1)
        usual.silence_ended(span_s)
    usual.answered_often(beats - silences * (beats // silences) if silences else beats)
    return usual


def test_seven_in_a_row_for_a_link_that_loses_every_twentieth() -> None:
    """0.05 to the seventh is below one in a thousand million; so it is for a link that nobody knows."""
    usual = learnt(20_000, 1000)
    usual.answered_often(15)
    assert needs_of(usual, 1.0).attempts == 7
    assert needs_of(UsualSilence(), 1.0) == Needs(7, 0.0, SPACING_S)


def test_a_clean_link_needs_fewer_and_a_poor_one_more() -> None:
    """Never fewer than the least, never more than the most, and all within the same time."""
    assert needs_of(learnt(50_000, 0), 1.0).attempts == LEAST_ATTEMPTS
    poor = needs_of(learnt(20_000, 5000), 1.0)
    assert 14 <= poor.attempts <= 17
    assert (poor.attempts - 2) * poor.spacing_s <= BURST_S + 1e-9
    assert needs_of(learnt(20_000, 18_000), 1.0).attempts == MOST_ATTEMPTS


def test_a_slow_beat_needs_no_more_than_its_own_chances() -> None:
    """Asked once a minute a link has a sixtieth of the first losses."""
    usual = learnt(20_000, 1000)
    assert needs_of(usual, 60.0).attempts < needs_of(usual, 1.0).attempts < needs_of(usual, 0.2).attempts + 1


def test_bursts_of_seconds_are_waited_out() -> None:
    """Geometric bursts of two seconds once a minute: some seventeen seconds, and 18 s at most."""
    chance = random.Random(2)  # noqa: S311 - invented bursts, no secret
    usual = UsualSilence()
    for _ in range(500):
        usual.answered_often(50)
        usual.silence_ended(min(17.0, chance.expovariate(0.69)))
    assert 14.0 < needs_of(usual, 1.0).span_s <= LONGEST_USUAL_S


def test_a_rare_silence_or_two_are_no_habit() -> None:
    """An old link that was silent for ten seconds twice in a day is told as soon as before."""
    assert needs_of(learnt(80_000, 2, 10.0), 1.0).span_s == 0.0
    assert needs_of(learnt(80_000, 6, 10.0), 1.0).span_s > 10.0


def test_the_first_short_silence_of_a_young_link_may_be_a_habit() -> None:
    """For ten minutes it is waited out; a long one is no burst, and tells nothing."""
    young = learnt(100, 1, 0.8)
    assert needs_of(young, 1.0).span_s > 5.0
    young.answered_often(600)
    assert needs_of(young, 1.0).span_s == 0.0
    assert needs_of(learnt(100, 1, 6.0), 1.0).span_s == 0.0


def test_what_the_site_sets_holds_whatever_is_usual() -> None:
    """So many in a row, at once."""
    usual = learnt(2000, 400, 5.0)
    needs = needs_of(usual, 1.0, attempts=3)
    assert needs == Needs(3, 0.0, SPACING_S)
    assert needs.met(3, 0.16)
    assert not needs.met(2, 100.0)


@given(st.floats(0.0, 20.0), st.floats(0.0, 25.0))
def test_the_next_attempt_leaves_when_the_span_is_reached_at_the_latest(span_s: float, now_s: float) -> None:
    """Ever further apart, but never later than what decides."""
    wait_s = Needs(7, span_s, SPACING_S).wait_s(now_s)
    assert 0.0 <= wait_s <= 1.0
    assert now_s + wait_s <= max(span_s, now_s) + 1e-9


def test_an_undecided_silence_is_decided() -> None:
    """Following the waits the span is met within a few dozen attempts."""
    needs, now_s, asked = Needs(5, LONGEST_USUAL_S, SPACING_S), 0.32, 5
    while not needs.met(asked, now_s):
        now_s, asked = now_s + needs.wait_s(now_s), asked + 1
    assert now_s == pytest.approx(LONGEST_USUAL_S)
    assert asked < 40


def test_lucky_answers_make_a_return_harder() -> None:
    """None changes nothing, nor one in thousands; one in twenty asks for seven in a row, half for most."""
    assert answers_needed(0, 0, 3) == answers_needed(5000, 1, 3) == 3
    assert answers_needed(6, 1, 3) == 6
    assert answers_needed(400, 20, 3) == 7
    assert answers_needed(400, 200, 3) == MOST_ANSWERS
    assert answers_needed(10_000, 2, 5) == 5


@pytest.mark.parametrize(
    ("late_s", "expected_s"), [(0.01, LEAST_PATIENCE_S), (0.1, 0.2), (0.15, 0.25), (0.5, 0.6), (0.95, 1.0)]
)
def test_patience_follows_the_links_own_time(late_s: float, expected_s: float) -> None:
    """250 ms for a link of 150 ms, and never beyond the site's deadline."""
    usual = UsualSilence()
    assert patience_s(usual, 1.0) is None
    for _ in range(10):
        usual.answered(late_s)
    assert patience_s(usual, 1.0) == pytest.approx(expected_s)
