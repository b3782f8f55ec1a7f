"""Who is on duty at this desk and what they may do, as every part of the desk asks it. It shows nothing."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from controlroom.operators.role import Permission, Role, may, needed


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who acts: the operating system's account, and the operator who signed in, if somebody did."""

    account: str
    name: str = ""
    role: Role = Role.CONFIGURE

    def label(self) -> str:
        """Name them for the log: the operator with the account, or the account alone."""
        return f"{self.name} ({self.account})" if self.name else self.account

    @property
    def signed_out(self) -> bool:
        """Whether somebody should sign in: there are operators, and none of them is on duty."""
        return not self.name and self.role is not Role.CONFIGURE

    def shown(self) -> str:
        """Name them on the desk: an account that only runs the desk is nobody on duty."""
        return "Nobody signed in" if self.signed_out else self.name or self.account

    def described(self) -> str:
        """Name them in full on the desk, with the account."""
        return f"Nobody signed in; account {self.account}" if self.signed_out else self.label()


class Duty(QObject):
    """Holds who is on duty; ``changed`` tells that somebody else is, or that they may do something else."""

    changed = Signal()

    def __init__(self, on_duty: OnDuty) -> None:
        """Begin with somebody."""
        super().__init__()
        self._on_duty = on_duty
        self._trouble = ""

    @property
    def now(self) -> OnDuty:
        """Who is on duty now."""
        return self._on_duty

    def take_over(self, on_duty: OnDuty) -> None:
        """Put somebody on duty."""
        if on_duty != self._on_duty:
            self._on_duty = on_duty
            self.changed.emit()

    def know_trouble(self, words: str) -> None:
        """Take it that nobody can sign in, and why; empty where they can."""
        if words != self._trouble:
            self._trouble = words
            self.changed.emit()

    def may(self, permission: Permission) -> bool:
        """Whether whoever is on duty may do something."""
        return may(self._on_duty.role, permission)

    def why_not(self, permission: Permission) -> str:
        """Say why something is not allowed, and what would change that; empty where it is allowed."""
        if self.may(permission):
            return ""
        if self._trouble:
            return self._trouble
        who = self._on_duty.name or "Nobody signed in"
        role = needed(permission)
        return f"Sign in with F9: this needs the role “{role}”. {who} may {self._on_duty.role} only."
