"""What a link's figures are worth for its use: the figures that a profile grades, voice among them. Pure.

1. Delay, jitter, loss and order are those of the window; a figure that is unknown is left out, never zero.
2. The score of voice is an estimate (``voice.py``), with the ends that its loss leaves open as its interval.
3. Without a profile there is no grade: nobody said what the link is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from controlroom.measure.figures import LinkFigures
from controlroom.measure.grade import Figure, Graded, grade, loss_figure
from controlroom.measure.voice import NoEstimate, VoiceEstimate, assumptions_of, estimate
from controlroom.site.model import Voice
from controlroom.site.profile import FigureName, Grade, Profile

NO_PROFILE: Final = "no_profile"
"""Reason: nobody said what the link is for."""


@dataclass(frozen=True, slots=True)
class Quality:
    """A link's figures over a window, what speech over it would be worth, and how well it serves its use."""

    figures: LinkFigures
    voice: VoiceEstimate | NoEstimate
    graded: Graded


def quality_of(figures: LinkFigures, profile: Profile | None, voice: Voice) -> Quality:
    """Judge a window of one link by what it is for."""
    assumed = assumptions_of(voice)
    speech = assumed if isinstance(assumed, NoEstimate) else estimate(figures, assumed)
    if profile is None:
        return Quality(figures, speech, Graded(Grade.UNKNOWN, NO_PROFILE))
    return Quality(figures, speech, grade(profile, dict(graded_figures(figures, speech))))


def graded_figures(
    figures: LinkFigures, speech: VoiceEstimate | NoEstimate
) -> Iterator[tuple[FigureName, Figure]]:
    """Yield the figures that profiles set limits on, as far as they are known (rule 1)."""
    latency, jitter, arrivals = figures.latency, figures.jitter, figures.arrivals
    told = (
        (FigureName.RTT_S, latency.median_s),
        (FigureName.RTT_MEAN_S, latency.mean_s),
        (FigureName.RTT_P95_S, latency.p95_s),
        (FigureName.JITTER_S, jitter.jitter_s),
        (FigureName.DELAY_VARIATION_S, jitter.round_trip_delay_variation.p999_s),
    )
    for name, value in told:
        if value is not None:
            yield name, Figure(value, latency.count)
    loss = loss_figure(figures.losses.loss)
    if loss is not None:
        yield FigureName.LOSS_RATIO, loss
    reordered = arrivals.reordered_ratio
    if reordered is not None:
        yield FigureName.REORDERED_RATIO, Figure(reordered, arrivals.received)
    if isinstance(speech, VoiceEstimate):
        yield FigureName.MOS, Figure(speech.score, speech.replies, speech.score_least, speech.score_most)
