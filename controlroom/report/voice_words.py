"""What an estimate of voice quality says, in words for people. It estimates nothing. Pure.

1. An estimate is always called one, and no score stands without the words of what was assumed for it.
2. Where there is none, what is said is why, and what would change that.
"""

from __future__ import annotations

from typing import Final

from controlroom.measure.emodel import Band
from controlroom.measure.voice import (
    FEWEST_REPLIES,
    NoEstimate,
    NoEstimateReason,
    VoiceAssumptions,
    VoiceDoubt,
    VoiceEstimate,
)
from controlroom.report.figures import value_text
from controlroom.site.model import Codec, JitterBufferRule

_CODECS: Final[dict[Codec, str]] = {
    Codec.NO_VOICE: "no voice",
    Codec.G711: "G.711",
    Codec.G711_PLC: "G.711 with concealment of lost packets",
    Codec.G729A_VAD: "G.729A with voice activity detection",
    Codec.G723_1_VAD: "G.723.1 (6.3 kbit/s) with voice activity detection",
    Codec.GSM_EFR: "GSM EFR",
    Codec.AMR_12_2: "AMR 12.2",
    Codec.TETRA_ACELP: "TETRA ACELP",
    Codec.EVS: "EVS",
    Codec.OTHER: "another codec",
}

_BANDS: Final[dict[Band, str]] = {
    Band.VERY_SATISFIED: "users very satisfied",
    Band.SATISFIED: "users satisfied",
    Band.SOME_DISSATISFIED: "some users dissatisfied",
    Band.MANY_DISSATISFIED: "many users dissatisfied",
    Band.NEARLY_ALL_DISSATISFIED: "nearly all users dissatisfied",
    Band.NOT_RECOMMENDED: "not fit for speech",
}

_BUFFERS: Final[dict[JitterBufferRule, str]] = {
    JitterBufferRule.FIXED: "fixed",
    JitterBufferRule.TWICE_JITTER: "twice the jitter measured",
    JitterBufferRule.DELAY_VARIATION: "99 % of the delay variation measured",
}

_DOUBTS: Final[dict[VoiceDoubt, str]] = {
    VoiceDoubt.DELAY_BEYOND_MODEL: "the delay is longer than the model is made for",
    VoiceDoubt.BURSTS_BEYOND_MODEL: "the losses come in longer bursts than the model is made for",
}

_WHY_NONE: Final[dict[NoEstimateReason, str]] = {
    NoEstimateReason.NO_CODEC: "no codec is set for it",
    NoEstimateReason.NO_REPLIES: "nothing was answered",
    NoEstimateReason.TOO_FEW_REPLIES: f"fewer than {FEWEST_REPLIES} replies say too little",
}


def estimate_words(found: VoiceEstimate | NoEstimate) -> str:
    """Say the score in one phrase, or why there is none."""
    if isinstance(found, NoEstimate):
        return f"No estimate of voice quality: {_why_none(found)}"
    score = f"Estimated voice quality (MOS) {found.score:.1f}"
    told = [_BANDS[found.band], *(_DOUBTS[doubt] for doubt in found.doubts)]
    return f"{score}, {found.score_least:.1f} to {found.score_most:.1f}: {'; '.join(told)}"


def basis_words(found: VoiceEstimate) -> str:
    """Say what an estimate was made from: delay and loss, measured as far as they can be."""
    delay = f"{_time(found.delay_s)} from mouth to ear, of which {_time(found.link_delay_s)} on the way"
    late = f", {value_text(found.late_ratio, 'ratio')} for coming too late" if found.late_ratio else ""
    return f"R {found.rating:.0f}; {delay}; {value_text(found.loss_ratio, 'ratio')} of speech lost{late}"


def assumption_words(assumed: VoiceAssumptions) -> str:
    """Say what an estimate takes for granted, all of it."""
    source = assumed.source or "as set for this site"
    parts = [
        f"{_CODECS[assumed.codec]} (Ie {assumed.ie:g}, Bpl {assumed.bpl:g}, {source})",
        f"packets of {_time(assumed.packetisation_s)}",
        f"look-ahead {_time(assumed.look_ahead_s)}",
        f"jitter buffer {_buffer(assumed)}",
        f"{_time(assumed.extra_delay_s)} that no probe sees",
        f"{value_text(assumed.one_way_share, 'ratio')} of the round trip one way",
    ]
    return f"Assumed: {', '.join(parts)}"


def _buffer(assumed: VoiceAssumptions) -> str:
    rule = _BUFFERS[assumed.jitter_buffer_rule]
    if assumed.jitter_buffer_rule is JitterBufferRule.DELAY_VARIATION:
        return rule
    time = _time(assumed.jitter_buffer_s)
    return (
        f"{rule} at {time}"
        if assumed.jitter_buffer_rule is JitterBufferRule.FIXED
        else f"{rule}, {time} at least"
    )


def _why_none(found: NoEstimate) -> str:
    if found.reason is NoEstimateReason.CODEC_VALUES_MISSING:
        return f"this codec's values are not published; set {' and '.join(found.missing)} at the endpoint"
    return _WHY_NONE[found.reason]


def _time(seconds: float) -> str:
    """Write a time in milliseconds, without digits that an estimate does not have."""
    return f"{round(seconds * 1e3, 1):g} ms"
