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


class Duty(QObject):
    """Holds who is on duty; ``changed`` tells that somebody else is, or that they may do something else."""

    changed = Signal()

    def __init__(self, on_duty: OnDuty) -> None:
        """Begin with somebody."""
        super().__init__()
        self._on_duty = on_duty

    @property
    def now(self) -> OnDuty:
        """Who is on duty now."""
        return self._on_duty

    def take_over(self, on_duty: OnDuty) -> None:
        """Put somebody on duty."""
        if on_duty != self._on_duty:
            self._on_duty = on_duty
            self.changed.emit()

    def may(self, permission: Permission) -> bool:
        """Whether whoever is on duty may do something."""
        return may(self._on_duty.role, permission)

    def why_not(self, permission: Permission) -> str:
        """Say why something is not allowed, and what would change that; empty where it is allowed."""
        if self.may(permission):
            return ""
        who = self._on_duty.name or "Nobody signed in"
        role = needed(permission)
        return f"{who} may {self._on_duty.role} only; this needs the role “{role}”. Sign in with F9."
