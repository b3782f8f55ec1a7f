"""What the desk's band says of the site file: changed outside, or something typed waits. It reads no file.

Rules:
1. A file that is neither the one that runs nor the one saved here was changed outside: that is said.
2. It is looked into when it was the same twice: then nobody is in the middle of writing it.
3. Where nothing was changed outside, the band says that a form which stepped aside waits with something
   unsaved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ui.desk.site_editor.desk_work import OutsideFile
from ui.desk.site_editor.fault_words import outside_words

_UNSAVED: Final = (
    "The form of the endpoints waits with changes that are not saved",
    "F4 goes on with them.",
)


class OutsideNotice:
    """Follows the file's digest and the form that waits."""

    def __init__(self, show: Callable[[str, str], None], mark: Callable[[bool], None]) -> None:
        """``show`` takes the band's words and what to do; ``mark`` whether the file was changed outside."""
        self._show, self._mark = show, mark
        self._watched = ""
        self._words = "", ""
        self._waits = False

    def watch(self, digest: str, running: str, saved: str) -> bool:
        """Compare the file on disk with the others; return whether to look into it (rules 1 and 2)."""
        before, self._watched = self._watched, digest
        outside = bool(running) and (not digest or digest not in (running, saved))
        if not outside:
            self._say("", "")
        return outside and digest == before

    def tell(self, file: OutsideFile) -> None:
        """Say what was found in the file, unless it has changed again since."""
        if file.digest == self._watched:
            self._say(*outside_words(file.mistakes))

    def mind_waiting(self, waits: bool) -> None:
        """Take it whether a form waits with something unsaved (rule 3)."""
        if waits != self._waits:
            self._waits = waits
            self._say(*self._words)

    def _say(self, words: str, detail: str) -> None:
        self._mark(bool(words))
        self._words = words, detail
        self._show(*(self._words if words or not self._waits else _UNSAVED))
