"""What was saved here and can be taken back, the newest first. It writes nothing.

Rule: each step builds upon the one after it: where the newest cannot be undone, nor can those before.
"""

from __future__ import annotations

from typing import Final

from ui.desk.site_editor.desk_work import Saved

MOST_UNDO: Final = 20


class UndoSteps:
    """The newest ``MOST_UNDO`` steps."""

    def __init__(self) -> None:
        """Nothing was saved yet."""
        self._steps: list[Saved] = []

    @property
    def newest(self) -> Saved | None:
        """The step that would be undone next."""
        return self._steps[-1] if self._steps else None

    @property
    def words(self) -> str:
        """What would be undone next; empty where nothing can be."""
        return self._steps[-1].undoing if self._steps else ""

    def add(self, saved: Saved) -> None:
        """Note what was saved."""
        self._steps = [*self._steps, saved][-MOST_UNDO:]

    def undone(self) -> str:
        """Note that the newest step was undone, and return its words."""
        return self._steps.pop().undoing

    def clear(self) -> None:
        """Note that nothing can be undone (the rule above)."""
        self._steps.clear()
