"""What a part of the measurement found: figures, and what there is to say of them. It measures nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement. What could not be had is left out of ``values``, never set to zero.

    ``notes`` say what could not be measured, and why, and what no figure can tell.
    """

    values: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __add__(self, other: Measured) -> Measured:
        """Put two parts of a measurement together."""
        return Measured({**self.values, **other.values}, self.notes + other.notes)
