"""How much of a service's loss hangs on one component. It knows no diagram.

The formulas are those of probabilistic safety assessment (Birnbaum 1969; Fussell 1975 and Vesely; risk
achievement worth after NUREG/CR-3385). With P the probability of loss, q that of the component's failure and
B its Birnbaum importance, P without its failure is P - q B, and P with it failed is P + (1 - q) B.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Importance:
    """Three answers of one component, none with a unit.

    ``birnbaum``: by how much the service's loss is more probable with it failed than with it whole.
    ``fussell_vesely``: which share of that probability goes away where it never fails.
    ``risk_achievement``: how many times as probable loss is while it has failed; ``nan`` where loss is
    impossible otherwise.
    """

    birnbaum: float
    fussell_vesely: float
    risk_achievement: float


def importance(whole: float, unavailability: float, birnbaum: float) -> Importance:
    """Return the three from the service's probability of loss and the component's own numbers."""
    if whole <= 0:
        return Importance(birnbaum, 0.0, math.nan)
    achieved = whole + (1 - unavailability) * birnbaum
    return Importance(birnbaum, unavailability * birnbaum / whole, achieved / whole)
