"""The steps of an action card, each to be ticked. The log says what is done: a tick only asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.desk.alarm_list.brief import StepLine
from ui.desk.alarm_list.face import PENDING
from ui.desk.panel import Text
from ui.desk.theme import Theme
from ui.desk.tick_box import TickBox


class StepList(QWidget):
    """``ticked`` tells the number of a step, and whether it is done."""

    ticked = Signal(int, bool)

    def __init__(self, theme: Theme) -> None:
        """Begin without steps."""
        super().__init__()
        self._theme = theme
        self._shown: list[str] = []
        self.boxes: list[TickBox] = []
        self._by: list[Text] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, theme.em(0.4), 0)
        self._grid.setHorizontalSpacing(theme.em(0.5))
        self._grid.setVerticalSpacing(theme.em(0.2))
        self._grid.setColumnStretch(1, 1)

    def show_steps(self, steps: Sequence[StepLine], why_not: str) -> None:
        """Show the steps; ``why_not`` lets nobody tick them and says why, empty lets it."""
        words = [step.words for step in steps]
        if words != self._shown:
            self._build(words)
        for step, box, by in zip(steps, self.boxes, self._by, strict=True):
            box.setChecked(step.done)
            box.setEnabled(not why_not and step.by != PENDING)
            box.setToolTip(why_not)
            box.setAccessibleDescription(why_not or step.by)
            by.say(step.by)
            by.setVisible(bool(step.by))

    def _build(self, words: Sequence[str]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.boxes, self._by, self._shown = [], [], list(words)
        for place, step in enumerate(words):
            self._add(place, step)
        self._grid.setRowStretch(2 * len(words), 1)

    def _add(self, place: int, words: str) -> None:
        box = TickBox()
        box.setAccessibleName(f"Step {place + 1}: {words}")
        # The log says whether it is done: until then the box stands as it was.
        box.clicked.connect(lambda checked: self.ticked.emit(place + 1, checked))
        text, by = Text(self._theme), Text(self._theme, "text.dim", 0.92)
        for each in (text, by):
            each.setWordWrap(True)
            each.setMinimumWidth(1)
        text.say(f"{place + 1}. {words}")
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(box, 2 * place, 0, top)
        self._grid.addWidget(text, 2 * place, 1)
        self._grid.addWidget(by, 2 * place + 1, 1)
        self.boxes.append(box)
        self._by.append(by)
