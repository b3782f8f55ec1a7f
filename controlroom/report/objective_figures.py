"""How an objective stands: the budget of its thirty days, and how fast it is spent. It words nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from controlroom.measure.availability import Availability, TimeSpan, availability_of
from controlroom.measure.error_budget import PERIOD_S, Budget, Burn, budget_of, burns


@dataclass(frozen=True, slots=True)
class ObjectiveFigures:
    """An objective, what was measured in thirty days, what it leaves to fail, and how fast that goes."""

    objective: float
    measured: Availability
    budget: Budget
    burns: tuple[Burn, ...]


def objective_figures(objective: float, spans: Sequence[TimeSpan], until_utc_s: float) -> ObjectiveFigures:
    """Judge an objective by the spans of thirty days before a moment, or of more."""

    def newest(length_s: float) -> Availability:
        return availability_of(spans, until_utc_s - length_s, until_utc_s)

    measured = newest(PERIOD_S)
    return ObjectiveFigures(objective, measured, budget_of(objective, measured), burns(objective, newest))
