"""An inbox as a file: names, the first line, places."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.errors import StoreError
from controlroom.store.folder import DataFolder
from controlroom.store.inbox_file import (
    GENERATION_BITS,
    HEADER_LIMIT,
    Header,
    Place,
    desk_id_of,
    inbox_path,
    later_place,
)

GENERATIONS = st.integers(1, (1 << GENERATION_BITS) - 1)
OFFSETS = st.integers(0, (1 << 40) - 1)


@given(GENERATIONS, OFFSETS)
def test_a_place_is_one_number_and_back(generation: int, offset: int) -> None:
    """A place survives as a number that a 64-bit database can hold."""
    place = Place(generation, offset)
    assert Place.of(place.number) == place
    assert 0 <= place.number < 2**63


@given(GENERATIONS)
def test_the_first_line_comes_back(generation: int) -> None:
    """A header names its generation and its own length."""
    text = Header.text(generation)
    assert Header.in_front_of(text + b"{}\n") == Header(generation, len(text))
    assert len(text) <= HEADER_LIMIT


@given(st.binary(max_size=200))
def test_any_bytes_have_a_header_or_none(start: bytes) -> None:
    """Whatever stands first in a file, reading it does not fail."""
    header = Header.in_front_of(start)
    assert header.length <= len(start)


def test_the_farther_place_in_one_file_holds() -> None:
    """Places go on in a file and start again in a new one."""
    near, far, other = Place(5, 10).number, Place(5, 99).number, Place(4, 1).number
    assert later_place(None, near) == near
    assert later_place(near, far) == far
    assert later_place(far, near) == far
    assert later_place(far, other) == other


@pytest.mark.parametrize("desk_id", ["", ".", "..", "../x", "a/b", "-a", "a\n", "x" * 101, "a\x00"])
def test_an_unsafe_name_is_no_desk(desk_id: str) -> None:
    """No desk's name leads out of the inbox folder."""
    with pytest.raises(StoreError) as refused:
        inbox_path(DataFolder(Path("/data")), desk_id)
    assert refused.value.code == "desk-id"
    assert desk_id_of(desk_id + ".jsonl") is None


def test_names_go_both_ways() -> None:
    """A desk's file is found again by its name, other files are not."""
    path = inbox_path(DataFolder(Path("/data")), "Desk-1.room_2")
    assert desk_id_of(path.name) == "Desk-1.room_2"
    assert desk_id_of("notes.txt") is None
