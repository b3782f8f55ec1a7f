"""One grade from figures and signs."""

from __future__ import annotations

import pytest

from controlroom.condition.grading import grading
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
