"""What keeps the list of operators. Only the promise; the one that keeps it on disk is the engine's."""

from __future__ import annotations

from typing import Protocol

from controlroom.operators.roster import Roster


class RosterKeeper(Protocol):
    """Keeps one list; every call may wait for the disk."""

    def load(self) -> Roster:
        """Return the list, empty where there is none yet; raise ``ControlroomError`` where it is unusable."""

    def save(self, roster: Roster) -> None:
        """Put a list in the place of the one before, whole or not at all."""
