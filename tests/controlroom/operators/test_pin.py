"""PINs: hashed properly, told from wrong ones, and slow to guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.errors import ControlroomError
from controlroom.operators.pin import (
    FIRST_WAIT_S,
    FREE_TRIES,
    LONGEST_PIN,
    LONGEST_WAIT_S,
    PinWait,
    hash_pin,
    is_right,
)


def test_a_pin_is_kept_as_an_argon2id_hash_alone() -> None:
    """RFC 9106 parameters, a salt of its own each time, and no PIN in it."""
    first, second = hash_pin("4711x"), hash_pin("4711x")
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert first != second
    assert "4711x" not in first
    assert is_right("4711x", first)
    assert not is_right("4711y", first)
    assert not is_right("", first)


@pytest.mark.parametrize("pin", ["", "123", "x" * (LONGEST_PIN + 1), "12\n34", "1\x0034"])
def test_what_cannot_be_a_pin_is_refused(pin: str) -> None:
    """Too short, too long, or not to be typed."""
    with pytest.raises(ControlroomError) as caught:
        hash_pin(pin)
    assert caught.value.code == "pin-unusable"
    assert not pin or pin not in str(caught.value)


def test_a_longer_pin_is_not_the_longest_one() -> None:
    """Nothing is cut off unseen."""
    hashed = hash_pin("x" * LONGEST_PIN)
    assert is_right("x" * LONGEST_PIN, hashed)
    assert not is_right("x" * (LONGEST_PIN + 5), hashed)


@pytest.mark.parametrize("damaged", ["", "x", "$argon2id$v=19$m=65536,t=3,p=4$", "$2b$12$abc"])
def test_a_damaged_hash_fits_no_pin(damaged: str) -> None:
    """Nobody gets in by breaking the file."""
    assert not is_right("4711", damaged)


def test_guessing_gets_slower_and_a_right_pin_ends_it() -> None:
    """Five tries at once, then 30 s, 60 s, 120 s, 240 s, and 300 s at most; each name for itself."""
    wait = PinWait()
    waits = []
    for _ in range(FREE_TRIES + 5):
        wait.tried("ann", False, 100.0)
        waits.append(wait.wait_s("ann", 100.0))
    assert waits == [0, 0, 0, 0, FIRST_WAIT_S, 60, 120, 240, LONGEST_WAIT_S, LONGEST_WAIT_S]
    assert wait.wait_s("ben", 100.0) == 0
    assert wait.wait_s("ann", 100.0 + LONGEST_WAIT_S) == 0
    wait.tried("ann", True, 500.0)
    wait.tried("ann", False, 501.0)
    assert wait.wait_s("ann", 501.0) == 0


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1000)), max_size=40))
def test_a_wait_is_never_negative_nor_endless(tries: list[tuple[bool, float]]) -> None:
    """Whatever was typed when."""
    wait, now_s = PinWait(), 0.0
    for right, later_s in tries:
        now_s += later_s
        wait.tried("ann", right, now_s)
        assert 0 <= wait.wait_s("ann", now_s) <= LONGEST_WAIT_S
        assert not right or wait.wait_s("ann", now_s) == 0
