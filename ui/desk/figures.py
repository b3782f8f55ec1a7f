"""Measured values as people read them, in the unit they think in. A missing value is a dash, never zero."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from controlroom.report.figures import duration_text, value_text
from controlroom.report.unit_prefix import greater_unit, plain_unit, prefixed_unit
from controlroom.site.number_text import number_text

NONE = "–"
"""Stands where there is no value."""


MINUS = "−"
"""The true minus sign: as wide as a digit, unlike the hyphen."""


_LASTING_S: Final = 60.0
"""From here on a time is a duration: nobody thinks of a day in milliseconds."""


_TINY_S: Final = 1e-5
"""Below this two decimals of a millisecond leave nothing."""

_GROUPED_FROM: Final = 1e6

_LASTING: Final = ((2 * 86400.0, 86400.0, "d"), (7200.0, 3600.0, "h"), (_LASTING_S, 60.0, "min"))
"""From which time on an axis is in days, hours or minutes."""


def display_scale(unit: str, greatest: float = 0.0) -> tuple[float, str]:
    """Return the factor from the stored unit to the one on screen, and how that is written.

    ``greatest`` is the size of the greatest value that is shown by this scale.
    """
    if unit in ("ratio", "1"):
        return 100.0, "%"
    count, plain = plain_unit(unit) or (1.0, "")
    if plain == "s":
        longest_s = greatest * count
        size, name = next((each[1:] for each in _LASTING if longest_s >= each[0]), (1e-3, "ms"))
        return count / size, name
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
    count, plain = plain_unit(unit) or (1.0, "")
    if plain == "Hz" or (plain == "s" and abs(value * count) < _TINY_S):
        return value_text(value, unit).replace("-", MINUS)
    if plain == "s" and abs(value * count) >= _LASTING_S:
        return f"{MINUS if value < 0 else ''}{duration_text(abs(value * count))}"
    factor, name = display_scale(unit, abs(value))
    greater = greater_unit(unit, value)
    if greater is not None and number(abs(value * factor)) == "1000":
        factor, name = 1 / greater[0], greater[1]
    return f"{number(value * factor)} {name}".rstrip()


def number(value: float) -> str:
    """Write a number with as many decimals as its size deserves, with a true minus sign, never an exponent.

    The digits of a great one stand in threes.
    """
    size = abs(value)
    decimals = 2 if size < 0.995 else 1 if size < 99.95 else 0
    text = f"{value:.{decimals}f}" if size < _GROUPED_FROM else f"{value:,.0f}"
    return text.replace("-", MINUS)


def exact(value: float) -> str:
    """Write a number that somebody set, in full."""
    return number_text(float(f"{value:.12g}")).replace("-", MINUS)


def counted(number: int, noun: str) -> str:
    """Write how many there are of what: ``1 endpoint``, ``0 endpoints``, ``2,000 endpoints``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


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
