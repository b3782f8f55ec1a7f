"""An estimate of voice in words: always called one, with all that it assumes."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from controlroom.measure.emodel import Band
from controlroom.measure.voice import (
    NoEstimate,
    NoEstimateReason,
    VoiceAssumptions,
    VoiceDoubt,
    VoiceEstimate,
    assumptions_of,
)
from controlroom.report.voice_words import assumption_words, basis_words, estimate_words
from controlroom.site.model import Codec, JitterBufferRule, Voice

ASSUMED = VoiceAssumptions(Codec.G729A_VAD, 11, 19, "ITU-T G.113 (2024), appendix I", 0.02, 0.005)
FOUND = VoiceEstimate(
    assumptions=ASSUMED,
    replies=60,
    link_delay_s=0.085,
    buffer_s=0.04,
    delay_s=0.150,
    link_loss_ratio=0.02,
    late_ratio=0.0,
    loss_ratio=0.02,
    burst_ratio=1.0,
    equipment_impairment=19.0,
    rating=70.54,
    score=3.62,
    score_least=2.9,
    score_most=3.9,
    band=Band.SOME_DISSATISFIED,
)


def test_the_score_is_called_an_estimate() -> None:
    """With the range that the losses leave open, and what users say to such speech."""
    assert estimate_words(FOUND) == "Estimated voice quality (MOS) 3.6, 2.9 to 3.9: some users dissatisfied"


def test_doubts_are_told() -> None:
    """Where the model does not reach."""
    doubted = replace(FOUND, doubts=(VoiceDoubt.BURSTS_BEYOND_MODEL,))
    assert estimate_words(doubted).endswith("the losses come in longer bursts than the model is made for")


def test_what_it_was_made_from() -> None:
    """Delay and loss; what came too late only where anything did."""
    assert (
        basis_words(FOUND) == "R 71; 150 ms from mouth to ear, of which 85 ms on the way; 2 % of speech lost"
    )
    assert basis_words(replace(FOUND, late_ratio=0.01)).endswith(
        "2 % of speech lost, 1 % for coming too late"
    )


def test_all_assumptions_are_told() -> None:
    """And where the codec's values are from."""
    assert assumption_words(ASSUMED) == (
        "Assumed: G.729A with voice activity detection (Ie 11, Bpl 19, ITU-T G.113 (2024), appendix I), "
        "packets of 20 ms, look-ahead 5 ms, jitter buffer twice the jitter measured, 40 ms at least, "
        "0 ms that no probe sees, 50 % of the round trip one way"
    )
    own = assumptions_of(Voice(codec=Codec.TETRA_ACELP, ie=30, bpl=12, packetisation_s=0.06))
    assert isinstance(own, VoiceAssumptions)
    assert "TETRA ACELP (Ie 30, Bpl 12, as set for this site)" in assumption_words(own)
    fixed = replace(own, jitter_buffer_rule=JitterBufferRule.FIXED)
    assert "jitter buffer fixed at 40 ms," in assumption_words(fixed)
    varied = replace(own, jitter_buffer_rule=JitterBufferRule.DELAY_VARIATION)
    assert "jitter buffer 99 % of the delay variation measured," in assumption_words(varied)


@pytest.mark.parametrize("reason", NoEstimateReason)
def test_where_there_is_none_the_reason_is_told(reason: NoEstimateReason) -> None:
    """Each by its own words."""
    assert estimate_words(NoEstimate(reason, ("ie", "bpl"))).startswith("No estimate of voice quality: ")


def test_values_that_must_be_entered_are_named() -> None:
    """As the keys of the site."""
    found = NoEstimate(NoEstimateReason.CODEC_VALUES_MISSING, ("ie", "bpl"))
    assert estimate_words(found).endswith("set ie and bpl at the endpoint")


def test_everything_has_words() -> None:
    """Every codec, rule, band and doubt; no two codecs the same."""
    told = {assumption_words(replace(ASSUMED, codec=codec)) for codec in Codec}
    assert len(told) == len(Codec)
    for band, doubt in itertools.product(Band, VoiceDoubt):
        assert estimate_words(replace(FOUND, band=band, doubts=(doubt,)))
