"""A fixed beat, phases spread, missed beats counted and never caught up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.engine.schedule import Schedule


def test_a_beat_does_not_drift_over_a_day() -> None:
    """However late each look, the 86,400th beat is where it belongs."""
    schedule = Schedule([1.0], 0.0)
    beats = [due.at_s for second in range(86_400) for due in schedule.due(second + 0.017)]
    assert len(beats) == 86_400
    assert beats[-1] == pytest.approx(86_399.0, abs=1e-6)


def test_phases_are_spread() -> None:
    """A thousand probes of one period never bunch: no hundredth of it holds more than twice its share."""
    schedule = Schedule([1.0] * 1000, 0.0)
    counts = [0] * 100
    for due in schedule.due(0.999999):
        counts[int(due.at_s * 100)] += 1
    assert max(counts) <= 20


def test_missed_beats_are_counted_and_not_caught_up() -> None:
    """After ten seconds without a look a probe is asked once, and nine beats are missed."""
    schedule = Schedule([1.0], 0.0)
    schedule.due(0.0)
    assert len(schedule.due(10.2)) == 1
    assert schedule.missed == 9
    assert schedule.next_s() == pytest.approx(11.0)


@given(
    st.lists(st.floats(0.2, 5.0), min_size=1, max_size=8),
    st.lists(st.floats(0.001, 3.0), min_size=1, max_size=40),
)
def test_every_beat_is_either_asked_or_counted(periods_s: list[float], gaps_s: list[float]) -> None:
    """Asked and missed together are all the beats that time has brought."""
    schedule, now_s, asked = Schedule(periods_s, 0.0), 0.0, 0
    first = Schedule(periods_s, 0.0)
    phases = sorted((due.index, due.at_s) for due in first.due(max(periods_s)) if due.at_s >= 0)
    for gap_s in gaps_s:
        now_s += gap_s
        asked += len(schedule.due(now_s))
    if now_s > max(periods_s):
        phase_of = {index: at_s % periods_s[index] for index, at_s in phases}
        expected = sum(
            int((now_s - phase_of[index]) / period_s) + 1
            for index, period_s in enumerate(periods_s)
            if now_s >= phase_of[index]
        )
        assert asked + schedule.missed == pytest.approx(expected, abs=len(periods_s))
