"""Codes of causes: what is written is read again, and nothing else."""

from __future__ import annotations

import pytest

from controlroom.condition.cause_code import (
    BEHIND,
    PART_OF,
    LostTogether,
    behind_of,
    falls_code,
    falls_of,
    part_of,
)


def test_what_is_written_is_read() -> None:
    """Each code by its own reader."""
    assert behind_of(f"{BEHIND}core-router") == "core-router"
    assert part_of(f"{PART_OF}subnet:2001:db8::/64") == "subnet:2001:db8::/64"
    assert falls_of(falls_code(7)) == 7
    assert LostTogether.read(LostTogether(2000, "mast-3").code) == LostTogether(2000, "mast-3")


@pytest.mark.parametrize(
    "code", ["", "deadline", "falls:", "falls:-1", "lost:x:mast", "lost", "limit:rtt_s:1"]
)
def test_another_code_is_none(code: str) -> None:
    """Nothing is guessed of a code of something else."""
    assert [behind_of(code), part_of(code), falls_of(code), LostTogether.read(code)] == [None] * 4
