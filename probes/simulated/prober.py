"""Answers for simulated endpoints, when an answer would come. It opens no socket and knows no address.

1. The story begins when the prober starts, and runs by the engine's monotonic clock.
2. An answer reaches the sink after its round trip, a loss at its deadline: nothing is known sooner than it
   would be, so that the engine judges as it would judge a network.
3. A trace takes a moment, as it does in a network; the route is that of the probe that was asked last.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from controlroom.probe import ProberContext, Question
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.route.trace import Trace, TraceEnd, TraceOrder
from probes.simulated.model import Answer, Turn, answer_at
from probes.simulated.parameters import SimulatedParameters
from probes.simulated.route import route_at

TRACE_S: Final = 0.8
"""How long a trace takes, unless less is left for it."""


@dataclass(slots=True, eq=False)
class _Open:
    question: Question
    sent_utc_s: float
    sent_monotonic_s: float
    timer: asyncio.TimerHandle | None = field(default=None, repr=False)


class SimulatedProber:
    """A ``Prober`` for all simulated endpoints of an engine."""

    def __init__(self, context: ProberContext) -> None:
        """Nothing begins before ``start``."""
        self._context = context
        self._began_s: float | None = None
        self._open: set[_Open] = set()
        self._turns: dict[ProbeKey, Turn] = {}
        self._ways: dict[str, tuple[ProbeKey, SimulatedParameters]] = {}

    async def start(self) -> None:
        """Begin the story (rule 1)."""
        self._began_s = self._context.monotonic_s()
        self._turns.clear()

    def ask(self, question: Question) -> None:
        """Answer when an answer would come (rule 2)."""
        parameters = question.parameters
        if not isinstance(parameters, SimulatedParameters):
            raise TypeError("these are not the parameters of a simulated probe")
        self._ways[question.probe.endpoint_id] = question.probe, parameters
        asked = _Open(question, self._context.utc_s(), self._context.monotonic_s())
        self._open.add(asked)
        loop = asyncio.get_running_loop()
        if self._began_s is None:
            loop.call_soon(self._close, asked, Answer(Outcome.NOT_RUN, Reason.STOPPED))
            return
        story_s = asked.sent_monotonic_s - self._began_s
        answer = answer_at(question.probe, parameters, story_s, question.timeout_s, self._next_turn(question))
        delay_s = question.timeout_s if answer.delay_s is None else answer.delay_s
        asked.timer = loop.call_later(delay_s, self._close, asked, answer)

    async def trace(self, order: TraceOrder) -> Trace:
        """Trace once (rule 3); an endpoint that was never asked about has no route."""
        at_utc_s, way = self._context.utc_s(), self._ways.get(order.endpoint_id)
        if way is None or self._began_s is None:
            return Trace(order.address, at_utc_s, TraceEnd.NOT_RUN, reason=Reason.STOPPED)
        story_s = self._context.monotonic_s() - self._began_s
        await asyncio.sleep(min(TRACE_S, order.longest_s))
        return route_at(*way, story_s, order, at_utc_s)

    async def stop(self) -> None:
        """Answer what is open; the story is over."""
        self._began_s = None
        for asked in [*self._open]:
            if asked.timer is not None:
                asked.timer.cancel()
            self._close(asked, Answer(Outcome.NOT_RUN, Reason.STOPPED))

    def health(self) -> Mapping[str, float]:
        """Count the questions that wait, and tell how far the story has come."""
        now_s = self._context.monotonic_s()
        story_s = 0.0 if self._began_s is None else now_s - self._began_s
        return {"open": float(len(self._open)), "story_s": story_s}

    def _next_turn(self, question: Question) -> Turn:
        beats, between = self._turns.get(question.probe, (0, 0))
        turn = (beats + 1, 0) if question.beat else (beats, between + 1)
        self._turns[question.probe] = turn
        return turn

    def _close(self, asked: _Open, answer: Answer) -> None:
        if asked not in self._open:
            return
        self._open.remove(asked)
        self._context.sink(
            Reading(
                probe=asked.question.probe,
                sent_utc_s=asked.sent_utc_s,
                sent_monotonic_s=asked.sent_monotonic_s,
                outcome=answer.outcome,
                reason=answer.reason,
                values=answer.values,
                beat=asked.question.beat,
                detail="SIMULATED",
            )
        )
