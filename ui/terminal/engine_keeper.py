"""Keeps the engine of one store running while somebody watches in the terminal. It never stops one.

Rules:
1. Where no engine runs when the watching begins, one is started.
2. An engine that dies is started again, at once the first time, then after 2, 5, 10, 30 s, and every
   30 s from there on; an engine that has run for a minute starts the count anew.
3. An engine that somebody ended in order (its last word in the log says so) stays ended.
4. Starting happens in a thread of its own, for it may take seconds; the view goes on meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from controlroom.errors import EngineError
from controlroom.report.escaping import printable
from ui.engine_control import EngineControl

BACKOFF_S = (0.0, 2.0, 5.0, 10.0, 30.0)
_STEADY_AFTER_S = 60.0
_STARTS_WITHIN_S = 20.0


class EngineKeeper:
    """Looks after one engine, and says in one line what it did last."""

    def __init__(self, engine: EngineControl, ended_in_order: Callable[[], bool]) -> None:
        """``ended_in_order`` tells whether the engine before was stopped by a person or the system."""
        self._engine = engine
        self._ended_in_order = ended_in_order
        self._attempts = 0
        self._next_s = 0.0
        self._alive_since_s: float | None = None
        self._seen_alive = False
        self._starting: threading.Thread | None = None
        self._said = ""
        self._began_s: float | None = None

    def starting(self, now_monotonic_s: float) -> bool:
        """Whether an engine was started from here so lately that it may not have measured anything yet."""
        return self._began_s is not None and now_monotonic_s - self._began_s < _STARTS_WITHIN_S

    def tend(self, now_monotonic_s: float) -> str:
        """Look once, start an engine where that is due, and return what there is to say."""
        if self._starting is not None and self._starting.is_alive():
            return self._said
        if self._engine.pid() is not None:
            return self._found_alive(now_monotonic_s)
        self._alive_since_s = None
        if self._seen_alive and self._ended_in_order():
            return "Monitoring was stopped in order. It is not started again from here."
        if now_monotonic_s >= self._next_s:
            self._start(now_monotonic_s)
        return self._said

    def _found_alive(self, now_s: float) -> str:
        self._seen_alive = True
        if self._alive_since_s is None:
            self._alive_since_s = now_s
        if now_s - self._alive_since_s >= _STEADY_AFTER_S:
            self._attempts, self._said = 0, ""
        return self._said

    def _start(self, now_s: float) -> None:
        self._attempts += 1
        self._began_s = now_s
        self._next_s = now_s + BACKOFF_S[min(self._attempts, len(BACKOFF_S) - 1)]
        self._said = "The engine has died; starting it again." if self._seen_alive else "Starting the engine."
        self._starting = threading.Thread(target=self._start_now, name="engine-start", daemon=True)
        self._starting.start()

    def _start_now(self) -> None:
        died = self._seen_alive
        try:
            pid = self._engine.start()
        except EngineError as error:
            self._began_s = None
            self._said = f"The engine could not be started: {printable(str(error), 400)}"
            return
        self._said = f"The engine had died and was started again (process {pid})." if died else ""
