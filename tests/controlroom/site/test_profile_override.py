"""A site's own numbers take the place of single ones, and the whole still makes sense."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.site.profile import FigureName, Grade, Mark, Profile, read_profile
from controlroom.site.profile_override import ProfileOverride, overridden
from tests.controlroom.site.test_profile import PROFILE

RADIO = read_profile(PROFILE, "radio")
LOSS = """
[[limits]]
figure = "loss_ratio"
breach_only = true
good = { at = 1e-6, mark = "secondary", source = "A table" }
beyond = "poor"
"""
STRICT = read_profile(PROFILE + LOSS, "radio")


def numbers(profile: Profile, figure: FigureName) -> list[tuple[Grade, float, Mark]]:
    """List a figure's numbers with their marks."""
    limit = profile.limit(figure)
    assert limit is not None
    return [(grade, number.at, number.mark) for grade, number in limit.numbers]


def test_one_number_is_replaced_and_the_others_stay() -> None:
    """What the site chose says so; what is left of the profile keeps its source."""
    found = overridden(RADIO, [ProfileOverride(figure=FigureName.RTT_S, good=0.06)])
    assert numbers(found, FigureName.RTT_S) == [
        (Grade.GOOD, 0.06, Mark.SITE),
        (Grade.FAIR, 0.15, Mark.OWN_CHOICE),
    ]
    delay = found.limit(FigureName.RTT_S)
    assert delay is not None
    assert (delay.one_way, delay.beyond) == (True, Grade.UNUSABLE)
    assert found.limit(FigureName.MOS) == RADIO.limit(FigureName.MOS)


def test_a_figure_left_open_gets_a_limit_of_its_own() -> None:
    """What TETRA's makers do not publish, a supplier may say."""
    added = overridden(RADIO, [ProfileOverride(figure=FigureName.LOSS_RATIO, good=0.01, fair=0.02)])
    loss = added.limit(FigureName.LOSS_RATIO)
    assert loss is not None
    assert (loss.beyond, loss.one_way, loss.breach_only) == (Grade.POOR, False, False)
    worse = overridden(RADIO, [ProfileOverride(figure=FigureName.LOSS_RATIO, good=0.01, poor=0.1)])
    loss = worse.limit(FigureName.LOSS_RATIO)
    assert loss is not None
    assert loss.beyond is Grade.UNUSABLE


def test_readings_needed_may_be_replaced_alone_and_a_site_s_good_can_be_shown() -> None:
    """A loss of 1 % is shown by pings, where one of a millionth is not."""
    found = overridden(RADIO, [ProfileOverride(figure=FigureName.MOS, minimum_readings=7)])
    limit = found.limit(FigureName.MOS)
    assert limit is not None
    assert limit.minimum_readings == 7
    strict, loose = (
        STRICT.limit(FigureName.LOSS_RATIO),
        ProfileOverride(figure=FigureName.LOSS_RATIO, good=0.01),
    )
    assert strict is not None
    assert strict.breach_only
    loss = overridden(STRICT, [loose]).limit(FigureName.LOSS_RATIO)
    assert loss is not None
    assert not loss.breach_only


@pytest.mark.parametrize(
    ("override", "said"),
    [
        (ProfileOverride(figure=FigureName.RTT_S, good=0.2), "the numbers must go from better to worse."),
        (ProfileOverride(figure=FigureName.MOS, good=4.6), "is never more than 4.5."),
        (ProfileOverride(figure=FigureName.LOSS_RATIO, good=1.5), "is never more than 1."),
        (ProfileOverride(figure=FigureName.RTT_S), "changes nothing: give a number for good, fair or poor."),
        (
            ProfileOverride(figure=FigureName.JITTER_S, minimum_readings=5),
            "needs a number for good: the profile has no limit on this figure.",
        ),
    ],
)
def test_numbers_that_do_not_fit_are_refused(override: ProfileOverride, said: str) -> None:
    """With a sentence that a person can act on."""
    with pytest.raises(ValueError, match=said.replace(".", r"\.")) as caught:
        overridden(RADIO, [override])
    assert str(caught.value) == said


NUMBER = st.one_of(st.none(), st.floats(0, 1))


@given(st.sampled_from(list(FigureName)), NUMBER, NUMBER, NUMBER)
def test_what_is_accepted_is_in_order(
    figure: FigureName, good: float | None, fair: float | None, poor: float | None
) -> None:
    """Whatever a site writes, no worse grade ever has a better number."""
    try:
        found = overridden(STRICT, [ProfileOverride(figure=figure, good=good, fair=fair, poor=poor)])
    except ValueError:
        return
    for limit in found.limits:
        ats = [number.at for _, number in limit.numbers]
        assert all((one > other) if limit.more_is_better else (one < other) for one, other in pairwise(ats))
        assert limit.beyond is not Grade.GOOD
