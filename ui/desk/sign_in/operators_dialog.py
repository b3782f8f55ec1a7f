"""The list of operators: names, roles, PINs. It keeps nothing itself; it tells the list as it shall be."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from controlroom.errors import ControlroomError
from controlroom.operators.pin import LONGEST_PIN, SHORTEST_PIN
from controlroom.operators.role import Role
from controlroom.operators.roster import LONGEST_NAME, Operator, Roster
from ui.desk.choice import Choice
from ui.desk.panel import Text
from ui.desk.theme import Theme

_MAY = {
    Role.WATCH: "watch: see, hear and silence",
    Role.ACT: "act: acknowledge and note as well",
    Role.CONFIGURE: "configure: change the site and the operators, and stop monitoring",
}


class OperatorsDialog(QDialog):
    """``change_wanted`` tells the new list, and the PIN that is to be hashed into an operator's entry."""

    change_wanted = Signal(object, str, str)

    def __init__(self, theme: Theme, parent: QWidget, roster: Roster) -> None:
        """Show the list."""
        super().__init__(parent)
        self.setWindowTitle("Operators")
        self._roster = roster
        self.list = QListWidget()
        self.list.setAccessibleName("Operators")
        self.name, self.role, self.pin = QLineEdit(), Choice(), QLineEdit()
        self.without = Choice()
        self.message = Text(theme, "text.strong")
        self.add, self.change, self.remove, self.clear_pin = (
            QPushButton("Add"),
            QPushButton("Change"),
            QPushButton("Remove"),
            QPushButton("Ask for no PIN"),
        )
        self._lay_out(theme)
        self.add.clicked.connect(self._add)
        self.change.clicked.connect(self._change)
        self.remove.clicked.connect(self._remove)
        self.clear_pin.clicked.connect(self._clear_pin)
        self.list.currentRowChanged.connect(self._show_chosen)
        self.without.activated.connect(self._change_without)
        self.show_roster(roster)

    def show_roster(self, roster: Roster) -> None:
        """Show a list as it is kept now."""
        kept = self.list.currentRow()
        self._roster = roster
        self.list.blockSignals(True)
        self.list.clear()
        for operator in roster.operators:
            pin = "PIN" if operator.pin_hash else "no PIN"
            self.list.addItem(f"{operator.name}   {operator.role}, {pin}")
        self.list.setCurrentRow(min(kept, len(roster.operators) - 1))
        self.list.blockSignals(False)
        self.without.setCurrentIndex(self.without.findData(roster.without_sign_in))
        for button in (self.change, self.remove, self.clear_pin):
            button.setEnabled(bool(roster.operators))
        if not roster.operators:
            self.role.setCurrentIndex(self.role.findData(Role.CONFIGURE))
            self.say("The first operator must be one who may configure, or nobody could change this list.")

    def say(self, words: str) -> None:
        """Say what happened or what is in the way."""
        self.message.say(words)

    def _lay_out(self, theme: Theme) -> None:
        for role in Role:
            self.role.addItem(_MAY[role], role)
        for role in (Role.WATCH, Role.ACT):
            self.without.addItem(_MAY[role], role)
        self.name.setMaxLength(LONGEST_NAME)
        self.pin.setMaxLength(LONGEST_PIN)
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setPlaceholderText(f"none; or {SHORTEST_PIN} characters and more; longer is better")
        fields = (("Name", self.name), ("May", self.role), ("New PIN", self.pin))
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for row, (title, field) in enumerate(fields):
            _add_row(grid, row, title, field, theme)
        column = QVBoxLayout(self)
        margin = theme.em(1.2)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.em(0.7))
        heading = Text(theme, "text.strong", 1.2, strong=True)
        heading.say("Operators")
        column.addWidget(heading)
        column.addWidget(self.list, 1)
        column.addLayout(grid)
        row_of_buttons = QHBoxLayout()
        for button in (self.add, self.change, self.clear_pin, self.remove):
            button.setAutoDefault(False)
            row_of_buttons.addWidget(button)
        row_of_buttons.addStretch(1)
        column.addLayout(row_of_buttons)
        self.message.setWordWrap(True)
        self.message.setMinimumWidth(1)
        column.addWidget(self.message)
        column.addSpacing(theme.em(0.6))
        below = QGridLayout()
        below.setColumnStretch(1, 1)
        below.setHorizontalSpacing(theme.em(0.8))
        _add_row(below, 0, "A desk at which nobody has signed in may", self.without, theme)
        close = QPushButton("Close  Esc")
        close.clicked.connect(self.reject)
        below.addWidget(close, 0, 2)
        column.addLayout(below)
        self.setMinimumSize(theme.em(44), theme.em(30))

    def _chosen(self) -> Operator | None:
        row = self.list.currentRow()
        return self._roster.operators[row] if 0 <= row < len(self._roster.operators) else None

    def _show_chosen(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.name.setText(chosen.name)
            self.role.setCurrentIndex(self.role.findData(chosen.role))
            self.pin.clear()

    def _typed(self, pin_hash: str = "") -> Operator:
        return Operator(self.name.text().strip(), Role(self.role.currentData()), pin_hash)

    def _add(self) -> None:
        self._tell(lambda: self._roster.put(self._typed()), self.pin.text())

    def _change(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._tell(lambda: self._roster.put(self._typed(chosen.pin_hash), chosen.name), self.pin.text())

    def _clear_pin(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._tell(lambda: self._roster.put(Operator(chosen.name, chosen.role), chosen.name))

    def _remove(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._tell(lambda: self._roster.without(chosen.name))

    def _change_without(self) -> None:
        self._tell(lambda: Roster(self._roster.operators, Role(self.without.currentData())))

    def _tell(self, make: Callable[[], Roster], pin: str = "") -> None:
        """Tell the list that is wanted, or why it cannot be."""
        name = self.name.text().strip()
        try:
            roster = make()
        except ControlroomError as error:
            self.say(error.happened)
            return
        self.pin.clear()
        self.say("Saving…")
        self.change_wanted.emit(roster, name, pin)


def _add_row(grid: QGridLayout, row: int, title: str, field: QWidget, theme: Theme) -> None:
    label = Text(theme, "text.muted")
    label.say(title)
    field.setAccessibleName(title)
    grid.addWidget(label, row, 0)
    grid.addWidget(field, row, 1)
