"""One grade from figures and signs."""

from __future__ import annotations

import pytest

from controlroom.condition.grading import condition_signs, grading, is_worse, worse_of
from controlroom.condition.state import Condition, EndpointState
from controlroom.measure.grade import Graded
from controlroom.site.profile import Grade

SLOW = "change:latency-rise:0.02:0.08"
WEAK = "signal_poor:modem_a_signal_grade"


@pytest.mark.parametrize(
    ("by_figures", "signs", "grade", "reason"),
    [
        (Grade.GOOD, [], Grade.GOOD, "profile_kept"),
        (Grade.GOOD, [SLOW, WEAK], Grade.FAIR, f"sign:{SLOW}"),
        (Grade.FAIR, [SLOW], Grade.FAIR, "profile_kept"),
        (Grade.UNUSABLE, [WEAK], Grade.UNUSABLE, "profile_kept"),
        (Grade.UNKNOWN, [WEAK], Grade.UNKNOWN, f"sign:{WEAK}"),
    ],
)
def test_signs_warn_and_never_ease(by_figures: Grade, signs: list[str], grade: Grade, reason: str) -> None:
    """The worst that they make of a good link is fair; the weightiest is told."""
    assert grading(Graded(by_figures, "profile_kept"), signs) == (grade, reason)


def test_a_changed_route_is_told_beside_a_sign_and_is_none_itself() -> None:
    """Another way may be as good."""
    good = Graded(Grade.GOOD, "profile_kept")
    assert grading(good, [], route_changed=True) == (Grade.GOOD, "profile_kept")
    assert grading(good, [SLOW], route_changed=True) == (Grade.FAIR, f"sign:{SLOW}:route_changed")


@pytest.mark.parametrize(
    ("condition", "reason", "signs"),
    [
        (Condition.DEGRADED, "limit:rsrp_dbm:-118", ["limit:rsrp_dbm:-118"]),
        (Condition.DEGRADED, "limit:state:2:warning", ["limit:state:2:warning"]),
        (Condition.DEGRADED, "deadline", ["degraded:deadline"]),
        (Condition.UP, "none", []),
        (Condition.UNKNOWN, "own_connection_lost", []),
    ],
)
def test_a_degraded_condition_is_a_sign(condition: Condition, reason: str, signs: list[str]) -> None:
    """By a limit it is the limit's own code."""
    assert condition_signs(EndpointState("mast", condition, 0.0, reason)) == signs
    assert condition_signs(None) == []


@pytest.mark.parametrize(
    ("whole", "minute", "grade", "is_minute"),
    [
        (Grade.GOOD, Grade.POOR, Grade.POOR, True),
        (Grade.POOR, Grade.GOOD, Grade.POOR, False),
        (Grade.POOR, Grade.POOR, Grade.POOR, False),
        (Grade.FAIR, Grade.UNKNOWN, Grade.FAIR, False),
        (Grade.UNKNOWN, Grade.GOOD, Grade.UNKNOWN, False),
        (Grade.UNKNOWN, Grade.UNUSABLE, Grade.UNUSABLE, True),
    ],
)
def test_the_last_minute_only_ever_worsens(
    whole: Grade, minute: Grade, grade: Grade, *, is_minute: bool
) -> None:
    """And is named in the reason."""
    found = worse_of(Graded(whole, "w"), Graded(minute, "m"))
    assert (found.grade, found.reason) == (grade, "m:last_minute" if is_minute else "w")


def test_nothing_told_is_as_good() -> None:
    """So the first grade is news where it is not good."""
    assert is_worse(Grade.FAIR, "")
    assert is_worse(Grade.POOR, "fair")
    assert not is_worse(Grade.GOOD, "")
    assert not is_worse(Grade.FAIR, "poor")
    assert not is_worse(Grade.UNKNOWN, "good")
