"""Says what became of unsaved secrets that a killed test had left behind. It wipes none."""

from __future__ import annotations

from collections.abc import Callable


def tell_what_was_wiped(wiped: int, closed: int, say: Callable[[str], object]) -> None:
    """Say in one line how many were wiped and how many could not be; nothing where there were none."""
    said = [f"{wiped} that a killed test had left behind: wiped"] if wiped else []
    said += [f"{closed} that cannot be wiped; see: controlroom doctor"] if closed else []
    if said:
        say(f"unsaved secrets: {'; '.join(said)}")
