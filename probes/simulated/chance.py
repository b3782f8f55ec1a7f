"""Chance that comes out the same each time: numbers from a name, by a hash. It keeps nothing."""

from __future__ import annotations

import hashlib
import math
from statistics import NormalDist
from typing import Final

_STEPS: Final = 2**52
"""So many that half a step can still be told in a float: no draw is 0 or 1."""

_BELL: Final = NormalDist()


class Chance:
    """Eight independent draws for one name; drawn again for the same name, they are the same."""

    def __init__(self, *name: object) -> None:
        """Draw for a name, such as a seed, a probe and a moment."""
        text = "\0".join(str(part) for part in name)
        drawn = hashlib.blake2b(text.encode(), digest_size=64).digest()
        self._words = [int.from_bytes(drawn[place : place + 8], "big") >> 12 for place in range(0, 64, 8)]

    def uniform(self, place: int) -> float:
        """Return the draw at a place, above 0 and below 1."""
        return (self._words[place] + 0.5) / _STEPS

    def normal(self, place: int) -> float:
        """Return it as a draw around 0 with standard deviation 1."""
        return _BELL.inv_cdf(self.uniform(place))

    def exponential(self, place: int) -> float:
        """Return it as a draw of mean 1: mostly small, now and then large."""
        return -math.log(self.uniform(place))
