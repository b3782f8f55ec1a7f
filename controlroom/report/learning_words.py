"""How much is still to be learned of what is normal on a link, in one sentence. It learns nothing."""

from __future__ import annotations

import math

from controlroom.measure.change_detector import Learning

_HOUR_S = 3600.0


def learning_sentence(learning: Learning | None) -> str:
    """Say what is missing; empty where what is normal is known."""
    if learning is None:
        return ""
    return f"Learning what is normal: {_missing(learning)}."


def _missing(learning: Learning) -> str:
    if learning.single:
        return _counted(learning.rows, "more reading")
    if learning.length_s < _HOUR_S:
        return f"{_counted(math.ceil(learning.length_s / 60), 'more minute')} with answers"
    return f"{_counted(math.ceil(learning.length_s / _HOUR_S), 'more hour')} with answers"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
