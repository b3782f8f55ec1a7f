"""Does errands that go through phases, one deadline over all of them. It knows no phase itself.

1. The deadline counts from the asking; what is told as sent is when everything was ready.
2. What was measured until a failure or the deadline is told with it.
3. Where time runs out while we wait for our own machine, the question was not run.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final, Protocol

from controlroom.probe import Question
from controlroom.reading import Outcome, Reason
from probes.connection.measured import Measured
from probes.errand import Answer, Ask, Errand, UnansweredError

SHARE_TO_GET_READY: Final = 0.25
"""Where getting ready took more of the time, what was left says nothing of the other side."""


class Measurer(Protocol):
    """Knows how to ask one question."""

    async def measure(self, question: Question, measured: Measured) -> None:
        """Fill in what is measured; raise ``UnansweredError`` where it fails. A task of its own."""

    async def stop(self) -> None:
        """Give everything back; nothing is measured after it."""


def phased(measurer: Measurer) -> Ask:
    """Have each errand measured phase by phase."""

    async def ask(errand: Errand) -> Answer:
        measured = Measured(errand.context.utc_s, errand.context.monotonic_s, errand.sent_monotonic_s)
        answer = await _measure(measurer, errand, measured)
        errand.sent_utc_s, errand.sent_monotonic_s = measured.sent_utc_s, measured.sent_monotonic_s
        said = "; ".join(part for part in (answer.text, *measured.notes) if part)
        return replace(answer, values={**measured.values, **answer.values}, text=said)

    return ask


async def _measure(measurer: Measurer, errand: Errand, measured: Measured) -> Answer:
    try:
        async with asyncio.timeout(errand.left_s()):
            await measurer.measure(errand.question, measured)
    except UnansweredError as failure:
        return failure.answer
    except TimeoutError:
        return _out_of_time(measured, errand.question.timeout_s)
    return Answer(Outcome.REPLIED)


def _out_of_time(measured: Measured, timeout_s: float) -> Answer:
    """Say whose fault it is that time ran out (rule 3)."""
    text = f"time ran out while {measured.doing}"
    if measured.our_fault is not None:
        return Answer(Outcome.NOT_RUN, measured.our_fault, text=text)
    if measured.ready_after_s() > SHARE_TO_GET_READY * timeout_s:
        text = f"{text}; this machine took too long to get ready"
        return Answer(Outcome.NOT_RUN, Reason.OVERLOADED, text=text)
    return Answer(Outcome.NO_REPLY, Reason.DEADLINE, text=text)
