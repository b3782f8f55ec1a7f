"""Takes the system's asking to end, so that what was begun is put in order first. It ends nothing itself.

1. Ctrl-C, a request to end (SIGTERM) and a hang-up (SIGHUP) all ask for the same. One that whoever started
   us wants ignored (``nohup``) stays ignored.
2. From the moment this is made none of them ends the process by itself: what was asked before anybody could
   heed it is heeded as soon as somebody can.
3. The first asking counts. Further ones neither hurry nor stop the ending that is under way, and once it was
   asked for they are ignored until the process is gone.
4. A loop of Qt is told in its own thread, between two of its events: never in the middle of painting, and at
   once, however long it would have slept.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

    from PySide6.QtCore import QSocketNotifier

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
"""By name, for not every system has them all."""
_AT_ONCE = 4096


class Ending:
    """Holds the signals that ask to end for as long as it is open. Only for the main thread."""

    def __init__(self) -> None:
        """Take the signals over."""
        self.asked = False
        self._interrupts = False
        self._notifier: QSocketNotifier | None = None
        self._numbers = [
            number
            for name in _NAMES
            if (number := getattr(signal, name, None)) and signal.getsignal(number) is not signal.SIG_IGN
        ]
        self._read, self._write = os.pipe()
        for end in (self._read, self._write):
            os.set_blocking(end, False)
        self._wakeup_before = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        self._before = [signal.signal(number, self._take) for number in self._numbers]

    def __enter__(self) -> Self:
        """Go on; the signals are taken over already."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Give the signals back."""
        self.close()

    def heed(self, end: Callable[[], object]) -> None:
        """Have Qt's loop call ``end`` once, when it is asked for; soon, when it was asked for before."""
        from PySide6.QtCore import QSocketNotifier, QTimer

        notifier = QSocketNotifier(self._read, QSocketNotifier.Type.Read)
        self._notifier = notifier

        def look() -> None:
            if self._notifier is notifier:
                with suppress(BlockingIOError):
                    os.read(self._read, _AT_ONCE)
                if self.asked:
                    self._let_go()
                    end()

        notifier.activated.connect(look)
        QTimer.singleShot(0, look)

    def interrupt(self) -> None:
        """Where no loop of Qt runs: raise ``KeyboardInterrupt``, once, when it is asked for."""
        self._interrupts = True
        if self.asked:
            self._interrupts = False
            raise KeyboardInterrupt

    def close(self) -> None:
        """Give the signals back as they were; ignored for good where they were heeded (rule 3)."""
        for number, before in zip(self._numbers, self._before, strict=True):
            signal.signal(number, signal.SIG_IGN if self.asked else before)
        signal.set_wakeup_fd(self._wakeup_before)
        self._let_go()
        os.close(self._read)
        os.close(self._write)

    def _let_go(self) -> None:
        """Tell Qt's loop no more."""
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier = None

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
        if self._interrupts:
            self._interrupts = False
            raise KeyboardInterrupt
