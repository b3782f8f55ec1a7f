"""Measured values as people read them, in the unit they think in. A missing value is a dash, never zero."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from controlroom.report.figures import duration_text, frequency_text, prefixed_unit, value_text

NONE = "–"
"""Stands where there is no value."""


MINUS = "−"
"""The true minus sign: as wide as a digit, unlike the hyphen."""


_LASTING_S: Final = 60.0
"""From here on a time is a duration: nobody thinks of a day in milliseconds."""


_TINY_S: Final = 1e-5
"""Below this two decimals of a millisecond leave nothing."""

_LASTING: Final = ((2 * 86400.0, 86400.0, "d"), (7200.0, 3600.0, "h"), (_LASTING_S, 60.0, "min"))
"""From which time on an axis is in days, hours or minutes."""


def display_scale(unit: str, greatest: float = 0.0) -> tuple[float, str]:
    """Return the factor from the stored unit to the one on screen, and how that is written.

    ``greatest`` is the size of the greatest value that is shown by this scale.
    """
    if unit == "s":
        size, name = next(((size, name) for least, size, name in _LASTING if greatest >= least), (1e-3, "ms"))
        return 1 / size, name
    if unit in ("ratio", "1"):
        return 100.0, "%"
    size, name = prefixed_unit(unit, greatest) or (1.0, unit)
    return 1 / size, name


def figure(value: float | None, unit: str, meanings: Sequence[tuple[int, str, str]] = ()) -> str:
    """Write a value with its unit in three or four digits: ``14.2 ms``, ``588 ms``, ``–98 dBm``.

    A duration is ``1 d 14 h``. A code that ``meanings`` knows is told by what it means.
    """
    if value is None or not math.isfinite(value):
        return NONE
    if meanings:
        return value_text(value, unit, meanings)
    if unit == "s" and abs(value) < _TINY_S:
        return value_text(value, unit).replace("-", MINUS)
    if unit == "s" and abs(value) >= _LASTING_S:
        return f"{MINUS if value < 0 else ''}{duration_text(abs(value))}"
    if unit == "Hz":
        return frequency_text(value).replace("-", MINUS)
    factor, name = display_scale(unit, abs(value))
    return f"{number(value * factor)} {name}".rstrip()


def number(value: float) -> str:
    """Write a number with as many decimals as its size deserves, with a true minus sign."""
    size = abs(value)
    decimals = 2 if size < 0.995 else 1 if size < 99.95 else 0
    text = f"{value:.{decimals}f}" if size < 1e6 else f"{value:.3g}"
    return text.replace("-", MINUS)


def counted(number: int, noun: str) -> str:
    """Write how many there are of what: ``1 endpoint``, ``0 endpoints``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def share(ratio: float | None, decimals: int = 1) -> str:
    """Write a share of one as per cent; a little never reads as none, nearly all never as all."""
    if ratio is None or not math.isfinite(ratio):
        return NONE
    step = 10.0**-decimals
    percent = ratio * 100
    if 0 < percent < step:
        return f"<{step:.{decimals}f} %"
    if 100 - step < percent < 100:
        percent = 100 - step
    return f"{percent:.{decimals}f} %"
