"""Estimates of voice: against worked examples, and what they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.emodel import Band, opinion_score, rating
from controlroom.measure.figures import LinkFigures, link_figures
from controlroom.measure.loss import combined_loss_ratio
from controlroom.measure.voice import (
    USUAL_JITTER_BUFFER_S,
    NoEstimate,
    NoEstimateReason,
    VoiceAssumptions,
    VoiceDoubt,
    VoiceEstimate,
    assumptions_of,
    estimate,
    path_estimate,
)
from controlroom.site.model import Codec, JitterBufferRule, Voice
from tests.controlroom.measure.link import BEGIN_UTC_S, link

PLAIN = VoiceAssumptions(
    codec=Codec.G711,
    ie=0.0,
    bpl=4.3,
    source="",
    packetisation_s=0.0,
    jitter_buffer_rule=JitterBufferRule.FIXED,
    jitter_buffer_s=0.0,
)
"""Nothing but the link, for what is to be compared with the model alone."""


def figures(times: Sequence[float | None], unmeasured: Sequence[int] = ()) -> LinkFigures:
    """The figures of probes a second apart."""
    return link_figures(link(times, unmeasured=unmeasured), BEGIN_UTC_S, BEGIN_UTC_S + len(times))


def even(rtt_s: float, lost_of_100: int = 0, count: int = 100) -> LinkFigures:
    """A link whose round trips are all alike, and whose losses stand apart."""
    lost_every = 100 // lost_of_100 if lost_of_100 else 0
    return figures([None if lost_every and n % lost_every == 1 else rtt_s for n in range(count)])


def estimated(found: VoiceEstimate | NoEstimate) -> VoiceEstimate:
    """There is an estimate."""
    assert isinstance(found, VoiceEstimate)
    return found


@pytest.mark.parametrize(
    ("delay_ms", "r", "score"), [(100, 90.66, 4.355), (150, 89.54, 4.328), (300, 72.67, 3.719)]
)
def test_half_the_round_trip_is_the_delay(delay_ms: int, r: float, score: float) -> None:
    """The check table of G.711 without loss, by a link of twice the delay."""
    found = estimated(estimate(even(2 * delay_ms / 1e3), PLAIN))
    assert found.delay_s == found.link_delay_s == pytest.approx(delay_ms / 1e3)
    assert found.rating == pytest.approx(r, abs=6e-3)
    assert found.score == pytest.approx(score, abs=6e-4)


@pytest.mark.parametrize(
    ("codec", "r", "score", "band"),
    [
        (Codec.G729A_VAD, 70.54, 3.62, Band.SOME_DISSATISFIED),
        (Codec.G711_PLC, 82.53, 4.12, Band.SATISFIED),
    ],
)
def test_worked_examples(codec: Codec, r: float, score: float, band: Band) -> None:
    """150 ms from mouth to ear and 2 % of loss."""
    taken = assumptions_of(Voice(codec=codec, jitter_buffer_rule=JitterBufferRule.FIXED))
    assert isinstance(taken, VoiceAssumptions)
    link_s = 0.150 - taken.packetisation_s - taken.look_ahead_s - taken.jitter_buffer_s
    found = estimated(estimate(even(2 * link_s, lost_of_100=2), taken))
    assert found.delay_s == pytest.approx(0.150)
    assert found.loss_ratio == pytest.approx(0.02)
    assert found.burst_ratio == 1.0
    assert found.rating == pytest.approx(r, abs=6e-3)
    assert found.score == pytest.approx(score, abs=6e-3)
    assert found.band is band
    assert found.score_least < found.score < found.score_most


def test_what_the_delay_is_made_of() -> None:
    """The link, the packet, the look-ahead, the buffer, and what no probe sees."""
    taken = assumptions_of(Voice(codec=Codec.G729A_VAD, jitter_buffer_s=0.06, extra_delay_s=0.1))
    assert isinstance(taken, VoiceAssumptions)
    found = estimated(estimate(even(0.08), taken))
    assert found.delay_s == pytest.approx(0.04 + 0.02 + 0.005 + 0.06 + 0.1)
    assert found.assumptions == taken
    assert found.replies == 100


def test_the_rules_of_the_jitter_buffer() -> None:
    """Fixed; twice the jitter and no less; the 99th percentile of the variation."""
    uneven = figures([0.02, 0.10] * 200)
    jitter_s = uneven.jitter.jitter_s
    assert jitter_s is not None
    by_rule = {
        rule: estimated(
            estimate(uneven, replace(PLAIN, jitter_buffer_rule=rule, jitter_buffer_s=0.04))
        ).buffer_s
        for rule in JitterBufferRule
    }
    assert by_rule == {
        JitterBufferRule.FIXED: 0.04,
        JitterBufferRule.TWICE_JITTER: pytest.approx(2 * jitter_s),
        JitterBufferRule.DELAY_VARIATION: pytest.approx(0.08),
    }
    twice = replace(PLAIN, jitter_buffer_rule=JitterBufferRule.TWICE_JITTER, jitter_buffer_s=0.04)
    assert estimated(estimate(even(0.02), twice)).buffer_s == 0.04


def test_what_comes_later_than_the_buffer_waits_is_lost() -> None:
    """One of ten is 75 ms later than the others; and of a tenth that is lost, that comes on top."""
    late = figures(([0.02] * 9 + [0.095]) * 10)
    short, long = replace(PLAIN, jitter_buffer_s=0.05), replace(PLAIN, jitter_buffer_s=0.08)
    assert estimated(estimate(late, short)).late_ratio == 0.1
    assert estimated(estimate(late, short)).loss_ratio == pytest.approx(0.1)
    assert estimated(estimate(late, long)).loss_ratio == 0.0
    both = estimated(estimate(figures(([0.02] * 9 + [0.095] + [None]) * 10), short))
    assert both.loss_ratio == pytest.approx(combined_loss_ratio([1 / 11, 0.1]))
    assert both.link_loss_ratio == pytest.approx(1 / 11)


def test_bursts_cost_more_than_random_losses() -> None:
    """The same share of losses, in runs of five and apart."""
    apart = estimated(estimate(figures([None if n % 20 == 1 else 0.02 for n in range(400)]), PLAIN))
    runs = estimated(estimate(figures([None if n % 100 // 5 == 8 else 0.02 for n in range(400)]), PLAIN))
    assert apart.link_loss_ratio == runs.link_loss_ratio == 0.05
    assert apart.burst_ratio == 1.0
    assert runs.burst_ratio == pytest.approx(5 * 0.95)
    assert runs.rating < apart.rating
    assert (apart.doubts, runs.doubts) == ((), (VoiceDoubt.BURSTS_BEYOND_MODEL,))


def test_a_delay_beyond_the_model_is_doubted() -> None:
    """It is estimated all the same."""
    found = estimated(estimate(even(1.2), PLAIN))
    assert found.doubts == (VoiceDoubt.DELAY_BEYOND_MODEL,)
    assert found.band is Band.NOT_RECOMMENDED


def test_of_a_path_delays_add_and_losses_combine() -> None:
    """The packet and the buffer count once; the composition is that of Y.1541."""
    taken = replace(PLAIN, packetisation_s=0.02, jitter_buffer_s=0.04)
    near, far = even(0.04, lost_of_100=2), even(0.10, lost_of_100=5, count=60)
    found = estimated(path_estimate([near, far], taken))
    assert found.link_delay_s == pytest.approx(0.02 + 0.05)
    assert found.delay_s == pytest.approx(0.07 + 0.02 + 0.04)
    assert found.link_loss_ratio == pytest.approx(combined_loss_ratio([0.02, 0.05]))
    assert found.replies == 57
    whole = estimated(path_estimate([far, near], taken))
    assert whole.rating == pytest.approx(found.rating)
    assert estimated(path_estimate([near], taken)) == estimate(near, taken)


def test_jitter_adds_up_along_a_path() -> None:
    """So the buffer grows with the links."""
    uneven = figures([0.02, 0.10] * 200)
    twice = replace(PLAIN, jitter_buffer_rule=JitterBufferRule.TWICE_JITTER)
    one, two = estimate(uneven, twice), path_estimate([uneven, uneven], twice)
    assert estimated(two).buffer_s == pytest.approx(2 * estimated(one).buffer_s)


def test_without_enough_replies_there_is_no_estimate() -> None:
    """A dead link is no bad one: it is told as down, elsewhere."""
    assert estimate(figures([None] * 30), PLAIN) == NoEstimate(NoEstimateReason.NO_REPLIES)
    assert estimate(figures([]), PLAIN) == NoEstimate(NoEstimateReason.NO_REPLIES)
    few = figures([0.02] * 19)
    assert estimate(few, PLAIN) == NoEstimate(NoEstimateReason.TOO_FEW_REPLIES)
    assert path_estimate([even(0.02), few], PLAIN) == NoEstimate(NoEstimateReason.TOO_FEW_REPLIES)
    scattered = figures([0.02] * 60, unmeasured=range(1, 60, 2))
    assert estimate(scattered, PLAIN) == NoEstimate(NoEstimateReason.TOO_FEW_REPLIES)


def test_what_the_site_does_not_say_is_as_published_or_usual() -> None:
    """Of a codec alone all else follows."""
    assert assumptions_of(Voice(codec=Codec.G723_1_VAD)) == VoiceAssumptions(
        codec=Codec.G723_1_VAD,
        ie=15.0,
        bpl=16.1,
        source="ITU-T G.113 (2024), appendix I",
        packetisation_s=0.03,
        look_ahead_s=0.0075,
        jitter_buffer_rule=JitterBufferRule.TWICE_JITTER,
        jitter_buffer_s=USUAL_JITTER_BUFFER_S,
        extra_delay_s=0.0,
    )


def test_zero_is_said() -> None:
    """A buffer or look-ahead of nothing is not the usual one."""
    taken = assumptions_of(Voice(codec=Codec.G729A_VAD, look_ahead_s=0, jitter_buffer_s=0))
    assert isinstance(taken, VoiceAssumptions)
    assert (taken.look_ahead_s, taken.jitter_buffer_s) == (0, 0)


def test_values_of_the_site_go_before_published_ones() -> None:
    """And are not told as published."""
    taken = assumptions_of(Voice(codec=Codec.G729A_VAD, ie=10, bpl=17))
    assert isinstance(taken, VoiceAssumptions)
    assert (taken.ie, taken.bpl, taken.source) == (10, 17, "")


@pytest.mark.parametrize("codec", [Codec.TETRA_ACELP, Codec.EVS, Codec.OTHER])
def test_a_codec_without_values_has_no_estimate_until_they_are_set(codec: Codec) -> None:
    """The keys that are missing are named."""
    needed = NoEstimateReason.CODEC_VALUES_MISSING
    assert assumptions_of(Voice(codec=codec)) == NoEstimate(needed, ("ie", "bpl", "packetisation_s"))
    assert assumptions_of(Voice(codec=codec, packetisation_s=0.06)) == NoEstimate(needed, ("ie", "bpl"))
    assert assumptions_of(Voice(codec=codec, ie=30, bpl=12)) == NoEstimate(needed, ("packetisation_s",))
    taken = assumptions_of(Voice(codec=codec, ie=30, bpl=12, packetisation_s=0.06))
    assert isinstance(taken, VoiceAssumptions)
    assert (taken.ie, taken.source, taken.look_ahead_s) == (30, "", 0.0)


@pytest.mark.parametrize("voice", [Voice(), Voice(codec=Codec.NO_VOICE), Voice(ie=1, bpl=2)])
def test_without_a_codec_there_is_no_estimate(voice: Voice) -> None:
    """Nobody said that speech goes over this link."""
    assert assumptions_of(voice) == NoEstimate(NoEstimateReason.NO_CODEC)


TIMES = st.lists(st.none() | st.floats(0.001, 0.9), min_size=25, max_size=60).filter(
    lambda times: sum(time is not None for time in times) >= 20
)


@given(TIMES, st.sampled_from(JitterBufferRule), st.floats(0, 0.5))
def test_every_estimate_keeps_its_bounds(
    times: list[float | None], rule: JitterBufferRule, buffer_s: float
) -> None:
    """Ratios are ratios, scores lie from 1 to 4.5, the ends of the interval around the score."""
    found = estimated(
        estimate(figures(times), replace(PLAIN, jitter_buffer_rule=rule, jitter_buffer_s=buffer_s))
    )
    assert 0 <= found.link_loss_ratio <= found.loss_ratio + 1e-12 <= 1 + 1e-12
    assert 0 <= found.late_ratio <= found.loss_ratio + 1e-12
    assert 1 <= found.score_least <= found.score + 1e-9
    assert found.score <= found.score_most + 1e-9 <= 4.5 + 1e-9
    assert found.delay_s >= found.link_delay_s
    assert found.burst_ratio >= 1


@given(TIMES, st.floats(0, 1))
def test_more_delay_that_no_probe_sees_never_helps(times: list[float | None], extra_s: float) -> None:
    """But for the first millisecond of the model's own."""
    near = estimated(estimate(figures(times), replace(PLAIN, packetisation_s=0.02)))
    far = estimated(estimate(figures(times), replace(PLAIN, packetisation_s=0.02, extra_delay_s=extra_s)))
    assert far.rating <= near.rating + 1e-9
    assert far.score == opinion_score(far.rating)
    assert far.rating == pytest.approx(rating(far.delay_s, far.equipment_impairment))


@given(TIMES)
def test_another_link_behind_it_never_helps(times: list[float | None]) -> None:
    """Nor does the order matter."""
    one, other = figures(times), even(0.06, lost_of_100=2)
    alone = estimated(estimate(one, replace(PLAIN, packetisation_s=0.02)))
    path = estimated(path_estimate([one, other], replace(PLAIN, packetisation_s=0.02)))
    back = estimated(path_estimate([other, one], replace(PLAIN, packetisation_s=0.02)))
    assert path.rating <= alone.rating + 1e-9
    assert back.rating == pytest.approx(path.rating)
