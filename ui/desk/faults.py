"""Mistakes of the desk itself: caught at the edge of every thread, kept for the band. It mends nothing.

A thread that ended, or a part that could not be drawn, would leave an old picture under a running
clock. So the first fault stays on screen until the desk is opened anew; the monitoring goes on without.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType


class Faults:
    """What went wrong first, in words, and the hooks that notice it."""

    def __init__(self) -> None:
        """Nothing has gone wrong."""
        self._first = ""

    def words(self) -> str:
        """Say what went wrong first; empty while nothing did."""
        return self._first

    def note(self, error: BaseException | None, where: str) -> None:
        """Keep a fault, if it is the first. Any thread may call this."""
        if not self._first:
            self._first = f"{type(error).__name__} in {where}: {str(error)[:200]}"

    def watch(self) -> Callable[[], None]:
        """Notice what no thread of this process took care of; return what ends the watching.

        The traceback goes to standard error as before.
        """
        main_hook, thread_hook = sys.excepthook, threading.excepthook

        def in_main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            self.note(error, "the window")
            main_hook(kind, error, trace)

        def in_thread(ended: threading.ExceptHookArgs) -> None:
            name = ended.thread.name if ended.thread is not None else "a thread"
            self.note(ended.exc_value, name)
            thread_hook(ended)

        sys.excepthook, threading.excepthook = in_main, in_thread

        def give_back() -> None:
            sys.excepthook, threading.excepthook = main_hook, thread_hook

        return give_back
