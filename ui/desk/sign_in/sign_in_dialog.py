"""Asks who is on duty, and for the PIN of whoever has one. It checks nothing itself."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from controlroom.operators.pin import LONGEST_PIN
from controlroom.operators.roster import Operator, Roster
from ui.desk.choice import Choice
from ui.desk.duty import OnDuty
from ui.desk.panel import Text
from ui.desk.theme import Theme


class SignInDialog(QDialog):
    """A name, a PIN where there is one, and the way out. ``wanted`` tells name and PIN."""

    wanted = Signal(str, str)
    signed_out = Signal()
    manage_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget, roster: Roster, on_duty: OnDuty, why_not: str) -> None:
        """Show who can sign in; ``why_not`` says why the list may not be changed."""
        super().__init__(parent)
        self.setWindowTitle("Who is on duty")
        self._roster = roster
        column = QVBoxLayout(self)
        margin = theme.em(1.4)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.em(0.7))
        heading = Text(theme, "text.strong", 1.2, strong=True)
        heading.say(f"On duty: {on_duty.name}" if on_duty.name else "Nobody has signed in")
        column.addWidget(heading)
        about = Text(theme, "text.muted")
        about.setWordWrap(True)
        about.setMinimumWidth(1)
        about.say(_about(roster, on_duty))
        column.addWidget(about)
        self.name, self.pin = Choice(), QLineEdit()
        for operator in roster.operators:
            self.name.addItem(f"{operator.name}   ({operator.role})", operator.name)
        self.name.setPlaceholderText("choose who comes on duty")
        self.name.setCurrentIndex(0 if len(roster.operators) == 1 else -1)
        self.name.setAccessibleName("Operator")
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(LONGEST_PIN)
        self.pin.setAccessibleName("PIN")
        self._pin_label = Text(theme, "text.muted")
        self._pin_label.say("PIN")
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        name_label = Text(theme, "text.muted")
        name_label.say("Operator")
        for row, (label, field) in enumerate(((name_label, self.name), (self._pin_label, self.pin))):
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            label.setVisible(bool(roster.operators))
            field.setVisible(bool(roster.operators))
        column.addLayout(grid)
        self.message = Text(theme, "text.strong")
        self.message.setWordWrap(True)
        self.message.setMinimumWidth(1)
        column.addWidget(self.message)
        column.addStretch(1)
        self._buttons(theme, column, on_duty, why_not)
        self.setMinimumSize(theme.em(34), theme.em(16))
        self.name.currentIndexChanged.connect(self._mind_pin)
        # What was said is about another's PIN.
        self.name.currentIndexChanged.connect(lambda: self.message.say(""))
        self._mind_pin()

    def say(self, words: str) -> None:
        """Say why it did not work; the PIN is to be typed again."""
        self.message.say(words)
        self.pin.clear()
        self.sign_in.setEnabled(True)
        self.pin.setFocus()

    def chosen(self) -> Operator | None:
        """Return the operator whose name is chosen."""
        return self._roster.find(str(self.name.currentData() or ""))

    def _buttons(self, theme: Theme, column: QVBoxLayout, on_duty: OnDuty, why_not: str) -> None:
        self.manage = QPushButton("Manage operators…")
        self.manage.setEnabled(not why_not)
        self.manage.setToolTip(why_not)
        self.manage.setAccessibleDescription(why_not)
        self.sign_out = QPushButton("Sign out")
        self.sign_out.setEnabled(bool(on_duty.name))
        self.sign_out.setToolTip("" if on_duty.name else "Nobody has signed in")
        close = QPushButton("Cancel  Esc")
        self.sign_in = QPushButton("Hand over" if on_duty.name else "Sign in")
        self.sign_in.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(theme.em(0.6))
        for button in (self.manage, self.sign_out):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(close)
        row.addWidget(self.sign_in)
        column.addLayout(row)
        self.manage.clicked.connect(self.manage_wanted)
        self.sign_out.clicked.connect(self._leave)
        self.sign_in.clicked.connect(self._tell)
        close.clicked.connect(self.reject)

    def _mind_pin(self) -> None:
        chosen = self.chosen()
        asked = chosen is not None and bool(chosen.pin_hash)
        why_not = (
            "Choose who comes on duty first." if self._roster.operators else "No operators are listed yet."
        )
        self.sign_in.setEnabled(chosen is not None)
        self.sign_in.setToolTip("" if chosen is not None else why_not)
        self.sign_in.setAccessibleDescription("" if chosen is not None else why_not)
        self.pin.setEnabled(asked)
        self.pin.setPlaceholderText("" if asked or chosen is None else "none is asked for")
        self.pin.clear()

    def _tell(self) -> None:
        chosen = self.chosen()
        if chosen is not None:
            self.sign_in.setEnabled(False)
            self.wanted.emit(chosen.name, self.pin.text())

    def _leave(self) -> None:
        self.accept()
        self.signed_out.emit()


def _about(roster: Roster, on_duty: OnDuty) -> str:
    if not roster.operators:
        return (
            f"No operators are listed yet, so the account {on_duty.account} may do everything. "
            "Once there are, acts carry the name of whoever signed in."
        )
    nobody = f"Where nobody has signed in, this desk may {roster.without_sign_in} only."
    return f"{nobody} A desk that is opened anew begins signed out."
