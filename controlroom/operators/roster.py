"""Who may sign in at a desk, and as what. It reads no file and hashes nothing. Pure.

Rules
1. Without any operator the account itself may do everything: a first hour needs no ceremony.
2. With operators, somebody among them may configure, or nobody could ever mend the list.
3. A name is one printable line of 1 to 60 characters and stands once, whatever its case.
4. Where the list cannot be read, nobody gets more than to watch.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Final

from controlroom.errors import ControlroomError
from controlroom.operators.role import Role

LONGEST_NAME: Final = 60
MOST_OPERATORS: Final = 500
LARGEST_TEXT: Final = 512 * 1024
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who may sign in. ``pin_hash`` is empty where no PIN is asked for; it is never shown."""

    name: str
    role: Role
    pin_hash: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Roster:
    """All operators, and what a desk may do at which nobody signed in."""

    operators: tuple[Operator, ...] = ()
    without_sign_in: Role = Role.WATCH

    def __post_init__(self) -> None:
        """Refuse what breaks a rule, with ``ControlroomError`` ``roster-wrong``."""
        names = [operator.name for operator in self.operators]
        if len(names) > MOST_OPERATORS:
            raise _wrong(f"There are more than {MOST_OPERATORS} operators.")
        for name in names:
            if not is_name(name):
                raise _wrong("A name is one line of 1 to 60 printable characters.")
        if len({_key(name) for name in names}) < len(names):
            raise _wrong("Two operators go by one name.")
        if names and not any(operator.role is Role.CONFIGURE for operator in self.operators):
            raise _wrong("At least one operator must have the role “configure”.")

    def find(self, name: str) -> Operator | None:
        """Find an operator, whatever the case and the blanks around."""
        return next((one for one in self.operators if _key(one.name) == _key(name)), None)

    def role_of_nobody(self) -> Role:
        """Return what a desk may do at which nobody signed in (rule 1)."""
        return self.without_sign_in if self.operators else Role.CONFIGURE

    def put(self, operator: Operator, in_place_of: str = "") -> Roster:
        """Add an operator, or put them in another's place."""
        fresh = replace(operator, name=operator.name.strip())
        others = [one for one in self.operators if not in_place_of or _key(one.name) != _key(in_place_of)]
        for one in others:
            if _key(one.name) == _key(fresh.name):
                raise ControlroomError(
                    "name-taken", f"There is already an operator named {one.name}. Nothing was saved."
                )
        return replace(self, operators=tuple(sorted([*others, fresh], key=lambda one: _key(one.name))))

    def without(self, name: str) -> Roster:
        """Take an operator out."""
        kept = tuple(one for one in self.operators if _key(one.name) != _key(name))
        return replace(self, operators=kept)


def is_name(text: str) -> bool:
    """Whether a text may be an operator's name."""
    return 0 < len(text) <= LONGEST_NAME and text.isprintable() and text.strip() == text


def roster_text(roster: Roster) -> str:
    """Write a roster as JSON."""
    operators = [
        {"name": one.name, "role": one.role.value, "pin_hash": one.pin_hash} for one in roster.operators
    ]
    document = {
        "format": _FORMAT,
        "without_sign_in": roster.without_sign_in.value,
        "operators": operators,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def roster_of(text: str) -> Roster:
    """Read a roster; raise ``ControlroomError`` ``roster-wrong`` where it is none."""
    if len(text) > LARGEST_TEXT:
        raise _wrong("It is too large.")
    try:
        document = json.loads(text)
        if document["format"] != _FORMAT:
            raise _wrong("It was written by another version of Controlroom.")
        operators = tuple(
            Operator(str(one["name"]), Role(one["role"]), str(one.get("pin_hash", "")))
            for one in document["operators"]
        )
        return Roster(operators, Role(document["without_sign_in"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _wrong("It is damaged.") from None


def _key(name: str) -> str:
    return name.strip().casefold()


def _wrong(why: str) -> ControlroomError:
    return ControlroomError("roster-wrong", f"The list of operators cannot be used. {why}")
