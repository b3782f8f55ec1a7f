"""What fields add up to: keys in their order, defaults left out, ids that are free."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.site.configured import IDENTIFIER_PATTERN
from controlroom.site.form import FieldKind, FormField
from ui.desk.site_editor.draft import duplicate_of, merged, proposed_id

FIELDS = (
    FormField("name", "Name", "", FieldKind.LINE, required=True),
    FormField("ttl", "TTL", "", FieldKind.WHOLE, default=64),
)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Mast Süd 3", "mast-sud-3"),
        ("  ", "endpoint"),
        ("東京", "endpoint"),
        ("--A--", "a"),
        ("core", "core-2"),
    ],
)
def test_an_id_is_made_of_the_name(name: str, found: str) -> None:
    """Plain letters, digits and hyphens, and one that nobody has."""
    assert proposed_id(name, ["core"]) == found


@given(st.text(max_size=90), st.sets(st.from_regex(IDENTIFIER_PATTERN, fullmatch=True), max_size=5))
def test_a_proposed_id_is_always_usable_and_free(name: str, taken: set[str]) -> None:
    """Whatever people call it."""
    found = proposed_id(name, taken)
    assert re.fullmatch(IDENTIFIER_PATTERN, found)
    assert found not in taken


def test_a_default_is_not_written_but_what_was_written_stays() -> None:
    """A key that stood in the file stays, even as by default; an emptied one goes."""
    assert merged({"name": "A"}, FIELDS, {"name": "B", "ttl": 64}) == {"name": "B"}
    assert merged({"ttl": 9, "name": "A"}, FIELDS, {"name": "A", "ttl": 64}) == {"ttl": 64, "name": "A"}
    assert merged({"ttl": 9, "name": "A"}, FIELDS, {"name": "A", "ttl": None}) == {"name": "A"}


def test_a_key_without_a_field_stays() -> None:
    """What the form does not know it does not touch."""
    assert merged({"later": 1}, FIELDS, {"name": "A"}) == {"later": 1, "name": "A"}


def test_a_duplicate_shares_nothing() -> None:
    """Changing the copy's probes leaves the first as it is."""
    first = {"id": "a", "name": "A", "probes": [{"type": "icmp"}]}
    copied = duplicate_of(first, ["a"])
    copied["probes"][0]["type"] = "snmp"
    assert (copied["id"], copied["name"]) == ("a-copy", "A (copy)")
    assert first["probes"] == [{"type": "icmp"}]
