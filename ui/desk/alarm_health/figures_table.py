"""The figures of alarm health beside their targets, a row each. It computes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from controlroom.alarms.health.targets import Judged, Measure, Verdict
from controlroom.report.alarm_health_words import MEASURES, target_words, value_words, verdict_words
from ui.desk.alarm_health.verdict_mark import ROLES, VerdictMark
from ui.desk.panel import Text
from ui.desk.theme import Theme

_PARTS: Final = (Measure.MOST_IN_10_MIN, Measure.UNAUTHORISED)
"""After these a little room is left."""
_PLAIN: Final = frozenset({Verdict.MET, Verdict.UNKNOWN, Verdict.TOO_FEW})


class FiguresTable(QWidget):
    """One row a figure, always in the same place, so that the eye learns them."""

    def __init__(self, theme: Theme) -> None:
        """Build all rows with nothing in them."""
        super().__init__()
        self._theme = theme
        self._values: dict[Measure, Text] = {}
        self._marks: dict[Measure, VerdictMark] = {}
        self._words: dict[Measure, Text] = {}
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.em(0.9))
        grid.setVerticalSpacing(theme.em(0.22))
        for column, heading in enumerate(("", "Here", "Target")):
            self._put(grid, heading, 0, column, "text.dim", 0.92, right=column == 1)
        row = 1
        for measure in Measure:
            self._put_row(grid, measure, row)
            row += 1
            if measure in _PARTS:
                grid.setRowMinimumHeight(row, theme.em(0.35))
                row += 1
        grid.setRowStretch(row, 1)

    def show_figures(self, figures: Sequence[Judged]) -> None:
        """Show the figures of a range."""
        for each in figures:
            plain = each.verdict in _PLAIN
            self._values[each.measure].say(value_words(each), "text.main" if plain else "text.strong")
            self._marks[each.measure].say(each.verdict)
            muted = "text.dim" if each.verdict is not Verdict.MET else "text.muted"
            self._words[each.measure].say(
                verdict_words(each.verdict), muted if plain else ROLES[each.verdict]
            )

    def words_of(self, measure: Measure) -> tuple[str, str]:
        """Return what a row shows: the figure, and how it stands to its target."""
        return self._values[measure].text(), self._words[measure].text()

    def _put_row(self, grid: QGridLayout, measure: Measure, row: int) -> None:
        title, counts = MEASURES[measure]
        name = self._put(grid, title, row, 0, "text.main")
        name.setToolTip(counts)
        self._values[measure] = self._put(grid, "", row, 1, "text.main", right=True)
        self._put(grid, target_words(measure), row, 2, "text.muted")
        self._marks[measure] = VerdictMark(self._theme)
        grid.addWidget(self._marks[measure], row, 3, Qt.AlignmentFlag.AlignVCenter)
        self._words[measure] = self._put(grid, "", row, 4, "text.muted")
        self._words[measure].setMinimumWidth(self._theme.em(4.6))
        self._values[measure].setMinimumWidth(self._theme.em(3.6))

    def _put(
        self,
        grid: QGridLayout,
        words: str,
        row: int,
        column: int,
        role: str,
        size: float = 1.0,
        *,
        right: bool = False,
    ) -> Text:
        text = Text(self._theme, role, size)
        text.say(words)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        text.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(text, row, column)
        return text
