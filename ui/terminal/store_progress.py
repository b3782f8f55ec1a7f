"""How far the care of a store, or a backtest, has got: a line of a terminal, written over again and again.

Rules
1. Where standard error is no terminal, nothing is written: a log file needs no progress.
2. The line is written at most ten times a second, is never wider than the terminal, and is wiped at the end.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from types import TracebackType
from typing import Final, TextIO

from controlroom.report.escaping import printable
from controlroom.store.care import Doing

SIMULATED_LINE: Final = "SIMULATED: nothing in this store was measured."
_EVERY_S: Final = 0.1
_WIPE: Final = "\r\x1b[K"
_STEPS: Final = {
    "pages": "checking pages",
    "records": "reading records",
    "log": "following the log",
    "journal": "reading the journal",
    "readings": "reading chunks",
    "rollups": "reading rollups",
    "copy": "copying",
    "verify": "verifying the copy",
    "compact": "making smaller",
    "count": "counting readings",
    "replay": "replaying",
}


class ProgressLine:
    """A line of progress, to be used as a context; call it with what is being done."""

    def __init__(self, err: TextIO, monotonic_s: Callable[[], float]) -> None:
        """Write nothing yet."""
        self._err, self._monotonic_s = err, monotonic_s
        self._shows = err.isatty()
        self._written_s: float | None = None
        self._began: tuple[str, str] = ("", "")
        self._began_s = 0.0

    def __call__(self, doing: Doing) -> None:
        """Show what is being done, unless something was shown just now."""
        if not self._shows:
            return
        now_s = self._monotonic_s()
        if (doing.file, doing.step) != self._began:
            self._began, self._began_s = (doing.file, doing.step), now_s
        elif self._written_s is not None and now_s - self._written_s < _EVERY_S:
            return
        self._written_s = now_s
        line = f"{printable(doing.file, 60)}: {_STEPS[doing.step]}{_how_far(doing, now_s - self._began_s)}"
        self._err.write(_WIPE + line[: shutil.get_terminal_size().columns - 1])
        self._err.flush()

    def __enter__(self) -> ProgressLine:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wipe the line."""
        self.wipe()

    def wipe(self) -> None:
        """Take the line away, so that something else can be written there."""
        if self._written_s is not None:
            self._err.write(_WIPE)
            self._err.flush()
            self._written_s = None


def _how_far(doing: Doing, for_s: float) -> str:
    if doing.total:
        return f", {min(100, doing.done * 100 // doing.total)} %"
    if doing.done:
        return f", {doing.done:,}"
    return f", {for_s:.0f} s" if for_s >= 1 else ""
