"""One line on what became of secrets that were left behind, and none where nothing was."""

from __future__ import annotations

from ui.terminal.lent_secrets import tell_what_was_wiped


def told(wiped: int, closed: int) -> list[str]:
    """Return the lines."""
    lines: list[str] = []
    tell_what_was_wiped(wiped, closed, lines.append)
    return lines


def test_nothing_is_said_of_nothing() -> None:
    """A start without any is silent."""
    assert told(0, 0) == []


def test_both_are_counted() -> None:
    """And for the rest it is said who tells more."""
    (said,) = told(2, 1)
    assert said.startswith("unsaved secrets: 2 that a killed test had left behind: wiped; 1 ")
    assert said.endswith("see: controlroom doctor")
