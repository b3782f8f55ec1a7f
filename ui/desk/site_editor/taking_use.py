"""Whether the engine runs what was saved, and what is said of that. It asks the engine by what it is given.

Rule: a saved file is not yet a running one: the engine is asked to load it, and what is said follows the
digest that it runs.
"""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[[str], None]


class TakingUse:
    """Follows what was saved last until the engine has taken or refused it."""

    def __init__(self, reload: Callable[[str], str], say: Say) -> None:
        """``reload`` asks the engine to load the file, with a note for the log, and returns the act's id."""
        self._reload, self._say = reload, say
        self.running_digest = ""
        """The file that the engine runs; empty where that is not known."""
        self._saved_digest = self._saved_what = ""
        self._act_id = ""

    @property
    def known(self) -> tuple[str, str]:
        """The digests of the file that runs, and of the one saved here."""
        return self.running_digest, self._saved_digest

    def know_running(self, digest: str, unsaved: bool) -> None:
        """Take which file the engine runs; ``unsaved`` tells that something else is typed meanwhile."""
        if digest == self.running_digest:
            return
        self.running_digest = digest
        if digest and digest == self._saved_digest:
            later = " What is typed here is not saved yet." if unsaved else ""
            self._say(f"{self._saved_what}. The engine has taken it.{later}")

    def refused(self, act_id: str, reason: str) -> None:
        """Take it that the engine did not take the file."""
        if act_id == self._act_id:
            self._say(f"{self._saved_what}, but the engine did not take it: {reason}")

    def begin(self, digest: str, what: str, said: str) -> None:
        """Have the engine load the file, and say so until it runs it; the log has ``what``."""
        self._saved_digest, self._saved_what = digest, said
        # Also where it runs this text already: the log tells what an operator did to the file.
        self._act_id = self._reload(what)
        runs = digest == self.running_digest
        self._say(f"{said}. The engine {'runs this already.' if runs else 'is taking it…'}")
