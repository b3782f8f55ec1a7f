"""What became another in the list of operators, as plain facts for the log. Never a PIN or its hash. Pure."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

from controlroom.operators.roster import LONGEST_NAME, Operator, Roster

_LONGEST_TEXT: Final = 2000


class ChangeKind(enum.StrEnum):
    """The kinds of change: codes, worded at the edge."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    ROLE = "role"
    PIN_SET = "pin_set"
    PIN_CHANGED = "pin_changed"
    PIN_REMOVED = "pin_removed"
    WITHOUT_SIGN_IN = "without_sign_in"


@dataclass(frozen=True, slots=True)
class RosterChange:
    """One change: about whom, and where it has them, the role or name before and after."""

    what: ChangeKind
    name: str = ""
    before: str = ""
    after: str = ""


def changes_between(before: Roster, after: Roster) -> tuple[RosterChange, ...]:
    """Name what differs; one who went while one came is the same person under another name."""
    gone = [one for one in before.operators if after.find(one.name) is None]
    come = [one for one in after.operators if before.find(one.name) is None]
    found: list[RosterChange] = []
    if len(gone) == len(come) == 1:
        found += _changes_of(gone[0], come[0])
    else:
        found += [RosterChange(ChangeKind.REMOVED, one.name, before=one.role) for one in gone]
        for one in come:
            found.append(RosterChange(ChangeKind.ADDED, one.name, after=one.role))
            if one.pin_hash:
                found.append(RosterChange(ChangeKind.PIN_SET, one.name))
    for one in after.operators:
        known = before.find(one.name)
        if known is not None:
            found += _changes_of(known, one)
    if before.without_sign_in is not after.without_sign_in:
        found.append(
            RosterChange(
                ChangeKind.WITHOUT_SIGN_IN, before=before.without_sign_in, after=after.without_sign_in
            )
        )
    return tuple(found)


def change_text(change: RosterChange) -> str:
    """Write a change as one line."""
    return json.dumps(asdict(change), ensure_ascii=False)


def change_of(text: str) -> RosterChange | None:
    """Read a change; ``None`` where the text is none. Untrusted: bounded and typed."""
    if len(text) > _LONGEST_TEXT:
        return None
    try:
        found = json.loads(text)
        change = RosterChange(
            ChangeKind(found["what"]), str(found["name"]), str(found["before"]), str(found["after"])
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    words = (change.name, change.before, change.after)
    return change if all(len(word) <= LONGEST_NAME and word.isprintable() for word in words) else None


def _changes_of(before: Operator, after: Operator) -> Iterator[RosterChange]:
    if before.name != after.name:
        yield RosterChange(ChangeKind.RENAMED, after.name, before.name, after.name)
    if before.role is not after.role:
        yield RosterChange(ChangeKind.ROLE, after.name, before.role, after.role)
    if before.pin_hash != after.pin_hash:
        what = ChangeKind.PIN_CHANGED if before.pin_hash else ChangeKind.PIN_SET
        yield RosterChange(what if after.pin_hash else ChangeKind.PIN_REMOVED, after.name)
