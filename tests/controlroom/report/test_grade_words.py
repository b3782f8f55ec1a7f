"""Grades in words: figure, number, source, and what is not shown."""

from __future__ import annotations

import pytest

import resources
from controlroom.engine.profile_files import read_profiles
from controlroom.measure.grade import Doubt, Unshown
from controlroom.report.grade_words import (
    amount_text,
    grade_reason_words,
    grade_words,
    mark_words,
    unshown_words,
)
from controlroom.site.profile import FigureName, Grade, Mark
from controlroom.site.profile_override import ProfileOverride, overridden

P25 = read_profiles(resources.path("profiles"))["p25-site-link"]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("profile:rtt_s:0.155:0.15:one_way", "half of the median round trip is 155 ms, above 150 ms"),
        ("profile:loss_ratio:0.3:0.05:last_minute", "in the last minute loss is 30 %, above 5 %"),
        (
            "profile:rtt_s:0.155:0.15:one_way:last_minute",
            "in the last minute half of the median round trip is 155 ms, above 150 ms",
        ),
        ("profile:jitter_s:0.03:0.02", "jitter is 30.0 ms, above 20.0 ms"),
        ("profile:loss_ratio:0.01:0.001", "loss is 1 %, above 0.1 %"),
        ("profile:loss_ratio:0.001:1e-06", "loss is 0.1 %, above 1 in 1,000,000"),
        ("profile:mos:3.5:3.6", "the estimated voice quality (MOS) is 3.50, below 3.60"),
        (
            "profile_too_few:delay_variation_s:60:1000",
            "the variation of the round trip is not known yet: 60 of 1,000 readings that a claim needs",
        ),
        ("profile_not_measured", "nothing is measured that this use sets a limit on"),
        ("profile_kept", "all that is measured is good for its use"),
        ("profile:\x1b[31m:1:1", "\\x1b[31m is 1.00 s, above 1.00 s"),
        ("profile:rtt_s:fast", "profile:rtt_s:fast"),
        ("of_tomorrow:1", "of_tomorrow:1"),
    ],
)
def test_the_reason_of_a_grade_is_a_phrase(reason: str, said: str) -> None:
    """With figure and number; what is not understood is shown as itself, escaped."""
    assert grade_reason_words(reason) == said


def test_a_reason_names_whose_number_was_passed() -> None:
    """The source, and what it is worth; where the profile has no such number any more, neither."""
    said = grade_reason_words("profile:rtt_s:0.155:0.15:one_way", P25)
    assert said.endswith("above 150 ms (Tait TB9400 Specifications Manual, July 2017, section 1.7: one way "
                         "below 150 ms required; published)")  # fmt: skip
    assert grade_reason_words("profile:rtt_s:0.2:0.17:one_way", P25).endswith("above 170 ms")
    assert grade_reason_words("profile_kept", P25).endswith("good for P25 site link (Tait TB9400)")


def test_a_number_of_the_site_has_no_other_source() -> None:
    """So that is said once."""
    own = overridden(P25, (ProfileOverride(figure=FigureName.LOSS_RATIO, good=0.02, fair=0.03, poor=0.04),))
    said = grade_reason_words("profile:loss_ratio:0.104:0.04", own)
    assert said == "loss is 10.4 %, above 4 % (chosen for this site)"


@pytest.mark.parametrize(
    ("unshown", "said"),
    [
        (Unshown(FigureName.MOS, Doubt.NOT_MEASURED), "the estimated voice quality (MOS) is not measured"),
        (
            Unshown(FigureName.JITTER_S, Doubt.TOO_FEW, 5, 60),
            "5 readings say nothing of jitter yet: that takes 60",
        ),
        (
            Unshown(FigureName.LOSS_RATIO, Doubt.UNCERTAIN, 300, 381),
            "300 readings do not show that loss is no worse: that takes at least 381",
        ),
        (
            Unshown(FigureName.LOSS_RATIO, Doubt.UNCERTAIN, 519, 35),
            "519 readings do not show that loss is no worse, for some were lost: without a loss 35 would",
        ),
        (
            Unshown(FigureName.LOSS_RATIO, Doubt.BREACH_ONLY, 1000, 3_841_456),
            "that loss is as low as asked cannot be shown by pings: that takes 3,841,456 without a loss",
        ),
        (
            Unshown(FigureName.DELAY_VARIATION_S, Doubt.BREACH_ONLY, 1000),
            "that the variation of the round trip is as low as asked cannot be shown by pings",
        ),
    ],
)
def test_what_a_grade_does_not_show_is_told(unshown: Unshown, said: str) -> None:
    """A person must not take a good grade for more than it is."""
    assert unshown_words(unshown) == said


def test_every_figure_grade_and_mark_has_words() -> None:
    """None is shown as its code."""
    assert all(grade_words(each) == each.value for each in Grade)
    assert all(mark_words(each) for each in Mark)
    for figure in FigureName:
        assert "_" not in grade_reason_words(f"profile:{figure}:1:1")
    assert amount_text("loss_ratio", 0.0) == "0 %"
