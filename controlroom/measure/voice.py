"""An estimate of what speech over a link would be worth, from its figures and from what the site assumes.

It hears nothing: a probe measures round trips and loss, and all else is an assumption that stands in the
estimate. So whoever shows one calls it an estimate and shows the assumptions beside it (ITU-T G.107; see
``emodel.py``).

1. The delay from mouth to ear is the link's one-way delay, a packet of speech, what the codec looks ahead,
   the jitter buffer, and what the site adds for what no probe sees. The link's one-way delay is half of its
   median round trip.
2. A jitter buffer holds back as the site says: for a fixed time; for twice the jitter measured, and no less
   than the fixed time; or for the 99th percentile of the delay variation measured. Both ways' variation is in
   what is measured, so the buffer is rather too long than too short.
3. Lost is what was lost on the round trip, for which way it was is not known, and of the rest what comes
   later than the buffer waits (``lateness.py``).
4. Loss is taken to be no less bursty than random. Bursts are seen at the rate of the probes and not of voice
   packets: shorter ones remain unseen.
5. Of links one behind the other, delays, jitters and variations add up, the packet, the look-ahead and the
   buffer count once, losses combine as independent ones (Y.1541), and the burstiest link tells the bursts.
   Each link must have been measured by itself: where one is measured through another its figures hold that
   one's already.
6. Without a codec, without its values, without replies, or with fewer than 20 there is no estimate, but a
   reason.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from controlroom.measure.codec import published
from controlroom.measure.emodel import (
    Band,
    band_of,
    burst_is_within_model,
    delay_is_within_model,
    effective_equipment_impairment,
    opinion_score,
    rating,
)
from controlroom.measure.figures import LinkFigures
from controlroom.measure.loss import combined_loss_ratio
from controlroom.site.model import Codec, JitterBufferRule, Voice

FEWEST_REPLIES: Final = 20
"""Of fewer replies on any of the links nothing is estimated."""

USUAL_JITTER_BUFFER_S: Final = 0.04
"""What a jitter buffer holds back by design where the site does not say: two packets of 20 ms. Our choice."""

ONE_WAY_SHARE: Final = 0.5
"""The share of the round trip that is taken for one way."""


class NoEstimateReason(enum.StrEnum):
    """Why there is no estimate."""

    NO_CODEC = "no-codec"
    CODEC_VALUES_MISSING = "codec-values-missing"
    NO_REPLIES = "no-replies"
    TOO_FEW_REPLIES = "too-few-replies"


@dataclass(frozen=True, slots=True)
class NoEstimate:
    """There is none; ``missing`` names the keys of the site that must be set first, where that is why."""

    reason: NoEstimateReason
    missing: tuple[str, ...] = ()


class VoiceDoubt(enum.StrEnum):
    """Why an estimate is worth less than others: what was measured is where the model does not reach."""

    DELAY_BEYOND_MODEL = "delay-beyond-model"
    BURSTS_BEYOND_MODEL = "bursts-beyond-model"


@dataclass(frozen=True, slots=True)
class VoiceAssumptions:
    """What an estimate takes for granted: times in seconds, Ie and Bpl on the scale of G.107.

    ``source`` says where Ie and Bpl are published; it is empty where the site set them.
    """

    codec: Codec
    ie: float
    bpl: float
    source: str
    packetisation_s: float
    look_ahead_s: float = 0.0
    jitter_buffer_rule: JitterBufferRule = JitterBufferRule.TWICE_JITTER
    jitter_buffer_s: float = USUAL_JITTER_BUFFER_S
    extra_delay_s: float = 0.0
    one_way_share: float = ONE_WAY_SHARE

    @property
    def fixed_delay_s(self) -> float:
        """The delay that depends on nothing measured."""
        return self.packetisation_s + self.look_ahead_s + self.extra_delay_s


@dataclass(frozen=True, slots=True)
class VoiceEstimate:
    """An estimate, never a measurement: R and the mean opinion score, with what they rest on.

    ``link_delay_s`` is one way, ``delay_s`` from mouth to ear. ``loss_ratio`` is after the jitter buffer:
    what the links lost and what came too late. ``score_least`` and ``score_most`` are the scores of the ends
    of the loss's 95 % interval; they leave out all that is assumed. ``replies`` counts those of the link with
    the fewest.
    """

    assumptions: VoiceAssumptions
    replies: int
    link_delay_s: float
    buffer_s: float
    delay_s: float
    link_loss_ratio: float
    late_ratio: float
    loss_ratio: float
    burst_ratio: float
    equipment_impairment: float
    rating: float
    score: float
    score_least: float
    score_most: float
    band: Band
    doubts: tuple[VoiceDoubt, ...] = ()


def assumptions_of(voice: Voice) -> VoiceAssumptions | NoEstimate:
    """Return what the site assumes (``voice_at`` of ``site/voice.py``), completed by what is published."""
    codec = voice.codec
    if codec is None or codec is Codec.NO_VOICE:
        return NoEstimate(NoEstimateReason.NO_CODEC)
    values = published(codec)
    own = voice.ie is not None and voice.bpl is not None
    ie, bpl = (voice.ie, voice.bpl) if own else (values.ie, values.bpl)
    packetisation_s = values.packetisation_s if voice.packetisation_s is None else voice.packetisation_s
    if ie is None or bpl is None or packetisation_s is None:
        needed = {"ie": ie, "bpl": bpl, "packetisation_s": packetisation_s}
        missing = tuple(key for key, value in needed.items() if value is None)
        return NoEstimate(NoEstimateReason.CODEC_VALUES_MISSING, missing)
    return VoiceAssumptions(
        codec=codec,
        ie=ie,
        bpl=bpl,
        source="" if own else values.source,
        packetisation_s=packetisation_s,
        look_ahead_s=values.look_ahead_s if voice.look_ahead_s is None else voice.look_ahead_s,
        jitter_buffer_rule=voice.jitter_buffer_rule or JitterBufferRule.TWICE_JITTER,
        jitter_buffer_s=USUAL_JITTER_BUFFER_S if voice.jitter_buffer_s is None else voice.jitter_buffer_s,
        extra_delay_s=voice.extra_delay_s or 0.0,
    )


def estimate(figures: LinkFigures, assumptions: VoiceAssumptions) -> VoiceEstimate | NoEstimate:
    """Estimate what speech over one link would be worth."""
    return path_estimate([figures], assumptions)


def path_estimate(links: Sequence[LinkFigures], assumptions: VoiceAssumptions) -> VoiceEstimate | NoEstimate:
    """Estimate what speech over links one behind the other, at least one, would be worth (rule 5)."""
    lacking = _lacking(links)
    if lacking is not None:
        return NoEstimate(lacking)
    link_delay_s = assumptions.one_way_share * sum(link.latency.median_s or 0.0 for link in links)
    buffer_s = _buffer_s(links, assumptions)
    delay_s = link_delay_s + buffer_s + assumptions.fixed_delay_s
    late = combined_loss_ratio(link.lateness.ratio(buffer_s) or 0.0 for link in links)
    burst_ratio = max([1.0, *(link.losses.burst_ratio or 1.0 for link in links)])
    lost = combined_loss_ratio(link.losses.loss.ratio or 0.0 for link in links)
    loss_ratio = combined_loss_ratio([lost, late])
    least = combined_loss_ratio([late, *(link.losses.loss.low for link in links)])
    most = combined_loss_ratio([late, *(link.losses.loss.high for link in links)])
    impairment = _impairment(assumptions, loss_ratio, burst_ratio)
    r = rating(delay_s, impairment)
    return VoiceEstimate(
        assumptions=assumptions,
        replies=min(link.latency.count for link in links),
        link_delay_s=link_delay_s,
        buffer_s=buffer_s,
        delay_s=delay_s,
        link_loss_ratio=lost,
        late_ratio=late,
        loss_ratio=loss_ratio,
        burst_ratio=burst_ratio,
        equipment_impairment=impairment,
        rating=r,
        score=opinion_score(r),
        score_least=opinion_score(rating(delay_s, _impairment(assumptions, most, burst_ratio))),
        score_most=opinion_score(rating(delay_s, _impairment(assumptions, least, burst_ratio))),
        band=band_of(r),
        doubts=tuple(_doubts(delay_s, loss_ratio, burst_ratio)),
    )


def _lacking(links: Sequence[LinkFigures]) -> NoEstimateReason | None:
    """Tell why the links say too little (rule 6); jitter is unknown where no reply follows another."""
    replies = min(link.latency.count for link in links)
    if not replies:
        return NoEstimateReason.NO_REPLIES
    unknown = replies < FEWEST_REPLIES or any(link.jitter.jitter_s is None for link in links)
    return NoEstimateReason.TOO_FEW_REPLIES if unknown else None


def _buffer_s(links: Sequence[LinkFigures], assumptions: VoiceAssumptions) -> float:
    """Return how long the jitter buffer holds back (rules 2 and 5)."""
    if assumptions.jitter_buffer_rule is JitterBufferRule.FIXED:
        return assumptions.jitter_buffer_s
    if assumptions.jitter_buffer_rule is JitterBufferRule.TWICE_JITTER:
        return max(assumptions.jitter_buffer_s, 2 * sum(link.jitter.jitter_s or 0.0 for link in links))
    return sum(link.jitter.round_trip_delay_variation.p99_s or 0.0 for link in links)


def _impairment(assumptions: VoiceAssumptions, loss_ratio: float, burst_ratio: float) -> float:
    return effective_equipment_impairment(assumptions.ie, assumptions.bpl, loss_ratio, burst_ratio)


def _doubts(delay_s: float, loss_ratio: float, burst_ratio: float) -> Iterator[VoiceDoubt]:
    if not delay_is_within_model(delay_s):
        yield VoiceDoubt.DELAY_BEYOND_MODEL
    if not burst_is_within_model(loss_ratio, burst_ratio):
        yield VoiceDoubt.BURSTS_BEYOND_MODEL
