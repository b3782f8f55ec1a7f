"""Outcomes and reasons as the small numbers that the store keeps. The order is for ever."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

from controlroom.reading import SAYS_NOTHING_OF_LOSS, Outcome, Reason, shows_loss

OUTCOMES: Final[tuple[Outcome, ...]] = tuple(Outcome)
REASONS: Final[tuple[Reason, ...]] = tuple(Reason)

OUTCOME_CODE: Final = {outcome: code for code, outcome in enumerate(OUTCOMES)}
REASON_CODE: Final = {reason: code for code, reason in enumerate(REASONS)}

_CODES: Final = 256


def lost_codes(outcome: npt.NDArray[np.uint8], reason: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Tell which readings were asked and lost."""
    lost: npt.NDArray[np.bool_] = _LOST[outcome] & ~_NO_LOSS[reason]
    return lost


def unmeasured_codes(outcome: npt.NDArray[np.uint8], reason: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Tell which readings say nothing of loss: not run, turned away by an endpoint that lives, or blind."""
    unmeasured: npt.NDArray[np.bool_] = (outcome == OUTCOME_CODE[Outcome.NOT_RUN]) | _NO_LOSS[reason]
    return unmeasured


def correcting_codes(outcome: npt.NDArray[np.uint8], reason: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Tell which readings were told again, to take the place of those told first (``Reading.corrects``)."""
    asked = outcome != OUTCOME_CODE[Outcome.NOT_RUN]
    corrects: npt.NDArray[np.bool_] = asked & (reason == REASON_CODE[Reason.BLIND])
    return corrects


def _table(codes: Iterable[int]) -> npt.NDArray[np.bool_]:
    table = np.zeros(_CODES, dtype=np.bool_)
    table[list(codes)] = True
    return table


_LOST: Final = _table(code for outcome, code in OUTCOME_CODE.items() if shows_loss(outcome, Reason.NONE))
_NO_LOSS: Final = _table(REASON_CODE[reason] for reason in SAYS_NOTHING_OF_LOSS)
