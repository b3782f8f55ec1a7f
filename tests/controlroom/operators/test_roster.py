"""The list of operators keeps its rules whatever is done to it, and whatever stands in its file."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from controlroom.errors import ControlroomError
from controlroom.operators.role import Permission, Role, may, needed
from controlroom.operators.roster import (
    LARGEST_TEXT,
    MOST_OPERATORS,
    Operator,
    Roster,
    is_name,
    roster_of,
    roster_text,
)

ANN = Operator("Ann Lee", Role.CONFIGURE, "hash")
BEN = Operator("Ben Okoro", Role.ACT)
NAMES = st.sampled_from(["Ann", "ann", "ANN ", "Ben", "Şule", "O’Neill", "", " ", "a\nb", "x" * 61])


def test_each_role_may_all_that_the_one_before_may() -> None:
    """What is allowed only grows, and watching forbids nothing that can be seen or heard."""
    for permission in Permission:
        allowed = [may(role, permission) for role in Role]
        assert allowed == sorted(allowed)
        assert may(needed(permission), permission)
        assert not may(Role.WATCH, permission)


def test_without_operators_the_account_may_do_everything() -> None:
    """A first hour needs no ceremony; the first operator ends it."""
    assert Roster().role_of_nobody() is Role.CONFIGURE
    assert Roster((ANN,)).role_of_nobody() is Role.WATCH
    assert Roster((ANN,), Role.ACT).role_of_nobody() is Role.ACT


def test_somebody_may_always_configure() -> None:
    """The last one who may configure cannot be taken out or demoted; an empty list is fine."""
    roster = Roster((ANN, BEN))
    with pytest.raises(ControlroomError, match="At least one"):
        roster.without("ann lee")
    with pytest.raises(ControlroomError, match="At least one"):
        roster.put(Operator("Ann Lee", Role.WATCH), "Ann Lee")
    assert roster.without("Ben Okoro").without("Ann Lee") == Roster()


def test_a_name_stands_once() -> None:
    """Case and blanks around make no other name, be it a new one or another's new name."""
    roster = Roster((ANN, BEN))
    with pytest.raises(ControlroomError, match="already an operator named"):
        roster.put(Operator(" ann lee ", Role.ACT))
    with pytest.raises(ControlroomError, match="already an operator named"):
        roster.put(Operator("BEN OKORO", Role.CONFIGURE), "Ann Lee")
    renamed = roster.put(Operator("Ann Lee-Moss", Role.CONFIGURE, "hash"), "Ann Lee")
    assert [one.name for one in renamed.operators] == ["Ann Lee-Moss", "Ben Okoro"]


@pytest.mark.parametrize("name", ["", " ", " Ann", "Ann\n", "a\x1b[2J", "a\u202eb", "x" * 61])
def test_a_name_is_one_printable_line(name: str) -> None:
    """Nothing that could break a log line, a screen or an export."""
    assert not is_name(name)
    with pytest.raises(ControlroomError, match="1 to 60 printable"):
        Roster((Operator(name, Role.CONFIGURE),))


def test_the_text_comes_back_as_it_was() -> None:
    """Names, roles and hashes survive the file."""
    roster = Roster((ANN, Operator("Şule “S” O’Neill", Role.WATCH)), Role.ACT)
    assert roster_of(roster_text(roster)) == roster
    assert "hash" not in repr(roster)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1]",
        "[" * 100_000,
        "x" * (LARGEST_TEXT + 1),
        '{"format": 2, "operators": [], "without_sign_in": "watch"}',
        '{"format": 1, "operators": [], "without_sign_in": "god"}',
        '{"format": 1, "operators": [5], "without_sign_in": "watch"}',
        '{"format": 1, "operators": [{"name": "A", "role": "watch"}], "without_sign_in": "watch"}',
    ],
)
def test_a_damaged_text_is_refused_with_its_code(text: str) -> None:
    """Never a half-read list, never another error."""
    with pytest.raises(ControlroomError) as caught:
        roster_of(text)
    assert caught.value.code == "roster-wrong"


def test_there_is_an_end_to_the_list() -> None:
    """A list that no screen could show is refused."""
    many = tuple(Operator(f"Op {place}", Role.CONFIGURE) for place in range(MOST_OPERATORS + 1))
    with pytest.raises(ControlroomError, match="more than"):
        Roster(many)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["watch", "configure"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["format", "operators", "without_sign_in", "name", "role", "pin_hash"]), inner
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_a_roster_or_refused(document: Any) -> None:  # noqa: ANN401 - any JSON at all
    """Whatever the file holds."""
    with suppress(ControlroomError):
        roster = roster_of(json.dumps(document))
        assert not roster.operators or any(one.role is Role.CONFIGURE for one in roster.operators)


class Changes(RuleBasedStateMachine):
    """Any changes in any order: refused ones change nothing, taken ones keep the rules."""

    def __init__(self) -> None:
        """Begin with nobody."""
        super().__init__()
        self.roster = Roster()

    @rule(name=NAMES, role=st.sampled_from(list(Role)), in_place_of=NAMES)
    def put(self, name: str, role: Role, in_place_of: str) -> None:
        """Add or change somebody."""
        with suppress(ControlroomError):
            self.roster = self.roster.put(Operator(name, role), in_place_of)
            found = self.roster.find(name)
            assert found is not None
            assert found.role is role

    @rule(name=NAMES)
    def without(self, name: str) -> None:
        """Take somebody out."""
        with suppress(ControlroomError):
            self.roster = self.roster.without(name)
            assert self.roster.find(name) is None

    @invariant()
    def keeps_its_rules(self) -> None:
        """Somebody may configure, names stand once and in order, and the file gives the same list."""
        names = [one.name.casefold() for one in self.roster.operators]
        assert names == sorted(set(names))
        assert not names or any(one.role is Role.CONFIGURE for one in self.roster.operators)
        assert roster_of(roster_text(self.roster)) == self.roster


TestChanges = Changes.TestCase
