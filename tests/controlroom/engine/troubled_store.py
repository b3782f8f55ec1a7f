"""A real store whose calls fail on demand, for the tests of what the engine does about it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from controlroom.errors import StoreError
from controlroom.store.folder import DataFolder
from controlroom.store.interface import NOTHING_LEFT, Batch, EngineMemory, LeftOver, Retention, TakenAct
from controlroom.store.sqlite import open_engine_store


class TroubledStore:
    """An ``EngineStore`` over SQLite; ``failing`` names the calls that find the disk full.

    ``mistaken`` names those that meet a mistake of the program.
    """

    def __init__(self, path: Path) -> None:
        """Open the store in a folder; nothing fails yet."""
        self.folder = DataFolder(path)
        self._store = open_engine_store(self.folder)
        self.failing: set[str] = set()
        self.mistaken: set[str] = set()

    def remember(self) -> EngineMemory:
        """Return what was last committed."""
        return self._store.remember()

    def commit(self, batch: Batch) -> None:
        """Commit, or fail."""
        self._fail("commit")
        self._store.commit(batch)

    def waiting_acts(self) -> Sequence[TakenAct]:
        """Look for acts, or fail."""
        self._fail("waiting_acts")
        return self._store.waiting_acts()

    def tend(self, retention: Retention) -> bool:
        """Tend the store, or fail."""
        self._fail("tend")
        return self._store.tend(retention)

    def close(self, left_over: LeftOver = NOTHING_LEFT) -> None:
        """Close the store."""
        self._store.close(left_over)

    def _fail(self, call: str) -> None:
        if call in self.mistaken:
            raise AssertionError(call)
        if call in self.failing:
            raise StoreError("disk-full", f"{call}: no room is left on the disk.", "Make room.")
