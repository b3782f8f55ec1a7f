"""Grades by profile: worse only where it is shown, good only where it may be said, and every doubt told."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from controlroom.engine.profile_files import read_profiles
from controlroom.measure.grade import (
    Doubt,
    Figure,
    Graded,
    Unshown,
    grade,
    loss_figure,
    readings_to_show,
)
from controlroom.measure.loss import loss_of
from controlroom.site.profile import WORSENING, FigureName, Grade

PROFILES = read_profiles(resources.path("profiles"))
P25, PTT, CLASS_0 = PROFILES["p25-site-link"], PROFILES["ptt-voice"], PROFILES["y1541-class-0"]
SIP, SIGNALLING = PROFILES["emergency-sip-trunk"], PROFILES["5qi-69"]


def losses(lost: int, sent: int) -> Figure:
    """Return the figure of so many lost."""
    figure = loss_figure(loss_of(lost, sent))
    assert figure is not None
    return figure


def figures(**given: Figure) -> Mapping[FigureName, Figure]:
    """Return figures by their names."""
    return {FigureName(name): figure for name, figure in given.items()}


def judged(profile_id: str, **given: Figure) -> Graded:
    """Grade figures by a bundled profile."""
    return grade(PROFILES[profile_id], figures(**given))


@pytest.mark.parametrize(
    ("rtt_s", "found", "reason"),
    [
        (0.080, Grade.GOOD, "profile_kept"),
        (0.0801, Grade.FAIR, "profile:rtt_s:0.04005:0.04:one_way"),
        (0.300, Grade.FAIR, "profile:rtt_s:0.15:0.04:one_way"),
        (0.310, Grade.UNUSABLE, "profile:rtt_s:0.155:0.15:one_way"),
    ],
)
def test_a_one_way_number_is_compared_with_half_a_round_trip(rtt_s: float, found: Grade, reason: str) -> None:
    """Tait asks for 40 ms one way and requires 150 ms: 80 and 300 ms of a ping."""
    result = judged("p25-site-link", rtt_s=Figure(rtt_s, 60))
    assert (result.grade, result.reason) == (found, reason)


def test_a_two_way_number_is_compared_with_the_round_trip() -> None:
    """MOTOTRBO's 90 ms are there and back."""
    assert judged("dmr-site-link", rtt_s=Figure(0.089, 60)).grade is Grade.GOOD
    assert judged("dmr-site-link", rtt_s=Figure(0.091, 60)).reason == "profile:rtt_s:0.091:0.09"


def test_loss_is_graded_worse_only_as_far_as_it_is_shown() -> None:
    """Three of 300 are 1 %, and show 0.34 %: more than a thousandth, and not a hundredth."""
    result = judged("p25-site-link", loss_ratio=losses(3, 300))
    assert (result.grade, result.reason) == (Grade.POOR, "profile:loss_ratio:0.01:0.001")
    assert Unshown(FigureName.LOSS_RATIO, Doubt.UNCERTAIN, 300, 381) in result.unshown
    shown = judged("p25-site-link", loss_ratio=losses(300, 3000))
    assert (shown.grade, shown.reason) == (Grade.UNUSABLE, "profile:loss_ratio:0.1:0.01")


def test_good_loss_is_doubted_until_it_is_shown() -> None:
    """None lost of 300 is good for push-to-talk, but shows 1.26 %; none of 381 shows 1 %."""
    doubt = Unshown(FigureName.LOSS_RATIO, Doubt.UNCERTAIN, 300, 381)
    assert doubt in judged("ptt-voice", loss_ratio=losses(0, 300)).unshown
    kept = judged("ptt-voice", loss_ratio=losses(0, 381))
    assert kept.grade is Grade.GOOD
    assert FigureName.LOSS_RATIO not in {each.figure for each in kept.unshown}


@pytest.mark.parametrize(
    ("ratio", "needed"), [(0.01, 381), (1e-3, 3838), (1e-4, 38_411), (1e-6, 3_841_456), (1.0, 0), (0.0, None)]
)
def test_how_many_readings_show_a_loss(ratio: float, needed: int | None) -> None:
    """One fewer does not, by the interval itself."""
    assert readings_to_show(ratio) == needed
    if needed:
        assert loss_of(0, needed).high <= ratio < loss_of(0, needed - 1).high


def test_a_loss_of_one_in_a_million_is_never_claimed_and_its_breach_is() -> None:
    """None lost of a thousand is good as far as can be seen, and says so; one lost is not."""
    good = judged("5qi-69", rtt_p95_s=Figure(0.05, 1000), loss_ratio=losses(0, 1000))
    assert good.grade is Grade.GOOD
    assert good.unshown == (Unshown(FigureName.LOSS_RATIO, Doubt.BREACH_ONLY, 1000, 3_841_456),)
    broken = judged("5qi-69", rtt_p95_s=Figure(0.05, 1000), loss_ratio=losses(1, 1000))
    assert (broken.grade, broken.reason) == (Grade.FAIR, "profile:loss_ratio:0.001:1e-06")


def test_a_quantile_of_one_in_a_thousand_takes_a_thousand_readings() -> None:
    """No class of Y.1541 is claimed from a minute of pings, and none is denied by its few readings."""
    measured = {"rtt_mean_s": Figure(0.05, 999), "delay_variation_s": Figure(0.2, 999)}
    held = judged("y1541-class-0", **measured, loss_ratio=losses(0, 999))
    assert (held.grade, held.reason) == (Grade.UNKNOWN, "profile_too_few:delay_variation_s:999:1000")
    measured = {"rtt_mean_s": Figure(0.05, 1000), "delay_variation_s": Figure(0.04, 1000)}
    assert judged("y1541-class-0", **measured, loss_ratio=losses(0, 1000)).grade is Grade.GOOD
    measured["delay_variation_s"] = Figure(0.051, 1000)
    assert judged("y1541-class-0", **measured, loss_ratio=losses(0, 1000)).grade is Grade.POOR


def test_too_few_readings_of_one_figure_do_not_hide_a_fault_of_another() -> None:
    """What is shown to be bad is said at once."""
    result = judged("y1541-class-0", rtt_mean_s=Figure(0.5, 60), loss_ratio=losses(0, 60))
    assert (result.grade, result.reason) == (Grade.POOR, "profile:rtt_mean_s:0.25:0.1:one_way")


def test_no_figure_is_unknown_and_never_good() -> None:
    """Nothing measured, not a number, or nothing that the profile limits."""
    nothing: tuple[dict[str, Figure], ...] = ({}, {"rtt_s": Figure(math.nan, 60)}, {"mos": Figure(4.4, 60)})
    for measured in nothing:
        result = judged("dmr-site-link", **measured)
        assert (result.grade, result.reason) == (Grade.UNKNOWN, "profile_not_measured")
        assert {each.doubt for each in result.unshown} == {Doubt.NOT_MEASURED}
    assert loss_figure(loss_of(0, 0)) is None


def test_a_voice_quality_is_worse_the_lower_it_is() -> None:
    """R 70, 3.60, is where the telephone turns from fair to poor."""
    assert judged("emergency-sip-trunk", mos=Figure(4.1, 60)).grade is Grade.GOOD
    assert judged("emergency-sip-trunk", mos=Figure(3.6, 60)).grade is Grade.FAIR
    assert judged("emergency-sip-trunk", mos=Figure(3.5, 60)).reason == "profile:mos:3.5:3.6"
    assert judged("emergency-sip-trunk", mos=Figure(2.0, 60)).grade is Grade.UNUSABLE
    between = judged("emergency-sip-trunk", mos=Figure(3.5, 60, 3.3, 3.7))
    assert between.grade is Grade.FAIR
    assert Doubt.UNCERTAIN in {each.doubt for each in between.unshown}


def test_the_worst_limit_tells_the_reason_and_of_equals_the_one_passed_furthest() -> None:
    """Delay 2 times its number beats jitter 1.5 times its own; unusable jitter beats both."""
    measured = {"rtt_s": Figure(0.16, 60), "loss_ratio": losses(0, 60)}
    both = judged("p25-site-link", **measured, jitter_s=Figure(0.030, 60))
    assert both.reason.startswith("profile:rtt_s:")
    worse = judged("p25-site-link", **measured, jitter_s=Figure(0.101, 60))
    assert (worse.grade, worse.reason) == (Grade.UNUSABLE, "profile:jitter_s:0.101:0.1")


VALUE = st.floats(0, 1)
FIGURE = st.builds(
    lambda value, count, below, above: Figure(value, count, max(0.0, value - below), value + above),
    VALUE,
    st.integers(0, 5000),
    st.floats(0, 0.1),
    st.floats(0, 0.1),
)
FIGURES = st.dictionaries(st.sampled_from(list(FigureName)), FIGURE)


@given(st.sampled_from(list(PROFILES)), FIGURES, st.sampled_from(list(FigureName)), st.floats(0, 1))
def test_a_worse_figure_never_makes_a_better_grade(
    profile_id: str, given_figures: dict[FigureName, Figure], name: FigureName, by: float
) -> None:
    """Whatever else is measured."""
    before = grade(PROFILES[profile_id], given_figures)
    if name not in given_figures or name is FigureName.MOS:
        return
    old = given_figures[name]
    assert old.low is not None
    assert old.high is not None
    worse = {**given_figures, name: Figure(old.value + by, old.count, old.low + by, old.high + by)}
    after = grade(PROFILES[profile_id], worse)
    if before.grade is not Grade.UNKNOWN:
        assert WORSENING.index(after.grade) >= WORSENING.index(before.grade)


@given(st.sampled_from(list(PROFILES)), FIGURES)
def test_good_is_said_only_of_what_was_measured_enough(
    profile_id: str, given_figures: dict[FigureName, Figure]
) -> None:
    """At least one limit was judged, and every figure with too few readings is told."""
    result = grade(PROFILES[profile_id], given_figures)
    limits = PROFILES[profile_id].limits
    enough = {
        limit.figure
        for limit in limits
        if limit.figure in given_figures and given_figures[limit.figure].count >= limit.minimum_readings
    }
    if result.grade is Grade.GOOD:
        assert enough
    told = {each.figure for each in result.unshown if each.doubt in (Doubt.NOT_MEASURED, Doubt.TOO_FEW)}
    assert told == {limit.figure for limit in limits} - enough
