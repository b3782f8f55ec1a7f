"""How much failing an objective allows, how much is spent, and how fast: burn rates over pairs of windows.

Rules:
1. An objective is the share of time that something shall work. What it leaves is the budget: 0.1 % of 30
   days are 43 minutes.
2. A burn rate of 1 spends the budget in just its period. It is the share of the *measured* time that was
   confirmed as down, over the share that is allowed. So a lost poll burns nothing: counted by polls, one
   lost of an hour's sixty would be a burn rate of 16.7 at 99.9 %, and would call people out for one
   packet.
3. A pair of windows burns only where both do: the long one shows that it matters, the short one that it
   still goes on. Of a window that was measured for less than half, nothing is claimed.
4. This says that an objective is in danger. It is never what tells that something is down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from controlroom.measure.availability import Availability, Spent

PERIOD_S: Final = 30 * 86400.0
"""The period of an objective: 30 days."""

LEAST_MEASURED: Final = 0.5
"""The share of a window that must have been measured (our choice)."""


@dataclass(frozen=True, slots=True)
class BurnPair:
    """A burn rate that matters, in a long window and a short one; ``spends`` is of the budget in the long."""

    burn_rate: float
    long_s: float
    short_s: float
    spends: float


BURN_PAIRS: Final = (
    BurnPair(14.4, 3600.0, 300.0, 0.02),
    BurnPair(6.0, 6 * 3600.0, 1800.0, 0.05),
    BurnPair(1.0, 3 * 86400.0, 6 * 3600.0, 0.10),
)
"""Google, The Site Reliability Workbook, chapter 5, table 5-8, for a period of 30 days."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What an objective allows in a period, and what is spent of it, in seconds of confirmed down time."""

    allowed_s: float
    spent_s: float

    @property
    def left_s(self) -> float:
        """What is left; negative where more is spent than allowed."""
        return self.allowed_s - self.spent_s

    @property
    def spent_ratio(self) -> float:
        """The share of the budget that is spent, above 1 where the objective is missed."""
        return self.spent_s / self.allowed_s


@dataclass(frozen=True, slots=True)
class Burn:
    """How fast a pair of windows spends the budget; ``None`` where too little was measured to say."""

    pair: BurnPair
    long_rate: float | None
    short_rate: float | None

    @property
    def burning(self) -> bool:
        """Whether both windows burn beyond the pair's rate."""
        rates = (self.long_rate, self.short_rate)
        return all(rate is not None and rate >= self.pair.burn_rate for rate in rates)


def budget_of(objective: float, measured: Availability, period_s: float = PERIOD_S) -> Budget:
    """Compare the down time of a range with what an objective, above 0 and below 1, allows in a period."""
    return Budget((1 - objective) * period_s, measured.time_s(Spent.DOWN))


def burn_rate(objective: float, window: Availability) -> float | None:
    """Return how many times as fast as allowed a window spends the budget (rules 2 and 3)."""
    if window.measured_ratio < LEAST_MEASURED:
        return None
    return window.bad_ratio / (1 - objective)


def burns(
    objective: float, newest: Callable[[float], Availability], pairs: tuple[BurnPair, ...] = BURN_PAIRS
) -> tuple[Burn, ...]:
    """Judge each pair; ``newest`` gives the availability over so many of the newest seconds."""
    return tuple(
        Burn(pair, burn_rate(objective, newest(pair.long_s)), burn_rate(objective, newest(pair.short_s)))
        for pair in pairs
    )
