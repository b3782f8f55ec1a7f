"""What the small numbers of outcomes and reasons say of loss, as the values behind them do."""

from __future__ import annotations

import itertools

import numpy as np

from controlroom.reading import shows_loss
from controlroom.store.codes import OUTCOMES, REASONS, lost_codes, unmeasured_codes


def test_arrays_say_what_single_readings_say() -> None:
    """For every outcome with every reason."""
    pairs = list(itertools.product(range(len(OUTCOMES)), range(len(REASONS))))
    outcome, reason = np.array(pairs, dtype=np.uint8).T
    told = [shows_loss(OUTCOMES[one], REASONS[other]) for one, other in pairs]
    assert lost_codes(outcome, reason).tolist() == [lost is True for lost in told]
    assert unmeasured_codes(outcome, reason).tolist() == [lost is None for lost in told]
