"""What is usual on a link is learnt slowly, fades by beats, and survives a restart."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.usual_silence import (
    BOUNDS_S,
    HALF_LIFE_BEATS,
    LONGEST_BURST_S,
    LONGEST_USUAL_S,
    UsualSilence,
)


def lossy(beats: int, every: int, span_s: float = 0.0) -> UsualSilence:
    """Return what so many beats teach, of which every so many-th begins a silence."""
    usual = UsualSilence()
    for beat in range(beats):
        if beat % every == every - 1:
            usual.silence_ended(span_s)
        else:
            usual.answered(0.02)
    return usual


def test_a_link_that_nobody_knows_is_taken_for_a_poor_one() -> None:
    """5 % until beats have shown otherwise."""
    assert UsualSilence().first_loss_ratio == pytest.approx(0.05)
    assert lossy(20, 1000).first_loss_ratio > 0.03
    assert lossy(5000, 10_000).first_loss_ratio < 0.001


def test_the_ratio_is_that_of_independent_losses() -> None:
    """Every twentieth beat is 5 %, to the noise of the newest hundred."""
    assert lossy(20_000, 20).first_loss_ratio == pytest.approx(0.05, abs=0.01)


def test_a_link_that_turns_bad_is_not_judged_by_its_better_days() -> None:
    """Fifty of the newest hundred beats outweigh ten thousand good ones."""
    usual = lossy(10_000, 100_000)
    for _ in range(50):
        usual.answered(0.02)
        usual.silence_ended(0.0)
    assert usual.first_loss_ratio > 0.2


def test_an_outage_teaches_nothing() -> None:
    """Neither how often silences are nor how long."""
    usual = lossy(1000, 100)
    before = usual.kept()
    usual.silence_ended(LONGEST_USUAL_S)
    usual.silence_ended(float("inf"))
    assert usual.kept() == before


def test_what_was_told_as_an_outage_is_no_habit() -> None:
    """Unless it was over so soon that it may have been a burst of a link that nobody knew."""
    usual = lossy(1000, 100)
    before = usual.kept()
    usual.silence_ended(LONGEST_BURST_S, told=True)
    assert usual.kept() == before
    usual.silence_ended(LONGEST_BURST_S - 0.1, told=True)
    assert usual.kept() != before


def test_spans_are_kept_as_excesses_over_bounds() -> None:
    """Two silences of two seconds pass the bounds up to 1.5 s, by what is left of them."""
    usual = UsualSilence()
    usual.silence_ended(2.0)
    usual.silence_ended(2.0)
    found = usual.excesses()
    assert [bound_s for bound_s, *_ in found] == [0.1, 0.25, 0.6, 1.5]
    for bound_s, seen, per_beat, excess_s in found:
        assert (seen, per_beat, excess_s) == pytest.approx((2.0, 1.0, 2.0 - bound_s), rel=1e-3)


def test_memory_fades_by_beats() -> None:
    """After its half-life a silence counts half, and nothing is forgotten while nothing is asked."""
    usual = UsualSilence()
    usual.silence_ended(1.0)
    usual.answered_often(HALF_LIFE_BEATS)
    ((_, seen, _, excess_s), *_) = usual.excesses()
    assert seen == pytest.approx(0.5)
    assert excess_s == pytest.approx(0.9)


def test_the_time_of_99_of_100_answers_is_followed() -> None:
    """Within a third of the true percentile of log-normal times, also after they became slower."""
    chance = random.Random(3)  # noqa: S311 - invented times, no secret
    usual = UsualSilence()
    assert usual.late_s is None
    for median_s in (0.02, 0.06):
        for _ in range(4000):
            usual.answered(chance.lognormvariate(0.0, 0.4) * median_s)
        true_s = median_s * 2.54
        assert usual.late_s == pytest.approx(true_s, rel=0.33)


@given(
    st.lists(
        st.one_of(
            st.integers(1, 5000).map(lambda beats: ("often", float(beats))),
            st.floats(0.0, 30.0).map(lambda span_s: ("silence", span_s)),
            st.floats(0.0, 1.0).map(lambda took_s: ("answer", took_s)),
        ),
        max_size=60,
    )
)
def test_what_was_learnt_survives_a_restart(events: list[tuple[str, float]]) -> None:
    """What is kept makes the same again, to the rounding."""
    usual = UsualSilence()
    for what, size in events:
        if what == "often":
            usual.answered_often(int(size))
        elif what == "silence":
            usual.silence_ended(size)
        else:
            usual.answered(size)
    again = UsualSilence.of(usual.kept())
    assert again.first_loss_ratio == pytest.approx(usual.first_loss_ratio, abs=1e-5)
    assert again.late_s == pytest.approx(usual.late_s)
    assert [each[:2] for each in again.excesses()] == [
        pytest.approx(each[:2], abs=1e-5) for each in usual.excesses()
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("beats", -1.0),
        ("beats", "many"),
        ("silences", 1e9),
        ("recent", float("nan")),
        ("late_s", True),
        ("over", [1.0]),
        ("over", [1e6] * len(BOUNDS_S)),
        ("time_over_s", None),
    ],
)
def test_what_makes_no_sense_is_refused(key: str, value: object) -> None:
    """A damaged row teaches nothing false."""
    with pytest.raises(ValueError, match=r"^.+$"):
        UsualSilence.of({**lossy(100, 10, 1.0).kept(), key: value})
