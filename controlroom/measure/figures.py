"""The figures of one probe over a window: latency, loss, jitter, lateness, order. It computes none itself.

1. A window is from a moment on and before another. One minute, five minutes, an hour and a shift of twelve
   hours end at a moment that is asked for; any other range is given as it is.
2. What is *not run* or was lost while our own connection was lost is neither asked nor lost. How much of that
   there was stands beside the figures, for a window of which little was measured says little.
3. The figures depend on nothing but what was asked in the window (``asked.py``). So they are the same live
   and from the store.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from controlroom.measure.arrival import ArrivalFigures, reply_arrivals
from controlroom.measure.asked import Asked, within
from controlroom.measure.jitter import JitterFigures, jitter_figures
from controlroom.measure.latency import Latency, latency_of
from controlroom.measure.lateness import Lateness, lateness_of
from controlroom.measure.loss import LossFigures, loss_figures


class WindowLength(enum.IntEnum):
    """The windows that end at a moment, in seconds."""

    MINUTE = 60
    FIVE_MINUTES = 300
    HOUR = 3600
    SHIFT = 43_200

    def ending(self, until_utc_s: float) -> tuple[float, float]:
        """Return when the window begins and ends that ends at a moment."""
        return until_utc_s - self, until_utc_s


@dataclass(frozen=True, slots=True)
class LinkFigures:
    """What a probe's readings in a window come to.

    ``asked`` counts the probes that were asked and either answered or lost; ``unmeasured`` those of which
    neither can be said. ``latency.count`` may be less than what was answered: a reply that could not be timed
    is no loss and has no round-trip time.
    """

    since_utc_s: float
    until_utc_s: float
    asked: int
    unmeasured: int
    latency: Latency
    losses: LossFigures
    jitter: JitterFigures
    lateness: Lateness
    arrivals: ArrivalFigures


def link_figures(
    asked: Asked, since_utc_s: float, until_utc_s: float, duplicates: int | None = None
) -> LinkFigures:
    """Compute the figures of a window; ``asked`` may reach beyond it.

    ``duplicates`` are the further copies of replies in that time, where somebody counted them
    (``arrival.py``).
    """
    part = within(asked, since_utc_s, until_utc_s)
    return LinkFigures(
        since_utc_s=since_utc_s,
        until_utc_s=until_utc_s,
        asked=len(part),
        unmeasured=len(part.unmeasured_us),
        latency=latency_of(part.rtt_s),
        losses=loss_figures(part.lost, part.begins),
        jitter=jitter_figures(part),
        lateness=lateness_of(part),
        arrivals=reply_arrivals(part, duplicates),
    )
