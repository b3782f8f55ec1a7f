"""A minute's figures: told when it ends, of enough answers, in bounded room."""

from __future__ import annotations

import math
import statistics

import pytest

from controlroom.measure.minute import LEAST_SPREAD, MOST_VALUES, Minute


def test_a_minute_is_told_when_the_next_begins() -> None:
    """Its median, and the median distance from it."""
    minute = Minute(1.0)
    values = [float(second % 7) for second in range(60)]
    assert [minute.step(120.0 + second, value) for second, value in enumerate(values)] == [None] * 60
    spread = statistics.median(abs(value - 3.0) for value in values)
    ended = minute.step(180.0, 9.0)
    assert ended is not None
    assert (ended.begin_s, ended.level) == (120.0, 3.0)
    assert ended.log_spread == pytest.approx(math.log(spread + LEAST_SPREAD))


def test_a_minute_of_few_answers_is_not_told() -> None:
    """Fourteen of sixty are less than a quarter; fifteen are enough."""
    for answers, told in ((14, False), (15, True)):
        minute = Minute(1.0)
        for second in range(answers):
            minute.step(float(second), 1.0)
        assert (minute.step(60.0, 1.0) is not None) is told


def test_a_clock_that_was_set_back_ends_the_minute() -> None:
    """The minute of before is told, and the one of now is another."""
    minute = Minute(1.0)
    for second in range(30):
        minute.step(3600.0 + second, 1.0)
    ended = minute.step(0.0, 5.0)
    assert ended is not None
    assert ended.begin_s == 3600.0


def test_room_is_bounded_and_what_is_held_spans_the_minute() -> None:
    """Of 6,000 values that rise evenly the median is still the middle one."""
    minute = Minute(0.01)
    for number in range(6000):
        minute.step(number * 0.01, float(number))
        assert len(minute.kept()["values"]) < MOST_VALUES
    ended = minute.step(60.0, 0.0)
    assert ended is not None
    assert ended.level == pytest.approx(3000, abs=150)


def test_what_was_dropped_is_not_told() -> None:
    """Only what came since counts."""
    minute = Minute(1.0)
    for second in range(60):
        if second == 40:
            minute.drop()
        minute.step(float(second), 1.0 if second < 40 else 2.0)
    ended = minute.step(60.0, 2.0)
    assert ended is not None
    assert ended.level == 2.0
