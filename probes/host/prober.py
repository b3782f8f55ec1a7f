"""Answers questions about this machine. It measures in a thread beside the loop, one after the other.

psutil reads files of the system, and a disk that hangs makes it wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from controlroom.probe import ProberContext, Question
from controlroom.reading import Outcome, Reading, Reason
from controlroom.report.escaping import printable
from probes.host.machine import Machine
from probes.host.measured import Measured
from probes.host.parameters import HostParameters
from probes.side_thread import SideThread

CEILING: Final = 16
"""Measurements waiting at once; more say that the thread hangs."""


@dataclass(slots=True, eq=False)
class _Open:
    question: Question
    sent_utc_s: float
    sent_monotonic_s: float
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class HostProber:
    """A ``Prober`` for this machine."""

    def __init__(self, context: ProberContext, machine: Machine | None = None) -> None:
        """``machine`` is for tests."""
        self._context = context
        self._machine = machine or Machine(context.data_folder)
        self._thread = SideThread("host")
        self._open: set[_Open] = set()
        self._running = False

    async def start(self) -> None:
        """Nothing to take: the thread starts with the first measurement."""
        self._running = True

    def ask(self, question: Question) -> None:
        """Measure in the thread; a measurement that hangs is given up at its deadline."""
        waiting = _Open(question, self._context.utc_s(), self._context.monotonic_s())
        loop = asyncio.get_running_loop()
        full = len(self._open) >= CEILING
        self._open.add(waiting)
        if full or not self._running:
            reason = Reason.OVERLOADED if self._running else Reason.STOPPED
            loop.call_soon(self._close, waiting, Outcome.NOT_RUN, reason)
        else:
            waiting.task = loop.create_task(self._measure(waiting))
            waiting.task.add_done_callback(lambda task: self._finished(waiting, task))

    async def stop(self) -> None:
        """Answer what is open; a hung measurement is left behind."""
        self._running = False
        for waiting in [*self._open]:
            if waiting.task is not None:
                waiting.task.cancel()
            self._close(waiting, Outcome.NOT_RUN, Reason.STOPPED)
        self._thread.stop()

    def health(self) -> Mapping[str, float]:
        """Count the measurements that wait."""
        return {"host_open": float(len(self._open))}

    async def _measure(self, waiting: _Open) -> None:
        parameters = waiting.question.parameters
        if not isinstance(parameters, HostParameters):
            raise TypeError("these are not the parameters of a host probe")
        try:
            async with asyncio.timeout(waiting.question.timeout_s):
                measured = await self._thread.run(lambda: self._machine.measure(parameters))
        except TimeoutError:
            self._close(waiting, Outcome.NO_REPLY, Reason.DEADLINE)
        else:
            self._close(waiting, Outcome.REPLIED, Reason.NONE, measured)

    def _finished(self, waiting: _Open, task: asyncio.Task[None]) -> None:
        """Answer a measurement that this system does not allow."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            note = f"{type(error).__name__}: {error}"
            self._close(waiting, Outcome.NOT_RUN, Reason.UNSUPPORTED, Measured({}, (note,)))

    def _close(
        self, waiting: _Open, outcome: Outcome, reason: Reason, measured: Measured | None = None
    ) -> None:
        if waiting not in self._open:
            return
        self._open.remove(waiting)
        self._context.sink(
            Reading(
                probe=waiting.question.probe,
                sent_utc_s=waiting.sent_utc_s,
                sent_monotonic_s=waiting.sent_monotonic_s,
                outcome=outcome,
                reason=reason,
                values={} if measured is None else measured.values,
                beat=waiting.question.beat,
                detail="" if measured is None else printable("; ".join(measured.notes), 1000),
            )
        )
