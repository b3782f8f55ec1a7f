"""How often each component fails and how long that lasts, as far as its history tells, with the doubt of it.

Rules:
1. A component fails at a steady rate and is repaired at a steady rate. With n failures in a watched working
   time T the failure rate has the distribution Gamma(n + 1/2, T); with m repairs in a down time D the repair
   rate has Gamma(m + 1/2, D), so that the repair time is inverse gamma (both after Jeffreys).
2. What was never seen to be repaired takes the site's usual repair time, which all repairs together give; or,
   where it is down already for longer, that. Where none was ever seen at the site it is four hours, and the
   model says so.
3. Unavailability is MTTR / (MTBF + MTTR), MTBF being the mean working time between failures.
4. What was never watched is left out: nothing is known of it, and nobody guesses.
5. The best figures are the means of those rates; the samples are for intervals, and their generator comes in
   as an argument.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from controlroom.resilience.component_history import ComponentHistory

Samples = np.ndarray[Any, np.dtype[np.float64]]

ASSUMED_REPAIR_S: Final = 4 * 3600.0
USUAL_SAMPLES: Final = 1000
HALF: Final = 0.5
"""What Jeffreys' prior adds to a count."""


class RepairFrom(enum.StrEnum):
    """Where a repair time is from."""

    OWN = "own"
    SITE = "site"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, eq=False)
class ComponentModel:
    """One component: its best figures, and its unavailability in each of the samples."""

    history: ComponentHistory
    mean_up_s: float
    mean_repair_s: float
    repair_from: RepairFrom
    samples: Samples

    @property
    def unavailability(self) -> float:
        """The share of time that it is failed (rule 3)."""
        return self.mean_repair_s / (self.mean_up_s + self.mean_repair_s)


def component_models(
    histories: Iterable[ComponentHistory], chance: np.random.Generator, samples: int = USUAL_SAMPLES
) -> Mapping[str, ComponentModel]:
    """Make the model of every component that was ever watched working, by its name."""
    listed = [each for each in histories if each.up_s > 0]
    repairs = sum(each.repairs for each in listed)
    down_s = sum(each.down_s for each in listed)
    usual_s, usual = ASSUMED_REPAIR_S, np.full(samples, ASSUMED_REPAIR_S)
    source = RepairFrom.ASSUMED
    if repairs and down_s > 0:
        usual_s, source = down_s / repairs, RepairFrom.SITE
        usual = down_s / chance.gamma(repairs + HALF, size=samples)
    return {each.component: _model(each, usual_s, usual, source, chance) for each in listed}


def _model(
    history: ComponentHistory,
    usual_s: float,
    usual: Samples,
    source: RepairFrom,
    chance: np.random.Generator,
) -> ComponentModel:
    rate_per_s = chance.gamma(history.failures + HALF, size=len(usual)) / history.up_s
    if history.repairs and history.down_s > 0:
        repair_s, source = history.down_s / history.repairs, RepairFrom.OWN
        repair = history.down_s / chance.gamma(history.repairs + HALF, size=len(usual))
    else:
        repair_s, repair = max(usual_s, history.down_s), np.maximum(usual, history.down_s)
    failed = rate_per_s * repair
    return ComponentModel(
        history=history,
        mean_up_s=history.up_s / (history.failures + HALF),
        mean_repair_s=repair_s,
        repair_from=source,
        samples=failed / (1 + failed),
    )
