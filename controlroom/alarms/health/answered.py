"""What became of the alarms that were presented: acknowledged, and how soon. It judges none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from controlroom.alarms.health.presented import Columns


@dataclass(frozen=True, slots=True)
class Answered:
    """How many presentations were acknowledged, and how long that took in the middle; ``None`` without any.

    ``returned_first`` were over before anybody had acknowledged them, whether somebody did later or not.
    """

    acknowledged: int
    not_acknowledged: int
    returned_first: int
    median_s: float | None


def answered_of(told: Columns) -> Answered:
    """Count them."""
    waited_s = told.acknowledged_utc_s - told.at_utc_s
    acknowledged = ~np.isnan(waited_s)
    returned_first = ~np.isnan(told.returned_utc_s) & ~(told.acknowledged_utc_s <= told.returned_utc_s)
    count = int(acknowledged.sum())
    return Answered(
        acknowledged=count,
        not_acknowledged=len(told) - count,
        returned_first=int(returned_first.sum()),
        median_s=float(np.median(waited_s[acknowledged])) if count else None,
    )
