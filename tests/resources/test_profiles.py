"""The bundled profiles: each is usable, and says the published numbers and nothing that nobody published."""

from __future__ import annotations

import pytest

import resources
from controlroom.engine.profile_files import read_profiles
from controlroom.site.profile import FigureName, Grade, Mark, ProfileLimit

PROFILES = read_profiles(resources.path("profiles"))


def limit_of(profile_id: str, figure: str) -> ProfileLimit:
    """Return the limits that a profile has on a figure."""
    limit = PROFILES[profile_id].limit(FigureName(figure))
    assert limit is not None
    return limit


def test_every_use_that_was_asked_for_is_there() -> None:
    """Radio, telephone, data, pictures and bulk; Y.1541 but for class 5, which promises nothing; 3GPP's."""
    uses = {"ptt-voice", "p25-site-link", "dmr-site-link", "dmr-site-link-other", "tetra-site-link"}
    uses |= {"emergency-sip-trunk", "command-data", "video", "bulk"}
    uses |= {f"y1541-class-{number}" for number in (0, 1, 2, 3, 4, 6, 7)}
    assert set(PROFILES) == uses | {f"5qi-{number}" for number in (65, 69, 70)}


@pytest.mark.parametrize(
    ("profile_id", "figure", "one_way", "good", "fair"),
    [
        ("p25-site-link", "rtt_s", True, 0.040, 0.150),
        ("p25-site-link", "jitter_s", False, 0.020, 0.100),
        ("p25-site-link", "loss_ratio", False, 1e-4, None),
        ("p25-site-link", "reordered_ratio", False, 1e-4, None),
        ("dmr-site-link", "rtt_s", False, 0.090, None),
        ("dmr-site-link", "jitter_s", False, 0.090, None),
        ("dmr-site-link", "loss_ratio", False, 0.025, None),
        ("dmr-site-link-other", "rtt_s", False, 0.300, None),
        ("dmr-site-link-other", "jitter_s", False, 0.060, None),
        ("dmr-site-link-other", "loss_ratio", False, 0.015, None),
    ],
)
def test_the_makers_numbers_are_theirs(
    profile_id: str, figure: str, one_way: bool, good: float, fair: float | None
) -> None:
    """Tait TB9400 (recommended, required) and MOTOTRBO by way of SmartPTT, marked as published."""
    limit = limit_of(profile_id, figure)
    assert limit.one_way is one_way
    assert (limit.good.at, limit.good.mark) == (good, Mark.PUBLISHED)
    if fair is not None:
        assert limit.fair is not None
        assert (limit.fair.at, limit.fair.mark) == (fair, Mark.PUBLISHED)
    elif limit.fair is not None:
        assert limit.fair.mark is Mark.OWN_CHOICE


@pytest.mark.parametrize(
    ("number", "mean_s", "variation_s", "loss_ratio"),
    [
        (0, 0.1, 0.05, 1e-3),
        (1, 0.4, 0.05, 1e-3),
        (2, 0.1, None, 1e-3),
        (3, 0.4, None, 1e-3),
        (4, 1.0, None, 1e-3),
        (6, 0.1, 0.05, 1e-5),
        (7, 0.4, 0.05, 1e-5),
    ],
)
def test_the_classes_of_y1541(
    number: int, mean_s: float, variation_s: float | None, loss_ratio: float
) -> None:
    """One way; a class is kept or not, and none is claimed from fewer than a thousand readings."""
    name = f"y1541-class-{number}"
    mean, loss = limit_of(name, "rtt_mean_s"), limit_of(name, "loss_ratio")
    assert (mean.good.at, mean.one_way, loss.good.at) == (mean_s, True, loss_ratio)
    assert {limit.beyond for limit in PROFILES[name].limits} == {Grade.POOR}
    assert loss.minimum_readings >= 1000
    assert loss.breach_only is (loss_ratio < 1e-3)
    variation = PROFILES[name].limit(FigureName.DELAY_VARIATION_S)
    assert (variation is not None) is (variation_s is not None)
    if variation is not None:
        assert (variation.good.at, variation.minimum_readings) == (variation_s, 1000)
        assert variation.breach_only is (loss_ratio < 1e-3)


@pytest.mark.parametrize(
    ("number", "budget_s", "loss_ratio"), [(65, 0.075, 1e-2), (69, 0.060, 1e-6), (70, 0.200, 1e-6)]
)
def test_what_3gpp_allots(number: int, budget_s: float, loss_ratio: float) -> None:
    """The budget is one way; a loss of one in a million can never be shown to be kept."""
    delay, loss = limit_of(f"5qi-{number}", "rtt_p95_s"), limit_of(f"5qi-{number}", "loss_ratio")
    assert (delay.good.at, delay.one_way, loss.good.at) == (budget_s, True, loss_ratio)
    assert loss.breach_only is (loss_ratio < 1e-3)


def test_of_tetra_nothing_is_called_published() -> None:
    """There is one opinion on the delay, marked as such; loss and jitter are left open."""
    (limit,) = PROFILES["tetra-site-link"].limits
    assert limit.figure is FigureName.RTT_S
    assert [number.mark for _, number in limit.numbers] == [Mark.SECONDARY]
    assert all("opinion" in number.source.lower() for _, number in limit.numbers)
    assert "no number" in PROFILES["tetra-site-link"].about


def test_nothing_is_claimed_that_pings_cannot_show() -> None:
    """No loss below one in 10,000 is; and a quantile of one in a thousand takes a thousand readings."""
    for profile in PROFILES.values():
        for limit in profile.limits:
            if limit.figure is FigureName.LOSS_RATIO and limit.good.at < 1e-4:
                assert limit.breach_only, profile.id
            if limit.figure is FigureName.DELAY_VARIATION_S:
                assert limit.minimum_readings >= 1000, profile.id
