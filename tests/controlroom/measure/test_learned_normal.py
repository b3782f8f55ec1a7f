"""A link's normal: learned from rows, frozen while a change is under way, adopted when the change stays."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from controlroom.measure.learned_normal import ADOPTED_AFTER_S, LEARNING_ROWS, LearnedNormal

LEVEL = math.log(0.02)


def learned(rows: int = 3000, level: float = LEVEL, deviation: float = 0.03) -> LearnedNormal:
    """Return a normal that has seen minutes of one level."""
    normal = LearnedNormal(60.0)
    for row, value in enumerate(level + deviation * np.random.default_rng(1).standard_normal(rows)):
        normal.step(row * 60.0, float(value), level, 0.01)
    return normal


def test_it_learns_the_level_and_the_deviation() -> None:
    """A tenth of the rows ten times as slow does not mislead it."""
    normal = LearnedNormal(60.0)
    for row, value in enumerate((LEVEL + 0.03 * np.random.default_rng(1).standard_normal(5000)).tolist()):
        normal.step(row * 60.0, value + (2.3 if row % 10 == 0 else 0.0), LEVEL, 0.01)
    band = normal.band(0.0)
    assert band is not None
    assert band.level == pytest.approx(LEVEL, abs=0.015)
    assert normal.spread == pytest.approx(0.01, rel=0.1)
    assert normal.deviation == pytest.approx(0.03, rel=0.35)
    assert not band.of_hour


def test_nothing_is_usual_at_first() -> None:
    """Until it has seen enough rows, and a day before slow changes are judged by it."""
    assert learned(LEARNING_ROWS - 1).band(0.0) is None
    assert learned(LEARNING_ROWS).band(0.0) is not None
    assert not learned(1439).settled
    assert learned(1440).settled


def test_it_is_frozen_while_a_change_is_under_way_and_then_adopts_it() -> None:
    """Just short of a day of doubled delay the usual is the old one; a day and an hour later, the new one."""
    normal = learned()
    doubled = LEVEL + math.log(2)
    rows = int(ADOPTED_AFTER_S / 60)
    for row in range(rows - 1):
        normal.step((3000 + row) * 60.0, doubled, doubled, 0.01)
    assert normal.within(LEVEL)
    assert not normal.within(doubled)
    for row in range(rows - 1, rows + 60):
        normal.step((3000 + row) * 60.0, doubled, doubled, 0.01)
    assert normal.within(doubled)
    assert not normal.within(LEVEL)


def test_a_change_that_goes_again_leaves_no_trace() -> None:
    """Half a day of doubled delay, often: never adopted."""
    normal = learned()
    for day in range(5):
        for row in range(1440):
            level = LEVEL + (math.log(2) if row < 720 else 0.0)
            normal.step((3000 + day * 1440 + row) * 60.0, level, level, 0.01)
    assert normal.within(LEVEL)
    assert not normal.within(LEVEL + math.log(2))


def test_an_hour_of_the_week_has_its_habits() -> None:
    """Every Monday at nine twice as slow: after three weeks a habit at nine, and never at ten."""
    normal = LearnedNormal(60.0)
    for row in range(4 * 7 * 1440):
        busy = row // 60 % 168 == 9
        level = LEVEL + (math.log(2) if busy else 0.0)
        normal.step(row * 60.0, level, level, 0.01)
    nine_s = 4 * 7 * 86_400 + 9.5 * 3600
    assert normal.habit(nine_s, LEVEL + math.log(2))
    assert not normal.habit(nine_s + 3600, LEVEL + math.log(2))
    band = normal.band(nine_s)
    assert band is not None
    assert band.of_hour
    assert band.level == pytest.approx(LEVEL + math.log(2), abs=0.01)


def test_it_goes_on_from_what_was_kept() -> None:
    """By way of text."""
    whole, resumed = learned(), LearnedNormal(60.0)
    resumed.restore(json.loads(json.dumps(whole.kept(), allow_nan=False)))
    for row in range(200):
        whole.step((3000 + row) * 60.0, LEVEL + 0.01, LEVEL, 0.01)
        resumed.step((3000 + row) * 60.0, LEVEL + 0.01, LEVEL, 0.01)
    assert whole.kept() == resumed.kept()
