"""Loss: how much, how surely, and in which runs. It judges nothing and knows no round-trip time.

It is the round-trip loss of RFC 6673: what did not come back within the probe's timeout is lost, whichever
way it was lost on. Loss patterns are those of RFC 3357 over consecutive probes:

1. The *distance* of a loss is its number in the sequence less that of the loss before; that of the first is
   0.
2. A *period* is a run of losses without a reply between; periods are counted from 1.
3. A loss is *noticeable* where its distance is at least 1 and at most ``delta``.
4. Neither a run nor a distance goes over a break (``asked.py``): nobody knows what was lost meanwhile. A
   break at the edge of a run may so cut it, and a run that touches the edge of a window is told as long as it
   was seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from controlroom.measure.asked import BoolArray, IntArray

NORMAL_QUANTILE_95 = 1.959964
"""The two-sided 95 % quantile of the standard normal distribution."""

NORMAL_QUANTILE_99 = 2.575829
"""The two-sided 99 % quantile of it."""

NOTICEABLE_WITHIN: Final = 2
"""Losses this near to each other are noticeable where nothing else is said: nothing or one reply between."""


@dataclass(frozen=True, slots=True)
class Loss:
    """How many of the probes sent were lost, and between which ratios the true loss lies (95 %).

    The interval is Wilson's; with nothing sent nothing is known, and ``ratio`` is ``None``.
    """

    lost: int
    sent: int
    ratio: float | None
    low: float
    high: float


def loss_of(lost: int, sent: int) -> Loss:
    """Compute the loss ratio with its Wilson score interval (E. B. Wilson, 1927)."""
    if sent == 0:
        return Loss(0, 0, None, 0.0, 1.0)
    ratio = lost / sent
    return Loss(lost, sent, ratio, *_wilson(ratio, sent, NORMAL_QUANTILE_95))


def _wilson(ratio: float, sent: float, quantile: float) -> tuple[float, float]:
    square = quantile**2
    middle = (ratio + square / (2 * sent)) / (1 + square / sent)
    spread = quantile * math.sqrt(ratio * (1 - ratio) / sent + square / (4 * sent * sent))
    half = spread / (1 + square / sent)
    return max(0.0, middle - half), min(1.0, middle + half)


def least_loss_shown(lost: int, sent: int, runs: int) -> float:
    """Return what loss so many losses in so many runs show at least: the low end of the 99 % interval.

    Losses in runs show less than as many that come one by one. As a chain of good and bad turns (``Gilbert``)
    they have the correlation ``1 - p - q`` from one probe to the next, and count for as many independent ones
    as the variance of their mean is that of (J. Klotz, 1973): ``sent (1 - c) / (1 + c)``.
    """
    if not sent:
        return 0.0
    turns = runs / lost + runs / (sent - lost) if 0 < lost < sent else 1.0
    correlation = max(0.0, 1.0 - turns)
    independent = sent * (1.0 - correlation) / (1.0 + correlation)
    return _wilson(lost / sent, independent, NORMAL_QUANTILE_99)[0]


def combined_loss_ratio(ratios: Iterable[float]) -> float:
    """Return the loss of links in a row that lose independently: ``1 - product(1 - p)`` (Y.1541)."""
    combined = 0.0
    for ratio in ratios:
        combined += ratio * (1.0 - combined)  # of one link it is exactly its own
    return combined


@dataclass(frozen=True, slots=True, eq=False)
class LossPattern:
    """Each loss by its place among the probes, with its distance and period; arrays of one length."""

    place: IntArray
    distance: IntArray
    period: IntArray

    @property
    def lengths(self) -> IntArray:
        """How many losses each period holds."""
        return np.bincount(self.period, minlength=1)[1:].astype(np.int64)

    @property
    def gaps(self) -> IntArray:
        """The distance of each period's first loss but the first's, as far as it is known (RFC 3357, 6.4)."""
        if not len(self.period):
            return self.distance
        first = np.flatnonzero(np.diff(self.period, prepend=0) > 0)[1:]
        apart = self.distance[first]
        return apart[apart > 0]

    def noticeable_ratio(self, delta: int = NOTICEABLE_WITHIN) -> float | None:
        """Return the share of the losses that are noticeable (rule 3); ``None`` where nothing was lost."""
        if not len(self.place):
            return None
        return int(((self.distance >= 1) & (self.distance <= delta)).sum()) / len(self.place)


def loss_pattern(lost: BoolArray, begins: BoolArray | None = None) -> LossPattern:
    """Find the losses among consecutive probes; ``begins`` tells those that do not follow the one before."""
    part = np.zeros(len(lost), dtype=np.int64) if begins is None else np.cumsum(begins)
    place = np.flatnonzero(lost).astype(np.int64)
    follows = np.zeros(len(place), dtype=np.bool_)
    follows[1:] = np.diff(part[place]) == 0
    apart = np.diff(place, prepend=0)
    distance = np.where(follows, apart, 0)
    return LossPattern(place, distance, np.cumsum(distance != 1).astype(np.int64))


@dataclass(frozen=True, slots=True)
class Gilbert:
    """A link that is good or bad by turns, and loses nothing while good and all while bad (E. N. Gilbert).

    ``worsens`` and ``recovers`` are the chances, from one probe to the next, to turn bad and to turn good: p
    and q.
    """

    worsens: float
    recovers: float

    @property
    def loss_ratio(self) -> float:
        """The share of losses in the long run."""
        return self.worsens / (self.worsens + self.recovers)

    @property
    def mean_burst(self) -> float:
        """The mean number of losses in a run."""
        return 1.0 / self.recovers

    @property
    def burst_ratio(self) -> float:
        """Mean run over that of random loss: ``1 / (p + q)`` (ITU-T G.107, 7.5)."""
        return 1.0 / (self.worsens + self.recovers)


def gilbert_of(lost: BoolArray, begins: BoolArray | None = None) -> Gilbert | None:
    """Estimate both chances by counting turns; ``None`` unless each turn was seen at least once."""
    before, after = lost[:-1], lost[1:]
    if begins is not None:
        before, after = before[~begins[1:]], after[~begins[1:]]
    worse, better = int((~before & after).sum()), int((before & ~after).sum())
    if not (worse and better):
        return None
    return Gilbert(worse / int((~before).sum()), better / int(before.sum()))


@dataclass(frozen=True, slots=True)
class LossFigures:
    """The loss of a window and how it lies; lengths of runs in probes, ``None`` where nothing was lost.

    ``burst_ratio`` is the mean run over the mean run of random loss of the same ratio, ``1 / (1 - loss)``: 1
    is random, more is bursty (BurstR of ITU-T G.107, 7.5). Where all was lost it is ``None``, for random loss
    has no mean run then.
    """

    loss: Loss
    runs: int
    longest_run: int | None
    mean_run: float | None
    mean_gap: float | None
    noticeable_ratio: float | None
    burst_ratio: float | None
    gilbert: Gilbert | None


def loss_figures(lost: BoolArray, begins: BoolArray | None = None) -> LossFigures:
    """Compute the figures of the losses among consecutive probes."""
    pattern = loss_pattern(lost, begins)
    loss = loss_of(len(pattern.place), len(lost))
    lengths, gaps = pattern.lengths, pattern.gaps
    mean_run = float(lengths.mean()) if len(lengths) else None
    partly = loss.ratio is not None and loss.ratio < 1.0
    return LossFigures(
        loss=loss,
        runs=len(lengths),
        longest_run=int(lengths.max()) if len(lengths) else None,
        mean_run=mean_run,
        mean_gap=float(gaps.mean()) if len(gaps) else None,
        noticeable_ratio=pattern.noticeable_ratio(),
        burst_ratio=mean_run * (1.0 - (loss.ratio or 0.0)) if mean_run is not None and partly else None,
        gilbert=gilbert_of(lost, begins),
    )
