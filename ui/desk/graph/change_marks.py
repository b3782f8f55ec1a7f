"""Where a link changed, as fine vertical lines in the plot with a word each. It finds no change.

A word that would lie over that of the mark before it is left out; the line stays. The newest marks are drawn.
The words themselves are painted with all others of the plot (``labels.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from ui.desk.theme import Theme

MOST_MARKS: Final = 40
_WORDS: Final = {
    "latency-rise": "slower",
    "latency-fall": "faster",
    "loss-rise": "more lost",
    "loss-fall": "less lost",
    "spread-rise": "unsteady",
    "spread-fall": "steadier",
}


@dataclass(frozen=True, slots=True)
class ChangeMark:
    """A change of a link: when it began, and its kind (``controlroom.measure.detection.ChangeKind``)."""

    began_utc_s: float
    kind: str


class ChangeMarks:
    """The marks in one plot."""

    def __init__(self, plot: Any, pg: Any, theme: Theme) -> None:  # noqa: ANN401 - pyqtgraph has no types
        """Draw nothing yet."""
        self._plot, self._pg, self._theme = plot, pg, theme
        self._marks: Sequence[ChangeMark] = ()
        self._lines: list[Any] = []
        self._shown: list[tuple[float, str]] = []

    def set_marks(self, marks: Sequence[ChangeMark]) -> None:
        """Take the marks of the series that is drawn."""
        self._marks = tuple(sorted(marks, key=lambda mark: mark.began_utc_s))

    def shown(self) -> list[tuple[float, str]]:
        """Return what is drawn: when, and with which word, if any."""
        return list(self._shown)

    def show(self, since_utc_s: float, until_utc_s: float, columns: int) -> None:
        """Draw those that lie in a range of so many pixel columns."""
        inside = [each for each in self._marks if since_utc_s <= each.began_utc_s <= until_utc_s][
            -MOST_MARKS:
        ]
        column_s = (until_utc_s - since_utc_s) / max(1, columns)
        wanted = self._worded(inside, column_s)
        if self._shown == wanted:
            return
        self._shown = wanted
        for line in self._lines:
            self._plot.removeItem(line)
        self._lines = [self._line(at) for at, _ in wanted]

    def dress(self) -> None:
        """Draw anew in the theme's colours."""
        for line in self._lines:
            self._plot.removeItem(line)
        self._lines = [self._line(at) for at, _ in self._shown]

    def _worded(self, marks: Sequence[ChangeMark], column_s: float) -> list[tuple[float, str]]:
        metrics, free_from = QFontMetrics(self._theme.font(0.92)), float("-inf")
        found: list[tuple[float, str]] = []
        for mark in marks:
            word = _WORDS.get(mark.kind, "")
            fits = bool(word) and mark.began_utc_s >= free_from
            if fits:
                free_from = (
                    mark.began_utc_s + (metrics.horizontalAdvance(word) + self._theme.em(0.8)) * column_s
                )
            found.append((mark.began_utc_s, word if fits else ""))
        return found

    def _line(self, at_utc_s: float) -> Any:  # noqa: ANN401 - pyqtgraph has no types
        line = self._pg.InfiniteLine(at_utc_s, angle=90)
        line.setPen(self._pg.mkPen(self._theme.colour("text.muted"), width=1, style=Qt.PenStyle.DotLine))
        self._plot.addItem(line, ignoreBounds=True)
        return line
