"""How much of the time a service can be expected to work, and what it is worth to mend first.

Rules:
1. The probability of loss is exact on the service's diagram: what is shared counts once. Beside it stands
   what comes out where every appearance of a component is taken for one of its own, which is what a product
   of availabilities assumes.
2. Intervals hold nine tenths of the samples: a twentieth lies below and a twentieth above.
3. What was never watched is taken never to fail, and named. Where nothing was, nothing is expected.
4. What was watched for less than a day is named too: hardly anything follows from so little.
5. Where a diagram would be too large, minimal cut sets up to an order stand for it: 1 - product(1 - product
   of their unavailabilities), and the answer says that it is not exact.
6. Mended first is what has the greatest share in the loss (Fussell-Vesely); of equal ones the first named.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from controlroom.resilience.component_model import ComponentModel, RepairFrom, Samples
from controlroom.resilience.cut_sets import CutSets
from controlroom.resilience.expression import Expression, components, folded
from controlroom.resilience.importance import Importance, importance

LOW, HIGH = 0.05, 0.95
SHORT_S: Final = 86_400.0
_NEVER: Final = 0.0


class LossFunction(Protocol):
    """What tells the probability of a service's loss from those of its components."""

    def probability(self, unavailability: Mapping[str, float]) -> float:
        """Return it."""

    def sampled(self, unavailability: Mapping[str, Samples]) -> Samples:
        """Return it for each of many samples."""

    def importances(self, unavailability: Mapping[str, float]) -> Mapping[str, Importance]:
        """Return how much hangs on each component."""

    def sampled_birnbaum(self, unavailability: Mapping[str, Samples]) -> Mapping[str, Samples]:
        """Return the first of those for each of many samples."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A best figure, and between what nine tenths of the samples lie."""

    best: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ComponentRank:
    """How much of a service's loss hangs on one component."""

    component: str
    unavailability: Figure
    birnbaum: Figure
    fussell_vesely: Figure
    risk_achievement: Figure


@dataclass(frozen=True, slots=True)
class Expectation:
    """What can be expected of one service; probabilities have no unit, times are seconds."""

    loss: Figure
    naive_loss: float
    ranks: Sequence[ComponentRank]
    exact: bool
    unwatched: tuple[str, ...]
    short: tuple[str, ...]
    unfailed: tuple[str, ...] = ()
    """What was watched and never seen to fail."""
    assumed: tuple[str, ...] = ()
    """That of which the repair time is assumed, for none was ever seen at the site."""
    watched: int = 0
    """How many parts were watched."""

    @property
    def never_failed(self) -> bool:
        """Whether no failure was seen of anything: then the best figure is hardly more than a guess."""
        return 0 < self.watched == len(self.unfailed)

    @property
    def availability(self) -> Figure:
        """The share of time that it works."""
        return Figure(1 - self.loss.best, 1 - self.loss.high, 1 - self.loss.low)

    @property
    def naive_availability(self) -> float:
        """The same by the product that takes all for independent."""
        return 1 - self.naive_loss


class CutSetLoss:
    """The probability of loss by minimal cut sets up to an order (rule 5)."""

    def __init__(self, found: CutSets) -> None:
        """Hold the sets."""
        self._sets = found.sets
        self._names = sorted({name for each in found.sets for name in each})

    def probability(self, unavailability: Mapping[str, float]) -> float:
        """Return it."""
        lost = [math.prod(unavailability[name] for name in each) for each in self._sets]
        return (
            1.0 if any(each >= 1 for each in lost) else -math.expm1(sum(math.log1p(-each) for each in lost))
        )

    def sampled(self, unavailability: Mapping[str, Samples]) -> Samples:
        """Return it for each of many samples."""
        works: Samples = np.ones(_size(unavailability))
        for each in self._sets:
            lost: Samples = np.ones(len(works))
            for name in each:
                lost = lost * unavailability[name]
            works = works * (1 - lost)
        return 1 - works

    def importances(self, unavailability: Mapping[str, float]) -> Mapping[str, Importance]:
        """Return how much hangs on each component, by what is lost with it failed and with it whole."""
        whole, found = self.probability(unavailability), {}
        for name in self._names:
            failed, works = (self.probability({**unavailability, name: each}) for each in (1.0, 0.0))
            found[name] = importance(whole, unavailability[name], failed - works)
        return found

    def sampled_birnbaum(self, unavailability: Mapping[str, Samples]) -> Mapping[str, Samples]:
        """Return the first of those for each of many samples."""
        size, found = _size(unavailability), {}
        for name in self._names:
            failed = self.sampled({**unavailability, name: np.ones(size)})
            found[name] = failed - self.sampled({**unavailability, name: np.zeros(size)})
        return found


def expectation(
    lost: Expression, function: LossFunction, models: Mapping[str, ComponentModel], *, exact: bool = True
) -> Expectation | None:
    """Reckon what can be expected; ``None`` where none of its components was ever watched (rule 3)."""
    names = components(lost)
    watched = [name for name in names if name in models]
    if not watched:
        return None
    size = len(models[watched[0]].samples)
    best = {name: models[name].unavailability if name in models else _NEVER for name in names}
    samples = {name: models[name].samples if name in models else np.zeros(size) for name in names}
    whole, sampled = function.probability(best), function.sampled(samples)
    told, slopes = function.importances(best), function.sampled_birnbaum(samples)
    ranks = [
        _rank(name, told[name], (best[name], samples[name]), sampled, slopes[name])
        for name in watched
        if name in told
    ]
    return Expectation(
        loss=_figure(whole, sampled),
        naive_loss=independent_loss(lost, best),
        ranks=sorted(ranks, key=lambda rank: -rank.fussell_vesely.best),
        exact=exact,
        unwatched=tuple(name for name in names if name not in models),
        short=tuple(name for name in watched if models[name].history.watched_s < SHORT_S),
        unfailed=tuple(name for name in watched if not models[name].history.failures),
        assumed=tuple(name for name in watched if models[name].repair_from is RepairFrom.ASSUMED),
        watched=len(watched),
    )


def independent_loss(lost: Expression, unavailability: Mapping[str, float]) -> float:
    """Return the probability of loss where every appearance of a component failed by itself."""
    return folded(lost, unavailability.__getitem__, at_least_of)


def at_least_of(count: int, chances: Sequence[float]) -> float:
    """Return how probable it is that at least so many of independent things happen."""
    happened = [1.0] + [0.0] * count
    for chance in chances:
        for number in range(count, 0, -1):
            stays = happened[number] if number == count else happened[number] * (1 - chance)
            happened[number] = stays + happened[number - 1] * chance
        happened[0] *= 1 - chance
    return happened[count]


def _rank(
    name: str,
    told: Importance,
    unavailability: tuple[float, Samples],
    whole: Samples,
    birnbaum: Samples,
) -> ComponentRank:
    each = _sampled_importances(whole, unavailability[1], birnbaum)
    return ComponentRank(
        component=name,
        unavailability=_figure(*unavailability),
        birnbaum=_figure(told.birnbaum, each[0]),
        fussell_vesely=_figure(told.fussell_vesely, each[1]),
        risk_achievement=_figure(told.risk_achievement, each[2]),
    )


def _sampled_importances(
    whole: Samples, unavailability: Samples, birnbaum: Samples
) -> tuple[Samples, Samples, Samples]:
    """Return the three figures of ``importance.py`` for each sample; not finite where loss is impossible."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = unavailability * birnbaum / whole
        times = (whole + (1 - unavailability) * birnbaum) / whole
    return birnbaum, share, times


def _figure(best: float, samples: Samples) -> Figure:
    known = samples[np.isfinite(samples)]
    if not len(known):
        return Figure(best, math.nan, math.nan)
    low, high = np.quantile(known, (LOW, HIGH))
    return Figure(best, float(low), float(high))


def _size(unavailability: Mapping[str, Samples]) -> int:
    return next((len(each) for each in unavailability.values()), 1)
