"""Percentiles by the empirical distribution function (RFC 2330, 11.3). It sorts nothing.

A percentile is no value between two but one that was measured: the least that at least such a share of all
values does not exceed. Shares are whole thousandths, so that no rounding of a float moves the rank.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

MEDIAN: Final = 500
P95: Final = 950
P99: Final = 990
P999: Final = 999
"""Shares in thousandths."""


def percentile(ascending: FloatArray, per_mille: int) -> float | None:
    """Return the value of rank ceil(share times count); ``None`` of no values.

    ``ascending`` is sorted and finite; ``per_mille`` is from 1 to 1000.
    """
    if not len(ascending):
        return None
    rank = (per_mille * len(ascending) + 999) // 1000
    return float(ascending[rank - 1])
