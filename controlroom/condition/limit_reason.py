"""The reason of an endpoint that is degraded by a limit, as a code: ``limit:<metric>:<figure>[:warning]``.

The figure is the one that raised the limit, as text, and empty where it is not known. The last part stands
where nothing worse is wrong than a state of which the declaration of its metric says that it only warns. It
words nothing and judges nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

_LIMIT: Final = "limit"
_WARNING: Final = "warning"


@dataclass(frozen=True, slots=True)
class LimitReason:
    """Which metric is beyond its limit, by which figure, and whether that is a warning alone."""

    metric: str
    figure: str = ""
    warning: bool = False

    @property
    def code(self) -> str:
        """The code, in which what is not known behind the metric does not stand."""
        parts = [_LIMIT, self.metric, self.figure, _WARNING if self.warning else ""]
        return ":".join(parts).rstrip(":")

    @classmethod
    def read(cls, reason: str) -> Self | None:
        """Read a code; ``None`` where the reason is another."""
        kind, colon, rest = reason.partition(":")
        if kind != _LIMIT or not colon:
            return None
        metric, _, rest = rest.partition(":")
        figure, _, how_bad = rest.partition(":")
        return cls(metric, figure, how_bad == _WARNING)


def figure_text(figure: float | None, digits: int = 4) -> str:
    """Write a figure as it stands in a code."""
    return "" if figure is None else f"{figure:.{digits}g}"
