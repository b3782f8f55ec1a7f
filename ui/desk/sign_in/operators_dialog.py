"""The list of operators: names, roles, PINs. It keeps nothing itself; it tells the list as it shall be."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QMessageBox,
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

_FIRST = "The first operator must be one who may configure, or nobody could change this list."


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
        self.name, self.role = QLineEdit(), Choice()
        self.pin, self.pin_again = QLineEdit(), QLineEdit()
        self.without = Choice()
        self.message = Text(theme, "text.strong")
        self.add, self.change, self.remove, self.clear_pin = (
            QPushButton("Add"),
            QPushButton("Change"),
            QPushButton("Remove"),
            QPushButton("Ask for no PIN"),
        )
        self._lay_out(theme)
        self._why_not = ""
        self.add.clicked.connect(self._add)
        self.change.clicked.connect(self._change)
        self.remove.clicked.connect(self._remove)
        self.clear_pin.clicked.connect(self._clear_pin)
        self.list.currentRowChanged.connect(self._show_chosen)
        self.without.activated.connect(self._change_without)
        self.show_roster(roster)

    def show_roster(self, roster: Roster, chosen: str = "") -> None:
        """Show a list as it is kept now; ``chosen`` is the operator whom list and fields are to show."""
        before = self._chosen()
        self._roster = roster
        name = chosen or (before.name if before is not None else "")
        shown = roster.find(name) if name else None
        self.list.blockSignals(True)
        self.list.clear()
        for operator in roster.operators:
            pin = "PIN" if operator.pin_hash else "no PIN"
            self.list.addItem(f"{operator.name}   {operator.role}, {pin}")
        self.list.setCurrentRow(-1 if shown is None else roster.operators.index(shown))
        self.list.blockSignals(False)
        self.without.setCurrentIndex(self.without.findData(roster.without_sign_in))
        if chosen or (before is not None and shown is None):
            self._show_chosen()
        self._mind_buttons()
        if not roster.operators:
            self.role.setCurrentIndex(self.role.findData(Role.CONFIGURE))
            self.say(_FIRST)

    def forbid(self, why: str) -> None:
        """Let nothing be changed, for a reason; empty lets it."""
        self._why_not = why
        self._mind_buttons()
        if why:
            self.say(why)

    def say(self, words: str) -> None:
        """Say what happened or what is in the way."""
        self.message.say(words)

    def _lay_out(self, theme: Theme) -> None:
        for role in Role:
            self.role.addItem(_MAY[role], role)
        for role in (Role.WATCH, Role.ACT):
            self.without.addItem(_MAY[role], role)
        self.name.setMaxLength(LONGEST_NAME)
        for line in (self.pin, self.pin_again):
            line.setMaxLength(LONGEST_PIN)
            line.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setPlaceholderText(f"none; or {SHORTEST_PIN} characters and more; longer is better")
        self.pin_again.setPlaceholderText("the same PIN once more, to catch a slip")
        fields = (
            ("Name", self.name),
            ("May", self.role),
            ("New PIN", self.pin),
            ("PIN again", self.pin_again),
        )
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
        # Enter in a field must close nothing.
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        below.addWidget(close, 0, 2)
        column.addLayout(below)
        self.setMinimumSize(theme.em(44), theme.em(30))

    def _chosen(self) -> Operator | None:
        row = self.list.currentRow()
        return self._roster.operators[row] if 0 <= row < len(self._roster.operators) else None

    def _show_chosen(self) -> None:
        chosen = self._chosen()
        self.name.setText(chosen.name if chosen is not None else "")
        if chosen is not None:
            self.role.setCurrentIndex(self.role.findData(chosen.role))
        self._clear_pins()
        self._mind_buttons()

    def _mind_buttons(self) -> None:
        """Disable what cannot be done now, each with its reason."""
        chosen = self._chosen()
        why = self._why_not or ("" if self._roster.operators else "The list has no operators yet.")
        why = why or ("" if chosen is not None else "Choose an operator in the list first.")
        has_pin = chosen is not None and bool(chosen.pin_hash)
        reasons: dict[QWidget, str] = {
            self.name: self._why_not,
            self.role: self._why_not,
            self.pin: self._why_not,
            self.pin_again: self._why_not,
            self.add: self._why_not,
            self.without: self._why_not,
            self.change: why,
            self.remove: why,
            self.clear_pin: why or ("" if has_pin else "No PIN is asked for already."),
        }
        for widget, reason in reasons.items():
            widget.setEnabled(not reason)
            widget.setToolTip(reason)
            widget.setAccessibleDescription(reason)

    def _clear_pins(self) -> None:
        self.pin.clear()
        self.pin_again.clear()

    def _typed(self, pin_hash: str = "") -> Operator:
        return Operator(self.name.text().strip(), Role(self.role.currentData()), pin_hash)

    def _add(self) -> None:
        self._tell(lambda: self._roster.put(self._typed()), self.name.text().strip(), self.pin.text())

    def _change(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._tell(
                lambda: self._roster.put(self._typed(chosen.pin_hash), chosen.name),
                self.name.text().strip(),
                self.pin.text(),
            )

    def _clear_pin(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._tell(lambda: self._roster.put(Operator(chosen.name, chosen.role), chosen.name), chosen.name)

    def _remove(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        try:
            roster = self._roster.without(chosen.name)
        except ControlroomError as error:
            self.say(error.happened)
            return
        if self._really(chosen):
            self._tell(lambda: roster, "")

    def _really(self, chosen: Operator) -> bool:
        box = QMessageBox(self)
        box.setWindowTitle("Remove")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Take {chosen.name} off the list of operators?")
        last = (
            "" if len(self._roster.operators) > 1 else " Without any operator the account may do everything."
        )
        box.setInformativeText(f"What they did stays in the log. Their PIN is forgotten.{last}")
        remove = box.addButton("Remove", QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(stay)
        box.exec()
        return box.clickedButton() is remove

    def _change_without(self) -> None:
        self._tell(lambda: Roster(self._roster.operators, Role(self.without.currentData())), "")

    def _tell(self, make: Callable[[], Roster], name: str, pin: str = "") -> None:
        """Tell the list that is wanted, or why it cannot be."""
        if pin and pin != self.pin_again.text():
            self._clear_pins()
            self.say("The two PINs differ: type both again.")
            self.pin.setFocus()
            return
        try:
            roster = make()
        except ControlroomError as error:
            self.say(error.happened)
            return
        self._clear_pins()
        self.say("Saving…")
        self.change_wanted.emit(roster, name, pin)


def _add_row(grid: QGridLayout, row: int, title: str, field: QWidget, theme: Theme) -> None:
    label = Text(theme, "text.muted")
    label.say(title)
    field.setAccessibleName(title)
    grid.addWidget(label, row, 0)
    grid.addWidget(field, row, 1)
