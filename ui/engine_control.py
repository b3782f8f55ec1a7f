"""What the desk and the terminal may ask of the engine's process. The doing is handed in by main.py."""

from __future__ import annotations

from typing import Protocol

from controlroom.store.interface import LeftOver


class EngineControl(Protocol):
    """Finds, starts and stops the engine of one store. Calls may take a moment: not for the GUI thread."""

    def pid(self) -> int | None:
        """Return the process that holds the store, or ``None`` when no engine runs."""

    def start(self) -> int:
        """Start a detached engine and return its pid; raise ``EngineError`` with the reason if it fails."""

    def stop(self) -> LeftOver | None:
        """End the engine; return what it could not commit, ``None`` where it does not say.

        Raise ``EngineError`` when it does not end.
        """
