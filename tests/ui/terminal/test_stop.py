"""How a stop is told: what was kept, what was not, and an exit code that a script can go by."""

from __future__ import annotations

from io import StringIO

from controlroom.store.interface import LeftOver
from ui.terminal.stop import say_stopped


def told(left_over: LeftOver | None) -> tuple[int, str]:
    """Return the exit code and the sentence."""
    out = StringIO()
    return say_stopped(4410, left_over, out), out.getvalue()


def test_all_was_committed() -> None:
    """Exit 0, and it is said."""
    code, said = told(LeftOver())
    assert code == 0
    assert "has ended with everything committed" in said


def test_what_could_not_be_kept_is_counted() -> None:
    """Exit 1; one and many are told apart."""
    code, said = told(LeftOver(1, 2))
    assert code == 1
    assert "but 1 second of readings and 2 entries of the log could not be kept" in said
    assert "2 seconds of readings could" in told(LeftOver(2, 0))[1]
    assert "but 1 entry of the log could" in told(LeftOver(0, 1))[1]


def test_an_engine_that_did_not_say_is_not_praised() -> None:
    """It was killed meanwhile, perhaps."""
    code, said = told(None)
    assert code == 1
    assert "without saying" in said
