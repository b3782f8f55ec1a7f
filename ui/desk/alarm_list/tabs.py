"""The row of tabs over the alarms: each list with how many are in it, also those that are hidden.

It lists nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from ui.desk.alarm_list.lists import ListKind
from ui.desk.panel import segment
from ui.desk.theme import Theme

_SHORT = {ListKind.SUPPRESSED: "Suppr.", ListKind.OUT_OF_SERVICE: "Out"}
"""What stands for a name where the row is narrow."""


class ListTabs(QWidget):
    """``chosen`` tells that the operator went to another list."""

    chosen = Signal()

    def __init__(self, theme: Theme) -> None:
        """Begin with the active alarms, and none of any kind."""
        super().__init__()
        self._theme = theme
        self._counts: dict[ListKind, int] = dict.fromkeys(ListKind, 0)
        self._buttons = {kind: segment(kind.value, kind.value) for kind in ListKind}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for button in self._buttons.values():
            self._group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self._buttons[ListKind.ACTIVE].setChecked(True)
        self._group.buttonToggled.connect(self._tell)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._name()
        theme.changed.connect(self._name)

    @property
    def kind(self) -> ListKind:
        """The list that is chosen."""
        return next(kind for kind, button in self._buttons.items() if button.isChecked())

    def choose(self, kind: ListKind) -> None:
        """Go to a list."""
        self._buttons[kind].setChecked(True)

    def turn(self, steps: int) -> None:
        """Go to the next list, or the one before; it ends at the ends."""
        kinds = list(ListKind)
        place = min(max(kinds.index(self.kind) + steps, 0), len(kinds) - 1)
        self.choose(kinds[place])

    def cycle(self) -> None:
        """Go to the next list, and from the last to the first."""
        kinds = list(ListKind)
        self.choose(kinds[(kinds.index(self.kind) + 1) % len(kinds)])

    def show_counts(self, counts: Mapping[ListKind, int]) -> None:
        """Show how many stand in each list."""
        if dict(counts) != self._counts:
            self._counts = dict(counts)
            self._name()

    def button(self, kind: ListKind) -> QPushButton:
        """Return the tab of a list."""
        return self._buttons[kind]

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Shorten the names where there is little room."""
        super().resizeEvent(event)
        self._name()

    def _tell(self, _button: QPushButton, checked: bool) -> None:
        if checked:
            self.chosen.emit()

    def _name(self) -> None:
        for kind, button in self._buttons.items():
            count = self._counts[kind]
            button.setText(f"{kind.value} {count:,}")
            button.setAccessibleName(f"{kind.value} alarms: {count}")
            button.setToolTip(f"{kind.value}: {count:,}")
        for kind, short in _SHORT.items():
            if sum(button.sizeHint().width() for button in self._buttons.values()) > self.width():
                self._buttons[kind].setText(f"{short} {self._counts[kind]:,}")
