"""Acts as text: they come back as they were, and nothing else comes back."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.logbook.act import Act, ActKind
from controlroom.store.act_text import LINE_LIMIT, MalformedActError, act_of, text_of
from tests.controlroom.store.examples import START_UTC_S

WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200)
ACTS = st.builds(
    Act,
    id=st.uuids().map(str),
    kind=st.sampled_from(ActKind),
    at_utc_s=st.floats(1, 4e9),
    operator=WORDS,
    subject=WORDS,
    alarm_number=st.none() | st.integers(1, 2**53),
    note=st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t"), max_size=4000),
)
GOOD = {
    "id": "a-1",
    "kind": "note",
    "at_utc_s": START_UTC_S,
    "operator": "r.okafor",
    "subject": "gateway",
    "alarm_number": None,
    "note": "",
}


@given(ACTS)
def test_an_act_comes_back_as_it_was(act: Act) -> None:
    """Every act within the rules survives, on one line."""
    text = text_of(act)
    assert "\n" not in text
    assert act_of(text.encode()) == act


def test_the_good_line_is_good() -> None:
    """The line that the next test spoils is an act."""
    assert act_of(json.dumps(GOOD)).id == "a-1"


@pytest.mark.parametrize(
    "spoiled",
    [
        {"id": ""},
        {"id": "a" * 65},
        {"id": "../a"},
        {"id": 7},
        {"kind": "shout"},
        {"kind": None},
        {"at_utc_s": "now"},
        {"at_utc_s": True},
        {"at_utc_s": float("nan")},
        {"at_utc_s": float("inf")},
        {"at_utc_s": -1},
        {"at_utc_s": 10**400},
        {"operator": "two\nlines"},
        {"operator": "x" * 201},
        {"operator": "\x1b[31m"},
        {"subject": None},
        {"subject": "\u2028"},
        {"alarm_number": 0},
        {"alarm_number": True},
        {"alarm_number": 1.5},
        {"alarm_number": 2**63},
        {"note": "\x00"},
        {"note": "\ud800"},
        {"note": "x" * 4001},
        {"more": 1},
    ],
)
def test_a_spoiled_line_is_no_act(spoiled: dict[str, object]) -> None:
    """Each single break of a rule is enough."""
    with pytest.raises(MalformedActError):
        act_of(json.dumps(GOOD | spoiled))


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_a_line_with_a_key_missing_is_no_act(missing: str) -> None:
    """No key is filled in for anybody."""
    with pytest.raises(MalformedActError):
        act_of(json.dumps({key: value for key, value in GOOD.items() if key != missing}))


@pytest.mark.parametrize(
    "line",
    [b"", b"null", b"[]", b"{", b"[" * 60_000, b"\xff\xfe", b"1" * 5000, b" " * (LINE_LIMIT + 1), b"{}\x00"],
)
def test_what_is_no_act_at_all(line: bytes) -> None:
    """Nothing that is no object with an act's keys gets through, and nothing fails in another way."""
    with pytest.raises(MalformedActError):
        act_of(line)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_act_or_malformed(line: bytes) -> None:
    """Reading bytes has two ends and no third."""
    with suppress(MalformedActError):
        act_of(line)
