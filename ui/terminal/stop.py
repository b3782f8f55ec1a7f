"""Says in a terminal how an engine that was asked to end has ended. It ends none."""

from __future__ import annotations

from typing import TextIO

from controlroom.report.store_words import left_over_words
from controlroom.store.interface import LeftOver
from ui.terminal.exit_codes import FOUND_TROUBLE

_NOW = " Nothing is monitored now; a desk that is still open starts it again.\n"


def say_stopped(pid: int, left_over: LeftOver | None, out: TextIO) -> int:
    """Write it; return 0 where everything was committed, else 1. ``None`` is an engine that did not say."""
    if left_over is None:
        out.write(f"The engine (process {pid}) has ended without saying whether everything was kept.{_NOW}")
        return FOUND_TROUBLE
    if any(left_over):
        out.write(f"{left_over_words(left_over)} (Process {pid}.){_NOW}")
        return FOUND_TROUBLE
    out.write(f"The engine (process {pid}) has ended with everything committed.{_NOW}")
    return 0
