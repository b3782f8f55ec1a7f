"""The three roles, what each may do, and how that is said. It signs nobody in.

A role is a guard against mistakes and a name in the log, not a wall against attack: whoever has the account
of the operating system has its files. So nothing that matters for safety, such as seeing, hearing and
silencing, needs more than to watch.
"""

from __future__ import annotations

import enum
from typing import Final


class Role(enum.StrEnum):
    """What an operator is there for; each may do all that the one before may."""

    WATCH = "watch"
    ACT = "act"
    CONFIGURE = "configure"


class Permission(enum.StrEnum):
    """What can be allowed or not."""

    ACKNOWLEDGE = "acknowledge"
    NOTE = "note"
    STOP = "stop"
    TRACE = "trace"
    SHELVE = "shelve"
    SHELVE_LONG = "shelve_long"
    TAKE_OUT = "take_out"
    PLAN_MAINTENANCE = "plan_maintenance"
    RECLASSIFY = "reclassify"
    EDIT_SITE = "edit_site"
    EDIT_OPERATORS = "edit_operators"


_NEEDED: Final[dict[Permission, Role]] = {
    Permission.ACKNOWLEDGE: Role.ACT,
    Permission.NOTE: Role.ACT,
    Permission.TRACE: Role.ACT,
    Permission.SHELVE: Role.ACT,
    Permission.SHELVE_LONG: Role.CONFIGURE,
    Permission.TAKE_OUT: Role.CONFIGURE,
    Permission.PLAN_MAINTENANCE: Role.ACT,
    Permission.RECLASSIFY: Role.CONFIGURE,
    Permission.STOP: Role.CONFIGURE,
    Permission.EDIT_SITE: Role.CONFIGURE,
    Permission.EDIT_OPERATORS: Role.CONFIGURE,
}


def needed(permission: Permission) -> Role:
    """Return the least role that has a permission."""
    return _NEEDED[permission]


def may(role: Role, permission: Permission) -> bool:
    """Tell whether a role has a permission."""
    order = tuple(Role)
    return order.index(role) >= order.index(_NEEDED[permission])
