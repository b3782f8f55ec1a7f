"""What was asked of a made-up link, for the tests of the figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from controlroom.measure.asked import Asked, asked_of

BEGIN_UTC_S = 1_700_000_000.0

ROUND_TRIPS = st.lists(
    st.none() | st.integers(1, 900_000).map(lambda microseconds: microseconds / 1e6), max_size=60
)
"""Round-trip times in seconds, ``None`` for a loss."""


def link(
    rtt_s: Sequence[float | None],
    *,
    unmeasured: Sequence[int] = (),
    sent_s: Sequence[float] | None = None,
    period_s: float | None = None,
) -> Asked:
    """Ask once a second, or at ``sent_s``; ``None`` is a loss, but for the places ``unmeasured``."""
    moments = range(len(rtt_s)) if sent_s is None else sent_s
    left_out = np.isin(np.arange(len(rtt_s)), list(unmeasured))
    return asked_of(
        np.array([BEGIN_UTC_S + moment for moment in moments]),
        np.array([np.nan if one is None else one for one in rtt_s], dtype=np.float64),
        np.array([one is None for one in rtt_s], dtype=np.bool_) & ~left_out,
        left_out,
        period_s=period_s,
    )
