"""Availability in words: never rounded up, and never without what was not measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.availability import Availability, Spent, TimeSpan, availability_of
from controlroom.measure.error_budget import BURN_PAIRS, Budget, Burn
from controlroom.report.availability_words import (
    availability_sentence,
    budget_sentence,
    burn_words,
    objective_words,
    repair_words,
    share_text,
)
from tests.controlroom.measure.test_availability import whole

UP, DOWN = Spent.UP, Spent.DOWN


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (1.0, "100.000 %"),
        (1 - 1 / 2_592_000, "99.999 %"),
        (0.999, "99.900 %"),
        (0.9985005, "99.850 %"),
        (0.0, "0.000 %"),
        (None, "–"),
    ],
)
def test_a_share_is_cut(ratio: float | None, said: str) -> None:
    """One second of a month is not nothing."""
    assert share_text(ratio) == said


@given(st.floats(0, 1, exclude_max=True))
def test_only_the_whole_is_a_hundred_per_cent(ratio: float) -> None:
    """And no share is told as more than it is, but for the dust of a division."""
    said = share_text(ratio)
    assert said != "100.000 %"
    assert float(said.removesuffix(" %")) <= ratio * 100 + 1e-8


@pytest.mark.parametrize(
    ("planned_s", "afterwards_s", "said"),
    [
        (3600.0, 0.0, "1 h in maintenance"),
        (3600.0, 1200.0, "1 h 20 min in maintenance (20 min of it down time, counted so afterwards)"),
        (0.0, 1200.0, "20 min in maintenance (all of it down time, counted so afterwards)"),
        (3600.0, 0.2, "1 h in maintenance (less than 1 s of it down time, counted so afterwards)"),
    ],
)
def test_down_time_that_was_counted_otherwise_is_told(
    planned_s: float, afterwards_s: float, said: str
) -> None:
    """Nobody makes an outage vanish from a report."""
    spans = [
        TimeSpan(UP, 0, 86_400),
        TimeSpan(Spent.MAINTENANCE, 86_400, 86_400 + planned_s),
        TimeSpan(Spent.MAINTENANCE, 86_400 + planned_s, 86_400 + planned_s + afterwards_s, was=DOWN),
    ]
    found = availability_of(spans, 0, spans[-1].until_utc_s)
    assert availability_sentence(found) == f"100.000 % of 1 d measured; no outage; not counted: {said}."


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (whole((UP, 86_400)), "100.000 % of 1 d measured; no outage."),
        (
            whole((UP, 3597), (DOWN, 3)),
            "99.916 % of 1 h measured; 1 outage of 3 s, which still lasts.",
        ),
        (
            whole((UP, 3000), (DOWN, 60), (UP, 480), (DOWN, 60), (Spent.BLIND, 720), (UP, 1)),
            "96.667 % of 1 h measured; 2 outages, 2 min in all, the longest 1 min; "
            "not counted: 12 min blind.",
        ),
        (
            whole((Spent.UNKNOWN, 60), (Spent.MAINTENANCE, 3600)),
            "Nothing was measured; not counted: 1 h in maintenance, 1 min unknown.",
        ),
        (Availability.begun(0), "Nothing was measured."),
    ],
)
def test_what_failed_and_what_was_not_measured(found: Availability, said: str) -> None:
    """A share alone says nothing."""
    assert availability_sentence(found) == said


def test_a_budget_is_left_or_overdrawn() -> None:
    """In durations, which people can weigh."""
    left = budget_sentence(Budget(2592.0, 600.0))
    assert left == "10 min of 43 min 12 s are spent, 33 min 12 s are left."
    overdrawn = budget_sentence(Budget(2592.0, 3600.0))
    assert overdrawn == "1 h of 43 min 12 s are spent, 16 min 48 s more than allowed."


def test_a_burn_rate_says_over_how_long() -> None:
    """And where too little was measured."""
    assert burn_words(Burn(BURN_PAIRS[0], 16.66, None)) == (
        "16.7 times as fast as allowed over 1 h, too little measured over 5 min; "
        "from 14.4 on in both it matters"
    )


def test_how_often_it_failed_and_how_long_a_repair_took() -> None:
    """Two failures within two hours; what was not measured counts in neither figure."""
    found = whole((UP, 3000), (DOWN, 60), (UP, 4000), (DOWN, 140), (Spent.BLIND, 720))
    assert repair_words(found) == (
        "On average 1 h from failure to failure (MTBF), 1 min 40 s to repair (MTTR); "
        "longest outage 2 min 20 s"
    )
    assert repair_words(whole((UP, 3000))) == ""


def test_a_single_failure_tells_no_time_between_failures() -> None:
    """It takes two to be apart."""
    found = whole((UP, 3000), (DOWN, 60), (UP, 540))
    assert found.between_failures_s is None
    assert repair_words(found) == (
        "1 min to repair (MTTR); after one failure no time between failures (MTBF) is known"
    )


def test_an_outage_within_a_second_was_one_all_the_same() -> None:
    """It did not last 0 s."""
    found = whole((UP, 3000), (DOWN, 0.4), (UP, 540))
    assert "; 1 outage of less than 1 s." in availability_sentence(found)
    assert repair_words(found).startswith("less than 1 s to repair")


@pytest.mark.parametrize(("objective", "said"), [(0.999, "99.9 %"), (0.9995, "99.95 %"), (0.5, "50 %")])
def test_an_objective_keeps_its_digits(objective: float, said: str) -> None:
    """And has none that it was not given."""
    assert objective_words(objective) == said
