"""A place in the tables of a site file that may hold anything: read what is there, pass over what is not.

The cross checks walk with it, so that a mistake of type in one key does not hide the mistakes in others.
It complains of nothing; the wrong types are the model's to name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from controlroom.site.lines import KeyPath


@dataclass(frozen=True, slots=True)
class Place:
    """A value and where it stands. ``None`` as value says that nothing stands there."""

    value: object
    path: KeyPath = ()

    def step(self, step: str | int) -> object:
        """Return what stands one step below, or ``None``."""
        if isinstance(self.value, dict):
            return self.value.get(step)
        if isinstance(self.value, list) and isinstance(step, int) and step < len(self.value):
            return self.value[step]
        return None

    def at(self, key: str) -> Place:
        """Go to a key of a table."""
        inner = self.value.get(key) if isinstance(self.value, dict) else None
        return Place(inner, (*self.path, key))

    def items(self, key: str) -> Iterator[Place]:
        """Go through the items of the list under a key."""
        inner = self.at(key)
        if isinstance(inner.value, list):
            for place, item in enumerate(inner.value):
                yield Place(item, (*inner.path, place))

    def has(self, key: str) -> bool:
        """Tell whether the key stands here at all."""
        return isinstance(self.value, dict) and key in self.value

    @property
    def text(self) -> str | None:
        """The text that stands here."""
        return self.value if isinstance(self.value, str) else None

    @property
    def number(self) -> float | None:
        """The finite number that stands here."""
        value = self.value
        if isinstance(value, float):
            return value if math.isfinite(value) else None
        whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
        return float(value) if whole and isinstance(value, int) else None

    def texts(self, key: str) -> Iterator[tuple[Place, str]]:
        """Go through the texts in the list under a key."""
        for item in self.items(key):
            if item.text is not None:
                yield item, item.text
