"""What became another in the list of operators: told whole, and never a PIN."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.operators.change import (
    ChangeKind,
    RosterChange,
    change_of,
    change_text,
    changes_between,
)
from controlroom.operators.role import Role
from controlroom.operators.roster import Operator, Roster

ANN = Operator("Ann", Role.CONFIGURE, "hash-of-a-pin")
BEN = Operator("Ben", Role.WATCH)
LIST = Roster((ANN, BEN))


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (LIST, []),
        (LIST.without("Ben"), [RosterChange(ChangeKind.REMOVED, "Ben", before="watch")]),
        (
            LIST.put(Operator("Cem", Role.ACT, "h")),
            [RosterChange(ChangeKind.ADDED, "Cem", after="act"), RosterChange(ChangeKind.PIN_SET, "Cem")],
        ),
        (
            LIST.put(Operator("Benn", Role.ACT), "Ben"),
            [
                RosterChange(ChangeKind.RENAMED, "Benn", "Ben", "Benn"),
                RosterChange(ChangeKind.ROLE, "Benn", "watch", "act"),
            ],
        ),
        (
            LIST.put(Operator("Ann", Role.CONFIGURE, "other"), "Ann"),
            [RosterChange(ChangeKind.PIN_CHANGED, "Ann")],
        ),
        (LIST.put(Operator("Ann", Role.CONFIGURE), "Ann"), [RosterChange(ChangeKind.PIN_REMOVED, "Ann")]),
        (LIST.put(Operator("Ben", Role.WATCH, "h"), "Ben"), [RosterChange(ChangeKind.PIN_SET, "Ben")]),
        (
            Roster(LIST.operators, Role.ACT),
            [RosterChange(ChangeKind.WITHOUT_SIGN_IN, before="watch", after="act")],
        ),
    ],
)
def test_each_change_is_named(after: Roster, told: list[RosterChange]) -> None:
    """Whom it is about, and what they were before."""
    found = changes_between(LIST, after)
    assert list(found) == told
    assert "hash" not in repr(found)
    assert [change_of(change_text(each)) for each in found] == told


@given(st.text(max_size=3000))
def test_what_is_no_change_is_none(text: str) -> None:
    """Whatever an inbox holds."""
    assert change_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "null",
        '{"what": "added"}',
        '{"what": "god", "name": "", "before": "", "after": ""}',
        '{"what": "added", "name": "a\\nb", "before": "", "after": ""}',
        '{"what": "added", "name": "' + "x" * 61 + '", "before": "", "after": ""}',
    ],
)
def test_what_is_damaged_is_none(text: str) -> None:
    """Bounded, typed, one line."""
    assert change_of(text) is None
