"""One thread beside the event loop, for calls that may block: files, the keyring, a hung disk.

It is a daemon: a call that never comes back holds up neither the loop nor the end of the program. An
executor's threads would be waited for at exit. It decides nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

Result = TypeVar("Result")
_Job = tuple[Callable[[], Any], "asyncio.Future[Any]", asyncio.AbstractEventLoop]


class SideThread:
    """Runs calls one after the other. Its methods belong to the event loop's thread."""

    def __init__(self, name: str) -> None:
        """Nothing runs before the first call."""
        self._name = name
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    async def run(self, work: Callable[[], Result]) -> Result:
        """Run ``work`` in the thread and give its result, or raise what it raised."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[Result] = loop.create_future()
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
            self._thread.start()
        self._jobs.put((work, outcome, loop))
        return await outcome

    def stop(self) -> None:
        """Let the thread end after the call it is in; what still waits is answered by nobody."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread = None

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            work, outcome, loop = job
            deliver: Callable[[], None]
            try:
                result = work()
            except Exception as error:  # noqa: BLE001 - nothing is swallowed: the caller gets it
                deliver = _Delivery(outcome, error=error)
            else:
                deliver = _Delivery(outcome, result=result)
            # The loop may have ended meanwhile; then nobody waits for this any more.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(deliver)


class _Delivery:
    """Hands a result over on the loop, unless the one who asked has gone."""

    def __init__(
        self, outcome: asyncio.Future[Any], *, result: object = None, error: Exception | None = None
    ) -> None:
        self._outcome, self._result, self._error = outcome, result, error

    def __call__(self) -> None:
        if self._outcome.done():
            return
        if self._error is not None:
            self._outcome.set_exception(self._error)
        else:
            self._outcome.set_result(self._result)
