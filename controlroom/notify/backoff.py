"""How often a delivery is tried, and after how long again. It knows no clock."""

from __future__ import annotations

from typing import Final

MOST_ATTEMPTS: Final = 12
"""An hour of tries; what has not got through by then is given up."""

FIRST_S: Final = 5.0
LONGEST_S: Final = 900.0


def backoff_s(attempts: int) -> float:
    """Return how long to wait after so many attempts in vain."""
    return min(FIRST_S * 2.0 ** max(attempts - 1, 0), LONGEST_S)
