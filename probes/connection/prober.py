"""Asks for all probes of one type over TCP: a task for each question, and one deadline over all of it.

1. Each question is answered exactly once: when its task ends, at its deadline, or on the stop.
2. A task that is broken off closes its socket before the prober's stop returns.
3. A ceiling bounds the questions in flight; one beyond it is not run, never lost.
4. Where time runs out while we wait for our own machine, the question was not run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from controlroom.probe import ProberContext, Question
from controlroom.reading import Outcome, Reading, Reason
from controlroom.report.escaping import printable
from probes.connection.failure import ConnectionFailedError, not_run
from probes.connection.measured import Measured

CEILING: Final = 500
"""Questions in flight at once."""

DETAIL_CHARACTERS: Final = 1000

SHARE_TO_GET_READY: Final = 0.25
"""Where getting ready took more of the time, what was left says nothing of the other side."""


class Measurer(Protocol):
    """Knows how to ask one question."""

    async def measure(self, question: Question, measured: Measured) -> None:
        """Fill in what is measured; raise ``ConnectionFailedError`` where it fails. A task of its own."""

    async def stop(self) -> None:
        """Give everything back; nothing is measured after it."""


@dataclass(slots=True, eq=False)
class _Open:
    question: Question
    measured: Measured
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class ConnectionProber:
    """A ``Prober`` that measures one question at a time in a task each."""

    def __init__(
        self, context: ProberContext, name: str, measurer: Measurer, *, ceiling: int = CEILING
    ) -> None:
        """Ask by ``measurer``; ``name`` is that of the type, for the counters."""
        self._context, self._name, self._measurer, self._ceiling = context, name, measurer, ceiling
        self._open: set[_Open] = set()
        self._running = False
        self._overloaded = 0

    async def start(self) -> None:
        """Nothing to take: each question opens its own socket."""
        self._running = True

    def ask(self, question: Question) -> None:
        """Ask without waiting; what cannot be asked is answered on the loop's next turn."""
        asked = _Open(question, Measured(self._context.utc_s, self._context.monotonic_s))
        loop = asyncio.get_running_loop()
        full = len(self._open) >= self._ceiling
        self._open.add(asked)
        if full or not self._running:
            self._overloaded += full
            reason = Reason.OVERLOADED if self._running else Reason.STOPPED
            loop.call_soon(self._close, asked, not_run(reason))
            return
        asked.task = loop.create_task(self._run(asked))
        asked.task.add_done_callback(lambda task: self._finished(asked, task))

    async def stop(self) -> None:
        """Answer what is open, and wait until every socket is closed."""
        self._running = False
        tasks = [asked.task for asked in self._open if asked.task is not None]
        for asked in [*self._open]:
            self._close(asked, not_run(Reason.STOPPED))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._measurer.stop()

    def health(self) -> Mapping[str, float]:
        """Count questions open, and those that were too many."""
        return {
            f"{self._name}_open": float(len(self._open)),
            f"{self._name}_overloaded": float(self._overloaded),
        }

    async def _run(self, asked: _Open) -> None:
        measured = asked.measured
        try:
            async with asyncio.timeout(asked.question.timeout_s):
                await self._measurer.measure(asked.question, measured)
        except ConnectionFailedError as failure:
            self._close(asked, failure)
        except TimeoutError:
            self._close(asked, _out_of_time(measured, asked.question.timeout_s))
        else:
            self._close(asked, None)

    def _finished(self, asked: _Open, task: asyncio.Task[None]) -> None:
        """Answer a question whose task broke: a fault of ours must not take the other questions along."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            # Only the kind of the error is told: its text may hold what was asked with.
            text = f"the {self._name} probe failed: {type(error).__name__}"
            self._close(asked, not_run(Reason.UNDECODABLE, text))

    def _close(self, asked: _Open, failure: ConnectionFailedError | None) -> None:
        if asked not in self._open:
            return
        self._open.remove(asked)
        measured = asked.measured
        said = [*([failure.text] if failure is not None else []), *measured.notes]
        self._context.sink(
            Reading(
                probe=asked.question.probe,
                sent_utc_s=measured.sent_utc_s,
                sent_monotonic_s=measured.sent_monotonic_s,
                outcome=Outcome.REPLIED if failure is None else failure.outcome,
                reason=Reason.NONE if failure is None else failure.reason,
                values=dict(measured.values),
                beat=asked.question.beat,
                detail=printable("; ".join(part for part in said if part), DETAIL_CHARACTERS),
            )
        )


def _out_of_time(measured: Measured, timeout_s: float) -> ConnectionFailedError:
    """Say whose fault it is that time ran out (rule 4)."""
    text = f"time ran out while {measured.doing}"
    if measured.our_fault is not None:
        return not_run(measured.our_fault, text)
    if measured.ready_after_s() > SHARE_TO_GET_READY * timeout_s:
        return not_run(Reason.OVERLOADED, f"{text}; this machine took too long to get ready")
    return ConnectionFailedError(Outcome.NO_REPLY, Reason.DEADLINE, text)
