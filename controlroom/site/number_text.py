"""A number of the site file as people write it: every digit that it has, and never an exponent. Pure."""

from __future__ import annotations

import math
from decimal import Decimal


def number_text(number: float) -> str:
    """Write a number in full, so that reading the text gives the same number again."""
    if isinstance(number, int) or not math.isfinite(number):
        return str(number)
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
